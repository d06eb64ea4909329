import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

/// Clients and requests for servers on this machine: the proxies of the environment are left out.
enum Local {
  /// Ample time: while other tests wait for processes, a machine with two cores may let this one wait for minutes.
  static func client(
    timeouts: Timeouts = Timeouts(total: .seconds(1_200)), maximumBody: Int = 1 << 20,
    maximumRedirects: Int = 5
  ) -> HTTPClient {
    HTTPClient(
      ClientSettings(
        timeouts: timeouts, maximumBody: maximumBody, maximumRedirects: maximumRedirects, proxy: .direct))
  }

  static func post(_ server: ScriptedServer, _ path: String = "/", _ text: String = "{}") throws
    -> HTTPRequest
  {
    HTTPRequest(
      .post, try Address(server.address + path), headers: ["Content-Type": "application/json"],
      body: Data(text.utf8))
  }

  static func get(_ server: ScriptedServer, _ path: String = "/") throws -> HTTPRequest {
    HTTPRequest(.get, try Address(server.address + path))
  }

  /// What a throwing piece of work threw; nil when it did not.
  static func failure<Result>(_ work: () async throws -> Result) async -> HTTPFailure? {
    do {
      _ = try await work()
      return nil
    } catch {
      return error as? HTTPFailure
    }
  }
}

@Suite struct ClientTests {
  @Test func postedBytesArriveAndTheAnswerComesBackUnchanged() async throws {
    let server = try ScriptedServer {
      .text("<\($0.body.count)> 你好\u{2028}{", type: "text/plain; charset=utf-8")
    }
    let body = String(repeating: "é", count: 5_000)
    let answer = try await Local.client().send(Local.post(server, "/v1/chat?x=1", body))
    #expect(answer.status == 200)
    #expect(answer.isSuccess)
    #expect(String(decoding: answer.body, as: UTF8.self) == "<10000> 你好\u{2028}{")
    #expect(answer.mediaType == "text/plain")
    #expect(answer.version == .http1)
    let seen = try #require(server.requests.first)
    #expect(seen.method == "POST")
    #expect(seen.target == "/v1/chat?x=1")
    #expect(seen.body == Data(body.utf8))
    #expect(seen.header("content-type") == "application/json")
    #expect(seen.header("Expect") == nil)
    #expect(seen.header("User-Agent") == "hustings")
  }

