public import Hustings
import HustingsData

/// Several models of any kind that decide together, named in a file.
///
/// ```json
/// {"name": "three judges", "pool": "majority", "models": ["openai:gpt-4.1-mini", "exec:python3 judge.py"]}
/// ```
public enum PanelFile {
  /// `panel:FILE` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "panel", usage: "panel:FILE",
    summary: "several models of any kind that decide together, by majority or by average"
  ) { specification, context in
    let file = context.path(specification.argument)
    let row = try JSONNode.read(file)
    try row.allow(only: ["name", "pool", "models"])
    let names = try row.strings("models")
    let text = try row.optionalString("pool") ?? JudgePanel.Rule.majority.rawValue
    guard let rule = JudgePanel.Rule(rawValue: text) else {
      throw row.fault("pool", .notAllowed(found: "'\(text)'", expected: "'majority' or 'average'"))
    }
    var members: [any PreferenceModel] = []
    for name in names { members += try await context.models(name) }
    guard members.count > 1 else {
      throw row.fault("models", .notAllowed(found: "\(members.count) model", expected: "two or more"))
    }
    for member in members where member is any Recording {
      throw row.fault(
        "models",
        .notAllowed(found: "the recording '\(member.card.name)'", expected: "models that answer when asked"))
    }
    let name =
      try row.optionalString("name") ?? "\(rule.rawValue)(\(members.map(\.card.name).joined(separator: ",")))"
    return [JudgePanel(members, rule: rule, name: name)]
  }
}
