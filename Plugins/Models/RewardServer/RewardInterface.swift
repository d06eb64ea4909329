import Hustings
import HustingsData
import HustingsEndpoints

/// The ways in which servers give numbers for texts.
enum RewardInterface: String, Sendable, CaseIterable {
  /// vLLM, `POST pooling`: a chat or texts in, one number or one per token out.
  case vllmPooling = "vllm-pooling"
  /// vLLM, `POST score`: a text and several to score against it.
  case vllmScore = "vllm-score"
  /// vLLM, `POST classify`: probabilities of classes.
  case vllmClassify = "vllm-classify"
  /// vLLM, `POST rerank`: a query and documents.
  case vllmRerank = "vllm-rerank"
  /// text-embeddings-inference, `POST predict`: scores of labels.
  case teiPredict = "tei-predict"
  /// text-embeddings-inference, `POST rerank`.
  case teiRerank = "tei-rerank"
  /// text-embeddings-inference, `POST embed`: preference embeddings.
  case teiEmbed = "tei-embed"
  /// SGLang, `POST classify`: the reward under the name of an embedding.
  case sglangClassify = "sglang-classify"
  /// OpenAI's `POST v1/embeddings` and its imitations: preference embeddings.
  case openAIEmbeddings = "openai-embeddings"

  /// Where it is asked.
  var path: String {
    switch self {
    case .vllmPooling: "pooling"
    case .vllmScore: "score"
    case .vllmClassify, .sglangClassify: "classify"
    case .vllmRerank, .teiRerank: "rerank"
    case .teiPredict: "predict"
    case .teiEmbed: "embed"
    case .openAIEmbeddings: "v1/embeddings"
    }
  }

  /// How such a server says what it serves.
  var question: ServedModel.Question {
    switch self {
    case .teiPredict, .teiRerank, .teiEmbed: .info
    case .sglangClassify: .modelInfo
    default: .models(path: "v1/models")
    }
  }

  /// Whether it gives vectors to be compared in pairs rather than rewards.
  var givesEmbeddings: Bool { self == .teiEmbed || self == .openAIEmbeddings }

  /// The forms a conversation may be sent in, the usual one first; without a usual one the user has to say.
  var forms: (usual: ConversationForm?, possible: [ConversationForm]) {
    let texts: [ConversationForm] = [.text, .chatml, .llama3]
    switch self {
    case .vllmPooling, .vllmClassify: return (.chat, [.chat] + texts)
    case .vllmScore, .vllmRerank, .teiRerank: return (.pair, [.pair])
    case .teiPredict: return (.pair, [.pair] + texts)
    case .teiEmbed, .openAIEmbeddings: return (.text, texts)
    case .sglangClassify: return (nil, texts)
    }
  }

  /// How many responses of one item go into one request.
  func batch(_ form: ConversationForm) -> Int { form == .chat ? 1 : 32 }

  // MARK: Requests

  /// The request about some responses to one prompt.
  func body(
    _ prompt: Prompt, _ responses: [Response], model: String, settings: RewardServerSettings, cut: Cut?,
    longest: Int?
  ) -> JSONValue {
    var members: [(String, JSONValue)] = []
    func texts() -> JSONValue { .array(responses.map { .string(settings.text(prompt, $0)) }) }
    switch self {
    case .vllmPooling, .vllmClassify:
      members = [("model", .string(model))]
      if settings.form == .chat {
        members.append(("messages", ConversationForm.messages(prompt, responses[0])))
      } else {
        members.append(("input", texts()))
      }
    case .vllmScore:
      members = [
        ("model", .string(model)), ("text_1", .string(prompt.text)),
        ("text_2", .array(responses.map { .string($0.text) })),
      ]
    case .vllmRerank:
      members = [
        ("model", .string(model)), ("query", .string(prompt.text)),
        ("documents", .array(responses.map { .string($0.text) })),
      ]
    case .teiPredict:
      let inputs: JSONValue =
        settings.form == .pair
        ? .array(responses.map { [.string(prompt.text), .string($0.text)] })
        : .array(responses.map { [.string(settings.text(prompt, $0))] })
      members = [("inputs", inputs), ("raw_scores", true)]
    case .teiRerank:
      members = [
        ("query", .string(prompt.text)), ("texts", .array(responses.map { .string($0.text) })),
        ("raw_scores", true),
      ]
    case .teiEmbed: members = [("inputs", texts()), ("normalize", false)]
    case .sglangClassify: members = [("model", .string(model)), ("text", texts())]
    case .openAIEmbeddings: members = [("model", .string(model)), ("input", texts())]
    }
    if let cut { members += cutting(cut, longest: longest) }
    return .object(JSONObject(members + settings.extra.members.map { ($0.key, $0.value) }))
  }