  @Test func anEmptyPostSendsALengthOfZero() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    let request = HTTPRequest(.post, try Address(server.address))
    #expect(try await Local.client().send(request).status == 200)
    #expect(server.requests.first?.header("Content-Length") == "0")
  }

  @Test func headBringsFieldsWithoutABody() async throws {
    let server = try ScriptedServer { _ in
      ScriptedReply([.send(ScriptedReply.head(200, [("ETag", "\"a\"")], length: 1_000))])
    }
    let answer = try await Local.client().send(HTTPRequest(.head, Address(server.address)))
    #expect(answer.headers["etag"] == "\"a\"")
    #expect(answer.headers["content-length"] == "1000")
    #expect(answer.body.isEmpty)
  }

  @Test func requestsInTurnShareOneConnection() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    let client = Local.client()
    for _ in 0..<20 { _ = try await client.send(Local.post(server)) }
    #expect(server.requests.count == 20)
    // One, and another where a busy machine let the first stay idle for too long.
    #expect(server.connections <= 2)
  }

  @Test func anyStatusIsAnAnswer() async throws {
    let server = try ScriptedServer { .text("no", type: "text/plain", Int($0.target.dropFirst()) ?? 0) }
    let client = Local.client()
    for status in [201, 404, 429, 500, 529] {
      let answer = try await client.send(Local.get(server, "/\(status)"))
      #expect(answer.status == status)
      #expect(String(decoding: answer.body, as: UTF8.self) == "no")
    }
  }

  @Test func invalidJSONPassesThroughAsItIs() async throws {
    let broken = "{\"choices\": [ \u{FFFD} NaN"
    let server = try ScriptedServer { _ in .text(broken) }
    let answer = try await Local.client().send(Local.post(server))
    #expect(answer.body == Data(broken.utf8))
    try answer.requiring(mediaType: "application/json")
  }

  @Test func anotherMediaTypeIsReportedWithTheBeginningOfTheBody() async throws {
    let server = try ScriptedServer { _ in .text("<html>\n <b>Log in</b>", type: "text/HTML; charset=x") }
    let answer = try await Local.client().send(Local.get(server, "/v1"))
    let address = try Address(server.address + "/v1")
    #expect(
      throws: HTTPFailure.wrongMediaType(
        "text/html", wanted: "application/json", at: address, excerpt: "<html> <b>Log in</b>")
    ) { try answer.requiring(mediaType: "application/json") }
    #expect(throws: Never.self) { try answer.requiring(mediaType: "text/html") }
  }

  @Test func aStatusThatIsNoSuccessSaysWhatTheServerSaid() async throws {
    let server = try ScriptedServer { _ in .text("{\"error\": \"no such model\"}", 404) }
    let answer = try await Local.client().send(Local.get(server, "/v1/x?key=hidden"))
    let failure = await Local.failure { try answer.requiringSuccess() }
    #expect(
      failure?.description
        == "\(server.address)/v1/x answered 404 (not found): \"{\"error\": \"no such model\"}\". "
        + "Check the address and the model's name.")
  }

  @Test func compressedBodiesArriveDecompressed() async throws {
    // printf 'hello hello hello hello' | gzip -n -9 | base64
    let packed = try #require(Data(base64Encoded: "H4sIAAAAAAACA8tIzcnJV8hAJwHjUT2NFwAAAA=="))
    let server = try ScriptedServer { _ in .status(200, [("Content-Encoding", "gzip")], packed) }
    let answer = try await Local.client().send(Local.get(server))
    #expect(String(decoding: answer.body, as: UTF8.self) == "hello hello hello hello")
    #expect(server.requests.first?.header("Accept-Encoding")?.contains("gzip") == true)
  }

  @Test func aBodyThatIsNotCompressedAsItClaimsIsReported() async throws {
    let server = try ScriptedServer { _ in
      .status(200, [("Content-Encoding", "gzip")], Data("plain text, not gzip".utf8))
    }
    let failure = await Local.failure { try await Local.client().send(Local.get(server)) }
    #expect(failure == .unreadableEncoding(try Address(server.address)))
  }

  @Test func aBodyBeyondTheLimitIsRefused() async throws {
    let server = try ScriptedServer { .status(200, [], Data(count: $0.target == "/fits" ? 1_000 : 1_001)) }
    let client = Local.client(maximumBody: 1_000)
    #expect(try await client.send(Local.get(server, "/fits")).body.count == 1_000)
    let failure = await Local.failure { try await client.send(Local.get(server, "/long")) }
    #expect(failure == .tooLarge(try Address(server.address + "/long"), limit: 1_000))
  }

  @Test func endlessHeadersAreRefused() async throws {
    let server = try ScriptedServer { _ in
      .status(200, (0..<40).map { ("X-\($0)", String(repeating: "x", count: 10_000)) })
    }
    let failure = await Local.failure { try await Local.client().send(Local.get(server)) }
    #expect(failure == .headersTooLarge(try Address(server.address), limit: 262_144))
  }

  @Test func interimAnswersLeaveNothingBehind() async throws {
    let server = try ScriptedServer { _ in
      ScriptedReply([
        .send(Data("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".utf8)),
        .send(ScriptedReply.head(200, [("X", "y")], length: 2) + Data("ok".utf8)),
      ])
    }
    let answer = try await Local.client().send(Local.get(server))
    #expect(answer.status == 200)
    #expect(answer.headers.fields.map(\.name) == ["Content-Length", "X"])
  }

  @Test func aHeaderCannotSmuggleASecondLine() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    for (name, value) in [("X", "a\r\nY: b"), ("X\n", "a"), ("X: y", "a"), ("", "a"), ("X", "a\0b")] {
      var request = try Local.get(server)
      request.headers = [name: value]
      let failure = await Local.failure { try await Local.client().send(request) }
      guard case .invalidHeader = failure else {
        Issue.record("\(name)=\(value) gave \(String(describing: failure))")
        continue
      }
    }
    #expect(server.requests.isEmpty)
  }

  @Test func aFieldWithoutValueIsSent() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    var request = try Local.get(server)
    request.headers = ["X-Empty": ""]
    _ = try await Local.client().send(request)
    #expect(server.requests.first?.header("X-Empty") == "")
  }

  @Test func aProxyIsAskedWithTheWholeAddress() async throws {
    let proxy = try ScriptedServer { _ in .text("from the proxy") }
    let client = HTTPClient(ClientSettings(proxy: .server(proxy.address)))
    let answer = try await client.send(HTTPRequest(.get, Address("http://judge.example/v1?a=b")))
    #expect(String(decoding: answer.body, as: UTF8.self) == "from the proxy")
    #expect(proxy.requests.first?.target == "http://judge.example/v1?a=b")
  }
}
