import Catalog
import Foundation
import Hustings
import HustingsFixtures
import Testing

@Suite struct AnnotatorTypesTests {
  private let csv = """
    item_id,expert_label,r0,r1,r2,r3
    a,Yes,Yes,Yes,Yes,No
    b,No,No,No,Unsure,Yes
    c,No,Unsure,Unsure,Unsure,
    d,No,No,No,No,Yes
    """

  private func examples(_ text: String, _ name: String = "dices350") throws -> [Example] {
    let folder = try Scratch()
    try folder.write("dices350/ratings.csv", text)
    let parts = name.split(separator: ":").map(String.init)
    return try benchmark(parts[0], root: folder.path, argument: parts.count > 1 ? parts[1] : nil)
      .allExamples()
  }

  @Test func theKeyIsWhatMostSaid() throws {
    let keys = try examples(csv).map(\.key)
    #expect(keys.map(\.item) == ["a", "b", "c", "d"])
    let margins = keys.map { key in
      key.index(named: "Yes").flatMap { yes in key.index(named: "No").flatMap { key.gold.margin(yes, $0) } }
    }
    #expect(margins == [1, -1, 0, -1])
    #expect(keys[2].raters.keys.sorted() == ["r0", "r1", "r2"])
  }

  @Test func anUnknownAnswerIsNamed() {
    #expect(throws: (any Error).self) { try examples("item_id,expert_label,r0\na,Yes,Maybe") }
  }

  @Test func agreementIsWithPeopleAndTheirTypes() async throws {
    let examples = try examples(csv, "annotator-types:dices350")
    #expect(examples.map(\.key.subset) == ["dices350", "dices350", "dices350", "dices350"])
    #expect(examples[0].id == "dices350/a")
    let definition = try benchmark("annotator-types", root: "/nowhere", argument: "dices350")
    // The majority as a model: r0 and r1 agree always, r2 always where decided, r3 never.
    let trials = examples.map { Trial(key: $0.key, tournament: $0.key.gold) }
    func value(_ name: String) -> Double? {
      definition.metrics.first { $0.name == name }?.estimate(trials)?.value
    }
    #expect(value("agreement with a person") == 0.75)
    #expect(value("… of the least served tenth") == 0)
    #expect(value("… of the best served type") == 1)
    #expect(value("… of the worst served type") == 0)
  }

  @Test func anUnknownPartIsNamed() {
    #expect(throws: (any Error).self) {
      try benchmark("annotator-types", root: "/nowhere", argument: "nobody")
    }
  }

  @Test func whatHasNoTextsTakesNoPartInTheHeadlineOfAll() throws {
    let all = try benchmark("annotator-types", root: "/nowhere")
    #expect(all.card.content == .mixed)
    #expect(try benchmark("annotator-types", root: "/nowhere", argument: "pandalm").card.content == .texts)
    #expect(try benchmark("annotator-types", root: "/nowhere", argument: "dices350").card.content == .names)
    let named = try examples(csv, "annotator-types:dices350")
    let read = Example(
      id: "pandalm/1", subset: "pandalm", prompt: Prompt("?"),
      candidates: [Candidate("a", "first"), Candidate("b", "second")], gold: .prefers(0, over: 1))
    let silence = Tournament(count: 2, absent: Absence(.abstention, "no texts"))
    func value(_ name: String, _ trials: [Trial]) -> Double? {
      all.metrics.first { $0.name == name }?.estimate(trials)?.value
    }
    let reader =
      [Trial(key: read.key, tournament: read.key.gold)]
      + named.map { Trial(key: $0.key, tournament: silence) }
    #expect(value("accuracy", reader) == 1)
    #expect(value("pandalm: accuracy", reader) == 1)
    #expect(value("dices350: accuracy", reader) == nil)
    let recording =
      [Trial(key: read.key, tournament: silence)]
      + named.map { Trial(key: $0.key, tournament: $0.key.gold) }
    #expect(value("dices350: accuracy", recording) == 1)
    #expect(value("pandalm: accuracy", recording) == nil)
  }

  @Test(.enabled(if: DataRoot.has("squality"), Comment(rawValue: DataRoot.reason)))
  func answersWithoutTheirStoryAreStillTexts() throws {
    let root = try realRoot()
    let alone = try benchmark("squality", root: root).allExamples()
    let among = try benchmark("annotator-types", root: root, argument: "squality").allExamples()
    #expect(alone.count == among.count)
    #expect(
      zip(alone, among).allSatisfy { $0.slate.responses == $1.slate.responses && $0.key.gold == $1.key.gold })
    #expect(among.allSatisfy { !$0.slate.prompt.messages.isEmpty })
  }
}
