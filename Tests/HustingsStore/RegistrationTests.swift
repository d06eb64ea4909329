import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct RegistrationTests {
  @Test func aBenchmarkWrittenInBatchesIsTheBenchmarkWrittenAtOnce() throws {
    let store = try Store.inMemory()
    let keys = Sample.pairs(25)
    let registration = try store.beginBenchmark(Sample.digest("batches"), card: Sample.card())
    #expect(registration.itemCount == nil)
    for start in stride(from: 0, to: 25, by: 10) {
      try store.append(keys[start..<min(start + 10, 25)], from: start, to: registration)
      #expect(try store.benchmarks().isEmpty)
    }
    #expect(try store.complete(registration, itemCount: 25).itemCount == 25)
    #expect(try store.keys(of: Sample.digest("batches")) == keys)
    #expect(try store.keys(of: Sample.digest("batches"), ordinals: 7..<12) == Array(keys[7..<12]))
    #expect(try store.keys(of: Sample.digest("batches"), ordinals: 20..<99) == Array(keys[20...]))
  }

  @Test func registeringAgainChangesNothing() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let again = try store.beginBenchmark(Sample.digest("pairs"), card: Sample.card("another name"))
    #expect(again.itemCount == 8)
    try store.append([Sample.pair(99)], from: 8, to: again)
    try store.register(Sample.digest("pairs"), card: Sample.card("another name"), keys: Sample.pairs(3))
    #expect(try store.benchmark(Sample.digest("pairs")).card == Sample.card())
    #expect(try store.keys(of: Sample.digest("pairs")) == Sample.pairs(8))
  }

  @Test func aRegistrationCutShortIsTakenUpFromTheStart() throws {
    let store = try Store.inMemory()
    let first = try store.beginBenchmark(Sample.digest("pairs"), card: Sample.card())
    try store.append(Sample.pairs(5), from: 0, to: first)
    let second = try store.beginBenchmark(Sample.digest("pairs"), card: Sample.card())
    #expect(second.itemCount == nil)
    try store.append(Sample.pairs(8), from: 0, to: second)
    try store.complete(second, itemCount: 8)
    try store.complete(first, itemCount: 8)
    #expect(try store.keys(of: Sample.digest("pairs")) == Sample.pairs(8))
  }

  @Test(arguments: [4, 6])
  func aBenchmarkIsCompleteOnlyWithAllItsItems(count: Int) throws {
    let store = try Store.inMemory()
    let registration = try store.beginBenchmark(Sample.digest("pairs"), card: Sample.card())
    try store.append(Sample.pairs(5), from: 0, to: registration)
    #expect(throws: StoreError.wrongItemCount(benchmark: "pairs", stored: 5, expected: count)) {
      try store.complete(registration, itemCount: count)
    }
  }

  @Test func benchmarksOfTwoIdentitiesNeverMix() throws {
    let store = try Store.inMemory()
    try store.register(Sample.digest("v1"), card: Sample.card(), keys: Sample.pairs(3))
    try store.register(Sample.digest("v2"), card: Sample.card(), keys: Sample.pairs(2))
    #expect(try store.benchmarks().count == 2)
    #expect(try store.keys(of: Sample.digest("v1")).count == 3)
    #expect(try store.keys(of: Sample.digest("v2")).count == 2)
  }

  @Test func aRuleOfALaterReleaseIsNamed() throws {
    let store = try Store.inMemory()
    try store.execute(
      """
      INSERT INTO benchmarks VALUES (1, '\(Sample.digest("x").hex)', 'x', '1', json_object('name', 'x', 'version', '1',
        'summary', '', 'source', '', 'licence', '', 'content', 'texts', 'ties', 'coin', 'failures', 'loss',
        'aggregation', '', 'a later field', 1));
      INSERT INTO complete_benchmarks VALUES (1, 0);
      INSERT INTO models VALUES (1, '\(Sample.digest("y").hex)', 'y', 'oracle', '1', 0, 1, '{}')
      """)
    #expect {
      try store.benchmarks()
    } throws: { error in
      "\(error)".contains("table benchmarks: benchmark x has rules this release does not know")
    }
    #expect {
      try store.models()
    } throws: { error in
      "\(error)".contains("table models: model y is of the unknown kind oracle")
    }
  }
}
