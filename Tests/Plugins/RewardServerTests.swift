import Foundation
import Hustings
import HustingsEndpoints
import HustingsFixtures
import HustingsTesting
import ModelPlugins
import Testing

@Suite struct RewardServerTests {
  /// A server that answers requests below its root by path.
  private func server(
    models: String = #"{"data": [{"id": "rm", "max_model_len": 100, "created": 1}]}"#,
    info: String =
      #"{"model_id": "rm", "model_sha": "abc", "max_input_length": 100, "max_concurrent_requests": 9}"#,
    _ answer: @escaping @Sendable (String, [String: Any]) -> ScriptedReply
  ) throws -> ScriptedServer {
    try ScriptedServer { request in
      switch request.target {
      case "/v1/models": return .text(models)
      case "/info": return .text(info)
      case "/get_model_info": return .text(#"{"model_path": "rm", "is_generation": false}"#)
      default:
        let body = (try? JSONSerialization.jsonObject(with: request.body) as? [String: Any]) ?? [:]
        return answer(request.target, body)
      }
    }
  }

  private func model(
    _ server: ScriptedServer, _ settings: String, shelf: ReplyShelf? = nil, meter: CallMeter = CallMeter(),
    price: TokenPrice? = nil
  ) async throws -> any PreferenceModel {
    try await networkModels(
      "reward-server:\(server.address)?attempts=2&\(settings)", shelf: shelf, meter: meter, price: price)[0]
  }

  @Test func aResponseIsAQueryHoweverManyGoIntoARequest() async throws {
    let server = try server { _, body in
      let count = (body["text_2"] as? [Any])?.count ?? 0
      let rows = (0..<count).map { #"{"index": \#($0), "score": \#($0)}"# }.joined(separator: ", ")
      return .text(#"{"data": [\#(rows)], "usage": {"prompt_tokens": 30, "total_tokens": 30}}"#)
    }
    let slate = Slate(
      id: "x", prompt: Prompt("?"), responses: ["a", "b", "c"].map { Response($0) })
    let priced = try await model(
      server, "api=vllm-score&batch=2", price: TokenPrice(input: 10, output: 0))
    let answer = try await priced.countedAnswers(to: [slate])[0]
    #expect(server.requests.count { $0.method == "POST" } == 2)
    #expect(answer.traits[Trait.queries] == [1, 1, 1])
    // Two requests of 30 tokens at ten dollars a million.
    let cost = try #require(answer.traits[Trait.cost]).reduce(0) { $0 + ($1 ?? 0) }
    #expect(abs(cost - 600e-6) < 1e-12)
    let unpriced = try await model(server, "api=vllm-score").countedAnswers(to: [slate])[0]
    #expect(unpriced.traits[Trait.cost] == nil && unpriced.traits[Trait.queries] == [1, 1, 1])
  }

  private static func content(_ message: Any?) -> String {
    (message as? [String: Any])?["content"] as? String ?? ""
  }

  /// Every interface, with a server that gives each response its length in characters.
  @Test(arguments: [
    "vllm-pooling", "vllm-score", "vllm-classify&format=text", "vllm-rerank", "tei-predict", "tei-rerank",
    "sglang-classify&format=chatml", "vllm-pooling&format=text",
  ])
  func everyInterfaceGivesRewards(_ api: String) async throws {
    /// A JSON list with a row for each text, made of its place and a number; the last one first, as servers that rank may do.
    @Sendable func list(_ numbers: [Int], _ row: (Int, Int) -> String) -> String {
      "[" + numbers.enumerated().map { row($0.offset, $0.element) }.reversed().joined(separator: ", ") + "]"
    }
    /// The length of the response inside a text that begins with the prompt or a template.
    @Sendable func length(_ text: String) -> Int {
      let tail = text.components(separatedBy: "assistant\n").last ?? text
      let own = tail.components(separatedBy: "\n\n").last ?? tail
      return own.replacingOccurrences(of: "<|im_end|>\n", with: "").count
    }
    let server = try server { path, body in
      func lengths(_ key: String) -> [Int] { (body[key] as? [String] ?? []).map(length) }
      switch path {
      case "/pooling":
        if let messages = body["messages"] as? [Any] {
          return .text(#"{"data": [{"index": 0, "data": [\#(Self.content(messages.last).count)]}]}"#)
        }
        let rows = list(lengths("input")) { #"{"index": \#($0), "data": [[\#($1)]]}"# }
        return .text(#"{"data": \#(rows)}"#)
      case "/score":
        let rows = list(lengths("text_2")) { #"{"index": \#($0), "score": \#($1)}"# }
        return .text(#"{"data": \#(rows)}"#)
      case "/rerank" where body["documents"] != nil:
        let rows = list(lengths("documents")) { #"{"index": \#($0), "relevance_score": \#($1)}"# }
        return .text(#"{"results": \#(rows)}"#)
      case "/rerank": return .text(list(lengths("texts")) { #"{"index": \#($0), "score": \#($1)}"# })
      case "/classify" where body["input"] != nil:
        let rows = list(lengths("input")) { #"{"index": \#($0), "probs": [\#($1)]}"# }
        return .text(#"{"data": \#(rows)}"#)
      case "/classify":
        // Here the order of the list is all there is.
        return .text(
          list(lengths("text").reversed()) { #"{"embedding": [\#($1)], "meta_info": {"n": \#($0)}}"# })
      case "/predict":
        let pairs = body["inputs"] as? [[String]] ?? []
        let scores = pairs.map { $0.last?.count ?? 0 }
        return .text(list(scores.reversed()) { #"[{"label": "LABEL_0", "score": \#($1 + 0 * $0)}]"# })
      default: return .status(404)
      }
    }
    let slate = Slate(
      id: "x", prompt: Prompt("Why?"), responses: ["a", "bbb", "cccccc"].map { Response($0) })
    let model = try await model(server, "api=\(api)")
    let rewards = try #require(try await model.judge([slate])[0].rewards)
    #expect(rewards == slate.responses.map { Double($0.text.count) }, "\(api)")
    #expect(model.card.kind == .reward)
    #expect(model.card.name == "rm")
  }

  @Test func theLawsHold() async throws {
    let server = try server { _, body in
      let text = Self.content((body["messages"] as? [Any])?.last)
      return .text(#"{"data": [{"index": 0, "data": [\#(text.utf8.count)]}]}"#)
    }
    let model = try await model(server, "api=vllm-pooling")
    #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [])
  }

  @Test func messagesHoldTheWholeConversationAndTheResponse() async throws {
    let server = try server { _, _ in .text(#"{"data": [{"index": 0, "data": [0.5]}]}"#) }
    let slate = Slate(
      id: "x", prompt: Prompt([Message(.system, "S"), Message(.user, "U")]),
      responses: [Response("R", after: [Message(.assistant, "A"), Message(.user, "V")])])
    _ = try await model(server, "api=vllm-pooling&body.priority=1").judge([slate])
    let request = try #require(server.calls.first)
    let body = try #require(try JSONSerialization.jsonObject(with: request.body) as? [String: Any])
    let messages = try #require(body["messages"] as? [[String: String]])
    #expect(messages.map { $0["role"] } == ["system", "user", "assistant", "user", "assistant"])
    #expect(messages.last?["content"] == "R")
    #expect(body["model"] as? String == "rm")
    #expect(body["priority"] as? Int == 1)
  }

  @Test(arguments: [
    ("[1, 2, 6]", "take=last", 6.0), ("[1, 2, 6]", "take=mean", 3.0), ("[[1], [2], [6]]", "take=min", 1.0),
    ("[[1, 9], [2, 8]]", "take=last&label=1", 8.0), ("[1, 2, 6]", "label=0", 1.0),
    ("0.25", "take=last", 0.25),
  ])
  func severalNumbersNeedARule(_ data: String, _ rule: String, _ reward: Double) async throws {
    let server = try server { _, _ in .text(#"{"data": [{"index": 0, "data": \#(data)}]}"#) }
    let slate = Slate(id: "x", prompt: Prompt("?"), responses: [Response("a")])
    #expect(try await model(server, "api=vllm-pooling&\(rule)").judge([slate])[0].rewards == [reward])
    guard data.hasPrefix("[") else { return }
    let bare = try await model(server, "api=vllm-pooling").judge([slate])[0]
    #expect(bare.absences[0]?.kind == .invalid)
    #expect(bare.absences[0]?.reason.contains("say which") == true)
  }

  @Test func probabilitiesOfTwoClassesAreLogOdds() async throws {
    let server = try server { _, _ in
      .text(#"{"data": [{"index": 0, "probs": [0.2, 0.8], "label": "good"}]}"#)
    }
    let slate = Slate(id: "x", prompt: Prompt("?"), responses: [Response("a")])
    let second = try #require(try await model(server, "api=vllm-classify").judge([slate])[0].rewards?[0])
    #expect(abs(second - 1.3862943611198906) < 1e-12)
    let first = try #require(
      try await model(server, "api=vllm-classify&label=0").judge([slate])[0].rewards?[0])
    #expect(abs(first + 1.3862943611198906) < 1e-12)
  }

  @Test func labelsOfTEIAreFoundByName() async throws {
    let server = try server { _, _ in
      .text(#"[[{"score": 3, "label": "good"}, {"score": 1, "label": "bad"}]]"#)
    }
    let slate = Slate(id: "x", prompt: Prompt("?"), responses: [Response("a")])
    #expect(try await model(server, "api=tei-predict&label=good").judge([slate])[0].rewards == [2])
    #expect(try await model(server, "api=tei-predict&label=bad").judge([slate])[0].rewards == [-2])
    let wrong = try await model(server, "api=tei-predict&label=ugly").judge([slate])[0]
    #expect(wrong.absences[0]?.reason.contains("bad, good") == true)
  }

  @Test(arguments: [
    ("tei-embed", #"[[2, 1], [1, 1]]"#),
    (
      "openai-embeddings",
      #"{"data": [{"index": 1, "embedding": [1, 1]}, {"index": 0, "embedding": [2, 1]}]}"#
    ),
  ])
  func embeddingsAreComparedByTheSkewForm(_ api: String, _ answer: String) async throws {
    let server = try server { _, _ in .text(answer) }
    let model = try await model(server, "api=\(api)&scales=3")
    let slate = Slate(id: "x", prompt: Prompt("?"), responses: [Response("a"), Response("b")])
    // 3 · (2·1 − 1·1)
    #expect(try await model.judge([slate])[0].margin(0, 1) == 3)
    #expect(model.card.kind == .embedding)
  }

  @Test func anEmbeddingOfOddLengthIsInvalid() async throws {
    let server = try server { _, _ in .text(#"[[1, 2, 3], [1, 2, 3]]"#) }
    let slate = Slate(id: "x", prompt: Prompt("?"), responses: [Response("a"), Response("b")])
    #expect(try await model(server, "api=tei-embed").judge([slate])[0].absence(0, 1)?.kind == .invalid)
  }

  @Test func aResponseThatIsTooLongIsAnAbstentionOfItsOwn() async throws {
    let server = try server { _, body in
      let texts = body["text_2"] as? [String] ?? []
      if texts.contains(where: { $0.count > 100 }) {
        return .text(#"{"error": {"message": "This model's maximum context length is 100 tokens."}}"#, 400)
      }
      return .text(
        "{\"data\": [" + texts.indices.map { "{\"index\": \($0), \"score\": 1}" }.joined(separator: ",")
          + "]}")
    }
    let slate = Slate(
      id: "x", prompt: Prompt("?"),
      responses: [Response("fine"), Response(String(repeating: "long ", count: 50)), Response("fine too")])
    let answer = try await model(server, "api=vllm-score").judge([slate])[0]
    let long = try slate.place("long")
    #expect(answer.absences[long]?.kind == .abstention)
    #expect(answer.absences[long]?.reason.contains("maximum context length") == true)
    #expect(answer.rewards?.count { $0 == 1 } == 2)
  }

  @Test func cutsAreToldForEachItemAndResponse() async throws {
    let server = try server { path, body in
      if path == "/tokenize" {
        let messages = body["messages"] as? [Any] ?? []
        return .text(#"{"count": \#(Self.content(messages.last).count / 2), "max_model_len": 100}"#)
      }
      return body["truncate_prompt_tokens"] as? Int == 100
        ? .text(#"{"data": [{"index": 0, "data": [1]}]}"#) : .status(400)
    }
    let meter = CallMeter()
    let slates = [
      Slate(
        id: "q1", prompt: Prompt("?"),
        responses: [Response("short"), Response(String(repeating: "x", count: 500))]),
      // 150 bytes might be more than 100 tokens, and are not.
      Slate(
        id: "q2", prompt: Prompt("?"),
        responses: [Response("short"), Response(String(repeating: "y", count: 150))]),
    ]
    let answers = try await model(server, "api=vllm-pooling&truncate=left", meter: meter).judge(slates)
    #expect(answers.allSatisfy { $0.rewards == [1, 1] })
    let notices = meter.notices
    #expect(notices.count == 1)
    #expect(notices.first?.item == "q1")
    #expect(notices.first?.response == (try slates[0].place("xxx")))
    #expect(notices.first?.text == "250 tokens, of which the model read 100")
  }

  @Test func withoutATokenizerACutIsToldInBytes() async throws {
    let server = try server { path, _ in
      path == "/tokenize" ? .status(404) : .text(#"{"data": [{"index": 0, "data": [1]}]}"#)
    }
    let meter = CallMeter()
    let slate = Slate(id: "q", prompt: Prompt("?"), responses: [Response(String(repeating: "x", count: 500))])
    #expect(
      try await model(server, "api=vllm-pooling&truncate=right", meter: meter).judge([slate])[0].rewards == [
        1
      ])
    #expect(meter.notices.first?.text.contains("bytes") == true)
  }

  @Test func keptRewardsAreNotAskedForAgainInWhateverBatches() async throws {
    let server = try server { _, body in
      let text = Self.content((body["messages"] as? [Any])?.last)
      return .text(#"{"data": [{"index": 0, "data": [\#(text.utf8.count)]}]}"#)
    }
    let shelf = MemoryShelf()
    let slates = (0..<10).map { pair($0) }
    let first = try await model(server, "api=vllm-pooling", shelf: shelf.shelf()).judge(slates)
    #expect(server.calls.count == 20)
    let again = try await model(server, "api=vllm-pooling", shelf: shelf.shelf()).judge(
      Array(slates.suffix(3)))
    #expect(again == Array(first.suffix(3)))
    #expect(server.calls.count == 20)
    let offline = try await model(server, "api=vllm-pooling", shelf: shelf.shelf(isOffline: true)).judge(
      slates)
    #expect(offline == first)
  }

  @Test func whatIsServedDecidesWhoItIs() async throws {
    let answer: @Sendable (String, [String: Any]) -> ScriptedReply = { _, _ in .status(500) }
    let server = try server(answer)
    let one = try await model(server, "api=vllm-pooling").card
    #expect(one.revision.contains("\"max_model_len\":100"))
    #expect(!one.revision.contains("created"))
    let other = try await model(server, "api=vllm-pooling&take=last").card
    #expect(one.fingerprint != other.fingerprint)
    let tei = try await model(server, "api=tei-predict").card
    #expect(tei.revision.contains("abc") && !tei.revision.contains("max_concurrent"))
  }

  @Test func mistakesAreToldBeforeAnythingIsAsked() async throws {
    let server = try server(models: #"{"data": [{"id": "a"}, {"id": "b"}]}"#) { _, _ in .status(500) }
    for (settings, word) in [
      ("", "api"), ("api=vllm", "vllm-pooling"), ("api=vllm-pooling", "model"),
      ("api=sglang-classify", "template"), ("api=vllm-score&format=chat", "one of pair"),
      ("api=tei-predict&truncate=yes", "left or right"), ("api=vllm-pooling&take=best", "last"),
      ("api=vllm-pooling&scales=x", "numbers"), ("api=vllm-pooling&modle=a", "Did you mean 'model'"),
    ] {
      let error = await #expect(throws: (any Error).self) { try await model(server, settings) }
      #expect("\(String(describing: error))".contains(word), "\(settings): \(String(describing: error))")
    }
    #expect(server.calls.isEmpty)
  }
}
