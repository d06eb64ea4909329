import Foundation
public import Hustings
import HustingsStatistics

/// What somebody who has to answer with one of a slate's responses answers: how often with each.
///
/// A policy says so itself, in the trait `share`. A model of preference answers with the response that it ranks highest, with
/// several of them equally often.
public struct ResponseChoice: Sendable, Hashable {
  /// How often each of the slate's responses is the answer; they add up to 1.
  public let shares: [Double]

  /// The choice of a trial; nil when the model did not rank the responses.
  public init?(_ trial: Trial) {
    let count = trial.tournament.count
    if let known = trial.traits[Trait.share], known.count == count, known.contains(where: { $0 != nil }) {
      shares = known.map { $0 ?? 0 }
      return
    }
    let top = trial.tournament.top(of: Array(0..<count))
    guard !top.isEmpty else { return nil }
    shares = (0..<count).map { top.contains($0) ? 1 / Double(top.count) : 0 }
  }

  /// What a number of the answer is expected to be; nil where a response that is answered has none.
  public func expectation(of values: [Double?]) -> Double? {
    var sum = 0.0
    for (share, value) in zip(shares, values) where share > 0 {
      guard let value else { return nil }
      sum += share * value
    }
    return sum
  }

  /// How often the answer is preferred to another policy's under the key's log-odds, a response meeting itself with ½; nil where
  /// the key does not say.
  public func wins(over others: [Double], in key: Tournament) -> Double? {
    var sum = 0.0
    for (i, share) in shares.enumerated() where share > 0 {
      for (j, other) in others.enumerated() where other > 0 {
        if i == j {
          sum += share * other / 2
        } else {
          guard let margin = key.margin(i, j) else { return nil }
          sum += share * other / (1 + exp(-margin))
        }
      }
    }
    // Sums leave rounding where two policies are even.
    return abs(sum - 0.5) < 1e-12 ? 0.5 : sum
  }

  /// KL of this choice from another, in nats; infinite where the other never answers what this one does.
  public func divergence(from others: [Double]) -> Double {
    zip(shares, others).reduce(0) { $1.0 > 0 ? $0 + $1.0 * (log($1.0) - log($1.1)) : $0 }
  }
}

extension AnswerKey {
  /// How often a policy that the key knows by its log-probabilities answers with each response; nil where it knows none of that
  /// name.
  public func shares(of rater: String) -> [Double]? {
    raters[rater]?.rewards.map { $0.map { $0.map { exp($0) } ?? 0 } }
  }
}

/// AlpacaEval's length-controlled win rate of whoever chooses among recorded responses.
///
/// A prompt's row has the expected win rate and the expected length of the answer, the length of the baseline's response, and the
/// prompt's difficulty where the key has one: raters `baseline length` and `difficulty` of the key. The interval is the percentile
/// bootstrap over prompts.
public struct LengthControlledChoice: Metric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A share.
  public var unit: MetricUnit { .share }
  /// It has an interval of its own.
  public var hasOwnInterval: Bool { true }
  private let replicates: Int

  /// - Parameter replicates: resamples for the interval.
  public init(_ name: String, replicates: Int = 200) {
    self.name = name
    self.replicates = replicates
  }

  /// The rate at equal length; nil when the rows have no finite fit.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let rows = trials.compactMap(Row.init)
    guard !rows.isEmpty else { return nil }
    let difficulties = rows.compactMap(\.difficulty)
    let usesDifficulty = difficulties.count == rows.count
    let table = LengthControlRows(
      baselineLengths: rows.map(\.baselineLength), modelLengths: rows.map(\.length),
      difficulties: usesDifficulty ? difficulties : nil, preferences: rows.map(\.value))
    let control = LengthControl(anchor: nil, usesDifficulty: usesDifficulty)
    guard let fit = control.fit(table, strength: .alpacaEval) else { return nil }
    let interval = control.bootstrap(
      table, inverseStrength: fit.inverseStrength, replicates: replicates, seed: 0
    )?.interval(level: 0.95, method: .percentile)
    return Estimate(
      value: fit.winRate, interval: interval.map(Hustings.Interval.init), count: rows.count)
  }

  private struct Row {
    let value: Double
    let length: Int
    let baselineLength: Int
    let difficulty: Double?

    init?(_ trial: Trial) {
      guard let choice = ResponseChoice(trial), let values = trial.key.gold.rewards,
        let lengths = trial.key.raters["length"]?.rewards,
        let baseline = trial.key.raters["baseline length"]?.rewards?.compactMap({ $0 }).first,
        let value = choice.expectation(of: values), let length = choice.expectation(of: lengths)
      else { return nil }
      self.value = value
      self.length = Int(length.rounded())
      baselineLength = Int(baseline)
      difficulty = trial.key.raters["difficulty"]?.rewards?.compactMap { $0 }.first
    }
  }
}
