import Foundation
import Hustings
@testable import HustingsStore
import Testing

@Suite struct RunTests {
  @Test func aRunBegunAgainGoesOnWhereItStopped() throws {
    let scratch = try Scratch()
    do {
      let store = try Sample.store(at: scratch.file)
      let run = try Sample.run(in: store)
      #expect(run.scored == 0)
      #expect(!run.isFinished)
      try store.append(Sample.batch(0..<3), to: run)
      try store.append(Sample.batch(5..<6), to: run)
    }
    let store = try Store(at: scratch.file, mode: .write)
    let run = try store.beginRun(
      benchmark: Sample.digest("pairs"), model: Sample.model().fingerprint, seed: 0, now: Sample.end)
    #expect(run.scored == 4)
    #expect(run.itemCount == 8)
    #expect(run.startedAt == Sample.start)
    #expect(try store.scoredItems(of: run) == ItemSet([0, 1, 2, 5]))
    let added = try store.append(Sample.batch(0..<8), to: run)
    #expect(added == 4)
    #expect(try store.tournaments(of: run) == (0..<8).map(Sample.rewards))
  }

  @Test func anAnsweredItemKeepsItsFirstAnswer() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: store)
    try store.append([(2, Sample.rewards(2))], to: run)
    let other = Tournament(count: 2, ordered: [Matchup(0, 1): .margin(9)])
    #expect(try store.append([(2, other), (3, other)], to: run) == 1)
    let back = try store.tournaments(of: run)
    #expect(back[2] == Sample.rewards(2))
    #expect(back[3] == other)
  }

  @Test func aRunIsFinishedOnlyWhenEveryItemHasAnAnswer() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<7), to: run)
    #expect(throws: StoreError.unfinishedRun(run.identity, scored: 7, of: 8)) {
      try store.finish(run, estimates: [], now: Sample.end)
    }
    #expect(try store.run(run.identity).isFinished == false)
    try store.append(Sample.batch(7..<8), to: run)
    let finished = try store.finish(run, estimates: [], now: Sample.end)
    #expect(finished.finishedAt == Sample.end)
    #expect(finished.scored == 8)
  }

  @Test func finishingTwiceKeepsTheFirstEstimates() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file, items: 1)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<1), to: run)
    func recorded(_ value: Double) -> [RecordedEstimate] {
      [
        RecordedEstimate(
          metric: "m", direction: .neutral, unit: .number,
          estimate: Estimate(value: value, interval: nil, count: 1))
      ]
    }
    try store.finish(run, estimates: recorded(1), now: Sample.end)
    let again = try store.finish(run, estimates: recorded(2), now: Sample.end + 60)
    #expect(again.finishedAt == Sample.end)
    #expect(try store.estimates(of: run) == recorded(1))
  }

  @Test func identityIsBenchmarkModelAndSeedAndNeverAName() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let renamed = ModelCard(
      name: "another name", kind: .reward, revision: "r1", fingerprint: Sample.model().fingerprint)
    #expect(try store.register(renamed) == Sample.model())
    let first = try Sample.run(in: store)
    #expect(try Sample.run(in: store).identity == first.identity)
    #expect(try Sample.run(in: store, seed: 1).identity != first.identity)
    #expect(try Sample.run(in: store, seed: .max).seed == .max)
    #expect(try store.runs().count == 3)
  }

  @Test func runsAreListedByBenchmarkAndModel() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    try store.register(Sample.digest("other"), card: Sample.card("another"), keys: Sample.pairs(2))
    try store.register(Sample.model("zero"))
    for benchmark in ["pairs", "other"] {
      for model in ["zero", "length"] {
        _ = try store.beginRun(
          benchmark: Sample.digest(benchmark), model: Sample.model(model).fingerprint, seed: 0,
          now: Sample.start)
      }
    }
    let all = try store.runs()
    #expect(all.map(\.benchmark) == ["other", "other", "pairs", "pairs"].map(Sample.digest))
    #expect(all.map(\.model) == ["length", "zero", "length", "zero"].map { Sample.model($0).fingerprint })
    #expect(try store.runs(benchmark: Sample.digest("other")).count == 2)
    #expect(try store.runs(model: Sample.model("zero").fingerprint).count == 2)
    #expect(
      try store.runs(benchmark: Sample.digest("pairs"), model: Sample.model("zero").fingerprint) == [all[3]])
  }

  @Test func whatIsNotThereIsNamed() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let unknown = Sample.digest("unknown")
    let model = Sample.model().fingerprint
    #expect(throws: StoreError.unknownBenchmark(unknown)) { try store.keys(of: unknown) }
    #expect(throws: StoreError.unknownBenchmark(unknown)) { try store.benchmark(unknown) }
    #expect(throws: StoreError.unknownModel(unknown)) { try store.model(unknown) }
    #expect(throws: StoreError.unknownRun(unknown)) { try store.run(unknown) }
    #expect(throws: StoreError.unknownBenchmark(unknown)) {
      try store.beginRun(benchmark: unknown, model: model, seed: 0, now: Sample.start)
    }
    #expect(throws: StoreError.unknownModel(unknown)) {
      try store.beginRun(benchmark: Sample.digest("pairs"), model: unknown, seed: 0, now: Sample.start)
    }
  }

  @Test func aBatchIsAddedWholeOrNotAtAll() throws {
    struct Interruption: Error {}
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file, items: 40)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<10), to: run)
    // The last tournament cannot be bound: a reader with a limit on a text's length refuses it half-way through.
    let limited = try Store(at: scratch.file, mode: .write)
    try limited.refuseReasons(longerThan: 100)
    let long = Tournament(
      rewards: [nil, 1], absences: [0: Absence(.error, String(repeating: "x", count: 1000))])
    #expect(throws: StoreError.self) {
      try limited.append(Sample.batch(10..<39) + [(39, long)], to: run)
    }
    #expect(try store.scoredItems(of: run) == ItemSet(0..<10))
  }
}
