import Foundation
import HustingsData
import HustingsMetrics

/// An annotator of AlpacaEval, read from its `configs.yaml` and the prompt it names.
///
/// Upstream's paths begin at the folder of all annotators, so the prompt is looked for beside the annotator's folder, in it,
/// and by its bare name. Prompts for several examples at a time are refused.
enum AlpacaEvalRubric {
  static func read(_ root: JSONObject, file: String, _ selection: String?) throws -> Rubric {
    let names = root.keys
    guard let name = selection ?? (names.count == 1 ? names[0] : nil) else {
      throw RubricFault.several(file: file, names: names)
    }
    func unusable(_ reason: String) -> RubricFault { .unusable(file: file, reason: reason) }
    guard case .object(let entry)? = root[name] else { throw unusable("it has no annotator '\(name)'.") }
    guard case .string(let template)? = entry["prompt_template"] else {
      throw unusable("'\(name)' names no prompt_template.")
    }
    if let size = entry["batch_size"]?.wholeNumber, size != 1 {
      throw unusable("'\(name)' asks \(size) examples at a time; only one at a time is asked here.")
    }
    let prompt = try prompt(template, beside: file)
    let parser: ReplyParser
    do throws(AlpacaEvalParsers.Unknown) {
      parser = try AlpacaEvalParsers.parser(
        entry["fn_completion_parser"] ?? "regex_parser", settings: entry["completion_parser_kwargs"] ?? .null)
    } catch {
      throw unusable(error.reason)
    }
    var parameters = JSONObject()
    if case .object(let settings)? = entry["completions_kwargs"] {
      for member in settings.members where !notSent.contains(member.key) {
        parameters.append(member.key, member.value)
      }
    }
    return Rubric(
      name: name, summary: "AlpacaEval's annotator \(name)", kind: .pairwise,
      prompt: PromptTemplate.turns(chatML: prompt), parser: .preference(parser), parameters: parameters)
  }

  /// Settings of upstream's own client, and the model, which the model string names.
  private static let notSent: Set<String> = [
    "model_name", "requests_kwargs", "client_kwargs", "num_procs", "price_per_token", "is_chatml_prompt",
    "tokenizer_name", "model_kwargs", "batch_size",
  ]

  private static func prompt(_ name: String, beside file: String) throws -> String {
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let bare = name.split(separator: "/").last.map(String.init) ?? name
    let places = ["\(folder)/../\(name)", "\(folder)/\(name)", "\(folder)/\(bare)"]
    guard let place = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw RubricFault.unusable(
        file: file, reason: "its prompt \(name) is neither beside that folder nor in it. Copy it there.")
    }
    return try RubricFolder.text(place)
  }
}

/// AlpacaEval's completion parsers by their upstream names.
enum AlpacaEvalParsers {
  struct Unknown: Error {
    let reason: String
  }

  static func parser(_ name: JSONValue, settings: JSONValue) throws(Unknown) -> ReplyParser {
    guard case .string(let name) = name else { throw Unknown(reason: "its parser has no name.") }
    var members = JSONObject()
    if case .object(let object) = settings { members = object }
    func text(_ key: String) -> String? {
      if case .string(let text)? = members[key] { text } else { nil }
    }
    switch name {
    case "regex_parser":
      guard case .object(let patterns)? = members["outputs_to_match"] else {
        throw Unknown(reason: "regex_parser needs outputs_to_match.")
      }
      var list: [ReplyParser.Pattern] = []
      for member in patterns.members {
        guard let value = Double(member.key), case .string(let expression) = member.value else {
          throw Unknown(reason: "'\(member.key)' is no preference with a pattern.")
        }
        list.append(ReplyParser.Pattern(expression, means: value))
      }
      return .patterns(list)
    case "lmsys_parser": return .twoScores
    case "ranking_parser": return .ranking(model: text("model_1_name") ?? "model_1")
    case "json_parser": return .json(key: text("annotation_key"))
    case "eval_parser": return .literal
    case "logprob_parser":
      guard let first = text("numerator_token"), case .array(let all)? = members["denominator_tokens"] else {
        throw Unknown(reason: "logprob_parser needs numerator_token and denominator_tokens.")
      }
      let labels = all.compactMap { value -> String? in
        if case .string(let text) = value { text } else { nil }
      }
      return .logProbability(
        ReplyParser.LabelProbability(
          first: first, labels: labels, isBinarized: members["is_binarize"] == .bool(true), position: .last))
    case "pipeline_meta_parser":
      guard case .object(let steps)? = members["parsers_to_kwargs"] else {
        throw Unknown(reason: "pipeline_meta_parser needs parsers_to_kwargs.")
      }
      var parsers: [ReplyParser] = []
      for step in steps.members { parsers.append(try parser(.string(step.key), settings: step.value)) }
      return .pipeline(parsers)
    default: throw Unknown(reason: "its parser '\(name)' is not known here.")
    }
  }
}
