import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

@Suite struct TrustTests {
  @Test(.enabled(if: TLSServer.isAvailable, Comment(rawValue: TLSServer.reason)))
  func aCertificateNobodyKnowsIsRefused() async throws {
    let server = try TLSServer.start(names: "DNS:localhost,IP:127.0.0.1")
    defer { server.stop() }
    let address = try Address("https://127.0.0.1:\(server.port)/")
    let failure = await Local.failure { try await Local.client().send(HTTPRequest(.get, address)) }
    guard case .untrusted(address, _) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(failure?.description.contains("CURL_CA_BUNDLE or SSL_CERT_FILE") == true)
  }

  @Test(.enabled(if: TLSServer.isAvailable, Comment(rawValue: TLSServer.reason)))
  func anAuthorityOfOnesOwnIsBelieved() async throws {
    let server = try TLSServer.start(names: "DNS:localhost,IP:127.0.0.1")
    defer { server.stop() }
    let client = HTTPClient(
      ClientSettings(proxy: .direct, trust: Trust(environment: ["SSL_CERT_FILE": server.certificate])))
    let answer = try await client.send(HTTPRequest(.get, Address("https://127.0.0.1:\(server.port)/")))
    #expect(answer.status == 200)
  }

  @Test(.enabled(if: TLSServer.isAvailable, Comment(rawValue: TLSServer.reason)))
  func aCertificateForAnotherNameIsRefused() async throws {
    let server = try TLSServer.start(names: "DNS:judge.example")
    defer { server.stop() }
    let client = HTTPClient(
      ClientSettings(proxy: .direct, trust: Trust(environment: ["CURL_CA_BUNDLE": server.certificate])))
    let address = try Address("https://127.0.0.1:\(server.port)/")
    let failure = await Local.failure { try await client.send(HTTPRequest(.get, address)) }
    guard case .untrusted = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test(.enabled(if: TLSServer.speaksHTTP2, Comment(rawValue: TLSServer.http2Reason)))
  func aServerThatSpeaksHTTP2IsSpokenToInHTTP2() async throws {
    let server = try await TLSServer.startHTTP2(files: ["a": "first", "b": "second"])
    defer { server.stop() }
    let client = HTTPClient(ClientSettings(proxy: .direct, trust: Trust(bundle: server.certificate)))
    let base = try Address("https://127.0.0.1:\(server.port)")
    let bodies = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for index in 0..<200 {
        group.addTask {
          let request = HTTPRequest(.get, try base.appending(index % 2 == 0 ? "a" : "b"))
          let answer = try await client.send(request)
          #expect(answer.version == .http2)
          #expect(answer.headers["Content-Length"] == "\(answer.body.count)")
          return (index, String(decoding: answer.body, as: UTF8.self))
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(bodies.count == 200)
    #expect(bodies.allSatisfy { $0.value == ($0.key % 2 == 0 ? "first" : "second") })
    #expect(try await client.send(HTTPRequest(.get, base.appending("missing"))).status == 404)
  }

  @Test func aMissingBundleIsNamed() async throws {
    let client = HTTPClient(ClientSettings(proxy: .direct, trust: Trust(bundle: "/nowhere/authorities.pem")))
    let server = try ScriptedServer { _ in .silent }
    let address = try Address("https://127.0.0.1:\(server.port)/")
    let failure = await Local.failure { try await client.send(HTTPRequest(.get, address)) }
    #expect(failure == .unreadableCertificates("/nowhere/authorities.pem"))
  }

  @Test func theEnvironmentIsReadInTheOrderCurlUses() {
    #expect(Trust(environment: [:]) == .system)
    #expect(Trust(environment: ["CURL_CA_BUNDLE": ""]) == .system)
    #expect(
      Trust(environment: ["SSL_CERT_FILE": "a", "SSL_CERT_DIR": "b"]) == Trust(bundle: "a", folder: "b"))
    #expect(Trust(environment: ["CURL_CA_BUNDLE": "c", "SSL_CERT_FILE": "a"]) == Trust(bundle: "c"))
  }
}
