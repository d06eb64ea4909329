import Foundation
import Hustings
import HustingsMetrics
import Testing

@Suite struct TransitivityAuditTests {
  /// A slate of three with the given margins of 0 over 1, 1 over 2 and 0 over 2; judged in both orders, which disagree by
  /// twice `noise`.
  private func trial(_ id: String, _ a: Double, _ b: Double, _ c: Double, noise: Double = 0) -> Trial {
    let example = Made.example(id, gold: .ratings([3, 2, 1]), count: 3)
    var judgments: [Matchup: Judgment] = [:]
    for (pair, margin) in [(Matchup(0, 1), a), (Matchup(1, 2), b), (Matchup(0, 2), c)] {
      judgments[pair] = .margin(margin + noise)
      judgments[pair.swapped] = .margin(-margin + noise)
    }
    return Trial(key: example.key, tournament: Tournament(count: 3, ordered: judgments))
  }

  @Test func aCircleIsCountedAndAnOrderIsNot() throws {
    let audit = try #require(
      TransitivityAudit([trial("a", 1, 1, -1), trial("b", 1, 1, 2), trial("c", -1, -1, 1)]))
    #expect(audit.items == 3)
    #expect(audit.triples == 3)
    #expect(audit.cyclic == 2)
    // 1, 1, -1 is all cycle; 1, 1, 2 is none: 3 of the 3 + 6 + 3 squares are explained by no scalar, twice.
    #expect(abs(audit.cyclicity - 6.0 / 12) < 1e-12)
    #expect(audit.noise == 0 && audit.expected == 0)
    #expect(audit.pValue < 0.01)
  }

  @Test func noiseIsWhatTheTwoOrdersDisagreeBy() throws {
    let trials = (0..<20).map { trial("\($0)", 0.01, 0.01, 0.02, noise: 0.5) }
    let audit = try #require(TransitivityAudit(trials, simulations: 300, seed: 1))
    #expect(abs(audit.noise - 0.5) < 1e-12)
    // Margins of hardly anything under heavy noise: a quarter of all triples turn into circles.
    #expect(abs(audit.expected - 5) < 0.6)
    #expect(audit.cyclic == 0 && audit.pValue == 1)
  }

  @Test func theSameSeedGivesTheSameAudit() {
    let trials = (0..<10).map { trial("\($0)", 0.1, -0.2, 0.3, noise: 0.3) }
    #expect(TransitivityAudit(trials, seed: 3) == TransitivityAudit(trials, seed: 3))
    #expect(TransitivityAudit(trials, seed: 3)?.expected != TransitivityAudit(trials, seed: 4)?.expected)
  }

  @Test func rewardsNeverGoRound() throws {
    let trials = (0..<5).map {
      Made.trial("\($0)", gold: .ratings([3, 2, 1]), rewards: [0.3, 0.1 + Double($0), 0.2])
    }
    let audit = try #require(TransitivityAudit(trials))
    #expect(audit.cyclic == 0 && audit.cyclicity == 0 && audit.pValue == 1)
  }

  @Test func pairsHaveNoTriples() {
    #expect(TransitivityAudit([Made.trial(gold: .prefers(0, over: 1), rewards: [1, 0])]) == nil)
  }
}

@Suite struct BestOfCurveTests {
  @Test func pointsAreExactOverAllSubsets() throws {
    // The model prefers the worst response: the best of one is the mean, the best of three the worst.
    let trials = [
      Made.trial("a", gold: .ratings([1, 2, 6]), rewards: [3, 2, 1]),
      Made.trial("b", gold: .ratings([4, 5, 6]), rewards: [1, 2, 3]),
    ]
    let curve = try #require(BestOfCurve(trials))
    #expect(curve.points.map(\.draws) == [1, 2, 3])
    // Of a: pairs pick 1, 1, 2. Of b: pairs pick 5, 6, 6.
    let expected = [(3.0 + 5) / 2, (4.0 / 3 + 17.0 / 3) / 2, (1.0 + 6) / 2]
    for (point, value) in zip(curve.points, expected) { #expect(abs(point.value.value - value) < 1e-12) }
    #expect(abs(curve.points[2].oracle - 6) < 1e-12)
    #expect(curve.knee == 1)
  }

  @Test func unratedAndUnscoredResponsesAreLeftOut() throws {
    let curve = try #require(
      BestOfCurve([Made.trial(gold: .ratings([1, nil, 3, 9]), rewards: [1, 2, 3, nil])]))
    #expect(curve.points.map(\.value.value) == [2, 3])
    #expect(BestOfCurve([Made.trial(gold: .ratings([1, nil]), rewards: [1, 2])]) == nil)
  }
}

@Suite struct PreferenceChangeTests {
  /// Rewards of chosen, rejected, edited chosen, edited rejected.
  private func trial(_ rewards: [Double?]) -> Trial {
    Made.trial("\(rewards)", gold: .margins([Matchup(0, 1): 1, Matchup(2, 3): 1]), rewards: rewards)
  }

  private static let flips: [([Double], Double)] = [
    ([2, 1, 2, 1], 0), ([2, 1, 1, 2], 1), ([1, 2, 1, 2], 0), ([2, 1, 1, 1], 1), ([1, 1, 3, 3], 0),
  ]

  @Test(arguments: PreferenceChangeTests.flips)
  func aFlipIsAnotherPreference(rewards: [Double], expected: Double) {
    let parts = PreferenceChange("flips", .flips).contributions([trial(rewards)])
    #expect(parts.map(\.credit) == [expected])
  }

  @Test func anAttackTurnsARightPreferenceByEditingTheWorse() {
    let metric = PreferenceChange("attacks", .attacks)
    let parts = metric.contributions([trial([2, 1, 2, 3]), trial([2, 1, 0, 1.5]), trial([1, 2, 1, 5])])
    // The third preference was wrong before, which no attack has to turn.
    #expect(parts.map(\.credit) == [1, 0])
    #expect(parts.map(\.weight) == [0.5, 0.5])
  }

  @Test func theOriginalIsPreferredOrNot() {
    let metric = PreferenceChange("original", .original)
    #expect(metric.contributions([trial([2, 1, 1, 0])]).map(\.credit) == [1])
    #expect(metric.contributions([trial([2, 1, 3, 1])]).map(\.credit) == [0.25])
  }

  @Test func anUnansweredPairIsNoOutcomeOfTheMetric() {
    let metric = PreferenceChange("flips", .flips)
    #expect(metric.contributions([trial([2, nil, 2, 1])]).isEmpty)
    #expect(metric.outcomes([trial([2, nil, 2, 1])]).map(\.outcome) == [.abstention])
  }
}
