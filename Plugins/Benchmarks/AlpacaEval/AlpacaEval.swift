import Foundation
public import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

/// AlpacaEval 2: responses to 805 prompts, each compared with a baseline's by a judge.
///
/// Li et al., "AlpacaEval: An Automatic Evaluator of Instruction-following Models" (2023), github.com/tatsu-lab/alpaca_eval;
/// length control: Dubois et al., "Length-Controlled AlpacaEval" (COLM 2024). Code Apache-2.0, data CC BY-NC 4.0.
///
/// Reads the baseline's `model_outputs.json` from the data root, or any other such file (or an `annotations.json`) as
/// `alpaca-eval:FILE`, which makes a set of one's own. Prompts are told apart by their text, so that responses pair up whatever
/// the order of their files. With the standard set come the prompts' difficulties and the length-gamed variants of the
/// baseline; for another set name them as settings, or do without.
///
/// Rules. The win rate is the mean probability that the response is preferred. A response with the baseline's text is a draw
/// that nobody is asked about. A prompt without a response, or without a readable reply, is left out and shown as missing.
public struct AlpacaEval: Contest {
  /// Who it is, with its judge.
  public let card: BenchmarkCard
  /// AlpacaEval's columns, and how often a judge says the same in both orders.
  public let metrics: [any Metric]
  private let set: AlpacaSet
  private let isSeeded: Bool

  init(_ argument: String?, _ context: BenchmarkContext) throws {
    let rule = try AlpacaSettings(context.settings)
    set = try AlpacaSet(argument, context)
    isSeeded = rule.isSeeded
    card = BenchmarkCard(
      name: argument.map { "alpaca-eval:\($0)" } ?? "alpaca-eval", version: "alpaca-eval/1",
      summary: AlpacaEval.summary, source: "Li et al. 2023, github.com/tatsu-lab/alpaca_eval",
      licence: "CC BY-NC 4.0", ties: .half, failures: .excluded,
      aggregation: isSeeded
        ? "mean preference in percent, each pair shown once in AlpacaEval's seeded order"
        : "mean preference in percent, every prompt the same")
    metrics = AlpacaEval.metrics(rule.control)
  }

  private init(_ other: AlpacaEval, judge: ModelCard) {
    card = other.card.judged(by: judge)
    (metrics, set, isSeeded) = (other.metrics, other.set, other.isSeeded)
  }

  /// The same prompts and baseline before the given judge.
  public func judged(by judge: ModelCard) -> any Contest { AlpacaEval(self, judge: judge) }

  /// AlpacaEval's seeded coin, or both orders.
  public func showsSeatFirst(_ prompt: Prompt) -> Bool? {
    isSeeded ? AlpacaSeeding.isSwapped(prompt: prompt.text) : nil
  }

  /// One item per prompt, named by the digest of its text.
  public func examples(_ body: (Example) throws -> Void) throws {
    let facts = try set.facts()
    for (place, output) in try set.baseline().enumerated() {
      try body(
        Example(
          id: output.item, subset: output.dataset ?? "all", prompt: Prompt(output.prompt),
          candidates: [
            Candidate("baseline", output.response), Candidate("model", .seat),
          ], gold: .prefers(1, over: 0), raters: facts.raters(place)))
    }
  }

  /// The responses of a `model_outputs.json`.
  public func responses(_ file: String) throws -> ContestResponses {
    let items = Set(try set.baseline().map(\.item))
    let outputs = try AlpacaSet.items(AlpacaOutput.read(file))
    let known = outputs.filter { items.contains($0.item) }
    guard !known.isEmpty else {
      throw BenchmarkError.noCommonPrompt(file: file, benchmark: card.name, count: outputs.count)
    }
    return ContestResponses(
      byItem: Dictionary(
        known.map { ($0.item, Response($0.response)) }, uniquingKeysWith: { first, _ in first }),
      author: outputs.first?.generator, strangers: outputs.count - known.count)
  }

  /// The judgments of an `annotations.json`.
  public func records(_ file: String) throws -> [ContestRecord] {
    try AlpacaRecordReader(set.baseline(), benchmark: card.name).records(file)
  }

  private static let summary = "responses to 805 prompts against a baseline's, with length control"

  private static func metrics(_ control: LengthControlRule?) -> [any Metric] {
    var metrics: [any Metric] = [SeatRate("win_rate")]
    if let control { metrics.append(LengthControlledRate(.winRate, rule: control)) }
    metrics += AlpacaFigure.Column.allCases.map { AlpacaFigure($0) }
    if let control { metrics.append(LengthControlledRate(.spread, rule: control)) }
    return metrics + [Accuracy("same in both orders", rule: OrderCredit(.agreement), subsets: .all)]
  }

  /// `alpaca-eval`.
  public static let plugin = BenchmarkPlugin(
    name: "alpaca-eval", usage: "alpaca-eval[:BASELINE.json]", summary: summary, folder: AlpacaSet.folder,
    settings: AlpacaSettings.help
  ) { argument, context in try AlpacaEval(argument, context) }
}

/// The settings behind `alpaca-eval?`.
struct AlpacaSettings {
  let isSeeded: Bool
  /// Nil for no length control.
  let control: LengthControlRule?

  static let help: KeyValuePairs = [
    "orders": "both (the default), or seeded, AlpacaEval's one order per prompt",
    "c":
      "how strongly length control is held: chosen (by cross-validation, the default), a number, free, or off",
    "alignment":
      "which difficulty a row gets where prompts are missing: prompt (the default), or position, as upstream",
    "difficulty":
      "a JSON list with one difficulty per prompt, supplied (the standard set's own), estimated (from judgments), or none",
    "judgments": "for difficulty=estimated, a folder with the annotations.json of several models",
    "gamed": "judgments of length-gamed baselines",
  ]

  init(_ settings: [String: String]) throws {
    func choice(_ name: String, _ known: [String]) throws -> String {
      let value = settings[name] ?? known[0]
      guard known.contains(value) else {
        throw BenchmarkError.setting(name, value: value, known: known.joined(separator: ", "))
      }
      return value
    }
    isSeeded = try choice("orders", ["both", "seeded"]) == "seeded"
    let alignment: DifficultyAlignment =
      try choice("alignment", ["prompt", "position"]) == "prompt" ? .byPrompt : .byPosition
    switch settings["c"] ?? "chosen" {
    case "off": control = nil
    case "chosen": control = LengthControlRule(alignment: alignment)
    case "free": control = LengthControlRule(strength: .unpenalised, alignment: alignment)
    case let text:
      guard let value = Double(text), value > 0, value.isFinite else {
        throw BenchmarkError.setting("c", value: text, known: "chosen, free, off, or a number above 0")
      }
      control = LengthControlRule(strength: .given(value), alignment: alignment)
    }
  }
}
