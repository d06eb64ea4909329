import EncoderPlugins
import Foundation
import Hustings
import HustingsFixtures
import Testing

@Suite struct EmbeddingServerTests {
  private let context = EncoderContext(seed: 1, environment: ["no_proxy": "*"])

  /// Gives each text its length and its number in the request, in reversed order.
  private func server(width: Int = 2) throws -> ScriptedServer {
    try ScriptedServer { request in
      guard request.method == "POST" else { return .text(#"{"data": [{"id": "e"}]}"#) }
      let body = (try? JSONSerialization.jsonObject(with: request.body) as? [String: Any]) ?? [:]
      let texts = body["input"] as? [String] ?? []
      let rows = texts.enumerated().reversed().map { index, text in
        let vector = [Int](repeating: text.count, count: width)
        return #"{"index": \#(index), "embedding": \#(vector)}"#
      }
      return .text("{\"data\": [\(rows.joined(separator: ","))]}")
    }
  }

  private func encoder(_ server: ScriptedServer, _ more: String = "") async throws -> any Encoder {
    try await Encoders.fit(
      "openai-embeddings:e?base-url=\(server.address)/v1&width=2\(more)", on: [], context: context)
  }

  private let passages = ["one", "three", "one", "seventeen"].map { Passage(Prompt("ask"), Response($0)) }

  @Test func rowsComeInTheOrderOfThePassagesAndEqualTextsAreAskedOnce() async throws {
    let server = try server()
    let rows = try await encoder(server).encode(passages)
    #expect(rows.dense == [3, 3, 5, 5, 3, 3, 9, 9])
    let calls = server.requests.filter { $0.method == "POST" }
    #expect(calls.count == 1)
    #expect(calls[0].target == "/v1/embeddings")
    let body = try #require(try JSONSerialization.jsonObject(with: calls[0].body) as? [String: Any])
    #expect(body["input"] as? [String] == ["one", "three", "seventeen"])
  }

  @Test func theKeyMayBeThePassageAndBatchesChangeNothing() async throws {
    let server = try server()
    let whole = try await encoder(server, "&key=passage").encode(passages)
    let parts = try await encoder(server, "&key=passage&batch=1").encode(passages)
    #expect(whole == parts)
    // "ask", a blank line and "one".
    #expect(whole.dense[0] == 8)
  }

  @Test func aStateMakesTheSameEncoderAgain() async throws {
    let server = try server()
    let encoder = try await encoder(server, "&concurrency=2")
    let again = try Encoders.restore(encoder.state, context: context)
    #expect(again.card == encoder.card)
    #expect(try await again.encode(passages) == (try await encoder.encode(passages)))
    let other = try await self.encoder(server, "&key=passage")
    #expect(other.card.fingerprint != encoder.card.fingerprint)
  }

  @Test func anotherWidthAndAFailureAreToldWithTheirReason() async throws {
    let other = try server(width: 3)
    let wide = try await encoder(other)
    let error = await #expect(throws: EncoderError.self) { try await wide.encode(passages) }
    #expect("\(String(describing: error))".contains("3"))
    #expect(other.requests.count == 2)
    let broken = try ScriptedServer { request in
      request.method == "GET" ? .text("{}") : .text(#"{"error": "out of memory"}"#, 400)
    }
    let failing = try await encoder(broken)
    let failure = await #expect(throws: EncoderError.self) { try await failing.encode(passages) }
    #expect("\(String(describing: failure))".contains("out of memory"))
  }

  @Test func theWidthHasToBeNamed() async throws {
    let error = await #expect(throws: (any Error).self) {
      try await Encoders.fit("openai-embeddings:e?base-url=http://127.0.0.1:1", on: [], context: context)
    }
    #expect("\(String(describing: error))".contains("width"))
  }
}
