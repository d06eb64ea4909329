import Catalog
import Foundation
import Hustings
import HustingsTesting
import Testing

@testable import BenchmarkPlugins

@Suite struct TextEditTests {
  @Test func markdownMarksAreTakenOffWhereTheyAreRead() {
    let text = "## Head\n* **one** and `code`\n- two\n```\nx = 1\n```\n#tag 3 * 4"
    #expect(
      TextEdit.markdown.applied(to: text, seed: 0, item: "") == "Head\none and code\ntwo\nx = 1\n#tag 3 * 4")
  }

  @Test func listsAreTurnedRoundOneByOne() {
    let text = "a\n* 1\n* 2\nb\n- 3\n- 4\n- 5"
    #expect(TextEdit.reordering.applied(to: text, seed: 0, item: "") == "a\n* 2\n* 1\nb\n- 5\n- 4\n- 3")
  }

  @Test func typosSwapLettersOfAFewWordsAndAreAFunctionOfSeedAndItem() {
    let text = Array(repeating: "several ordinary words follow", count: 20).joined(separator: " ")
    let one = TextEdit.typos.applied(to: text, seed: 1, item: "x")
    #expect(one == TextEdit.typos.applied(to: text, seed: 1, item: "x"))
    #expect(one != TextEdit.typos.applied(to: text, seed: 2, item: "x"))
    #expect(one != TextEdit.typos.applied(to: text, seed: 1, item: "y"))
    let changed = zip(text.split(separator: " "), one.split(separator: " ")).filter { $0 != $1 }
    #expect(changed.count == 4)
    for (before, after) in changed { #expect(before.sorted() == after.sorted()) }
  }

  @Test(arguments: TextEdit.allCases)
  func whatHasNothingToEditStaysAsItIs(edit: TextEdit) {
    let edited = edit.applied(to: "ok", seed: 0, item: "x")
    #expect((edited == "ok") == (edit != .padding && edit != .flattery))
  }
}

@Suite final class CounterfactualTests {
  private let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("\(UUID().uuidString).jsonl").path

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private func benchmark(_ rows: String) throws -> any Benchmark {
    try rows.write(toFile: path, atomically: true, encoding: .utf8)
    let plugin = try #require(Catalog.benchmarks.first { $0.name == "counterfactual" })
    return try plugin.make("pairs:\(path)", BenchmarkContext(dataRoot: "", seed: 0, path: { $0 }))
  }

  private let rows = """
    {"id": "q", "prompt": "Why?", "chosen": "Because of **gravity**, which pulls.", "rejected": "Nobody knows that really."}

    """

  @Test func everyEditThatChangesBothResponsesIsAnItem() throws {
    let examples = try benchmark(rows).allExamples()
    #expect(examples.map(\.key.subset) == ["padding", "flattery", "lowercase", "typos"])
    for example in examples {
      #expect(example.slate.responses.count == 4)
      #expect(example.key.names == ["chosen", "rejected", "edited chosen", "edited rejected"])
      #expect(example.key.cluster == examples[0].key.cluster)
    }
    #expect(try BenchmarkLaws.violations(of: benchmark(rows)) == [])
  }

  @Test func itsMetricsNeedNoBase() throws {
    let plugin = try #require(Catalog.benchmarks.first { $0.name == "counterfactual" })
    let context = BenchmarkContext(dataRoot: "", seed: 0, path: { $0 })
    #expect(try plugin.make(nil, context).metrics.first?.name == "flips")
    #expect(throws: UnknownBenchmark.self) { try plugin.make("nothing", context) }
    #expect(throws: UnknownBenchmark.self) { try plugin.make("counterfactual", context) }
    #expect(throws: (any Error).self) { try plugin.make(nil, context).allExamples() }
  }
}
