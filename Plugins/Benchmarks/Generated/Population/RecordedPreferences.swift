import Foundation
import Hustings
import HustingsData

/// AlpacaEval 2's responses with the recorded probability that each is preferred to the baseline's.
///
/// Dubois et al. 2024 (arXiv 2404.04475), github.com/tatsu-lab/alpaca_eval: `alpaca_eval2` holds instructions, the baseline's
/// responses and the judge's probabilities, `alpaca_eval2_outputs` every model's responses.
struct RecordedPreferences: Sendable {
  /// One instruction with what is known of it.
  struct Instruction: Sendable {
    /// The position used everywhere, from 0.
    let index: Int
    let prompt: Prompt
    let baseline: Response
    var answers: [Answer] = []
  }

  /// One model's response.
  struct Answer: Sendable {
    let model: String
    let response: Response
    /// P(preferred to the baseline's), as the judge's token probabilities have it.
    let probability: Double
  }

  /// The two entries of AlpacaEval 2 that were made to please the judge and answer nothing: what is left out when nothing
  /// else is said.
  static let adversarial = ["NullModel", "gpt4_gamed"]

  let instructions: [Instruction]

  /// Reads the files below the data root.
  ///
  /// - Parameters:
  ///   - without: models to leave out, each of which must be there; nil for the adversarial ones, where they are.
  ///   - wanted: which instructions to keep, by position.
  init(_ context: BenchmarkContext, without: [String]?, wanted: (Int) -> Bool) throws {
    let left = Set(without ?? RecordedPreferences.adversarial)
    let judged = context.folder("alpaca_eval2")
    let texts = context.folder("alpaca_eval2_outputs")
    var instructions: [Int: Instruction] = [:]
    let rows = try JSONNode.read(judged.file("baseline_gpt4_1106_preview_model_outputs.json")).elements()
    for row in rows {
      let index = try row.integer("i")
      guard wanted(index) else { continue }
      instructions[index] = Instruction(
        index: index, prompt: Prompt(try row.string("instruction")),
        baseline: Response(try row.string("output")))
    }
    var outputs: [String: [Int: String]] = [:]
    var models = Set<String>()
    var lines = try JSONLines(texts.file("outputs.jsonl.gz"))
    while let row = try lines.next() {
      let model = try row.string("model")
      models.insert(model)
      if left.contains(model) { continue }
      let index = try row.integer("i")
      if wanted(index) { outputs[model, default: [:]][index] = try row.string("output") }
    }
    if let stranger = (without ?? []).first(where: { !models.contains($0) }) {
      throw GeneratedError.nobody(benchmark: "population", name: stranger, known: models.sorted())
    }
    for model in outputs.keys.sorted() {
      var rows = try JSONLines(judged.file("numeric/\(model).jsonl"))
      while let row = try rows.next() {
        let index = try row.integer("i")
        guard let text = outputs[model]?[index], instructions[index] != nil else { continue }
        // The file has 1 for the baseline and 2 for the model.
        let probability = try row.double("p") - 1
        guard (0...1).contains(probability) else {
          throw row.fault("p", .notAllowed(found: "\(probability + 1)", expected: "a number from 1 to 2"))
        }
        instructions[index]?.answers.append(
          Answer(model: model, response: Response(text), probability: probability))
      }
    }
    self.instructions = instructions.values.sorted { $0.index < $1.index }
  }
}
