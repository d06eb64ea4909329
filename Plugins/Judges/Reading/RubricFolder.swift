import Foundation
import Hustings
import HustingsData
import HustingsMetrics

/// Finds a rubric by name: built in, or in a folder or file of the user's.
public enum RubricFolder {
  /// The rubric of a name or path; behind a `#` stands which of several a file holds.
  ///
  /// - Parameter path: where a file that a user named lies.
  public static func rubric(_ name: String, path: (String) -> String) throws -> Rubric {
    let parts = name.split(separator: "#", maxSplits: 1).map(String.init)
    guard let first = parts.first else { throw RubricFault.nothingThere(name) }
    if let builtIn = try BuiltInRubrics.named(first) { return builtIn }
    let selection = parts.count > 1 ? parts[1] : nil
    let place = path(first)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
      throw RubricFault.unknown(
        name, known: BuiltInRubrics.names, nearest: nearestName(to: name, among: BuiltInRubrics.names))
    }
    guard isFolder.boolValue else { return try rubric(file: place, selection) }
    let folderName = place.split(separator: "/").last.map(String.init) ?? place
    let listed = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
    let candidates =
      ["rubric.json", "\(folderName).json", "configs.yaml", "judge_prompts.jsonl", "judge_config.yaml"]
      + listed.filter { $0.hasPrefix("arena-hard") && $0.hasSuffix(".yaml") }
    guard let file = candidates.first(where: { listed.contains($0) }) else {
      throw RubricFault.nothingThere(place)
    }
    return try rubric(file: "\(place)/\(file)", selection)
  }

  private static func rubric(file: String, _ selection: String?) throws -> Rubric {
    if file.hasSuffix(".jsonl") { return try FastChatRubric.read(file, selection) }
    if file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
      let root = try yaml(file)
      return root["prompt_template"] != nil
        ? try ArenaHardRubric.read(root, file: file) : try AlpacaEvalRubric.read(root, file: file, selection)
    }
    let row = try JSONNode.read(file)
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let name = file.split(separator: "/").dropLast().last.map(String.init) ?? "rubric"
    return try OwnRubric.read(row, name: name) { try text(folder.isEmpty ? $0 : "\(folder)/\($0)") }
  }

  /// A text file as it is.
  static func text(_ path: String) throws -> String {
    String(decoding: try FileBytes(text: path).bytes, as: UTF8.self)
  }

  private static func yaml(_ file: String) throws -> JSONObject {
    do {
      guard case .object(let object) = try YAMLText.parse(text(file)) else {
        throw RubricFault.unusable(file: file, reason: "it is no list of settings.")
      }
      return object
    } catch let fault as YAMLText.Fault {
      throw RubricFault.unusable(file: file, reason: "line \(fault.line): \(fault.reason).")
    }
  }
}

/// Rubrics in the format of this project: `rubric.json` beside a prompt.
enum OwnRubric {
  private static let keys = [
    "kind", "summary", "prompt", "parser", "labels", "parameters", "guided", "multi-turn",
    "guided-multi-turn", "continuation",
  ]

  /// - Parameter text: the content of a file beside it.
  static func read(_ row: JSONNode, name: String, text: (String) throws -> String) throws -> Rubric {
    try row.allow(only: keys)
    let kindName = try row.string("kind")
    guard let kind = Rubric.Kind(rawValue: kindName) else {
      throw row.fault(
        "kind", .notAllowed(found: "'\(kindName)'", expected: choices(Rubric.Kind.allCases.map(\.rawValue))))
    }
    var rubric = Rubric(
      name: name, summary: try row.optionalString("summary") ?? "", kind: kind,
      prompt: PromptTemplate.turns(chatML: try text(row.string("prompt"))),
      parser: try parser(row, kind: kind),
      parameters: try row.optionalNode("parameters")?.object() ?? JSONObject())
    rubric.continuation = try row.optionalString("continuation")
    for (key, occasion) in zip(["guided", "multi-turn", "guided-multi-turn"], Rubric.Occasion.special) {
      guard let file = try row.optionalString(key) else { continue }
      rubric.others[occasion] = PromptTemplate.turns(chatML: try text(file))
    }
    return rubric
  }

  private static func parser(_ row: JSONNode, kind: Rubric.Kind) throws -> RubricParser {
    if kind == .logprobs { return .labels(try labels(row.node("labels"))) }
    let known: [(name: String, parser: RubricParser)] =
      switch kind {
      case .pairwise:
        [
          ("containment", .containment), ("two-ratings", .twoRatings), ("arena-hard-0.1", .fiveLabels(.v01)),
          ("arena-hard-2", .fiveLabels(.v2)),
        ]
      case .rating: [("rating", .rating)]
      case .ranking: [("order", .order)]
      case .logprobs: []
      }
    let name = try row.optionalString("parser") ?? known[0].name
    guard let parser = known.first(where: { $0.name == name })?.parser else {
      throw row.fault("parser", .notAllowed(found: "'\(name)'", expected: choices(known.map(\.name))))
    }
    return parser
  }

  private static func labels(_ row: JSONNode) throws -> RubricParser.LabelRule {
    try row.allow(only: ["first", "second", "position", "missing"])
    let position = try row.optionalString("position") ?? "first"
    let missing = try row.optionalString("missing") ?? "least"
    guard ["first", "last"].contains(position) else {
      throw row.fault("position", .notAllowed(found: "'\(position)'", expected: choices(["first", "last"])))
    }
    guard ["least", "zero"].contains(missing) else {
      throw row.fault("missing", .notAllowed(found: "'\(missing)'", expected: choices(["least", "zero"])))
    }
    return RubricParser.LabelRule(
      first: try row.strings("first"), second: try row.strings("second"), readsLast: position == "last",
      missingIsZero: missing == "zero")
  }

  private static func choices(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: " or ")
  }
}
