import Foundation
import Hustings
import HustingsReports
import HustingsRunner

/// A line that says how far a run is: redrawn every half second on a terminal, a line of its own every half minute elsewhere.
final class CallProgress: @unchecked Sendable {
  private let meter: CallMeter
  private let lock = NSLock()
  private var latest: Runner.Progress?
  private var began = ContinuousClock.now
  /// Calls and items that were counted before this benchmark began.
  private var before = CallCount()
  private var task: Task<Void, Never>?

  init(_ meter: CallMeter) {
    self.meter = meter
    task = Task { [weak self] in
      let pause = Terminal.isWatched ? 0.5 : 30
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(pause))
        if Task.isCancelled { return }
        self?.draw()
      }
    }
  }

  deinit { task?.cancel() }

  /// Takes note of a batch that was dealt with.
  func update(_ progress: Runner.Progress) {
    lock.withLock {
      if latest?.benchmark != progress.benchmark || progress.done == 0 { began = .now }
      latest = progress
    }
    guard progress.metered == 0 else {
      if progress.done == 0 { begin() }
      return
    }
    Terminal.progress(Self.line(progress))
  }

  /// Nothing is drawn any more.
  func stop() {
    task?.cancel()
    Terminal.endProgress()
  }

  private func begin() {
    let count = meter.count
    lock.withLock { before = count }
  }

  private func draw() {
    let count = meter.count
    let (progress, began, before) = lock.withLock { (latest, self.began, self.before) }
    guard let progress, progress.metered > 0 else { return }
    let line = Self.line(progress, count, since: before, seconds: (ContinuousClock.now - began) / .seconds(1))
    if Terminal.isWatched { Terminal.progress(line) } else { Terminal.note(line) }
  }

  static func line(_ progress: Runner.Progress) -> String {
    let share = 100 * progress.done / max(1, progress.total)
    return
      "\(progress.benchmark)  \(Format.grouped(progress.done)) of \(Format.grouped(progress.total))  \(share) %"
  }

  /// Items done, the rate of calls, the cost so far and at the end, and the time left.
  static func line(
    _ progress: Runner.Progress, _ count: CallCount, since before: CallCount, seconds: Double
  ) -> String {
    let items = count.items - before.items
    let calls = count.answered + count.kept - before.answered - before.kept
    var parts = [
      "\(progress.benchmark)  \(Format.grouped(items)) of \(Format.grouped(progress.metered)) items",
      "\(100 * items / max(1, progress.metered)) %",
      "\(Format.grouped(calls)) calls",
    ]
    if seconds > 0 { parts.append(String(format: "%.1f/s", Double(calls) / seconds)) }
    if count.dollars > 0 {
      parts.append("\(CallWords.dollars(count.dollars)) so far")
      if items > 0 {
        let spent = count.dollars - before.dollars
        let whole = before.dollars + spent * Double(progress.metered) / Double(items)
        parts.append("about \(CallWords.dollars(whole)) in all")
      }
    }
    if items > 0, seconds > 0 {
      let left = seconds * Double(progress.metered - items) / Double(items)
      parts.append(
        left < 90 ? "\(Int(left.rounded(.up))) s left" : "\(Int((left / 60).rounded(.up))) min left")
    }
    return parts.joined(separator: "  ")
  }
}
