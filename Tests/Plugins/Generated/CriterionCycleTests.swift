import Foundation
import Hustings
import HustingsFixtures
import Testing

@testable import BenchmarkPlugins

private func table(_ rows: [[Double?]], texts: [String]? = nil) -> RatingTable {
  RatingTable(
    id: "0", prompt: Prompt("p"),
    responses: (texts ?? rows.indices.map { "text \($0)" }).map { Response($0) },
    ratings: Dictionary(
      uniqueKeysWithValues: CriterionCycle.four.enumerated().map { criterion, name in
        (name, rows.map { $0[criterion] })
      }))
}

@Suite struct CriterionCycleTests {
  /// Zhang et al. 2024, appendix F: ratings on instruction following, honesty, truthfulness, helpfulness.
  @Test func theFirstWorkedExampleIsACycleOfDataSetOne() {
    let found = CriterionCycle.all.map {
      $0.cycles(in: table([[2, 5, 3, 4], [3, 2, 5, 3], [5, 4, 3, 5]]))
    }
    // A beats B in honesty, B beats C in truthfulness, C beats A in helpfulness.
    #expect(found[0].contains([0, 1, 2]))
  }

  @Test func theSecondWorkedExampleIsACycleOfDataSetFour() {
    let found = CriterionCycle.all.map {
      $0.cycles(in: table([[5, 4, 3, 4], [4, 5, 4, 5], [4, 4, 5, 5]]))
    }
    // A beats B in instruction following, B beats C in honesty, C beats A in truthfulness.
    #expect(found[3].contains([0, 1, 2]))
  }

  @Test func everyLinkIsStrict() {
    // C and A are equally helpful, so nothing closes the ring.
    #expect(CriterionCycle.all[0].cycles(in: table([[0, 2, 1, 3], [0, 1, 2, 3], [0, 1, 1, 3]])) == [])
  }

  @Test func cyclesAreAllThatRatingsImply() {
    // Counted by brute force over ordered triples.
    let rows: [[Double?]] = [[1, 2, 3, 4], [4, 1, 2, 3], [3, 4, 1, 2], [2, 3, 4, nil]]
    let criteria = [1, 2, 3]
    var expected: [[Int]] = []
    for a in 0..<4 {
      for b in 0..<4 where b != a {
        for c in 0..<4 where c != a && c != b {
          let links = [(a, b, criteria[0]), (b, c, criteria[1]), (c, a, criteria[2])]
          let holds = links.allSatisfy { one, other, criterion in
            guard let x = rows[one][criterion], let y = rows[other][criterion] else { return false }
            return x > y
          }
          if holds { expected.append([a, b, c]) }
        }
      }
    }
    #expect(CriterionCycle.all[0].cycles(in: table(rows)) == expected)
    #expect(!expected.isEmpty)
  }

  @Test func cyclesOfFourUseEveryCriterionOnce() {
    let rows: [[Double?]] = [[2, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2, 1], [1, 1, 1, 2]]
    // Each is best in one thing: 0 beats 1 in the first, 1 beats 2 in the second, and so on round.
    #expect(CriterionCycle.all[4].cycles(in: table(rows)).contains([0, 1, 2, 3]))
  }

  @Test func equalTextsDoNotMeet() {
    let rows: [[Double?]] = [[0, 5, 3, 4], [0, 2, 5, 3], [0, 4, 3, 5]]
    #expect(!CriterionCycle.all[0].cycles(in: table(rows)).isEmpty)
    #expect(CriterionCycle.all[0].cycles(in: table(rows, texts: ["a", "a", "b"])) == [])
  }

