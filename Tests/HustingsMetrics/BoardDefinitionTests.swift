import Hustings
import HustingsMetrics
import Testing

@Suite struct BoardDefinitionTests {
  private let definition = BoardDefinition(
    "board",
    sections: [
      .init("One", subsets: [.init("a", 3), .init("b", 1)]), .init("Two", subsets: [.init("c", 1)]),
      .init("Old", aliases: ["Old Sets"], subsets: [.init("d", 1)], weight: 0.5, zeroMeansMissing: true),
    ])

  @Test func sectionsAreWeightedMeansOfWhatIsThere() {
    #expect(definition.section("One", ofSubsets: ["a": 1, "b": 0]) == 0.75)
    #expect(definition.section("One", ofSubsets: ["b": 0.25]) == 0.25)
    #expect(definition.section("One", ofSubsets: ["c": 1]) == nil)
    #expect(definition.section("Three", ofSubsets: ["c": 1]) == nil)
  }

  @Test func overallIsTheWeightedMeanOfSections() {
    #expect(definition.overall(ofSections: ["One": 1, "Two": 0.5]) == 0.75)
    #expect(
      definition.overall(ofSections: ["One": 1, "Two": 0.5, "Old Sets": 0.5]) == (1 + 0.5 + 0.25) / 2.5)
    #expect(definition.overall(ofSections: ["One": 1, "Two": 0.5, "Old Sets": 0]) == 0.75)
    // A 0 of another section is a 0.
    #expect(definition.overall(ofSections: ["One": 1, "Two": 0]) == 0.5)
    #expect(definition.overall(ofSections: ["Three": 1]) == nil)
  }

  @Test func metricsFromItemsFollowTheSameRules() {
    let metrics = definition.metrics(rule: PairCredit(ties: .loss, failures: .loss, orders: .netted))
    #expect(metrics.map(\.name) == ["overall", "One", "Two", "Old", "a", "b", "c", "d"])
    func trial(_ id: String, _ subset: String, _ isRight: Bool) -> Trial {
      Made.trial(id, subset: subset, gold: .prefers(0, over: 1), rewards: isRight ? [1, 0] : [0, 1])
    }
    let trials = [
      trial("1", "a", true), trial("2", "a", true), trial("3", "b", false), trial("4", "c", false),
      trial("5", "c", true),
    ]
    let values = metrics.map { $0.estimate(trials)?.value }
    #expect(values == [(0.75 + 0.5) / 2, 0.75, 0.5, nil, 1, 0, 0.5, nil])
  }

  @Test func macroAveragesAreOverClassesThatOccur() {
    // Key and answer: first-first, first-second, second-second, tie-first.
    let trials = [
      (Answer.prefers(0, over: 1), [1.0, 0]), (.prefers(0, over: 1), [0, 1]), (.prefers(1, over: 0), [0, 1]),
      (.tie(0, 1), [1, 0]),
    ]
    .enumerated().map { Made.trial("\($0)", gold: $1.0, rewards: $1.1) }
    func value(_ measure: VerdictTable.Measure) -> Double {
      VerdictTable("", measure).estimate(trials)?.value ?? .nan
    }
    // By class first, second, tie: precision ½, ½, 0; recall ½, 1, 0; F1 ½, ⅔, 0.
    #expect(abs(value(.precision) - 1.0 / 3) < 1e-12)
    #expect(abs(value(.recall) - 0.5) < 1e-12)
    #expect(abs(value(.f1) - (0.5 + 2.0 / 3) / 3) < 1e-12)
    #expect(VerdictTable("", .f1).estimate([]) == nil)
    // Without ties anywhere the mean is over two classes.
    #expect(abs((VerdictTable("", .recall).estimate(Array(trials.prefix(3)))?.value ?? .nan) - 0.75) < 1e-12)
  }
}
