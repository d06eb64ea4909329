public import HustingsData
public import HustingsMetrics

/// One row of an `annotations.json`, as AlpacaEval's annotators write it.
public struct AlpacaAnnotationRow: Sendable, Hashable {
  /// The prompt.
  public let prompt: String
  /// The baseline's response.
  public let baselineResponse: String
  /// The model's response.
  public let modelResponse: String
  /// The baseline.
  public let baseline: String?
  /// The model.
  public let model: String?
  /// The annotator's name.
  public let annotator: String?
  /// The preference as stored, on upstream's scale from 1 (baseline) to 2 (model); 0 is an older draw, nil a failure.
  public let code: Double?
  /// The judge's reply; nil where it was not kept or the judge not asked.
  public let reply: JudgeReply?
  /// What the call cost, in dollars.
  public let price: Double?
  /// What the call took, in seconds.
  public let seconds: Double?

  /// Whether both responses are the same, which is a draw without asking.
  public var isIdentical: Bool { baselineResponse == modelResponse }

  /// Reads an annotation file: a JSON array of objects, or the same as JSON lines.
  public static func read(_ path: String) throws -> [AlpacaAnnotationRow] {
    var rows: [AlpacaAnnotationRow] = []
    try RowFile.rows(path) { rows.append(try AlpacaAnnotationRow($0)) }
    return rows
  }

  init(_ row: JSONNode) throws {
    prompt = try row.string("instruction")
    baselineResponse = try row.string("output_1")
    modelResponse = try row.string("output_2")
    baseline = try row.optionalString("generator_1")
    model = try row.optionalString("generator_2")
    annotator = try row.optionalString("annotator")
    code = try AlpacaAnnotationRow.code(row)
    // Newer runs say whose price, time and reply it is.
    func either(_ name: String) throws -> JSONNode? {
      try row.optionalNode(name) ?? row.optionalNode("preference_\(name)")
    }
    price = try either("price_per_example")?.double()
    seconds = try either("time_per_example")?.double()
    reply = try either("raw_completion").map(JudgeReply.init)
  }

  /// A preference may be NaN as Python writes it, which is no preference.
  private static func code(_ row: JSONNode) throws -> Double? {
    guard let node = try row.optionalNode("preference") else { return nil }
    if case .nonFinite = node.value { return nil }
    return try node.double()
  }
}

extension JudgeReply {
  /// A stored `raw_completion`: a text, the arguments of a tool call, or an answer with its log-probabilities.
  public init(_ node: JSONNode) throws {
    switch node.value {
    case .string(let text): self = .text(text)
    case .object(let members) where members["logprobs"] != nil:
      guard let logProbabilities = try node.optionalNode("logprobs"),
        let content = try logProbabilities.optionalArray("content")
      else {
        self = .text(try node.optionalString("text") ?? "")
        return
      }
      self = .tokens(
        try content.map { TokenChoices(try $0.array("top_logprobs").map(TokenChoices.Choice.init)) })
    case .object, .array: self = .value(ReplyValue(node.value))
    default: throw node.fault(.wrongType(expected: "a string, an object or null", found: node.value.typeName))
    }
  }
}

extension TokenChoices.Choice {
  init(_ node: JSONNode) throws {
    self.init(try node.string("token"), logProbability: try node.double("logprob"))
  }
}

extension ReplyValue {
  /// The same value, read from a file.
  public init(_ value: JSONValue) {
    switch value {
    case .null, .nonFinite: self = .null
    case .bool(let flag): self = .flag(flag)
    case .integer(let number): self = .number(Double(number))
    case .double(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .array(let elements): self = .list(elements.map { ReplyValue($0) })
    case .object(let object):
      self = .object(
        Dictionary(object.members.map { ($0.key, ReplyValue($0.value)) }, uniquingKeysWith: { $1 }))
    }
  }
}
