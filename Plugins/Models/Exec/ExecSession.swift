import Foundation
import Hustings
import HustingsData
import HustingsProcess

/// One running command that said hello: questions go in, answers come out in any order.
final class ExecSession: @unchecked Sendable {
  /// What became of one question.
  enum Answer: Sendable {
    /// The command's row.
    case row(JSONNode)
    /// The command ended or was silent before it answered.
    case none(String)
  }

  /// Questions that wait together, under the lock of the session.
  private final class Asking {
    var open: Set<Int>
    var answers: [Int: Answer] = [:]
    var continuation: CheckedContinuation<Void, Never>?

    init(_ ids: [Int]) { open = Set(ids) }
  }

  let command: String
  private let note: @Sendable (String) -> Void
  private let lock = NSLock()
  private var child: ChildProcess?

  // Under the lock.
  private var helloRow: JSONNode?
  private var helloWaiter: CheckedContinuation<Void, Never>?
  private var askings: [Int: Asking] = [:]
  private var ending: ChildEnding?
  private var killedBecause: String?
  private var lastWords: [UInt8] = []
  private var strayLines = 0
  private var firstStray = ""
  private var lastHeard = ContinuousClock.now

  init(
    _ command: String, environment: [String: String], lineLimit: Int = 512 << 20,
    note: @escaping @Sendable (String) -> Void
  ) throws {
    self.command = command
    self.note = note
    child = try ChildProcess(command, environment: environment, lineLimit: lineLimit) { [weak self] event in
      self?.take(event)
    }
  }

  // MARK: Hello

  /// Greets the command and waits for its greeting.
  func hello(within seconds: Int) async throws -> ExecHello {
    write(["type": "hello", "protocol": .integer(ExecHello.version), "role": "model"])
    let alarm = Task { [weak self] in
      try? await Task.sleep(for: .seconds(seconds))
      if !Task.isCancelled { self?.wakeHelloWaiter() }
    }
    await withCheckedContinuation { continuation in
      let isReady = lock.withLock {
        if helloRow != nil || self.ending != nil { return true }
        helloWaiter = continuation
        return false
      }
      if isReady { continuation.resume() }
    }
    alarm.cancel()
    let (row, ending, words, stray) = lock.withLock { (helloRow, self.ending, tail, firstStray) }
    guard let row else {
      child?.kill()
      if let ending {
        throw ExecFault.endedBeforeHello(command: command, ending: ending, lastWords: words)
      }
      throw ExecFault.silent(command: command, seconds: seconds, heard: stray)
    }
    do {
      return try ExecHello(row, command: command)
    } catch {
      child?.kill()
      throw ExecFault.badHello(command: command, reason: error.reason)
    }
  }

  private func wakeHelloWaiter() {
    let waiter = lock.withLock {
      defer { helloWaiter = nil }
      return helloWaiter
    }
    waiter?.resume()
  }

  // MARK: Questions