  @Test func keyAndPairsSayTheSame() throws {
    let ratings = table([[2, 5, 3, 4], [3, 2, 5, 3], [5, 4, 3, 5]])
    let kind = CriterionCycle.all[0]
    let example = kind.example([0, 1, 2], in: ratings)
    let pairs = kind.pairs([0, 1, 2], in: ratings)
    #expect(
      pairs.map { [$0.chosen.text, $0.rejected.text] } == [
        ["text 0", "text 1"], ["text 1", "text 2"], ["text 2", "text 0"],
      ])
    for pair in pairs {
      let (a, b) = (
        try #require(example.slate.index(of: pair.chosen.digest)),
        try #require(example.slate.index(of: pair.rejected.digest))
      )
      #expect(example.key.gold.margin(a, b) == 1)
    }
  }

  @Test func generatedRatingsStandInTheirTexts() {
    let tables = RatingTable.generated(40, split: "training", TextMill(seed: 3))
    // Every rating of a criterion has one word, the same in every text that has the rating.
    for criterion in CriterionCycle.four {
      for value in 1...5 {
        var common: Set<Substring>?
        for table in tables {
          for (response, rating) in zip(table.responses, table.ratings[criterion] ?? [])
          where rating == Double(value) {
            let words = Set(response.text.lowercased().split { !$0.isLetter }.map { Substring($0) })
            common = common?.intersection(words) ?? words
          }
        }
        #expect(common?.count == 1, "\(criterion) \(value)")
      }
    }
  }

  @Test func tablesOfAFileOfUltraFeedbacksShape() throws {
    let file = FileManager.default.temporaryDirectory.path + "/hustings-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: file) }
    func completion(_ text: String, _ ratings: [String]) -> String {
      let keys = ["instruction_following", "honesty", "truthfulness", "helpfulness"]
      let annotations = zip(keys, ratings).map { "\"\($0)\": {\"Rating\": \($1), \"Rationale\": \"x\"}" }
      return "{\"response\": \"\(text)\", \"annotations\": {\(annotations.joined(separator: ", "))}}"
    }
    let rows = (0..<5).map { index in
      let completions = [
        completion("a\(index)", ["\"2\"", "\"5\"", "3", "\"4\""]),
        completion("b\(index)", ["3", "2", "\"5\"", "3"]),
        completion("c\(index)", ["\"5\"", "4", "3", "\"5\""]), "{\"response\": \"d\", \"annotations\": {}}",
        completion("e\(index)", ["\"N/A\"", "\"N/A\"", "\"N/A\"", "\"N/A\""]),
      ]
      return "{\"instruction\": \"p\(index)\", \"completions\": [\(completions.joined(separator: ", "))]}"
    }
    try Data(rows.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
    let context = BenchmarkContext(dataRoot: "/nowhere", seed: 1, path: { $0 })
    let examples = try Cycles.plugin.make(file, context).allExamples()
    // The fifth row is the test; its first three responses are the worked example.
    #expect(examples.contains { $0.id == "criteria-1/4/0-1-2" })
    #expect(examples.allSatisfy { $0.slate.prompt.text == "p4" })
    let pairs = try Cycles.training.pairs(file, context)
    #expect(Set(pairs.map(\.prompt.text)) == ["p0", "p1", "p2", "p3"])
    #expect(
      pairs.contains { $0.id == "criteria-1/0/0-1-2/0" && $0.chosen.text == "a0" && $0.rejected.text == "b0" }
    )
  }

  @Test func tablesOfAnyCriteriaMakeCycles() throws {
    let file = FileManager.default.temporaryDirectory.path + "/hustings-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    // In each item a beats b in wit, b beats c in depth, c beats a in style; the last has no rating of c's style.
    let rows = (0..<10).flatMap { item in
      ["\(item),ask \(item),a\(item),3,1,1", "\(item),ask \(item),b\(item),1,3,2"]
        + ["\(item),ask \(item),c\(item),2,2,\(item == 9 ? "" : "3")"]
    }
    let text = "item,prompt,response,wit,depth,style\n" + rows.joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let context = BenchmarkContext(dataRoot: "/nowhere", seed: 1, path: { $0 })
    let examples = try Cycles.plugin.make(file, context).allExamples()
    #expect(examples.map(\.id) == ["criteria-1/4/0-1-2"])
    #expect(try Cycles.training.pairs(file, context).count == 8 * 3)
    try Data("item,prompt,response,wit,depth\n".utf8).write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: GeneratedError.self) {
      try Cycles.plugin.make(file, context).allExamples()
    }
    #expect("\(String(describing: error))".contains("2 columns of ratings"))
  }

  @Test func fourCriteriaMakeThePapersSets() {
    #expect(
      CriterionCycle.all.map(\.criteria) == [
        ["honesty", "truthfulness", "helpfulness"],
        ["instruction following", "truthfulness", "helpfulness"],
        ["instruction following", "honesty", "helpfulness"],
        ["instruction following", "honesty", "truthfulness"], CriterionCycle.four,
      ])
  }

  @Test(arguments: [
    ("{\"instruction\": \"p\"}", "completions"),
    (
      "{\"instruction\": \"p\", \"completions\": [{\"response\": \"x\", \"annotations\": {\"honesty\": {\"Rating\": \"high\"}}}]}",
      "'high'"
    ),
  ]) func badFilesSayWhereTheyAreBad(_ row: String, _ word: String) throws {
    let file = FileManager.default.temporaryDirectory.path + "/hustings-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data((row + "\n").utf8).write(to: URL(fileURLWithPath: file))
    let context = BenchmarkContext(dataRoot: "/nowhere", seed: 1, path: { $0 })
    let error = #expect(throws: (any Error).self) { try Cycles.plugin.make(file, context).allExamples() }
    let sentence = String(describing: error)
    #expect(sentence.contains(word) && sentence.contains(":1") && sentence.contains(file))
  }
}
