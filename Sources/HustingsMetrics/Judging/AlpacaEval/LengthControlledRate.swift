import Foundation
public import Hustings
public import HustingsStatistics

/// AlpacaEval's length-controlled win rate, fitted to a run's own rows, and what upstream prints beside it.
///
/// The prompts' difficulties and the length-gamed baselines are raters of the key (see `ContestFacts`); without difficulties
/// only length is controlled for, and without the baselines nothing but the model's own rows enters. The interval is the
/// percentile bootstrap over prompts at the fit's own C, which upstream does not have.
public struct LengthControlledRate: NotedMetric {
  /// Which of the two numbers.
  public enum Part: Sendable, Hashable {
    /// `length_controlled_winrate`.
    case winRate
    /// `lc_standard_error`: how prompts differ in difficulty, and no sampling error.
    case spread
  }

  /// Its name in upstream's file.
  public var name: String { part == .winRate ? "length_controlled_winrate" : "lc_standard_error" }
  /// A higher rate is better.
  public var direction: Direction { part == .winRate ? .higherIsBetter : .neutral }
  /// A percentage.
  public var unit: MetricUnit { .percent }
  /// The rate has a bootstrap interval.
  public var hasOwnInterval: Bool { part == .winRate }
  private let part: Part
  private let rule: LengthControlRule

  /// A number of the fit by `rule`. Numbers with one rule share their fits.
  public init(_ part: Part, rule: LengthControlRule) {
    self.part = part
    self.rule = rule
  }

  /// The number with its bootstrap interval; nil when the rows have no finite fit.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    guard let fitted = rule.fitted(trials) else { return nil }
    let count = fitted.contest.annotations.count { $0.preference != nil }
    switch part {
    case .spread:
      return fitted.fit.spread.map { Estimate(value: 100 * $0, interval: nil, count: count) }
    case .winRate:
      let interval = fitted.interval.map {
        Hustings.Interval(low: 100 * $0.low, high: 100 * $0.high, level: $0.level, method: $0.method.rawValue)
      }
      return Estimate(value: 100 * fitted.fit.winRate, interval: interval, count: count)
    }
  }

  /// Upstream's warning of a fit that may have failed.
  public func note(_ trials: [Trial]) -> String? {
    guard part == .winRate, let fitted = rule.fitted(trials), let rate = fitted.contest.winRate,
      rate.isFar(from: fitted.fit.winRate)
    else { return nil }
    let (controlled, raw) = (100 * fitted.fit.winRate, 100 * rate.winRate)
    return String(
      format:
        "the length-controlled win rate of %.2f is far from the raw one of %.2f. The fit may have failed, "
        + "as with very few or very one-sided judgments, or the responses may be all of one kind.",
      controlled, raw)
  }
}

/// How length control is done on a contest's board.
public final class LengthControlRule: Sendable {
  private let strength: LengthControlStrength
  private let alignment: DifficultyAlignment
  private let replicates: Int
  private let fits = FitShelf()

  /// A rule.
  ///
  /// - Parameters:
  ///   - strength: how strongly fits are held towards zero; AlpacaEval chooses it by cross-validation.
  ///   - alignment: which difficulty belongs to which row, where some prompts have no response.
  ///   - replicates: resamples for the interval.
  public init(
    strength: LengthControlStrength = .alpacaEval, alignment: DifficultyAlignment = .byPrompt,
    replicates: Int = 200
  ) {
    self.strength = strength
    self.alignment = alignment
    self.replicates = replicates
  }

  struct Fitted: Sendable {
    let contest: AlpacaContest
    let fit: LengthControlFit
    let interval: HustingsStatistics.Interval?
  }

  /// The fit to a run's rows; made once for the numbers that share it.
  func fitted(_ trials: [Trial]) -> Fitted? {
    let contest = AlpacaContest(trials)
    guard !contest.annotations.isEmpty else { return nil }
    let facts = ContestFacts(trials.map(\.key))
    return fits.fit(FitShelf.Key(contest: contest, facts: facts)) {
      let board = AlpacaBoard(
        control: LengthControl(anchor: facts.anchor, usesDifficulty: facts.difficulties != nil),
        strength: strength, difficulties: facts.difficulties, alignment: alignment)
      guard let fit = board.entry("", contest, mode: nil)?.fit else { return nil }
      let interval = board.bootstrap(contest, fit: fit, replicates: replicates, seed: 0)?
        .interval(level: 0.95, method: .percentile)
      return Fitted(contest: contest, fit: fit, interval: interval)
    }
  }
}

