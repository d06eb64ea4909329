import Foundation
import Hustings
import HustingsFixtures
import Testing

@testable import JudgePlugins

@Suite struct PanelTests {
  /// A model that gives each response what a rule says of its text.
  private struct Ruled: RewardModel {
    let card: ModelCard
    let rule: @Sendable (String) -> Double?

    init(_ name: String, _ rule: @escaping @Sendable (String) -> Double?) {
      card = ModelCard(name: name, kind: .reward, revision: "1", fingerprint: SHA256.digest(name))
      self.rule = rule
    }

    func rewards(for slates: [Slate]) async throws -> [[Double?]] {
      slates.map { $0.responses.map { rule($0.text) } }
    }
  }

  private static let members: [String: Ruled] = [
    "long": Ruled("long") { Double($0.count) }, "also-long": Ruled("also-long") { Double(2 * $0.count) },
    "short": Ruled("short") { -Double($0.count) }, "silent": Ruled("silent") { _ in nil },
  ]

  private func panel(_ json: String) async throws -> any PreferenceModel {
    let scratch = try Scratch()
    let file = try scratch.write("panel.json", json)
    let specification = try #require(ModelSpecification("panel:\(file)"))
    let context = ModelContext(
      seed: 0, models: { name in Self.members[name].map { [$0] } ?? [] }, path: { $0 })
    return try await PanelFile.plugin.make(specification, context)[0]
  }

  private func margin(_ panel: any PreferenceModel) async throws -> Double? {
    let slate = pair()
    return try await panel.judge([slate])[0].margin(try slate.place("quite"), try slate.place("short"))
  }

  @Test func theMajorityDecidesAndThoseWhoAbstainHaveNoVoice() async throws {
    let panel = try await panel(#"{"models": ["long", "also-long", "short", "silent"], "name": "four"}"#)
    #expect(panel.card.name == "four")
    #expect(try await margin(panel) == 1)
    let even = try await self.panel(#"{"models": ["long", "short", "silent"]}"#)
    #expect(try await margin(even) == 0)
    let silent = try await self.panel(#"{"models": ["silent", "silent"]}"#)
    #expect(try await margin(silent) == nil)
  }

  @Test func theAverageIsOfProbabilities() async throws {
    let panel = try await panel(#"{"pool": "average", "models": ["long", "short"]}"#)
    // σ(d) and σ(−d) average to one half.
    #expect(abs(try #require(try await margin(panel))) < 1e-12)
  }

  @Test func theOrderOfTheMembersDoesNotMatterToWhoItIs() async throws {
    let one = try await panel(#"{"models": ["long", "short"]}"#)
    let other = try await panel(#"{"models": ["short", "long"], "name": "x"}"#)
    #expect(one.card.fingerprint == other.card.fingerprint)
    let average = try await panel(#"{"models": ["short", "long"], "pool": "average"}"#)
    #expect(one.card.fingerprint != average.card.fingerprint)
  }

  @Test(arguments: [
    (#"{"models": ["long"]}"#, "two or more"),
    (#"{"models": ["long", "short"], "pool": "best"}"#, "majority"),
    (#"{"members": []}"#, "members"),
  ])
  func whatIsNoPanelIsRefused(_ json: String, _ word: String) async throws {
    let error = await #expect(throws: (any Error).self) { try await panel(json) }
    #expect("\(String(describing: error))".contains(word))
  }
}
