import Foundation
import Hustings
import HustingsFixtures
import Testing

@testable import JudgePlugins

/// Replies kept in memory, with a switch for being offline.
final class MemoryShelf: @unchecked Sendable {
  private let lock = NSLock()
  private var replies: [Digest: ReplyShelf.Reply] = [:]
  private var latest: [String: ReplyShelf.Reply] = [:]

  var count: Int { lock.withLock { replies.values.count { !$0.endpoint.hasPrefix("GET ") } } }
  var texts: [String] { lock.withLock { replies.values.map { String(decoding: $0.body, as: UTF8.self) } } }

  func shelf(isOffline: Bool = false) -> ReplyShelf {
    ReplyShelf(
      isOffline: isOffline, find: { key in self.lock.withLock { self.replies[key] } },
      latest: { name in self.lock.withLock { self.latest[name] } },
      keep: { key, reply in
        self.lock.withLock {
          self.replies[key] = self.replies[key] ?? reply
          self.latest[reply.endpoint] = reply
        }
      })
  }
}

/// A server that judges as a test says.
enum JudgeServer {
  /// The answer of a chat completion.
  static func chat(_ text: String, tokens: (Int, Int) = (100, 10)) -> ScriptedReply {
    let content = (try? String(decoding: JSONEncoder().encode(text), as: UTF8.self)) ?? "\"\""
    return .text(
      """
      {"choices": [{"index": 0, "message": {"role": "assistant", "content": \(content)}}],
       "usage": {"prompt_tokens": \(tokens.0), "completion_tokens": \(tokens.1)}}
      """)
  }

  /// What a request of the judge holds.
  struct Asked {
    let body: [String: Any]
    var user: String { turn("user") }
    var system: String { turn("system") }

    private func turn(_ role: String) -> String {
      let messages = body["messages"] as? [[String: Any]] ?? []
      return messages.last { $0["role"] as? String == role }?["content"] as? String ?? ""
    }

    /// What stands between two marks.
    func part(_ name: String) -> String {
      guard let start = user.range(of: "<\(name)>\n"), let end = user.range(of: "\n</\(name)>") else {
        return ""
      }
      return String(user[start.upperBound..<end.lowerBound])
    }

    init(_ request: ScriptedRequest) {
      body = (try? JSONSerialization.jsonObject(with: request.body) as? [String: Any]) ?? [:]
    }
  }

  /// A server of `my-model` that answers each chat request by `answer`.
  static func start(_ answer: @escaping @Sendable (ScriptedRequest, Asked) -> ScriptedReply) throws
    -> ScriptedServer
  {
    try ScriptedServer { request in
      if request.method == "GET" {
        return .text(#"{"data": [{"id": "my-model", "created": \#(request.number), "max_model_len": 4096}]}"#)
      }
      return answer(request, Asked(request))
    }
  }

  /// Prefers the longer response.
  static func longer() throws -> ScriptedServer {
    try start { _, asked in
      chat(
        asked.part("response A").count > asked.part("response B").count
          ? "A is longer. [[A]]" : "B is longer. [[B]]")
    }
  }
}

extension ScriptedServer {
  /// The requests that were no questions about what is served.
  var calls: [ScriptedRequest] { requests.filter { $0.method == "POST" } }
}

/// The models of a string that names a kind of model in the catalog.
func networkModels(
  _ text: String, shelf: ReplyShelf? = nil, meter: CallMeter = CallMeter(),
  price: TokenPrice? = nil, variables: [String: String] = [:]
) async throws -> [any PreferenceModel] {
  let specification = try #require(ModelSpecification(text))
  let plugin = try #require(Catalogued.model(specification.scheme))
  let direct = ["no_proxy": "*"].merging(variables) { $1 }
  return try await plugin.make(
    specification,
    ModelContext(
      seed: 0, environment: direct, replies: shelf, meter: meter, price: { _ in price }, path: { $0 }))
}

/// One slate of two texts.
func pair(_ number: Int = 0, _ first: String = "short", _ second: String = "quite a bit longer") -> Slate {
  Slate(
    id: "item \(number)", prompt: Prompt("Question \(number)?"),
    responses: [Response("\(first) \(number)"), Response("\(second) \(number)")])
}

extension Slate {
  /// The place of the response that begins so.
  func place(_ prefix: String) throws -> Int {
    try #require(responses.firstIndex { $0.text.hasPrefix(prefix) })
  }
}
