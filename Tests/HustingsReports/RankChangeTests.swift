import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import HustingsReports
import Testing

@Suite struct RankChangeTests {
  private func answers(_ trials: [Trial]) -> [String: Tournament] {
    Dictionary(uniqueKeysWithValues: trials.map { ($0.key.item, $0.tournament) })
  }

  private func card(_ name: String, _ version: String = "1") -> ModelCard {
    ModelCard(name: name, kind: .reward, revision: version, fingerprint: SHA256.digest(name + version))
  }

  private func part(_ trials: [Trial], _ standings: [(String, Double)]) -> Baseline.Part {
    Baseline.Part(
      name: "made", version: Made().card.version, identity: SHA256.digest("then"), run: SHA256.digest("run"),
      seed: 0,
      itemCount: trials.count, answers: answers(trials),
      standings: standings.map {
        Baseline.Standing(model: $0.0, fingerprint: card($0.0).fingerprint, value: $0.1)
      })
  }

  private func standing(_ name: String, _ value: Double, _ version: String = "1") -> RankChange.Standing {
    RankChange.Standing(card: card(name, version), value: value, ranks: 1...3)
  }

  /// 100 items then; 20 of them are gone now and 40 are new. The model was right on the first 60 and is right on the first 90
  /// of those that stayed, and on none of the new.
  private func change(version: String) throws -> RankChange {
    let then = Made.entry("mine", count: 100) { $0 < 60 }.trials
    let now = Made.entry("mine", count: 140) { $0 < 90 }.trials.filter { (Int($0.key.item) ?? 0) >= 20 }
    return try #require(
      RankChange(
        of: card("mine", version), since: part(then, [("other", 0.7), ("mine", 0.6), ("gone", 0.2)]), Made(),
        version: Made().card.version, keys: now.map(\.key), trials: now,
        board: [standing("new", 0.9), standing("mine", 70.0 / 120, version), standing("other", 0.5)]))
  }

  @Test func everyStepReplacesOneThing() throws {
    let change = try change(version: "2")
    let steps = change.steps
    #expect(steps.map(\.place) == [2, 2, 1, 2, 1, 2])
    // Then 60 of 100; of the 80 that stayed 40, then 70 in the new version; 70 of all 120.
    let values = [0.6, 0.5, 0.875, 70.0 / 120, 70.0 / 120, 70.0 / 120]
    for (step, value) in zip(steps, values) { #expect(abs(step.value - value) < 1e-12, "\(step)") }
    #expect(change.places == 0)
    #expect(steps[1].note.contains("20 items are gone"))
    #expect(steps[3].note.contains("40 items are new"))
    #expect(steps[5].note == "1 came, 1 went")
    let versions = try #require(change.versions)
    #expect(abs(versions.difference.value - 0.375) < 1e-12)
  }

  @Test func theSameFingerprintIsNoOtherVersion() throws {
    #expect(try change(version: "1").versions == nil)
  }

  @Test func theTableSaysWhatNoiseAllows() throws {
    let text = try change(version: "2").table(unit: .share).rendered(as: .table)
    #expect(text.contains("place 2 then, 2 now"))
    #expect(text.contains("Noise allows the places 1 to 3 now."))
  }

  @Test func aModelThatWasNotOnTheBoardHasNoChange() {
    let trials = Made.entry("mine", count: 4) { _ in true }.trials
    let change = RankChange(
      of: card("mine"), since: part(trials, [("other", 0.5)]), Made(), version: "x", keys: trials.map(\.key),
      trials: trials, board: [standing("mine", 1)])
    #expect(change == nil)
  }
}
