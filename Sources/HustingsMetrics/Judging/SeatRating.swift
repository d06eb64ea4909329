public import Hustings

/// The mean rating of the seat's responses, over some of the items.
public struct SeatRating: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// The judge's own scale.
  public var unit: MetricUnit { .number }
  private let covers: @Sendable (AnswerKey) -> Bool

  /// The mean rating over the items that `covers` takes in.
  public init(_ name: String, covers: @escaping @Sendable (AnswerKey) -> Bool = { _ in true }) {
    self.name = name
    self.covers = covers
  }

  private func rating(_ trial: Trial) -> Double? {
    trial.key.index(named: "model").flatMap { trial.tournament.rewards?[$0] }
  }

  /// Every rated item.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let rated = trials.enumerated().compactMap { index, trial in
      covers(trial.key) ? rating(trial).map { (index, $0) } : nil
    }
    return rated.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(rated.count))
    }
  }

  /// Items are rated or not; a rating is neither won nor lost, and counts as answered.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      covers(trial.key) ? (index, rating(trial) == nil ? .abstention : .tie) : nil
    }
  }
}

/// The points of a pair of games as MT-Bench and Vicuna-Bench count them.
public struct GameCredit: CreditRule {
  /// What earns points.
  public enum Measure: Sendable, Hashable {
    /// A win 1, a tie ½: `win_rate_adjusted`.
    case adjusted
    /// A win alone.
    case wins
    /// A loss alone.
    case losses
    /// A tie alone.
    case ties
  }

  private let measure: Measure

  /// A rule.
  public init(_ measure: Measure) { self.measure = measure }

  /// The credit of an item: won or lost only when every game that was played says so, else tied. With an unreadable game nothing
  /// is left of it.
  public func credit(for trial: Trial) -> Credit? {
    guard trial.key.candidates.count == 2 else { return nil }
    let (baseline, seat) = (trial.key.candidates[0], trial.key.candidates[1])
    let result: Double
    switch trial.tournament.resultOfGames(seat, baseline) {
    case .margin(let margin)?: result = margin
    case .absent(let absence)?: return Credit(absence, failures: .excluded)
    case nil: return Credit(Absence(.error, "the pair was never asked"), failures: .excluded)
    }
    let outcome: Outcome = result > 0 ? .win : result < 0 ? .loss : .tie
    switch measure {
    case .adjusted: return Credit(outcome, (result + 1) / 2)
    case .wins: return Credit(outcome, outcome == .win ? 1 : 0)
    case .losses: return Credit(outcome, outcome == .loss ? 1 : 0)
    case .ties: return Credit(outcome, outcome == .tie ? 1 : 0)
    }
  }
}

/// A number of items that were won, lost or tied.
public struct GameCount: Metric {
  /// Its name on a board.
  public let name: String
  /// Neither way: how many there are depends on how many were asked.
  public var direction: Direction { .neutral }
  /// Items.
  public var unit: MetricUnit { .count }
  private let rule: GameCredit

  /// The number of items with the measure's point.
  public init(_ name: String, _ measure: GameCredit.Measure) {
    self.name = name
    rule = GameCredit(measure)
  }

  /// The count; nil when no item has a result.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let points = trials.compactMap { rule.credit(for: $0)?.value }
    return points.isEmpty
      ? nil : Estimate(value: points.reduce(0, +), interval: nil, count: points.count)
  }
}

/// A sum over items of the points that a judge gave one of two responses.
public struct PointTotal: Metric {
  /// Its name on a board.
  public let name: String
  /// More is better for the seat, and neither for the baseline.
  public var direction: Direction { candidate == "model" ? .higherIsBetter : .neutral }
  /// The judge's own scale.
  public var unit: MetricUnit { .number }
  private let candidate: String

  /// The points of the candidate with the given name.
  public init(_ name: String, of candidate: String) {
    self.name = name
    self.candidate = candidate
  }

  /// The sum; nil when no item has points.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let points = trials.compactMap { trial in
      trial.key.index(named: candidate).flatMap { trial.tournament.rewards?[$0] }
    }
    return points.isEmpty
      ? nil : Estimate(value: points.reduce(0, +), interval: nil, count: points.count)
  }
}
