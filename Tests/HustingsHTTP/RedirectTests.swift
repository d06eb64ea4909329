import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

@Suite struct RedirectTests {
  private func secret() throws -> Secret { try Secret(value: "sk-do-not-forward-me", source: "TEST_KEY") }

  private func redirect(_ status: Int, _ target: String) -> ScriptedReply {
    .status(status, [("Location", target)], Data("moved".utf8))
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func aFetchFollowsEveryKindOfRedirect(_ status: Int)
    async throws
  {
    let server = try ScriptedServer {
      $0.target == "/old" ? .status(status, [("Location", "new?page=2")], Data("moved".utf8)) : .text("here")
    }
    let answer = try await Local.client().send(Local.get(server, "/old"))
    #expect(String(decoding: answer.body, as: UTF8.self) == "here")
    #expect(answer.address.text == server.address + "/new?page=2")
    #expect(server.requests.map(\.target) == ["/old", "/new?page=2"])
  }

  @Test func aPostKeepsItsBodyOnlyWhereTheStandardSaysSo() async throws {
    let server = try ScriptedServer { request in
      guard let status = Int(request.target.dropFirst()) else { return .text("{}") }
      return .status(status, [("Location", "/done")])
    }
    for status in [301, 302, 303, 307, 308] {
      _ = try await Local.client().send(Local.post(server, "/\(status)", "body"))
      let last = try #require(server.requests.last)
      // RFC 9110, section 15.4.
      #expect(last.method == (status >= 307 ? "POST" : "GET"))
      #expect(last.body == Data((status >= 307 ? "body" : "").utf8))
      #expect((last.header("Content-Type") != nil) == (status >= 307))
    }
  }

  @Test func noSecretFollowsToAnotherHost() async throws {
    let elsewhere = try ScriptedServer { _ in .text("{}") }
    let target = elsewhere.address.replacingOccurrences(of: "127.0.0.1", with: "localhost")
    let server = try ScriptedServer { _ in .status(302, [("Location", target + "/file")]) }
    var request = try Local.get(server)
    request.credentials = [
      .bearer(try secret()), .header("X-Custom-Secret", try secret()),
    ]
    request.headers = ["Cookie": "a=b", "x-api-key": "plain", "X-Harmless": "kept", "Range": "bytes=5-"]
    _ = try await Local.client().send(request)
    let first = try #require(server.requests.first)
    #expect(first.header("Authorization") == "Bearer sk-do-not-forward-me")
    #expect(first.header("X-Custom-Secret") == "sk-do-not-forward-me")
    #expect(first.header("Cookie") == "a=b")
    let second = try #require(elsewhere.requests.first)
    #expect(
      Set(second.fields.map { $0.name.lowercased() })
        == ["host", "user-agent", "accept", "accept-encoding", "x-harmless", "range"])
    #expect(!second.fields.contains { $0.value.contains("forward-me") })
  }

  @Test func anotherPortIsAnotherOrigin() async throws {
    let elsewhere = try ScriptedServer { _ in .text("{}") }
    let server = try ScriptedServer { _ in .status(307, [("Location", elsewhere.address)]) }
    var request = try Local.get(server)
    request.credentials = [.basic(user: "me", password: try secret())]
    _ = try await Local.client().send(request)
    #expect(elsewhere.requests.first?.header("Authorization") == nil)
  }

  @Test func secretsStayWithTheSameOriginAndDoNotComeBackFromADetour() async throws {
    let server = try ScriptedServer { request in
      switch request.target {
      case "/a": .status(302, [("Location", "/b")])
      case "/b": .status(302, [("Location", "http://localhost:\(request.header("X-Port") ?? "")/c")])
      case "/c": .status(302, [("Location", "http://127.0.0.1:\(request.header("X-Port") ?? "")/d")])
      default: .text("{}")
      }
    }
    var request = try Local.get(server, "/a")
    request.headers = ["X-Port": "\(server.port)"]
    request.credentials = [.bearer(try secret())]
    _ = try await Local.client().send(request)
    #expect(server.requests.map(\.target) == ["/a", "/b", "/c", "/d"])
    #expect(server.requests.map { $0.header("Authorization") != nil } == [true, true, false, false])
  }

  @Test func aBodyIsNotSentOnToAnotherHost() async throws {
    let elsewhere = try ScriptedServer { _ in .text("{}") }
    let server = try ScriptedServer { _ in .status(308, [("Location", elsewhere.address + "/v1?k=1")]) }
    let failure = await Local.failure { try await Local.client().send(Local.post(server)) }
    #expect(
      failure
        == .redirectRefused(
          from: try Address(server.address), to: elsewhere.address + "/v1", .carriesBody))
    #expect(elsewhere.requests.isEmpty)
  }

  @Test func aRedirectLoopEnds() async throws {
    let server = try ScriptedServer { _ in .status(302, [("Location", "/again")]) }
    let client = Local.client(maximumRedirects: 3)
    let failure = await Local.failure { try await client.send(Local.get(server)) }
    #expect(failure == .tooManyRedirects(try Address(server.address + "/again"), limit: 3))
    #expect(server.requests.count == 4)
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.1/", "http://"])
  func aRedirectToSomethingElseIsRefused(_ target: String) async throws {
    let server = try ScriptedServer { _ in .status(302, [("Location", target)]) }
    let failure = await Local.failure { try await Local.client().send(Local.get(server)) }
    guard case .redirectRefused(_, let shown, .unreadable) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(!shown.contains("word@"))
  }

  @Test func aRedirectWithoutATargetIsTheAnswer() async throws {
    let server = try ScriptedServer { _ in .status(302) }
    #expect(try await Local.client().send(Local.get(server)).status == 302)
  }
}
