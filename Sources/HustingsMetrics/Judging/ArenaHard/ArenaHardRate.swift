public import Hustings
import HustingsStatistics

extension ArenaHardRule {
  /// The rows of the battle table that one item of a contest comes to, told of the seat.
  ///
  /// The game in which the baseline is shown first is A's of the baseline. A verdict whose number of rows is not known counts by
  /// its size: three for one of 3, which is how a judge's strong verdicts are kept, and one for any other.
  func rows(_ trial: Trial) -> [ArenaHardRow] {
    guard trial.key.candidates.count == 2 else { return [] }
    let (baseline, seat) = (trial.key.candidates[0], trial.key.candidates[1])
    let games = [Matchup(baseline, seat), Matchup(seat, baseline)].map { matchup in
      (matchup, trial.tournament.judgment(matchup)?.logOdds)
    }
    if self == .v2, games.contains(where: { $0.1 == nil }) { return [] }
    return games.flatMap { matchup, margin -> [ArenaHardRow] in
      guard let margin else { return [] }
      func trait(_ name: String) -> Int? { trial.traits[name].flatMap { $0[matchup.first] }.map { Int($0) } }
      if let tied = trait(Trait.rowsTied), let all = trait(Trait.rows),
        let won = trait(Trait.rowsWon)
          ?? trait(Trait.rowsFirst).map({ matchup.first == seat ? $0 : all - tied - $0 })
      {
        return [(won, 1.0), (tied, 0.5), (all - won - tied, 0)].flatMap { count, credit in
          [ArenaHardRow](
            repeating: ArenaHardRow(prompt: trial.key.item, credit: credit), count: max(0, count))
        }
      }
      let first = margin > 0 ? 1 : margin < 0 ? 0 : 0.5
      let row = ArenaHardRow(prompt: trial.key.item, credit: matchup.first == seat ? first : 1 - first)
      let isStrong = trial.tournament.areVerdicts && abs(margin) >= 3
      let count = trial.traits[Trait.rows].flatMap { $0[matchup.first] } ?? (isStrong ? 3 : 1)
      return [ArenaHardRow](repeating: row, count: Int(count))
    }
  }
}

/// Arena-Hard's score as a sum over prompts: the share of the points in the rows, in percent.
///
/// The score s = Σ points / Σ rows is a ratio, so a prompt's part is its influence, s + (points − s · rows) / (mean rows). These
/// have the mean s, and their spread is that of s to first order; both games of a prompt stay together.
public struct ArenaHardRate: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A percentage.
  public var unit: MetricUnit { .percent }
  private let rule: ArenaHardRule
  private let subset: String?

  /// The score by a version's rule.
  ///
  /// - Parameter subset: the category whose prompts count; nil for all.
  public init(_ name: String, rule: ArenaHardRule, subset: String? = nil) {
    self.name = name
    self.rule = rule
    self.subset = subset
  }

  /// Every prompt with a row.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let parts = trials.enumerated().compactMap {
      index, trial -> (trial: Int, points: Double, rows: Double)? in
      guard subset == nil || trial.key.subset == subset else { return nil }
      let rows = rule.rows(trial)
      return rows.isEmpty ? nil : (index, rows.reduce(0) { $0 + $1.credit }, Double(rows.count))
    }
    let rows = parts.reduce(0) { $0 + $1.rows }
    guard rows > 0 else { return [] }
    let score = parts.reduce(0) { $0 + $1.points } / rows
    let mean = rows / Double(parts.count)
    return parts.map {
      Contribution(
        trial: $0.trial, stratum: "", credit: 100 * (score + ($0.points - score * $0.rows) / mean),
        weight: 1 / Double(parts.count))
    }
  }

  /// What came of each prompt.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard subset == nil || trial.key.subset == subset else { return nil }
      let rows = rule.rows(trial)
      guard !rows.isEmpty else { return (index, .abstention) }
      let share = rows.reduce(0) { $0 + $1.credit } / Double(rows.count)
      return (index, share > 0.5 ? .win : share < 0.5 ? .loss : .tie)
    }
  }
}

/// What else Arena-Hard prints of a model.
public struct ArenaHardFigure: StandingsMetric {
  /// The numbers.
  public enum Column: String, Sendable, Hashable, CaseIterable {
    /// The score as upstream prints it, with its interval: 95 % over rows in version 0.1; in version 2 the mean over resamples of
    /// rows, and the 5 and 95 percentiles.
    case upstreamScore = "upstream_score"
    /// Rows won.
    case wins
    /// Rows tied.
    case ties
    /// Rows lost.
    case losses
    /// The Bradley–Terry rating with the baseline at 1000.
    case rating
    /// The mean number of tokens of the answers, rounded down, where their files say it.
    case averageTokens = "avg_tokens"
  }

  private let column: Column
  private let rule: ArenaHardRule

  /// A number by a version's rule.
  public init(_ column: Column, rule: ArenaHardRule) {
    self.column = column
    self.rule = rule
  }

  /// The number's name.
  public var name: String { column.rawValue }
  /// Scores and ratings are better when higher.
  public var direction: Direction {
    column == .upstreamScore || column == .rating ? .higherIsBetter : .neutral
  }
  /// Percent, points or rows.
  public var unit: MetricUnit {
    switch column {
    case .upstreamScore: .percent
    case .rating: .number
    case .wins, .ties, .losses, .averageTokens: .count
    }
  }
  /// Upstream's score has upstream's interval.
  public var hasOwnInterval: Bool { column == .upstreamScore }

  /// The number; nil without rows, and for the rating of a model that won everything or nothing.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let rows = trials.flatMap(rule.rows)
    let score = ArenaHardScore(rows)
    func plain(_ value: Double) -> Estimate { Estimate(value: value, interval: nil, count: score.total) }
    if score.total == 0 { return nil }
    switch column {
    case .averageTokens: return averageTokens(trials)
    case .wins: return plain(Double(score.wins))
    case .ties: return plain(Double(score.ties))
    case .losses: return plain(Double(score.losses))
    case .rating: return score.rating().map(plain)
    case .upstreamScore:
      guard let entry = rule.entry("", rows, averageTokens: nil, seed: 0) else { return nil }
      return Estimate(
        value: 100 * entry.score,
        interval: entry.interval.map {
          Hustings.Interval(
            low: 100 * $0.low, high: 100 * $0.high, level: $0.level, method: $0.method.rawValue)
        }, count: score.total)
    }
  }

  private func averageTokens(_ trials: [Trial]) -> Estimate? {
    let tokens = trials.compactMap { trial in
      trial.key.index(named: "model").flatMap { trial.traits[Trait.tokens]?[$0] }
    }
    guard !tokens.isEmpty else { return nil }
    let mean = tokens.reduce(0, +) / Double(tokens.count)
    return Estimate(value: mean.rounded(.down), interval: nil, count: tokens.count)
  }

  /// How well the board tells models apart, by upstream's own measure.
  public func note(over estimates: [Estimate]) -> String? {
    guard column == .upstreamScore else { return nil }
    return ArenaSeparability.note(estimates)
  }
}

extension ArenaSeparability {
  /// The separability of a board's estimates as a sentence; nil with fewer than two intervals.
  static func note(_ estimates: [Estimate]) -> String? {
    let separability = ArenaSeparability(estimates.compactMap { $0.interval.map { $0.low...$0.high } })
    guard let share = separability.share else { return nil }
    let percent = (1000 * share).rounded() / 10
    return
      "Separability: \(percent) % of \(separability.pairs) pairs of models have intervals that do not overlap."
  }
}
