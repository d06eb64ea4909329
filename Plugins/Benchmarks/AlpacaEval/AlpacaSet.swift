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
  private let difficultyFile: String?
  private let gamedFile: String?

  init(_ argument: String?, _ context: BenchmarkContext) {
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
        try FolderListing.file(standard, prefix: "baseline_", suffix: "_model_outputs.json")
      }
    }
    difficultyFile = file("difficulty", "instruction_difficulty.json")
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
    let count = try baseline().count
    if let difficultyFile {
      var node = try JSONNode.read(difficultyFile)
      if case .object = node.value { node = try node.node("instruction_difficulty") }
      facts.difficulties = try node.doubles()
      guard facts.difficulties?.count == count else {
        throw node.fault(
          .notAllowed(
            found: "\(facts.difficulties?.count ?? 0) numbers", expected: "one per prompt, \(count)"))
      }
    }
    if let gamedFile, let difficulties = facts.difficulties {
      facts.gamed = try AlpacaSet.gamed(JSONNode.read(gamedFile), difficulties: difficulties)
    }
    return facts
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
