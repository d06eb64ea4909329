import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

@Suite struct TrustTests {
  @Test(.enabled(if: TLSServer.isAvailable, Comment(rawValue: TLSServer.reason)))
  func aCertificateNobodyKnowsIsRefused() async throws {
    let server = try await TLSServer.start(names: "DNS:localhost,IP:127.0.0.1")
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
    let server = try await TLSServer.start(names: "DNS:localhost,IP:127.0.0.1")
    defer { server.stop() }
    let client = HTTPClient(
      ClientSettings(proxy: .direct, trust: Trust(environment: ["SSL_CERT_FILE": server.certificate])))
    let answer = try await client.send(HTTPRequest(.get, Address("https://127.0.0.1:\(server.port)/")))
    #expect(answer.status == 200)
  }

  @Test(.enabled(if: TLSServer.isAvailable, Comment(rawValue: TLSServer.reason)))
  func aCertificateForAnotherNameIsRefused() async throws {
    let server = try await TLSServer.start(names: "DNS:judge.example")
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
