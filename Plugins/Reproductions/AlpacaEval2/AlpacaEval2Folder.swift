import BenchmarkPlugins
import Foundation
import HustingsData
import HustingsMetrics
import HustingsStatistics

/// AlpacaEval 2 in a folder: the prompts with the baseline's lengths, difficulties, the length-gamed baselines, and every
/// model's annotations, as upstream writes them or as rows without texts.
struct AlpacaEval2Folder {
  /// The set's prompts in order.
  let prompts: [String]
  /// The baseline's response lengths in code points.
  let baselineLengths: [Int]
  /// The prompts' difficulties.
  let difficulties: [Double]
  /// The length-gamed baselines.
  let anchor: LengthControlAnchor
  /// Each model's annotations, by name.
  let contests: [String: AlpacaContest]
  /// How far preferences read from the judge's replies lie from the stored ones.
  let check: ReplyCheck

  /// How far preferences read from the judge's replies lie from the stored ones.
  struct ReplyCheck: Sendable {
    /// Rows whose reply was kept.
    var read = 0
    /// Of those, rows whose reply and stored preference differ by more than the ten digits stored.
    var mismatches = 0
  }

  init(_ folder: String) throws {
    let baseline = try AlpacaOutput.read(
      FolderListing.file(folder, prefix: "baseline_", suffix: "_model_outputs.json"))
    let prompts = baseline.map(\.prompt)
    let baselineLengths = baseline.map { $0.response.unicodeScalars.count }
    difficulties = try JSONNode.read("\(folder)/instruction_difficulty.json").doubles(
      "instruction_difficulty")
    anchor = try AlpacaEval2Folder.anchor(
      JSONNode.read("\(folder)/gamed_baseline_stats.json"), difficulties: difficulties)
    let swaps = prompts.map { AlpacaSeeding.isSwapped(prompt: $0) }
    var contests: [String: AlpacaContest] = [:]
    var check = ReplyCheck()
    for (path, model) in FolderListing.files("\(folder)/numeric", suffix: ".jsonl") {
      contests[model] = AlpacaContest(
        annotations: try AlpacaNumericRow.read(path).map {
          try $0.annotation(
            baselineLength: baselineLengths[checked: $0.place], isSwapped: swaps[checked: $0.place],
            annotator: AlpacaEval2Folder.annotator, check: &check)
        }, promptCount: prompts.count)
    }
    for model in FolderListing.names("\(folder)/official") {
      let path = "\(folder)/official/\(model)/annotations.json"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      contests[model] = try AlpacaContest(
        AlpacaAnnotationRow.read(path), prompts: prompts, check: &check)
    }
    self.prompts = prompts
    self.baselineLengths = baselineLengths
    self.contests = contests
    self.check = check
  }

  /// The annotator of the set's rows without texts.
  private static let annotator = AlpacaAnnotator.named("weighted_alpaca_eval_gpt4_turbo")

  private static func anchor(_ node: JSONNode, difficulties: [Double]) throws -> LengthControlAnchor {
    let variants = try node.members().filter { $0.key.hasPrefix("len_") && $0.key != "len_baseline" }
    let lengths = try variants.map { try $0.node.elements().map { try $0.integer() } }
    return LengthControlAnchor(
      baselineLengths: try node.array("len_baseline").map { try $0.integer() }, variantLengths: lengths,
      difficulties: difficulties, rowWeight: try node.double("row_weight"),
      lengthMoment: try node.double("sum_weighted_y_tanh"),
      difficultyMoment: try node.double("sum_weighted_y_difficulty"))
  }

  /// The board as AlpacaEval 2 computes it, with a choice of how strongly fits are held.
  func board(_ strength: LengthControlStrength) -> AlpacaBoard {
    AlpacaBoard(
      control: LengthControl(anchor: anchor, usesDifficulty: true), strength: strength,
      difficulties: difficulties, alignment: .byPosition)
  }
}