/// The fits of the last few runs, so that the numbers of one do not each fit again.
private final class FitShelf: @unchecked Sendable {
  struct Key: Hashable {
    let contest: AlpacaContest
    let facts: ContestFacts
  }

  private let lock = NSLock()
  private var shelf: [(key: Key, fitted: LengthControlRule.Fitted?)] = []

  func fit(_ key: Key, make: () -> LengthControlRule.Fitted?) -> LengthControlRule.Fitted? {
    if let known = lock.withLock({ shelf.first { $0.key == key } }) { return known.fitted }
    let made = make()
    lock.withLock {
      shelf.append((key, made))
      if shelf.count > 4 { shelf.removeFirst() }
    }
    return made
  }
}

/// What a contest's key says of its prompts beside the baseline's response, as raters of each item.
///
/// `difficulty` rates the baseline's response by how hard it is to beat. A length-gamed variant of the baseline has two raters:
/// `gamed/NAME/length`, the lengths of the baseline's and the variant's response, and `gamed/NAME/points`, the points that the
/// two shared when a judge compared them; their sum is the weight of the row.
public struct ContestFacts: Sendable, Hashable {
  /// One per prompt; nil unless every prompt has one.
  public let difficulties: [Double]?
  /// The length-gamed variants; nil without any.
  public let anchor: LengthControlAnchor?

  /// The facts in the keys of a contest.
  public init(_ keys: [AnswerKey]) {
    let found = keys.compactMap { ContestFacts.pair("difficulty", in: $0)?.baseline }
    let difficulties = !keys.isEmpty && found.count == keys.count ? found : nil
    self.difficulties = difficulties
    let names = keys.first.map { key in
      key.raters.keys.filter { $0.hasPrefix("gamed/") && $0.hasSuffix("/length") }.map {
        String($0.dropFirst(6).dropLast(7))
      }.sorted()
    }
    var variants: [LengthControlRows] = []
    var weight = 0.0
    for name in names ?? [] {
      let rows = keys.enumerated().compactMap { place, key -> Row? in
        guard let lengths = ContestFacts.pair("gamed/\(name)/length", in: key),
          let points = ContestFacts.pair("gamed/\(name)/points", in: key),
          let baselineLength = lengths.baseline, let length = lengths.seat, let lost = points.baseline,
          let won = points.seat, lost + won > 0
        else { return nil }
        weight = lost + won
        return Row(
          baselineLength: Int(baselineLength), length: Int(length), difficulty: difficulties?[place] ?? 0,
          preference: won / (lost + won))
      }
      variants.append(
        LengthControlRows(
          baselineLengths: rows.map(\.baselineLength), modelLengths: rows.map(\.length),
          difficulties: difficulties == nil ? nil : rows.map(\.difficulty),
          preferences: rows.map(\.preference)))
    }
    anchor = variants.isEmpty ? nil : LengthControlAnchor(judged: variants, rowWeight: weight)
  }

  private struct Row {
    let baselineLength: Int
    let length: Int
    let difficulty: Double
    let preference: Double
  }

  private static func pair(
    _ rater: String, in key: AnswerKey
  ) -> (baseline: Double?, seat: Double?)? {
    guard key.candidates.count == 2, let rewards = key.raters[rater]?.rewards else { return nil }
    return (rewards[key.candidates[0]], rewards[key.candidates[1]])
  }

  /// The raters that say these facts of one prompt, over the baseline and the seat.
  public static func raters(
    difficulty: Double?, gamed: [(name: String, lengths: [Double?], points: [Double?])]
  ) -> [String: Answer] {
    var raters: [String: Answer] = [:]
    if let difficulty { raters["difficulty"] = .ratings([difficulty, nil]) }
    for variant in gamed {
      raters["gamed/\(variant.name)/length"] = .ratings(variant.lengths)
      raters["gamed/\(variant.name)/points"] = .ratings(variant.points)
    }
    return raters
  }
}
