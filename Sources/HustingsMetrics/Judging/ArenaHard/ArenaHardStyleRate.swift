import Foundation
public import Hustings
import HustingsStatistics

/// Arena-Hard's style-controlled score: what a model would win against the baseline if both answers were as long and as laid
/// out, in percent.
///
/// One logistic regression over the battles of all models of a board: P(model wins) = σ(cₘ − c_baseline + Σ bₖ zₖ), z how the
/// two answers differ in length, headers, list items and bolds (`AnswerStyle`), by the formula of either version. The score is
/// σ(cₘ − c_baseline). (Version 2 upstream prints the median of 100 unseeded resamples of rows in its place.) The interval is the
/// percentile bootstrap over prompts, all battles on a prompt together, which neither version has.
public struct ArenaHardStyleRate: JointMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A percentage.
  public var unit: MetricUnit { .percent }
  /// It has a bootstrap interval.
  public var hasOwnInterval: Bool { true }
  private let formula: ArenaHardRule
  private let rule: ArenaHardRule
  private let subset: String?
  private static let rounds = 200

  /// The score by the formula of one version, over battles counted by the rule of another.
  ///
  /// - Parameter subset: the category whose prompts count; nil for all.
  public init(_ name: String, formula: ArenaHardRule, rule: ArenaHardRule, subset: String? = nil) {
    self.name = name
    self.formula = formula
    self.rule = rule
    self.subset = subset
  }

  /// One model's battles with the baseline: points and rows by prompt, and the styles of both answers.
  private struct Meeting {
    let prompt: String
    let credit: Double
    let rows: Double
    let own: AnswerStyle
    let baseline: AnswerStyle
  }

  /// One fit over all models whose answers' styles are known.
  public func estimates(
    over models: [(name: String, trials: [Trial])]
  ) -> (estimates: [Estimate?], notes: [String]) {
    var estimates = [Estimate?](repeating: nil, count: models.count)
    var notes: [String] = []
    let trials = models.map { model in
      subset.map { subset in model.trials.filter { $0.key.subset == subset } } ?? model.trials
    }
    let meetings = zip(models, trials).map { model, trials in
      let found = self.meetings(trials)
      if found.areCharacters {
        notes.append(
          "not every answer of \(model.name) comes with its tokens, so lengths are in code points there.")
      }
      return found.meetings
    }
    let known = models.indices.filter { !meetings[$0].isEmpty }
    guard !known.isEmpty else { return (estimates, []) }
    // A model that won everything or nothing has no finite strength without a ridge, and tells nothing of style.
    let fitted = known.filter { formula == .v01 || hasFiniteStrength(meetings[$0]) }
    // Every other style-controlled column leaves out the same models.
    if formula == rule, subset == nil {
      let unknown = models.indices.filter {
        meetings[$0].isEmpty && trials[$0].contains { !rule.rows($0).isEmpty }
      }
      if !unknown.isEmpty {
        let names = unknown.map { models[$0].name }.sorted().joined(separator: ", ")
        notes.append("without the answers of \(names), whose style is not known.")
      }
    }
    for place in known where !fitted.contains(place) {
      notes.append("\(models[place].name) won everything or nothing, which has no style-controlled score.")
    }
    guard let control = control(fitted.map { meetings[$0] }) else {
      return (estimates, notes.map { "\(name): \($0)" })
    }
    for (number, place) in fitted.enumerated() {
      let rate = control.sample.fit.winRate(number + 1)
      let distribution = BootstrapDistribution(
        estimate: rate, replicates: control.sample.winRates[number + 1],
        undefinedCount: control.sample.undefinedRounds, leaveOneOut: [])
      estimates[place] = Estimate(
        value: 100 * rate,
        interval: distribution.interval(level: 0.95, method: .percentile).map {
          Hustings.Interval(
            low: 100 * $0.low, high: 100 * $0.high, level: $0.level, method: "prompt-bootstrap")
        }, count: meetings[place].count)
    }
    notes.append(sentence(control, models: fitted.count))
    return (estimates, notes.map { "\(name): \($0)" })
  }

  private func hasFiniteStrength(_ meetings: [Meeting]) -> Bool {
    meetings.contains { $0.credit > 0 } && meetings.contains { $0.credit < 1 }
  }

  /// The battles of one model on prompts whose answers' styles are known; in code points where any tokens are not.
  private func meetings(_ trials: [Trial]) -> (meetings: [Meeting], areCharacters: Bool) {
    let played = trials.filter { !rule.rows($0).isEmpty && AnswerStyle.knows($0) }
    let usesTokens = played.allSatisfy(AnswerStyle.knowsTokens)
    let meetings = played.compactMap { trial -> Meeting? in
      let rows = rule.rows(trial)
      guard
        let baseline = AnswerStyle(trial, candidate: 0, usesTokens: usesTokens),
        let own = AnswerStyle(trial, candidate: 1, usesTokens: usesTokens)
      else { return nil }
      return Meeting(
        prompt: trial.key.item, credit: rows.reduce(0) { $0 + $1.credit } / Double(rows.count),
        rows: Double(rows.count), own: own, baseline: baseline)
    }
    return (meetings, !usesTokens && !meetings.isEmpty)
  }

  // MARK: The fit

  private struct Control {
    let sample: ArenaStyleControl.Resampled
    /// The features that say something of their own.
    let features: [String]
  }

  private func control(_ meetings: [[Meeting]]) -> Control? {
    let features =
      formula == .v01
      ? ["length", "headers", "list items", "bolds"]
      : ["length", "header density", "list density", "bold density"]
    var battles: [ArenaStyleControl.Battle] = []
    var prompts: [String] = []
    let excesses = meetings.map { $0.map(excess) }
    // A ridge shares out between features that follow from each other, and wants no more than that they vary.
    let told =
      formula == .v01
      ? features.indices.filter { feature in Set(excesses.joined().map { $0[feature] }).count > 1 }
      : independent(excesses, count: features.count)
    guard !told.isEmpty else { return nil }
    for (number, own) in meetings.enumerated() {
      for (meeting, excess) in zip(own, excesses[number]) {
        let style = told.map { excess[$0] }
        prompts.append(meeting.prompt)
        // Version 0.1 tells of the baseline, version 2 of the model.
        battles.append(
          formula == .v01
            ? .init(
              first: 0, second: number + 1, outcome: 1 - meeting.credit, rows: meeting.rows, style: style)
            : .init(first: number + 1, second: 0, outcome: meeting.credit, rows: meeting.rows, style: style))
      }
    }
    return ArenaStyleControl.resampled(
      battles, models: meetings.count + 1, anchor: 0,
      design: formula == .v01 ? .arenaHard01 : .arenaHard2, clusters: Clustering(labels: prompts),
      rounds: Self.rounds, seed: 0
    ).map { Control(sample: $0, features: told.map { features[$0] }) }
  }

  /// The features that say something which neither the models nor the features before them say: the others have no worth of
  /// their own, and leaving them out changes no score.
  private func independent(_ excesses: [[[Double]]], count: Int) -> [Int] {
    var kept: [Int] = []
    var basis: [[Double]] = []
    for feature in 0..<count {
      // What is left of the feature within each model.
      let column = excesses.flatMap { own -> [Double] in
        let mean = own.reduce(0) { $0 + $1[feature] } / Double(max(1, own.count))
        return own.map { $0[feature] - mean }
      }
      func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      var rest = column
      for direction in basis {
        let share = product(rest, direction)
        rest = zip(rest, direction).map { $0 - share * $1 }
      }
      let size = product(rest, rest).squareRoot()
      let scale = excesses.joined().reduce(0) { max($0, abs($1[feature])) }
      guard size > 1e-7 * max(1e-300, scale * Double(column.count).squareRoot()) else { continue }
      kept.append(feature)
      basis.append(rest.map { $0 / size })
    }
    return kept
  }

  private func excess(_ meeting: Meeting) -> [Double] {
    formula == .v01
      ? meeting.baseline.excess01(over: meeting.own) : meeting.own.excess2(over: meeting.baseline)
  }

  private func sentence(_ control: Control, models: Int) -> String {
    let parts = zip(control.features, control.sample.fit.style).map { feature, worth in
      "\(feature) \(worth < 0 ? "−" : "")\(rounded(abs(worth)))"
    }
    return
      "one fit over \(models) model\(models == 1 ? "" : "s"); log-odds per standard deviation: "
      + parts.joined(separator: ", ") + "."
  }

  private func rounded(_ value: Double) -> String { String(format: "%.3f", value) }
}

