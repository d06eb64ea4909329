public import Hustings
import Foundation
import HustingsData
import HustingsHTTP

/// What a server says it serves: part of a model's identity, because the same address may serve something else tomorrow.
public struct ServedModel: Sendable, Hashable {
  /// How a kind of server is asked.
  public enum Question: Sendable, Hashable {
    /// `GET models`, as OpenAI's interface and its imitations answer it; the path is below the base address.
    case models(path: String)
    /// `GET info`, as text-embeddings-inference answers it.
    case info
    /// `GET get_model_info`, as SGLang answers it.
    case modelInfo

    var path: String {
      switch self {
      case .models(let path): path
      case .info: "info"
      case .modelInfo: "get_model_info"
      }
    }
  }

  /// What stays the same as long as the server serves the same, as canonical JSON; nil when the server does not say.
  public let description: String?
  /// The model's name at the server: the one named by the user, else the only one served.
  public let name: String?
  /// How many tokens it reads at most.
  public let longestInput: Int?

  /// Members that name or describe a model. Others, such as the moment of the answer, change from call to call.
  private static let lasting: Set<String> = [
    "id", "root", "parent", "max_model_len", "owned_by", "meta", "model_id", "model_sha", "model_dtype",
    "model_type", "max_input_length", "model_path", "tokenizer_path", "is_generation", "weight_version",
    "size",
    "n_params", "n_embd", "n_vocab", "n_ctx_train", "reranker", "classifier", "embedding", "id2label",
    "label2id",
    "pooling",
  ]

  /// What an answer says of `wanted`, or of the only model it lists.
  init(_ answer: JSONValue?, wanted: String?) {
    var entry: JSONObject?
    if case .object(let object)? = answer {
      if case .array(let list)? = object["data"] {
        let entries = list.compactMap { element -> JSONObject? in
          if case .object(let object) = element { object } else { nil }
        }
        entry = entries.first { $0["id"] == wanted.map { .string($0) } }
        if entry == nil, wanted == nil, entries.count == 1 { entry = entries[0] }
      } else if object["error"] == nil {
        entry = object
      }
    }
    let kept = entry.flatMap { ServedModel.lastingPart(of: .object($0)) }
    description = kept.flatMap { try? $0.text(.canonical) }
    func text(_ key: String) -> String? {
      if case .string(let text)? = entry?[key] { text } else { nil }
    }
    name = wanted ?? text("id") ?? text("model_id") ?? text("model_path")
    longestInput = entry?["max_model_len"]?.wholeNumber ?? entry?["max_input_length"]?.wholeNumber
  }

  private static func lastingPart(of value: JSONValue) -> JSONValue? {
    guard case .object(let object) = value else { return value }
    let members = object.members.compactMap { member -> (String, JSONValue)? in
      guard lasting.contains(member.key), member.value != .null else { return nil }
      return lastingPart(of: member.value).map { (member.key, $0) }
    }
    return members.isEmpty ? nil : .object(JSONObject(members))
  }

  /// Asks every server of a fleet, or a shelf of kept replies when nothing may be sent. A server that fails has no say while another
  /// one answers: the fleet does without it until it is back.
  public static func ask(
    _ settings: EndpointSettings, _ question: Question, wanted: String?, context: ModelContext
  ) async throws -> ServedModel {
    var all: [(base: Address, served: ServedModel)] = []
    var fault = EndpointFault.unknownOffline(address: "\(settings.bases[0])")
    let client = settings.client(context)
    for base in settings.bases {
      let address: Address
      do { address = try base.appending(question.path) } catch { throw EndpointFault.http(error) }
      let name = "GET \(address)"
      let text: [UInt8]
      if let shelf = context.replies, shelf.isOffline {
        guard let kept = try shelf.latest(name) else { continue }
        text = kept.body
      } else {
        do {
          text = try await fetch(address, settings, client)
        } catch EndpointFault.http(.gaveUp(let attempts, let failure)) {
          fault = .http(.gaveUp(attempts: attempts, failure))
          continue
        }
        try await keep(text, as: name, wanted: wanted, on: context.replies)
      }
      all.append((base, ServedModel(try? JSONNode.parse(text, name: name).value, wanted: wanted)))
    }
    guard let first = all.first else { throw fault }
    for other in all where other.served.description != first.served.description {
      throw EndpointFault.differentServers(first: "\(first.base)", second: "\(other.base)")
    }
    return first.served
  }

  /// Writes down what a server said, when it means something else than before.
  private static func keep(
    _ text: [UInt8], as name: String, wanted: String?, on shelf: ReplyShelf?
  ) async throws {
    guard let shelf else { return }
    func meaning(_ text: [UInt8]) -> ServedModel {
      ServedModel(try? JSONNode.parse(text, name: name).value, wanted: wanted)
    }
    if let before = try shelf.latest(name), meaning(before.body) == meaning(text) { return }
    var key = SHA256()
    key.updateFramed("served/1")
    key.updateFramed(name)
    key.updateFramed("\(Date().timeIntervalSince1970)")
    try await shelf.keep(
      key.finalize(), ReplyShelf.Reply(endpoint: name, model: wanted ?? "", body: text))
  }

  /// The answer's body, or nothing where the server has no such page.
  private static func fetch(
    _ address: Address, _ settings: EndpointSettings, _ client: HTTPClient
  ) async throws -> [UInt8] {
    let request = HTTPRequest(
      .get, address, headers: ["Accept": "application/json"], credentials: settings.credentials,
      timeouts: Timeouts(connect: .seconds(10), total: .seconds(min(60, settings.timeout))))
    let policy = RetryPolicy(attempts: settings.attempts)
    let redactor = Redactor(settings.credentials.map(\.secret))
    var attempt = 1
    while true {
      var failure: HTTPFailure
      do {
        var answer = try await client.send(request)
        answer.bytes = redactor.redact(answer.bytes)
        if answer.isSuccess { return answer.bytes }
        // A server without such a page says so, and is asked its questions all the same.
        if [404, 405, 400, 422, 501].contains(answer.status) { return [] }
        failure = .status(answer.status, at: address, excerpt: answer.excerpt)
        if !policy.isWorthRepeating(answer) { throw EndpointFault.http(failure) }
      } catch let error as HTTPFailure {
        failure = error
        if !policy.isWorthRepeating(error) { throw EndpointFault.http(error) }
      }
      guard attempt < policy.attempts else {
        throw EndpointFault.http(.gaveUp(attempts: attempt, failure))
      }
      try await Task.sleep(for: policy.delay(after: attempt, identity: "\(address)"))
      attempt += 1
    }
  }
}
