public import Hustings
import HustingsData
import HustingsEndpoints
import HustingsHTTP

/// A judge behind OpenAI's interface or any server that imitates it: vLLM, SGLang, llama.cpp, Ollama, a proxy.
///
/// `openai:NAME` asks api.openai.com with the key in OPENAI_API_KEY; `base-url` names another server, and several of them,
/// separated by commas, share the work. docs/judges.md lists every setting.
public enum OpenAIJudge {
  /// The settings that only a judge has.
  private static let names = [
    "rubric", "orders", "repeats", "api", "references", "pool", "temperature", "max-tokens", "top-p", "seed",
    "body.",
  ]

  /// `openai:NAME?rubric=...` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "openai", usage: "openai:NAME?base-url=URL&rubric=RUBRIC",
    summary: "a language model behind an OpenAI-compatible endpoint, judging by a rubric"
  ) { specification, context in
    let models = specification.argument.split(separator: ",").map { String($0) }
    guard !models.isEmpty else {
      throw EndpointFault.badOption("openai:", value: "", expected: "followed by the model's name")
    }
    let settings = try EndpointSettings(
      specification, addresses: "https://api.openai.com/v1", others: names, context: context)
    let rubric = try RubricFolder.rubric(
      specification.option("rubric") ?? "pairwise-verdict", path: context.path)
    let parameters = try parameters(specification, rubric)
    let asking = try asking(specification, settings)
    let references = try specification.option("references").map {
      try ReferenceAnswers(file: context.path($0))
    }
    if rubric.needsReference, references == nil {
      throw EndpointFault.badOption(
        "references", value: "",
        expected: "a file of reference answers, which the rubric '\(rubric.name)' shows")
    }
    let rule = try pool(specification, members: models.count)
    var members: [JudgeModel] = []
    for model in models {
      let served = try await ServedModel.ask(
        settings, .models(path: "models"), wanted: model, context: context)
      let desk = try Desk(settings, model: model, served: served, context: context)
      members.append(
        JudgeModel(
          model: model, rubric: rubric, parameters: parameters, settings: asking, references: references,
          desk: desk, endpoint: Desk.identity(settings, model: model, served: served), meter: context.meter,
          name: "\(model)/\(rubric.name)", revision: served.description ?? ""))
    }
    guard let rule else { return members }
    return [
      JudgePanel(
        members, rule: rule, name: "\(rule.rawValue)(\(models.joined(separator: ",")))/\(rubric.name)")
    ]
  }

  private static func pool(
    _ specification: ModelSpecification, members: Int
  ) throws -> JudgePanel.Rule? {
    guard let text = specification.option("pool") else { return nil }
    guard let rule = JudgePanel.Rule(rawValue: text), members > 1 else {
      throw EndpointFault.badOption(
        "pool", value: text,
        expected: "majority or average, with several names, such as openai:a,b,c?pool=majority")
    }
    return rule
  }

  private static func asking(
    _ specification: ModelSpecification, _ endpoint: EndpointSettings
  ) throws -> JudgeModel.Settings {
    var asking = JudgeModel.Settings()
    asking.window = 2 * endpoint.concurrency * endpoint.bases.count
    asking.repetitions = try EndpointSettings.count(specification, "repeats", upTo: 1_000) ?? 1
    switch specification.option("orders") {
    case nil, "both"?: break
    case "one"?: asking.asksBothOrders = false
    case let other?: throw EndpointFault.badOption("orders", value: other, expected: "both or one")
    }
    switch specification.option("api") {
    case nil, "chat"?: break
    case "completions"?: asking.usesCompletions = true
    case let other?: throw EndpointFault.badOption("api", value: other, expected: "chat or completions")
    }
    return asking
  }

  /// The rubric's parameters, with those of the model string in their place.
  private static func parameters(
    _ specification: ModelSpecification, _ rubric: Rubric
  ) throws -> JSONObject {
    var parameters = rubric.parameters
    let short = ["temperature": "temperature", "max-tokens": "max_tokens", "top-p": "top_p", "seed": "seed"]
    for (name, text) in specification.options {
      let value = (try? JSONNode.parse(text, name: name).value) ?? .string(text)
      if let member = short[name] {
        switch value {
        case .integer, .double: parameters[member] = value
        default: throw EndpointFault.badOption(name, value: text, expected: "a number")
        }
      } else if name.hasPrefix("body.") {
        // Null takes a parameter of the rubric away.
        parameters[String(name.dropFirst(5))] = value == .null ? nil : value
      }
    }
    return parameters
  }
}
