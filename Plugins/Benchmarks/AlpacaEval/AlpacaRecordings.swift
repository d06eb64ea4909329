import Foundation
import Hustings
public import HustingsData
public import HustingsMetrics
public import HustingsStatistics

/// A recorded AlpacaEval 2 in a folder: the prompts with the baseline's responses, difficulties, the length-gamed baselines, and
/// every model's judgments, as upstream writes them or as rows without texts.
public struct AlpacaRecordings: Sendable {
  /// The set's prompts in order.
  public let prompts: [String]
  /// The baseline's response lengths in code points.
  public let baselineLengths: [Int]
  /// The prompts' difficulties.
  public let difficulties: [Double]
  /// The length-gamed baselines.
  public let anchor: LengthControlAnchor
  /// Each model's annotations, by name.
  public let contests: [String: AlpacaContest]
  /// How far preferences read from the judge's replies lie from the stored ones.
  public let check: AlpacaReplyCheck

  /// Reads the folder: `baseline_*_model_outputs.json`, `instruction_difficulty.json`, `gamed_baseline_stats.json`, the rows of
  /// `numeric/*.jsonl`, and, where `withTexts` says so, the upstream files of `official/*`, which then count in their place.
  public init(_ folder: String, withTexts: Bool = true) throws {
    let baseline = try AlpacaOutput.read(
      FolderListing.file(folder, prefix: "baseline_", suffix: "_model_outputs.json"))
    let prompts = baseline.map(\.prompt)
    let lengths = baseline.map { $0.response.codePointCount }
    let swaps = Parallel.map(Array(stride(from: 0, to: prompts.count, by: 64))) { first in
      prompts[first..<min(first + 64, prompts.count)].map { AlpacaSeeding.isSwapped(prompt: $0) }
    }.flatMap { $0 }
    var contests: [String: AlpacaContest] = [:]
    var check = AlpacaReplyCheck()
    let numeric = FolderListing.files("\(folder)/numeric", suffix: ".jsonl")
    for (file, found) in zip(
      numeric, try Parallel.map(numeric) { try AlpacaRecordings.contest($0.path, prompts, lengths, swaps) })
    {
      contests[file.stem] = found.contest
      check.add(found.check)
    }
    let official = (withTexts ? FolderListing.names("\(folder)/official") : [])
      .map { (model: $0, path: "\(folder)/official/\($0)/annotations.json") }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
    for (file, found) in zip(
      official,
      try Parallel.map(official) { file in
        var check = AlpacaReplyCheck()
        let contest = AlpacaContest(try AlpacaAnnotationRow.read(file.path), prompts: prompts, check: &check)
        return (contest: contest, check: check)
      })
    {
      contests[file.model] = found.contest
      check.add(found.check)
    }
    self.prompts = prompts
    baselineLengths = lengths
    difficulties = try JSONNode.read("\(folder)/instruction_difficulty.json").doubles(
      "instruction_difficulty")
    anchor = try LengthControlAnchor(
      JSONNode.read("\(folder)/gamed_baseline_stats.json"), difficulties: difficulties)
    self.contests = contests
    self.check = check
  }

  /// The annotator behind rows without texts.
  private static let annotator = AlpacaAnnotator.named("weighted_alpaca_eval_gpt4_turbo")

  /// A model's rows without texts.
  private static func contest(
    _ path: String, _ prompts: [String], _ lengths: [Int], _ swaps: [Bool]
  ) throws -> (contest: AlpacaContest, check: AlpacaReplyCheck) {
    var check = AlpacaReplyCheck()
    let annotations = try AlpacaRecordedRow.read(path).map { row in
      guard prompts.indices.contains(row.place) else {
        throw UnknownPrompt(file: path, place: row.place, count: prompts.count)
      }
      return row.annotation(
        baselineLength: row.baselineLength ?? lengths[row.place], isSwapped: swaps[row.place],
        annotator: annotator, check: &check)
    }
    return (AlpacaContest(annotations: annotations, promptCount: prompts.count), check)
  }

  /// The board as AlpacaEval 2 computes it, with a choice of how strongly fits are held.
  public func board(_ strength: LengthControlStrength) -> AlpacaBoard {
    AlpacaBoard(
      control: LengthControl(anchor: anchor, usesDifficulty: true), strength: strength,
      difficulties: difficulties, alignment: .byPosition)
  }
}

extension LengthControlAnchor {
  /// The anchor of a file with the lengths of the baseline (`len_baseline`) and its variants (`len_*`), the weight of their rows,
  /// and the two sums that their judgments come to.
  public init(_ node: JSONNode, difficulties: [Double]) throws {
    let variants = try node.members().filter { $0.key.hasPrefix("len_") && $0.key != "len_baseline" }
    self.init(
      baselineLengths: try node.array("len_baseline").map { try $0.integer() },
      variantLengths: try variants.map { try $0.node.elements().map { try $0.integer() } },
      difficulties: difficulties, rowWeight: try node.double("row_weight"),
      lengthMoment: try node.double("sum_weighted_y_tanh"),
      difficultyMoment: try node.double("sum_weighted_y_difficulty"))
  }
}

/// A row that names a prompt which the set does not have.
public struct UnknownPrompt: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The place that the row names.
  public let place: Int
  /// How many prompts the set has.
  public let count: Int

  /// What a row says against the set it belongs to.
  public init(file: String, place: Int, count: Int) {
    self.file = file
    self.place = place
    self.count = count
  }

  /// One sentence and the next move.
  public var description: String {
    "\(file): a row is about prompt \(place), but the set has prompts 0 to \(count - 1). Use files of one set."
  }
}
