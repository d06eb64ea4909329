import Foundation
public import Hustings

/// The points of whoever takes the seat of a contest: the probability that its response is preferred to the baseline's.
///
/// A judge that is asked in both orders counts with the mean of what it said in those it answered. One that names winners only
/// gives 1, ½ or 0. The key's first candidate is the baseline, the second the seat.
public struct SeatCredit: CreditRule {
  /// The rule.
  public init() {}

  /// The credit of an item; an item that was not answered is left out.
  public func credit(for trial: Trial) -> Credit? {
    guard trial.key.candidates.count == 2 else { return nil }
    let (baseline, seat) = (trial.key.candidates[0], trial.key.candidates[1])
    guard let points = SeatCredit.points(trial.tournament, seat: seat, baseline: baseline) else {
      let absence = trial.tournament.absence(seat, baseline) ?? Absence(.error, "the pair was never asked")
      return Credit(absence, failures: .excluded)
    }
    return Credit(points > 0.5 ? .win : points < 0.5 ? .loss : .tie, points)
  }

  private static func points(_ tournament: Tournament, seat: Int, baseline: Int) -> Double? {
    guard tournament.isOrdered else {
      return tournament.margin(seat, baseline).map(probability)
    }
    let forward = tournament.judgment(Matchup(seat, baseline))?.logOdds
    let reverse = tournament.judgment(Matchup(baseline, seat))?.logOdds.map { 0 - $0 }
    let points = [forward, reverse].compactMap { $0 }.map {
      tournament.areVerdicts ? ($0 > 0 ? 1 : $0 < 0 ? 0 : 0.5) : probability($0)
    }
    return points.isEmpty ? nil : points.reduce(0, +) / Double(points.count)
  }

  /// The logistic function.
  private static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

  /// Log-odds of a probability. Certainty is ±800, which the logistic function takes back to 1 and 0 to the bit.
  public static func logOdds(_ probability: Double) -> Double {
    probability <= 0 ? -800 : probability >= 1 ? 800 : log(probability) - log1p(-probability)
  }
}

/// The mean points of a contest's seat, as a percentage.
public struct SeatRate: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A percentage.
  public var unit: MetricUnit { .percent }
  private let rule: any CreditRule
  private let covers: @Sendable (AnswerKey) -> Bool

  /// The mean of `rule`'s points over the items that `covers` takes in.
  public init(
    _ name: String, rule: any CreditRule = SeatCredit(),
    covers: @escaping @Sendable (AnswerKey) -> Bool = { _ in true }
  ) {
    self.name = name
    self.rule = rule
    self.covers = covers
  }

  /// Every answered item, in percent.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let credits = trials.enumerated().compactMap { index, trial in
      covers(trial.key) ? rule.credit(for: trial)?.value.map { (index, $0) } : nil
    }
    return credits.map {
      Contribution(trial: $0.0, stratum: "", credit: 100 * $0.1, weight: 1 / Double(credits.count))
    }
  }

  /// What came of each item.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      covers(trial.key) ? rule.credit(for: trial).map { (index, $0.outcome) } : nil
    }
  }
}
