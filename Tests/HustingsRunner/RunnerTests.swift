import Foundation
import Hustings
import HustingsMetrics
import HustingsRunner
import HustingsStore
import Testing

@Suite struct RunnerTests {
  let pairs = MemoryBenchmark.pairs(50)

  @Test func aRunAnswersEveryItemOnce() async throws {
    let store = try Store.inMemory()
    let model = CountingModel()
    let result = try #require(try await run(pairs, [model], in: store).first)
    #expect(result.judged == 50)
    #expect(result.reused == 0)
    #expect(model.total == 50)
    #expect(result.run.isFinished)
    #expect(result.estimates.first?.estimate?.value == 1)
    #expect(result.estimates.first?.estimate?.count == 50)
  }

  @Test func theSameThingAgainJudgesNothing() async throws {
    let store = try Store.inMemory()
    let model = CountingModel()
    let first = try await run(pairs, [model], in: store)
    let second = try await run(pairs, [model], in: store)
    #expect(model.total == 50)
    #expect(second[0].judged == 0)
    #expect(second[0].reused == 50)
    #expect(second[0].estimates == first[0].estimates)
  }

  @Test func textsAreKeptOnlyWhenAskedFor() async throws {
    let store = try Store.inMemory()
    _ = try await run(pairs, [CountingModel()], in: store)
    let survey = try Survey(of: pairs, limit: nil)
    #expect(try store.slate(3, of: survey.identity) == nil)
    let runner = Runner(
      store: store, options: Runner.Options(seed: 0, batchSize: 7), now: { Date(timeIntervalSince1970: 0) },
      progress: { _ in })
    for _ in 0..<2 {
      try await runner.keepTexts(of: pairs, survey: survey)
      #expect(
        try store.slates(of: survey.identity, ordinals: 0..<50).map(\.slate) == pairs.items.map(\.slate))
    }
    let changed = MemoryBenchmark.pairs(50, prefix: "new ")
    await #expect(throws: RunError.changedWhileReading(benchmark: pairs.card.name, item: "0")) {
      try await runner.keepTexts(of: changed, survey: survey)
    }
  }

  @Test func nobodyIsAskedAboutNamesInPlaceOfTexts() async throws {
    let store = try Store.inMemory()
    let named = Example(
      id: "named", subset: "even", prompt: Prompt([]),
      candidates: [Candidate("Yes", "Yes"), Candidate("No", "No")],
      gold: .prefers(0, over: 1))
    var benchmark = pairs
    benchmark.content = .mixed
    benchmark.items.insert(named, at: 3)
    let model = CountingModel()
    let result = try #require(try await run(benchmark, [model], in: store).first)
    #expect(model.total == 50)
    #expect(result.run.isFinished)
    let trials = try store.trials(of: result.run, keys: store.keys(of: result.run.benchmark))
    #expect(trials.count == 51)
    #expect(trials[3].tournament.absence(0, 1)?.reason == "the data has names in place of texts")
    #expect(trials[4].tournament.margin(0, 1) != nil)
  }

  @Test func aNewModelDoesNotDisturbAnOldOne() async throws {
    let store = try Store.inMemory()
    let old = CountingModel("old")
    let new = CountingModel("new")
    _ = try await run(pairs, [old], in: store)
    let results = try await run(pairs, [old, new], in: store)
    #expect(old.total == 50)
    #expect(new.total == 50)
    #expect(results.map(\.judged) == [0, 50])
  }

  @Test func aCrashKeepsWhatWasAnsweredAndTheNextRunGoesOn() async throws {
    let store = try Store.inMemory()
    let crashing = CountingModel(fault: { $0.id == "30" ? .crash : nil })
    let first = try #require(try await run(pairs, [crashing], in: store).first)
    #expect(first.failure != nil)
    #expect(!first.run.isFinished)
    #expect(first.estimates.isEmpty)
    // Batches of seven: items 0 to 27 were stored before the batch with item 30.
    #expect(first.judged == 28)
    let healthy = CountingModel()
    let second = try #require(try await run(pairs, [healthy], in: store).first)
    #expect(healthy.total == 22)
    #expect(second.reused == 28)
    #expect(second.run.isFinished)
  }

  @Test func oneModelsCrashDoesNotStopAnother() async throws {
    let store = try Store.inMemory()
    let crashing = CountingModel("crashing", fault: { _ in .crash })
    let healthy = CountingModel("healthy")
    let results = try await run(pairs, [crashing, healthy], in: store)
    #expect(results[0].failure != nil)
    #expect(results[1].run.isFinished)
  }

  @Test func anItemThatCouldNotBeAskedIsLeftOpen() async throws {
    let store = try Store.inMemory()
    let flaky = CountingModel(fault: { $0.id == "5" ? .unanswered : nil })
    let first = try #require(try await run(pairs, [flaky], in: store).first)
    #expect(first.failed == 1)
    #expect(first.failure == "the server was away")
    #expect(first.judged == 49)
    let healthy = CountingModel()
    let second = try #require(try await run(pairs, [healthy], in: store).first)
    #expect(healthy.total == 1)
    #expect(second.run.isFinished)
  }

  @Test(arguments: [1, 3, 50, 1_000])
  func batchesChangeNothing(size: Int) async throws {
    let store = try Store.inMemory()
    let result = try #require(try await run(pairs, [CountingModel()], in: store, batchSize: size).first)
    let keys = try store.keys(of: result.run.benchmark)
    #expect(try store.trials(of: result.run, keys: keys).count == 50)
    #expect(result.estimates.first?.estimate?.value == 1)
  }

  @Test func shardsMergeIntoTheWhole() async throws {
    let whole = try Store.inMemory()
    let expected = try await run(pairs, [CountingModel()], in: whole)
    let merged = try Store.inMemory()
    for index in 1...3 {
      let part = try Store.inMemory()
      let model = CountingModel()
      let result = try await run(pairs, [model], in: part, shard: Shard(index, of: 3))
      #expect(!result[0].run.isFinished)
      #expect(model.total == (index < 3 ? 17 : 16))
      _ = try merged.merge(from: part)
    }
    let again = CountingModel()
    let result = try await run(pairs, [again], in: merged)
    #expect(again.total == 0)
    #expect(result[0].run.isFinished)
    #expect(result[0].estimates == expected[0].estimates)
  }

  @Test(arguments: [(0, 3), (4, 3), (1, 0)])
  func aShardThatIsNotIsRefused(index: Int, count: Int) {
    #expect(throws: RunError.badShard(index: index, count: count)) { try Shard(index, of: count) }
  }

  @Test func textsThatChangeWhileRunningAreNoticed() async throws {
    let store = try Store.inMemory()
    let survey = try Survey(of: pairs, limit: nil)
    var changed = pairs
    changed.items[20] = MemoryBenchmark.pairs(50, prefix: "x").items[20]
    let runner = Runner(
      store: store, options: Runner.Options(seed: 0), now: { Date(timeIntervalSince1970: 0) },
      progress: { _ in })
    await #expect(throws: RunError.changedWhileReading(benchmark: "memory", item: "20")) {
      try await runner.run(changed, survey: survey, models: [CountingModel()])
    }
  }

  @Test func aModelOfTheWrongShapeStoresNothing() async throws {
    struct Crooked: PreferenceModel {
      let card = ModelCard(
        name: "crooked", kind: .reward, revision: "1", fingerprint: SHA256.digest("crooked"))
      func judge(_ slates: [Slate]) async throws -> [Tournament] {
        slates.map { _ in Tournament(rewards: [1]) }
      }
    }
    let store = try Store.inMemory()
    let result = try #require(try await run(pairs, [Crooked()], in: store).first)
    #expect(result.run.scored == 0)
    #expect(result.failure?.contains("item '0' for 1 responses where there are 2") == true)
  }

  @Test func progressCountsToTheEnd() async throws {
    let seen = Seen()
    let store = try Store.inMemory()
    let runner = Runner(
      store: store, options: Runner.Options(seed: 0, batchSize: 8),
      now: { Date(timeIntervalSince1970: 0) }, progress: { seen.note($0.done, $0.total) })
    _ = try await runner.run(
      pairs, survey: Survey(of: pairs, limit: nil), models: [CountingModel("a"), CountingModel("b")])
    #expect(seen.last?.0 == 100)
    #expect(seen.last?.1 == 100)
  }
}

/// What a progress callback was told last.
private final class Seen: @unchecked Sendable {
  private let lock = NSLock()
  private var value: (Int, Int)?
  func note(_ done: Int, _ total: Int) { lock.withLock { value = (done, total) } }
  var last: (Int, Int)? { lock.withLock { value } }
}