  private func cutting(_ cut: Cut, longest: Int?) -> [(String, JSONValue)] {
    switch self {
    case .teiPredict, .teiRerank, .teiEmbed:
      [("truncate", true), ("truncation_direction", .string(cut == .left ? "Left" : "Right"))]
    case .vllmPooling, .vllmScore, .vllmClassify, .vllmRerank, .openAIEmbeddings:
      // -1 is as many as the model reads.
      [("truncate_prompt_tokens", .integer(longest ?? -1)), ("truncation_side", .string(cut.rawValue))]
    case .sglangClassify: []
    }
  }

  // MARK: Replies

  /// The numbers in a reply for each of `count` responses: a reward alone, one per token or class, or a vector.
  func rows(_ row: JSONNode, count: Int) throws -> [ServedNumbers] {
    var rows = [ServedNumbers?](repeating: nil, count: count)
    func put(_ index: Int, _ numbers: ServedNumbers, _ node: JSONNode) throws {
      guard rows.indices.contains(index), rows[index] == nil else {
        throw node.fault("index", .notAllowed(found: "\(index)", expected: "each of 0 to \(count - 1) once"))
      }
      rows[index] = numbers
    }
    switch self {
    case .vllmPooling:
      for (place, entry) in try row.array("data").enumerated() {
        try put(
          try entry.optionalInteger("index") ?? place, .sequence(try Self.nested(entry.node("data"))), entry)
      }
    case .vllmScore:
      for (place, entry) in try row.array("data").enumerated() {
        try put(try entry.optionalInteger("index") ?? place, .one(try entry.double("score")), entry)
      }
    case .vllmClassify:
      for (place, entry) in try row.array("data").enumerated() {
        try put(
          try entry.optionalInteger("index") ?? place, .probabilities(try entry.doubles("probs")), entry)
      }
    case .vllmRerank:
      for entry in try row.array("results") {
        try put(try entry.integer("index"), .one(try entry.double("relevance_score")), entry)
      }
    case .teiRerank:
      for entry in try row.elements() {
        try put(try entry.integer("index"), .one(try entry.double("score")), entry)
      }
    case .teiPredict:
      let entries = try row.elements()
      // One input gives its labels without a list around them.
      let lists = try entries.first.map {
        if case .object = $0.value { [entries] } else { try entries.map { try $0.elements() } }
      }
      for (place, labels) in (lists ?? []).enumerated() {
        let scores = try labels.map { (name: try $0.string("label"), score: try $0.double("score")) }
        try put(place, .labels(scores.sorted { $0.name < $1.name }), row)
      }
    case .teiEmbed:
      for (place, entry) in try row.elements().enumerated() {
        try put(place, .vector(try entry.doubles()), entry)
      }
    case .openAIEmbeddings:
      for (place, entry) in try row.array("data").enumerated() {
        try put(try entry.optionalInteger("index") ?? place, .vector(try entry.doubles("embedding")), entry)
      }
    case .sglangClassify:
      // One text gives an object, several give a list.
      let entries = if case .object = row.value { [row] } else { try row.elements() }
      for (place, entry) in entries.enumerated() {
        try put(place, .sequence(try Self.nested(entry.node("embedding"))), entry)
      }
    }
    return try rows.enumerated().map { index, numbers in
      guard let numbers else {
        throw row.fault(.notAllowed(found: "no answer to text \(index)", expected: "\(count) answers"))
      }
      return numbers
    }
  }

  /// A number, a list of numbers, or a list of rows of numbers.
  private static func nested(_ node: JSONNode) throws -> [[Double]] {
    guard case .array(let values) = node.value else { return [[try node.double()]] }
    if case .array? = values.first { return try node.elements().map { try $0.doubles() } }
    return try node.doubles().map { [$0] }
  }
}

/// Which end of a text that is too long is cut off.
enum Cut: String, Sendable {
  /// The beginning goes.
  case left
  /// The end goes.
  case right
}

/// What a server gave for one response.
enum ServedNumbers: Sendable {
  /// A reward.
  case one(Double)
  /// Rows along the text: one per token or step, each of one number or one per class.
  case sequence([[Double]])
  /// Probabilities of classes.
  case probabilities([Double])
  /// Raw scores of named labels, by name.
  case labels([(name: String, score: Double)])
  /// A vector.
  case vector([Double])
}