  /// Sends items as one batch and waits for all their answers, or for the command's end.
  ///
  /// - Parameter timeout: how long it may say nothing at all, in seconds, before it is killed.
  func ask(_ items: [(id: Int, item: JSONValue)], timeout: Int) async -> [Int: Answer] {
    let asking = Asking(items.map(\.id))
    let isOver = lock.withLock {
      if ending != nil { return true }
      for item in items { askings[item.id] = asking }
      lastHeard = .now
      return false
    }
    if isOver { return unanswered(asking) }
    write(["type": "batch", "items": .array(items.map(\.item))])
    let watch = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(min(1_000, timeout * 200)))
        self?.endIfSilent(for: timeout)
      }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = lock.withLock {
          if asking.open.isEmpty || ending != nil { return true }
          asking.continuation = continuation
          return false
        }
        if isDone { continuation.resume() }
      }
    } onCancel: {
      child?.kill()
    }
    watch.cancel()
    return unanswered(asking)
  }

  /// The answers with a reason in the place of each that did not come.
  private func unanswered(_ asking: Asking) -> [Int: Answer] {
    lock.withLock {
      var answers = asking.answers
      for id in asking.open {
        askings[id] = nil
        answers[id] = Answer.none(whyItEnded)
      }
      return answers
    }
  }

  private func endIfSilent(for seconds: Int) {
    let isSilent = lock.withLock {
      guard ending == nil, !askings.isEmpty, ContinuousClock.now - lastHeard > .seconds(seconds) else {
        return false
      }
      killedBecause = "was silent for \(seconds) s and was killed"
      return true
    }
    if isSilent { child?.kill() }
  }

  /// Whether it still runs.
  var isRunning: Bool { lock.withLock { ending == nil } }
  /// How it ended; nil while it runs.
  var end: ChildEnding? { lock.withLock { ending } }
  /// The end of what it wrote to standard error.
  var words: String { lock.withLock { tail } }
  /// The number of the process, for tests.
  var identifier: Int32? { child?.identifier }

  /// Says goodbye, and kills what does not go.
  func close() async {
    write(["type": "shutdown"])
    await child?.end()
    let (count, first) = lock.withLock { (strayLines, firstStray) }
    if count > 0 {
      note(
        "'\(command)' wrote \(count) line\(count == 1 ? "" : "s") to standard output that the protocol does not "
          + "know, first '\(first)'. They were left out.")
    }
  }

  private func write(_ value: JSONValue) {
    guard let bytes = try? value.encoded() else { return }
    child?.write(bytes + [0x0A])
  }

  // MARK: Events, on the child's thread

  private func take(_ event: ChildProcess.Event) {
    switch event {
    case .line(let bytes): take(line: bytes)
    case .errors(let bytes):
      lock.withLock { lastWords = (lastWords + bytes).suffix(4_096) }
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") { note(String(line)) }
    case .overlong: lock.withLock { killedBecause = "wrote a line without an end and was killed" }
    case .ended(let ending):
      let waiters = lock.withLock {
        self.ending = ending
        var waiters = [helloWaiter]
        helloWaiter = nil
        for asking in askings.values where asking.continuation != nil {
          waiters.append(asking.continuation)
          asking.continuation = nil
        }
        return waiters
      }
      for waiter in waiters { waiter?.resume() }
    }
  }

  private func take(line: [UInt8]) {
    let row = try? JSONNode.parse(line, name: "what '\(command)' wrote")
    let waiter = lock.withLock { () -> CheckedContinuation<Void, Never>? in
      lastHeard = .now
      guard let row, case .object(let object) = row.value else {
        // A stray line may be anything, such as the greeting of a library.
        if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { stray(line) }
        return nil
      }
      if object["type"] == .string("hello"), helloRow == nil {
        helloRow = row
        defer { helloWaiter = nil }
        return helloWaiter
      }
      guard let id = object["id"]?.wholeID, let asking = askings.removeValue(forKey: id) else {
        stray(line)
        return nil
      }
      asking.open.remove(id)
      asking.answers[id] = .row(row)
      guard asking.open.isEmpty else { return nil }
      defer { asking.continuation = nil }
      return asking.continuation
    }
    waiter?.resume()
  }

  private func stray(_ line: [UInt8]) {
    strayLines += 1
    if firstStray.isEmpty { firstStray = String(decoding: line.prefix(200), as: UTF8.self) }
  }

  private var tail: String {
    String(decoding: lastWords.suffix(1_000), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private var whyItEnded: String {
    let how = killedBecause ?? ending.map { "\($0)" } ?? "was given up"
    return "the command \(how) before it answered" + (tail.isEmpty ? "" : "; it last wrote: \(tail)")
  }
}

extension JSONValue {
  /// An identity that was sent as a number, and may come back as a text.
  fileprivate var wholeID: Int? {
    if case .string(let text) = self { Int(text) } else { wholeNumber }
  }
}