extension AnswerStyle {
  fileprivate static func values(_ trait: String, _ trial: Trial) -> [Double]? {
    guard trial.key.candidates.count == 2, let values = trial.traits[trait] else { return nil }
    let told = trial.key.candidates.map { values[$0] }
    return told.contains(nil) ? nil : told.compactMap { $0 }
  }

  /// Whether everything but the tokens is known of both answers.
  fileprivate static func knows(_ trial: Trial) -> Bool {
    [Trait.headers, Trait.listItems, Trait.bolds].allSatisfy { values($0, trial) != nil }
      && (knowsTokens(trial) || values(Trait.length, trial) != nil)
  }

  /// Whether the tokens of both answers are known.
  fileprivate static func knowsTokens(_ trial: Trial) -> Bool { values(Trait.tokens, trial) != nil }

  /// The style of one of a contest's two responses as a run's traits tell it; nil where they do not.
  fileprivate init?(_ trial: Trial, candidate: Int, usesTokens: Bool) {
    let names = [usesTokens ? Trait.tokens : Trait.length, Trait.headers, Trait.listItems, Trait.bolds]
    let counts = names.compactMap { AnswerStyle.values($0, trial)?[candidate] }
    guard counts.count == names.count else { return nil }
    self.init(
      tokens: Int(counts[0]), headers: Int(counts[1]), listItems: Int(counts[2]), bolds: Int(counts[3]))
  }
}
