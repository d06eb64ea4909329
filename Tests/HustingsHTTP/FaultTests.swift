import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

/// Servers that misbehave, and what the client says about each.
@Suite struct FaultTests {
  @Test func aConnectionResetBeforeTheAnswerIsBroken() async throws {
    let server = try ScriptedServer { _ in .dropped }
    let failure = await Local.failure { try await Local.client().send(Local.post(server)) }
    guard case .broken = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func anAnswerCutShortIsBroken() async throws {
    let body = Data(repeating: 7, count: 10_000)
    let server = try ScriptedServer { request in
      request.target == "/reset"
        ? .cut(body, after: 4_000)
        : ScriptedReply([.send(ScriptedReply.head(200, length: 10_000) + body.prefix(4_000)), .close])
    }
    for path in ["/reset", "/closed"] {
      let failure = await Local.failure { try await Local.client().send(Local.get(server, path)) }
      guard case .broken(let address, _) = failure else {
        Issue.record("\(path): \(String(describing: failure))")
        continue
      }
      #expect(address.path == path)
    }
  }

  @Test func aChunkedAnswerWithoutItsLastChunkIsBroken() async throws {
    let server = try ScriptedServer { _ in
      ScriptedReply([
        .send(ScriptedReply.head(200, [("Transfer-Encoding", "chunked")], length: nil)),
        .send(Data("5\r\nhello\r\n".utf8)), .close,
      ])
    }
    let failure = await Local.failure { try await Local.client().send(Local.get(server)) }
    guard case .broken = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func anAnswerThatIsNotHTTPIsAFailure() async throws {
    let server = try ScriptedServer { _ in ScriptedReply([.send(Data("SSH-2.0-x\r\n".utf8)), .close]) }
    let failure = await Local.failure { try await Local.client().send(Local.get(server)) }
    #expect(failure != nil)
  }

  @Test func aClosedPortIsUnreachable() async throws {
    let port = try ClosedPort()
    let address = try Address(port.address)
    let failure = await Local.failure { try await Local.client().send(HTTPRequest(.get, address)) }
    #expect(failure == .unreachable(address, detail: "connection refused"))
    #expect(
      failure?.description
        == "Cannot connect to \(port.address)/ (connection refused). "
        + "Check that the server runs and listens on that port.")
  }

  @Test func aNameThatDoesNotResolveIsSaidSo() async throws {
    // RFC 6761 reserves .invalid: no resolver may answer for it.
    let address = try Address("http://nobody.invalid/")
    let failure = await Local.failure { try await Local.client().send(HTTPRequest(.get, address)) }
    #expect(failure == .unknownHost(address))
    let lost = HTTPClient(ClientSettings(proxy: .server("http://nobody.invalid:3128")))
    let viaProxy = await Local.failure {
      try await lost.send(HTTPRequest(.get, Address("http://127.0.0.1:9/")))
    }
    #expect(viaProxy == .unknownProxy(try Address("http://127.0.0.1:9/")))
  }

  @Test func aSilentServerMeetsTheTotalLimit() async throws {
    let server = try ScriptedServer { _ in .silent }
    let limit = Duration.milliseconds(150)
    let client = Local.client(timeouts: Timeouts(total: limit))
    let failure = await Local.failure { try await client.send(Local.get(server)) }
    #expect(failure == .totalTimeout(try Address(server.address), limit: limit))
    #expect(failure?.description.contains("did not finish within 150 ms") == true)
  }

  @Test func aServerThatFallsSilentMeetsTheIdleLimit() async throws {
    let server = try ScriptedServer { _ in
      ScriptedReply([
        .send(ScriptedReply.head(200, length: 100) + Data(count: 10)), .pause(milliseconds: 600_000),
      ])
    }
    let client = Local.client(timeouts: Timeouts(idle: .seconds(1), total: nil))
    let failure = await Local.failure { try await client.send(Local.get(server)) }
    #expect(failure == .idleTimeout(try Address(server.address), limit: .seconds(1)))
  }

  @Test func aTLSHandshakeThatNeverEndsMeetsTheConnectLimit() async throws {
    // The server speaks no TLS: it waits for a request line while the client waits for its hello.
    let server = try ScriptedServer { _ in .silent }
    let address = try Address("https://127.0.0.1:\(server.port)/")
    let client = Local.client(timeouts: Timeouts(connect: .milliseconds(150), total: nil))
    let failure = await Local.failure { try await client.send(HTTPRequest(.get, address)) }
    #expect(failure == .connectTimeout(address, limit: .milliseconds(150)))
  }

  @Test func aRequestMayOverrideTheClientsLimits() async throws {
    let server = try ScriptedServer { _ in .silent }
    var request = try Local.get(server)
    request.timeouts = Timeouts(total: .milliseconds(100))
    let failure = await Local.failure { [request] in try await Local.client().send(request) }
    #expect(failure == .totalTimeout(request.address, limit: .milliseconds(100)))
  }

  @Test func aServerThatClosesAKeptConnectionCostsNothing() async throws {
    // Every answer is followed by a close without warning; the next request must find a way.
    let server = try ScriptedServer { _ in ScriptedReply(ScriptedReply.text("{}").steps + [.close]) }
    let client = Local.client()
    for _ in 0..<10 { #expect(try await client.send(Local.post(server)).status == 200) }
  }

  @Test func aShutDownClientRefusesAndEndsWhatIsOnItsWay() async throws {
    let gate = Gate()
    let server = try ScriptedServer { _ in ScriptedReply([.pass(gate)]) }
    defer { gate.open() }
    let client = Local.client()
    let waiting = Task { await Local.failure { try await client.send(Local.get(server)) } }
    while gate.arrivals == 0 { await Task.yield() }
    client.shutDown()
    #expect(await waiting.value == .closed)
    #expect(await Local.failure { try await client.send(Local.get(server)) } == .closed)
  }
}
