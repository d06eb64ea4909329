import Hustings
import HustingsData
import HustingsMetrics

/// A judge's configuration of Arena-Hard, read from its YAML file.
///
/// Version 0.1 writes the system prompt into the file, one pattern, `regex_pattern`, and how often a judge that comes to no verdict is
/// asked, `number_of_judgment_attempts`; later files have `regex_patterns` and
/// keep the system prompt in upstream's code, in whose place stands this project's own.
enum ArenaHardRubric {
  static func read(_ root: JSONObject, file: String) throws -> Rubric {
    let template: String
    switch root["prompt_template"] {
    case .string(let text)?: template = text
    case .array(let list)?:
      guard list.count == 1, case .string(let text) = list[0] else {
        throw RubricFault.unusable(
          file: file, reason: "its prompt_template has \(list.count) turns; one is asked here.")
      }
      template = text
    default: throw RubricFault.unusable(file: file, reason: "it has no prompt_template.")
    }
    let system: String
    if case .string(let text)? = root["system_prompt"] {
      system = text
    } else if let own = try BuiltInRubrics.named("arena-hard")?.prompt.first(where: { $0.role == .system }) {
      system = own.text
    } else {
      throw RubricFault.unusable(file: file, reason: "it has no system_prompt.")
    }
    var parameters = JSONObject()
    for key in ["temperature", "max_tokens"] {
      if let value = root[key], value != .null { parameters.append(key, value) }
    }
    var rubric = Rubric(
      name: text(root["bench_name"]) ?? text(root["name"]) ?? "arena-hard",
      summary: "Arena-Hard's judge configuration", kind: .pairwise,
      prompt: [
        PromptTemplate(.system, system), PromptTemplate(.user, template, style: .format),
      ],
      parser: .fiveLabels(root["regex_patterns"] == nil ? .v01 : .v2), parameters: parameters)
    // Early files of version 0.1 do not say it: upstream's code asked twice.
    let usual = rubric.parser == .fiveLabels(.v01) ? 2 : 1
    let attempts = root["number_of_judgment_attempts"].map { $0.wholeNumber ?? 0 } ?? usual
    guard (1...2).contains(attempts) else {
      throw RubricFault.unusable(
        file: file, reason: "its number_of_judgment_attempts is neither 1 nor 2, which are asked here.")
    }
    if attempts == 2 { rubric.continuation = continuation }
    return rubric
  }

  /// What version 0.1 says to a judge whose reply holds no label (gen_judgment.py).
  private static let continuation =
    "continue your judgment and finish by outputting a final verdict label"

  private static func text(_ value: JSONValue?) -> String? {
    if case .string(let text)? = value { text } else { nil }
  }
}
