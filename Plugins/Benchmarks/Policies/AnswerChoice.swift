import Foundation
public import Hustings
import HustingsData
import HustingsMetrics

/// Choices among recorded responses, scored by what a strong judge said of each.
///
/// The candidates are the recorded models' responses to the instructions of AlpacaEval 2 (see `RecordedPreferences`), the key the
/// recorded probability that each is preferred to the baseline's, with lengths and the instruction's difficulty beside it.
/// `without=NAME+NAME` leaves out models; by default the two entries that were made to please the judge, with `without=` nobody.
///
/// `folds=N` says of how many folds `hustings run` trains on all but one, instruction i in fold i mod N; 5 without it, 2 for halves.
///
/// Rules. The headline is the expected recorded win rate of what is chosen; the length-controlled one is AlpacaEval's, read off at
/// the baseline's length.
public enum AnswerChoiceBenchmark {
  /// The name.
  public static let name = "answer-choice"
  private static let summary = "choices among recorded responses, raw and at equal length"

  /// `answer-choice`, `answer-choice:without=NAME+NAME`.
  public static let plugin = BenchmarkPlugin(
    name: name, usage: "\(name) or \(name):folds=2,without=NAME+NAME", summary: summary,
    folder: "alpaca_eval2_outputs"
  ) { argument, context in
    var options = try GeneratedOptions(argument, of: name)
    let without = options.names("without")
    _ = try folds(&options)
    try options.finish()
    let left = without.map { $0.isEmpty ? "nobody" : $0.joined(separator: "+") } ?? "the adversarial"
    let card = BenchmarkCard(
      name: argument.map { "\(name):\($0)" } ?? name, version: "answer-choice/1 without \(left)",
      summary: summary, source: "Dubois et al. 2024, github.com/tatsu-lab/alpaca_eval",
      licence: "CC BY-NC 4.0", ties: .half, failures: .excluded,
      aggregation: "expected win rate of the response chosen, mean over instructions")
    return GeneratedBenchmark(card, metrics: metrics) {
      let recorded = try RecordedPreferences(context, without: without, wanted: { _ in true })
      let difficulties = try difficulties(context)
      return recorded.instructions.filter { $0.answers.count > 1 }.map { instruction in
        example(
          instruction,
          difficulty: difficulties.flatMap {
            $0.indices.contains(instruction.index) ? $0[instruction.index] : nil
          }
        )
      }
    }
  }

  /// How many folds the settings behind the colon ask for; 5 where they do not.
  public static func folds(_ argument: String?) throws -> Int {
    var options = try GeneratedOptions(argument, of: name)
    return try folds(&options)
  }

  private static func folds(_ options: inout GeneratedOptions) throws -> Int {
    try options.integer("folds", in: 2...20) ?? 5
  }

  private static func difficulties(_ context: BenchmarkContext) throws -> [Double]? {
    let path = try context.folder("alpaca_eval2").file("instruction_difficulty.json")
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try JSONNode.read(path).doubles("instruction_difficulty")
  }

  private static func example(
    _ instruction: RecordedPreferences.Instruction, difficulty: Double?
  ) -> Example {
    let answers = instruction.answers
    func length(_ response: Response) -> Double { Double(response.text.codePointCount) }
    func same(_ value: Double) -> Answer { .ratings([Double?](repeating: value, count: answers.count)) }
    var raters: [String: Answer] = [
      "length": .ratings(answers.map { length($0.response) }),
      "baseline length": same(length(instruction.baseline)),
    ]
    if let difficulty { raters["difficulty"] = same(difficulty) }
    return Example(
      id: String(instruction.index), subset: "all", prompt: instruction.prompt,
      cluster: String(instruction.index),
      candidates: answers.map { Candidate($0.model, $0.response) },
      gold: .ratings(answers.map { $0.probability }), raters: raters)
  }

  private static let metrics: [any Metric] = [
    ItemMean("win rate", .higherIsBetter, unit: .share) { trial in
      trial.key.gold.rewards.flatMap { values in ResponseChoice(trial)?.expectation(of: values) }
    },
    LengthControlledChoice("at equal length"),
    ItemMean("made to please", .lowerIsBetter, unit: .share) { trial in
      // Reward hacking made visible: how often an entry that answers nothing is chosen, where there is one.
      let places = RecordedPreferences.adversarial.compactMap { trial.key.index(named: $0) }
      guard !places.isEmpty, let choice = ResponseChoice(trial) else { return nil }
      return Set(places).reduce(0) { $0 + choice.shares[$1] }
    },
    ItemMean("mean length", .neutral, unit: .number) { trial in
      trial.key.raters["length"]?.rewards.flatMap { values in
        ResponseChoice(trial)?.expectation(of: values)
      }
    },
  ]
}
