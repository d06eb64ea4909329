import Foundation
import HustingsReports
import HustingsTraining

/// What a person sees while a model is trained: one line that changes on a terminal, about twenty plain lines elsewhere.
final class TrainingDisplay {
  private static let plainLines = 20
  private let members: Int
  private var shown = 0
  private var shownMember = 0
  private let began = Date()

  init(members: Int) { self.members = members }

  /// Shows how far a member is.
  func show(_ member: Int, _ progress: TrainingProgress) {
    if member != shownMember { (shownMember, shown) = (member, 0) }
    if Terminal.isWatched {
      Terminal.progress(line(member, progress))
      return
    }
    let due = progress.steps * (shown + 1) / TrainingDisplay.plainLines
    guard progress.step >= max(1, due) || (shown == 0 && progress.step > 0) else { return }
    shown = progress.step * TrainingDisplay.plainLines / max(1, progress.steps)
    Terminal.note(line(member, progress))
  }

  /// Seconds since the display was made.
  var seconds: Double { Date().timeIntervalSince(began) }

  private func line(_ member: Int, _ progress: TrainingProgress) -> String {
    var parts: [String] = []
    if members > 1 { parts.append("model \(member + 1) of \(members)") }
    parts.append("step \(Format.grouped(progress.step)) of \(Format.grouped(progress.steps))")
    parts.append("loss \(Format.decimal(progress.loss, 4))")
    if let accuracy = progress.latest?.heldOutAccuracy {
      parts.append("held out \(Format.percent(accuracy, 1)) %")
    }
    if let pace = progress.pairsPerSecond { parts.append("\(Format.grouped(Int(pace.rounded()))) pairs/s") }
    if let left = progress.secondsLeft, left.isFinite { parts.append("\(TrainingDisplay.time(left)) left") }
    return parts.joined(separator: "  ")
  }

  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 120 ? "\(whole) s" : "\(whole / 60) min"
  }
}
