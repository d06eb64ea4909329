public import Hustings
import HustingsData
import HustingsEndpoints

/// Embeddings from a server that speaks OpenAI's `v1/embeddings`: vLLM, text-embeddings-inference, llama.cpp, OpenAI itself.
///
/// `openai-embeddings:NAME?base-url=http://localhost:8000/v1&width=384`. The text is the response, or with `key=passage` the prompt, a
/// blank line and the response. The width has to be named, so that the shape of the rows is known before anything is asked; an
/// answer of another width is an error. Its identity is the address, the name and the width: what the server serves there later is not
/// noticed, so name a server that keeps its model.
public struct EmbeddingServerEncoder: Encoder {
  /// Its name, fingerprint and shape.
  public let card: EncoderCard
  /// Where and how it asks.
  public let state: EncoderState
  private let specification: ModelSpecification
  private let context: ModelContext
  private let width: Int
  private let batch: Int
  private let key: VectorFileEncoder.Key
  private let counter: Counter

  /// The desk, made at the first question.
  private actor Counter {
    private var opening: Task<Desk, any Error>?

    func desk(_ open: @escaping @Sendable () async throws -> Desk) async throws -> Desk {
      let task = opening ?? Task { try await open() }
      opening = task
      do {
        return try await task.value
      } catch {
        opening = nil
        throw error
      }
    }
  }

  private static let kind = "openai-embeddings"

  init(settings: [String: String], context: EncoderContext) throws {
    func missing(_ reason: String) -> EncoderError { .badState(kind: Self.kind, reason: reason) }
    guard let model = settings["model"] else { throw missing("its model is missing") }
    guard let width = settings["width"].flatMap({ Int($0) }), width > 0 else {
      throw missing("its width is missing")
    }
    guard let key = VectorFileEncoder.Key(rawValue: settings["key"] ?? "response") else {
      throw missing("its key is neither response nor passage")
    }
    let own: Set<String> = ["model", "width", "key", "batch"]
    let options = settings.filter { !own.contains($0.key) }.sorted { $0.key < $1.key }
    let text =
      "openai:\(model)"
      + (options.isEmpty ? "" : "?" + options.map { "\($0.key)=\($0.value)" }.joined(separator: "&"))
    guard let specification = ModelSpecification(text) else { throw missing("its settings cannot be read") }
    self.specification = specification
    self.width = width
    self.key = key
    batch = settings["batch"].flatMap { Int($0) } ?? 64
    self.context = ModelContext(seed: context.seed, environment: context.environment, path: context.path)
    counter = Counter()
    // Where a key is found and how fast it goes decides no number.
    let identity: Set<String> = ["model", "width", "key", "base-url"]
    state = EncoderState([
      EncoderState.Part(
        kind: Self.kind, settings: settings.filter { identity.contains($0.key) },
        hints: settings.filter { !identity.contains($0.key) })
    ])
    card = EncoderCard(
      name: "\(Self.kind):\(model)", fingerprint: state.digest, sparseWidth: 0,
      denseColumns: (1...width).map { "vector.\($0)" })
    _ = try endpoint()
  }

  private func endpoint() throws -> EndpointSettings {
    try EndpointSettings(specification, addresses: "https://api.openai.com/v1", others: [], context: context)
  }

  /// One row per passage, in order. A text that several passages share is asked about once.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    let desk = try await counter.desk { [self] in
      let endpoint = try endpoint()
      let served = try await ServedModel.ask(
        endpoint, .models(path: "models"), wanted: specification.argument, context: context)
      return try Desk(endpoint, model: specification.argument, served: served, context: context)
    }
    let texts = passages.map { VectorFileEncoder.text(of: $0, key) }
    var places: [String: Int] = [:]
    var distinct: [String] = []
    for text in texts where places[text] == nil {
      places[text] = distinct.count
      distinct.append(text)
    }
    let parts = stride(from: 0, to: distinct.count, by: batch).map {
      Array(distinct[$0..<min($0 + batch, distinct.count)])
    }
    var rows = [[[Float]]](repeating: [], count: parts.count)
    try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
      for (index, part) in parts.enumerated() {
        if index >= 64, let (done, vectors) = try await group.next() { rows[done] = vectors }
        group.addTask { (index, try await answer(part, desk)) }
      }
      for try await (index, vectors) in group { rows[index] = vectors }
    }
    let vectors = rows.flatMap { $0 }
    var dense: [Float] = []
    dense.reserveLargeCapacity(passages.count * width)
    for text in texts { dense += vectors[places[text] ?? 0] }
    return FeatureMatrix(count: passages.count, denseWidth: width, dense: dense)
  }

  private func answer(_ texts: [String], _ desk: Desk) async throws -> [[Float]] {
    let body: JSONValue = [
      "model": .string(specification.argument), "input": .array(texts.map { .string($0) }),
      "encoding_format": "float",
    ]
    let count = texts.count
    let answer = await desk.ask(
      DeskCall(path: "embeddings", body: body, template: state.digest) { row in
        _ = try Self.rows(row, count: count)
      })
    switch answer {
    case .reply(let row):
      let rows = try Self.rows(row, count: count)
      for row in rows where row.count != width {
        throw EncoderError.wrongWidth(step: card.name, expected: width, found: row.count)
      }
      return rows
    case .absent(let absence): throw EncoderError.unanswered(encoder: card.name, reason: absence.reason)
    }
  }

  private static func rows(_ row: JSONNode, count: Int) throws -> [[Float]] {
    var rows = [[Float]?](repeating: nil, count: count)
    for (place, entry) in try row.array("data").enumerated() {
      let index = try entry.optionalInteger("index") ?? place
      guard rows.indices.contains(index) else {
        throw entry.fault("index", .notAllowed(found: "\(index)", expected: "0 to \(count - 1)"))
      }
      rows[index] = try entry.doubles("embedding").map { Float($0) }
    }
    return try rows.enumerated().map { index, vector in
      guard let vector else {
        throw row.fault(.notAllowed(found: "no vector for text \(index)", expected: "\(count) vectors"))
      }
      return vector
    }
  }

  /// `openai-embeddings:NAME` on the command line.
  public static let plugin = EncoderPlugin(
    kind: kind, usage: "openai-embeddings:NAME?base-url=URL&width=N",
    summary: "embeddings from a server that speaks OpenAI's interface", keepsRows: true,
    fit: { specification, _, context in
      guard !specification.argument.isEmpty else {
        throw EncoderError.missingArgument(kind: kind, usage: "openai-embeddings:NAME?base-url=URL&width=N")
      }
      guard specification.options["width"].flatMap({ Int($0) }).map({ $0 > 0 }) == true else {
        throw EncoderError.badSetting(
          kind: kind, name: "width", text: specification.options["width"] ?? "",
          expected: "the length of the server's vectors")
      }
      return try EmbeddingServerEncoder(
        settings: specification.options.merging(["model": specification.argument]) { $1 }, context: context)
    },
    restore: { part, context in
      try EmbeddingServerEncoder(
        settings: part.settings.merging(part.hints) { own, _ in own }, context: context)
    })
}
