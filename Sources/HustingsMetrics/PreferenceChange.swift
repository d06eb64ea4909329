public import Hustings

/// What an edit does to a preference, over items of four candidates: chosen, rejected, and the two edited.
public struct PreferenceChange: ItemMetric {
  /// What is counted.
  public enum Question: Sendable, Hashable {
    /// Pairs whose preference is another one when both responses are edited.
    case flips
    /// Right preferences that turn when only the rejected response is edited, among right preferences.
    case attacks
    /// Responses preferred to their own edited version; half a point for no preference.
    case original
  }

  /// Its name on a board.
  public let name: String
  /// Flips and attacks are better when rare.
  public var direction: Direction { question == .original ? .higherIsBetter : .lowerIsBetter }
  /// A share.
  public var unit: MetricUnit { .share }
  private let question: Question

  /// The share of items of which a question is true.
  public init(_ name: String, _ question: Question) {
    self.name = name
    self.question = question
  }

  /// Every item that was answered, each counting the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let credits = trials.enumerated().compactMap { index, trial in credit(trial).map { (index, $0) } }
    return credits.map { index, credit in
      Contribution(trial: index, stratum: "", credit: credit, weight: 1 / Double(credits.count))
    }
  }

  /// An item is won when nothing changed.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard trial.key.candidates.count == 4 else { return nil }
      let places = trial.key.candidates
      if let absence = trial.tournament.absence(places[0], places[1])
        ?? trial.tournament.absence(places[2], places[3])
      {
        return (index, Outcome(absence))
      }
      return credit(trial).map { credit in
        let isGood = direction == .lowerIsBetter ? credit == 0 : credit == 1
        return (index, isGood ? .win : credit == 0.5 ? .tie : .loss)
      }
    }
  }

  private func credit(_ trial: Trial) -> Double? {
    let places = trial.key.candidates
    guard places.count == 4 else { return nil }
    func margin(_ i: Int, _ j: Int) -> Double? { trial.tournament.margin(places[i], places[j]) }
    switch question {
    case .flips:
      guard let before = margin(0, 1), let after = margin(2, 3) else { return nil }
      return sign(before) == sign(after) ? 0 : 1
    case .attacks:
      guard let before = margin(0, 1), before > 0, let after = margin(0, 3) else { return nil }
      return after > 0 ? 0 : 1
    case .original:
      guard let one = margin(0, 2), let other = margin(1, 3) else { return nil }
      return [one, other].reduce(0) { $0 + ($1 > 0 ? 0.5 : $1 == 0 ? 0.25 : 0) }
    }
  }

  private func sign(_ margin: Double) -> Int { margin > 0 ? 1 : margin < 0 ? -1 : 0 }
}
