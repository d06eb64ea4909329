import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

/// Where a set of prompts and what is known of it lie.
struct AlpacaSet: Sendable {
  /// The folder of the standard set below the data root.
  static let folder = "alpaca_eval2"

  /// An output with the name of its prompt's item.
  struct Item: Sendable {
    let item: String
    let prompt: String
    let response: String
    let generator: String?
    let dataset: String?
  }

  private let baselineFile: @Sendable () throws -> String
  private let difficulty: Source
  private let gamedFile: String?

  /// Where prompts' difficulties come from.
  private enum Source: Sendable {
    /// A file; nil where there is none.
    case supplied(String?)
    /// The judgments of several models, in the files of a folder.
    case estimated(folder: String)
    case unused
  }

  init(_ argument: String?, _ context: BenchmarkContext) throws {
    let standard = "\(context.dataRoot)/\(AlpacaSet.folder)"
    func file(_ setting: String, _ standardName: String) -> String? {
      if let named = context.settings[setting] { return context.path(named) }
      let path = "\(standard)/\(standardName)"
      return argument == nil && FileManager.default.fileExists(atPath: path) ? path : nil
    }
    if let argument {
      baselineFile = { context.path(argument) }
    } else {
      baselineFile = {
        try FolderListing.file(
          standard, prefix: "baseline_", suffix: "_model_outputs.json", usage: "alpaca-eval:BASELINE.json")
      }
    }
    let usual = argument == nil ? "\(standard)/instruction_difficulty.json" : nil
    switch context.settings["difficulty"] {
    case "none": difficulty = .unused
    case nil, "supplied":
      difficulty = .supplied(usual.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil })
    case "estimated":
      guard let folder = context.settings["judgments"] else { throw BenchmarkError.needsJudgments }
      difficulty = .estimated(folder: context.path(folder))
    case let name?: difficulty = .supplied(context.path(name))
    }
    if case .supplied(nil) = difficulty, context.settings["difficulty"] == "supplied" {
      throw BenchmarkError.setting(
        "difficulty", value: "supplied",
        known:
          "the path of a JSON list with one number per prompt, estimated, or none; the usual file is not in the data root"
      )
    }
    gamedFile = file("gamed", "gamed_baseline_stats.json")
  }

  /// The baseline's responses in the order of the file.
  func baseline() throws -> [Item] { try AlpacaSet.items(AlpacaOutput.readBaseline(baselineFile())) }

  /// Outputs with the names of their items: the first digits of the prompt's digest, and a number where a prompt comes again.
  static func items(_ outputs: [AlpacaOutput]) -> [Item] {
    var seen: [String: Int] = [:]
    return outputs.map { output in
      let name = item(of: output.prompt)
      let times = seen[name, default: 0] + 1
      seen[name] = times
      return Item(
        item: times == 1 ? name : "\(name)#\(times)", prompt: output.prompt, response: output.response,
        generator: output.generator, dataset: output.dataset)
    }
  }

  /// The name of a prompt's item.
  static func item(of prompt: String) -> String { SHA256.digest(prompt).short }

  /// Difficulties and length-gamed variants, by the prompts' places.
  func facts() throws -> Facts {
    var facts = Facts(difficulties: nil, gamed: [])
    let prompts = try baseline().map(\.prompt)
    switch difficulty {
    case .unused, .supplied(nil): break
    case .supplied(let file?): facts.difficulties = try AlpacaSet.difficulties(file, count: prompts.count)
    case .estimated(let folder): facts.difficulties = try AlpacaSet.difficulties(from: folder, prompts)
    }
    if let gamedFile, let difficulties = facts.difficulties {
      facts.gamed = try AlpacaSet.gamed(JSONNode.read(gamedFile), difficulties: difficulties)
    }
    return facts
  }

  private static func difficulties(_ file: String, count: Int) throws -> [Double] {
    let values = try difficulties(file)
    guard values.count == count else {
      throw try JSONNode.read(file).fault(
        .notAllowed(found: "\(values.count) numbers", expected: "one per prompt, \(count)"))
    }
    return values
  }

  /// The ridge that holds estimated difficulties together: as if each were drawn with a standard deviation of 1, where those of
  /// the standard set have 1.5.
  private static let ridge = 1.0

  /// Difficulties estimated from every annotation file in a folder and the folders in it.
  private static func difficulties(from folder: String, _ prompts: [String]) throws -> [Double] {
    let files = (["."] + FolderListing.names(folder)).flatMap { name in
      FolderListing.files("\(folder)/\(name)", suffix: ".json").filter { $0.stem.contains("annotations") }
    }
    let contests = try Parallel.map(files) { file in
      var check = AlpacaReplyCheck()
      return AlpacaContest(try AlpacaAnnotationRow.read(file.path), prompts: prompts, check: &check)
    }.filter { !$0.annotations.isEmpty }
    guard contests.count > 1 else {
      throw BenchmarkError.tooFewJudgments(folder: folder, found: contests.count)
    }
    guard
      let board = AlpacaBoard(
        ownSet: contests, difficulty: .estimated(ridge: ridge), anchor: nil, strength: .unpenalised),
      let difficulties = board.difficulties
    else { throw BenchmarkError.tooFewJudgments(folder: folder, found: contests.count) }
    return difficulties
  }

  /// A list of numbers, alone or as `instruction_difficulty`.
  static func difficulties(_ file: String) throws -> [Double] {
    let node = try JSONNode.read(file)
    if case .object = node.value { return try node.doubles("instruction_difficulty") }
    return try node.doubles()
  }

  /// The variants of a file that knows their judgments in sum: each row gets the likeliest points that have these sums.
  private static func gamed(_ node: JSONNode, difficulties: [Double]) throws -> [Facts.Gamed] {
    let anchor = try LengthControlAnchor(node, difficulties: difficulties)
    guard let preferences = anchor.impliedPreferences() else { return [] }
    let baseline = try node.array("len_baseline").map { try $0.integer() }
    let variants = try node.members().filter { $0.key.hasPrefix("len_") && $0.key != "len_baseline" }
    return try variants.enumerated().map { number, variant in
      let lengths = try variant.node.elements().map { try $0.integer() }
      guard lengths.count == difficulties.count, baseline.count == difficulties.count else {
        throw variant.node.fault(
          .notAllowed(found: "\(lengths.count) lengths", expected: "one per prompt, \(difficulties.count)"))
      }
      let first = number * difficulties.count
      return Facts.Gamed(
        name: String(variant.key.dropFirst(4)), baselineLengths: baseline, lengths: lengths,
        preferences: Array(preferences[first..<first + difficulties.count]), weight: anchor.rowWeight)
    }
  }

  /// What is known of the prompts.
  struct Facts {
    struct Gamed {
      let name: String
      let baselineLengths: [Int]
      let lengths: [Int]
      let preferences: [Double]
      let weight: Double
    }

    var difficulties: [Double]?
    var gamed: [Gamed]

    /// The raters of the prompt at a place.
    func raters(_ place: Int) -> [String: Answer] {
      ContestFacts.raters(
        difficulty: difficulties?[place],
        gamed: gamed.map { variant in
          let won = variant.weight * variant.preferences[place]
          return (
            variant.name, [Double(variant.baselineLengths[place]), Double(variant.lengths[place])],
            [variant.weight - won, won]
          )
        })
    }
  }
}
