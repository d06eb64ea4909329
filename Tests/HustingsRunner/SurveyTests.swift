import Hustings
import HustingsRunner
import Testing

@Suite struct SurveyTests {
  let pairs = MemoryBenchmark.pairs(10)

  private func identity(_ benchmark: any Benchmark, limit: Int? = nil) throws -> Digest {
    try Survey(of: benchmark, limit: limit).identity
  }

  @Test func readingTwiceGivesOneIdentity() throws {
    #expect(try identity(pairs) == identity(pairs))
  }

  @Test func namesTakeNoPartInIdentity() throws {
    var renamed = pairs
    renamed.name = "another name"
    #expect(try identity(renamed) == identity(pairs))
  }

  @Test func textsKeysVersionsAndRulesDo() throws {
    var version = pairs
    version.version = "memory/2"
    var ties = pairs
    ties.ties = .half
    var key = pairs
    key.items[3] = Example(
      id: "3", subset: "odd", prompt: Prompt("3?"),
      candidates: [Candidate("good", "a long answer to 3"), Candidate("bad", "no 3")],
      gold: .prefers(1, over: 0))
    var order = pairs
    order.items.swapAt(0, 1)
    let identities = try [pairs, version, ties, key, order, MemoryBenchmark.pairs(10, prefix: "x")].map {
      try identity($0)
    }
    #expect(Set(identities).count == identities.count)
  }

  @Test func aLimitMakesABenchmarkOfItsOwn() throws {
    let survey = try Survey(of: pairs, limit: 4)
    #expect(survey.keys.count == 4)
    #expect(try survey.identity != identity(pairs))
    #expect(try identity(pairs, limit: 10) == identity(pairs))
  }

  @Test func twoItemsOfOneNameAreRefused() {
    var twice = pairs
    twice.items[7] = pairs.items[2]
    #expect(
      throws: RunError.duplicateItem(benchmark: "memory", item: "2", first: 3, second: 8)
    ) { try Survey(of: twice, limit: nil) }
  }

  @Test func nothingToMeasureIsAnError() {
    #expect(throws: RunError.noItems(benchmark: "memory")) {
      try Survey(of: MemoryBenchmark(items: []), limit: nil)
    }
  }
}
