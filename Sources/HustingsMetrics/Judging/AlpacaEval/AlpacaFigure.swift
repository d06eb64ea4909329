public import Hustings
import HustingsStatistics

extension AlpacaContest {
  /// The annotations that a run on a contest comes to: one per item with a response, in the order of the items.
  public init(_ trials: [Trial]) {
    let rule = SeatCredit()
    var annotations: [AlpacaAnnotation] = []
    for (place, trial) in trials.enumerated() {
      let key = trial.key
      guard key.candidates.count == 2, let lengths = trial.traits[Trait.length],
        let baseline = lengths[key.candidates[0]], let own = lengths[key.candidates[1]]
      else { continue }
      annotations.append(
        AlpacaAnnotation(
          place: place, baselineLength: Int(baseline), modelLength: Int(own),
          preference: rule.credit(for: trial)?.value))
    }
    self.init(annotations: annotations, promptCount: trials.count)
  }
}

/// One column of AlpacaEval's leaderboard file beside the win rates, under its name there.
public struct AlpacaFigure: Metric {
  /// The columns.
  public enum Column: String, Sendable, Hashable, CaseIterable {
    /// The win rate's standard error, from the spread of the preferences, in percent.
    case standardError = "standard_error"
    /// Prompts won.
    case wins = "n_wins"
    /// Prompts lost.
    case losses = "n_wins_base"
    /// Prompts drawn.
    case draws = "n_draws"
    /// Prompts with a preference.
    case total = "n_total"
    /// The win rate with every preference but an exact draw rounded to a win or a loss, in percent.
    case discreteWinRate = "discrete_win_rate"
    /// The mean length of the responses in code points, rounded down; prompts without one count as 0.
    case averageLength = "avg_length"
  }

  private let column: Column

  /// A column.
  public init(_ column: Column) { self.column = column }

  /// The column's name.
  public var name: String { column.rawValue }
  /// Only the discrete win rate is better one way.
  public var direction: Direction { column == .discreteWinRate ? .higherIsBetter : .neutral }
  /// Percentages and counts.
  public var unit: MetricUnit {
    column == .standardError || column == .discreteWinRate ? .percent : .count
  }

  /// The column's value; nil when no prompt has a preference.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let rule = SeatCredit()
    guard let rate = AlpacaWinRate(trials.lazy.map { rule.credit(for: $0)?.value }) else { return nil }
    let value: Double?
    switch column {
    case .standardError: value = rate.standardError.map { 100 * $0 }
    case .wins: value = Double(rate.wins)
    case .losses: value = Double(rate.losses)
    case .draws: value = Double(rate.draws)
    case .total: value = Double(rate.total)
    case .discreteWinRate: value = 100 * rate.discreteWinRate
    case .averageLength: value = AlpacaContest(trials).averageLength.map(Double.init)
    }
    return value.map { Estimate(value: $0, interval: nil, count: rate.total) }
  }
}
