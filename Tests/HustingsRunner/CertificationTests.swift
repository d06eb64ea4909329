import Foundation
import Hustings
import HustingsRunner
import HustingsStore
import Testing

/// A reward model with a chosen flaw.
private struct Flawed: RewardModel {
  enum Flaw { case none, company, order, name, place, crash, short, noise }

  let flaw: Flaw
  var card: ModelCard {
    ModelCard(name: "\(flaw)", kind: .reward, revision: "1", fingerprint: SHA256.digest("\(flaw)"))
  }

  enum Fault: Error { case broken }

  func rewards(for slates: [Slate]) async throws -> [[Double?]] {
    try slates.enumerated().map { number, slate in
      try slate.responses.enumerated().map { place, response in
        var reward = Double(response.digest.words.0 % 1_000) / 1_000
        switch flaw {
        case .company: reward *= slates.count == 1 ? -1 : 1
        case .order: reward *= number % 2 == 0 ? 1 : -1
        case .name: reward *= slate.id.hasPrefix("renamed") ? -1 : 1
        case .place: reward += place == 0 ? 2 : 0
        case .crash: if response.text.isEmpty { throw Fault.broken }
        case .short: return Double(String(response.text.prefix(2_000)).utf8.count)
        case .noise: reward += slates.count == 1 ? 1e-9 * Double(place) : 0
        case .none: break
        }
        return reward
      }
    }
  }
}

@Suite struct CertificationTests {
  private let slates = (0..<12).map { number in
    Slate(
      id: "\(number)", prompt: Prompt("\(number)?"),
      responses: (0..<2 + number % 2).map { Response("answer \($0) to \(number)") })
  }

  private func certificate(_ flaw: Flawed.Flaw) async throws -> Certificate {
    try await Certification(of: Flawed(flaw: flaw), on: slates).certificate()
  }

  private func failed(_ certificate: Certificate) -> [String] {
    certificate.checks.filter { !$0.hasPassed }.map(\.name)
  }

  @Test func aModelOfTheTextsAlonePasses() async throws {
    let certificate = try await certificate(.none)
    #expect(certificate.hasPassed)
    #expect(certificate.noiseFloor == 0)
    #expect(certificate.items == 12)
  }

  @Test(arguments: [
    (Flawed.Flaw.company, "one at a time"), (.order, "in reverse order"), (.name, "under other names"),
    (.place, "responses handed over backwards"), (.crash, "extreme texts"),
  ])
  fileprivate func eachFlawFailsItsCheck(flaw: Flawed.Flaw, check: String) async throws {
    let certificate = try await certificate(flaw)
    #expect(!certificate.hasPassed)
    #expect(failed(certificate).contains(check))
  }

  @Test func numericNoiseIsMeasuredAndNoFailure() async throws {
    let certificate = try await certificate(.noise)
    #expect(certificate.hasPassed)
    #expect(abs(certificate.noiseFloor - 2e-9) < 1e-12 || abs(certificate.noiseFloor - 1e-9) < 1e-12)
  }

  @Test func textsThatGoUnreadAreNoted() async throws {
    let certificate = try await certificate(.short)
    let reach = try #require(certificate.checks.last)
    #expect(reach.note.contains("4000"))
    #expect(!reach.decides)
  }

  @Test func certificatesAreKeptByFingerprint() async throws {
    let store = try Store.inMemory()
    let fingerprint = SHA256.digest("none")
    #expect(try store.certificate(of: fingerprint) == nil)
    let certificate = try await certificate(.none)
    try store.keep(certificate, now: .init(timeIntervalSince1970: 1))
    #expect(try store.certificate(of: fingerprint) == certificate)
    #expect(try store.certificate(of: SHA256.digest("other")) == nil)
  }
}
