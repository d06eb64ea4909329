import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct MergeTests {
  @Test func shardsComeTogetherToTheWholeRun() throws {
    let scratch = try Scratch()
    let target = try Sample.store(at: scratch.named("target.sqlite"), items: 90)
    for shard in 0..<3 {
      let store = try Sample.store(at: scratch.named("\(shard).sqlite"), items: 90)
      try store.append(Sample.batch(0..<90).filter { $0.ordinal % 3 == shard }, to: Sample.run(in: store))
      let summary = try target.merge(from: store)
      #expect(summary == MergeSummary(runs: shard == 0 ? 1 : 0, items: 30))
    }
    let run = try Sample.run(in: target)
    #expect(run.scored == 90)
    #expect(!run.isFinished)
    #expect(try target.tournaments(of: run) == (0..<90).map(Sample.rewards))
    #expect(try target.finish(run, estimates: [], now: Sample.end).isFinished)
  }

  @Test func everythingIsBroughtOnce() throws {
    let scratch = try Scratch()
    let source = scratch.named("source.sqlite")
    try Damage.makeStore(at: source)
    let store = try Store(at: source, mode: .read)
    let target = try Store(at: scratch.file, mode: .create)
    #expect(try target.merge(from: store) == MergeSummary(runs: 1, items: 60))
    #expect(try target.merge(from: store) == MergeSummary())
    #expect(try target.benchmarks() == store.benchmarks())
    #expect(try target.models() == store.models())
    #expect(try target.attempts() == store.attempts())
    #expect(try target.artefacts() == store.artefacts())
    #expect(try target.learningCurves() == store.learningCurves())
    let (mine, theirs) = (try #require(try target.runs().first), try #require(try store.runs().first))
    #expect(mine.identity == theirs.identity)
    #expect(mine.startedAt == theirs.startedAt)
    #expect(mine.finishedAt == theirs.finishedAt)
    #expect(try target.tournaments(of: mine) == store.tournaments(of: theirs))
    #expect(try target.keys(of: mine.benchmark) == store.keys(of: theirs.benchmark))
    let slates = try store.slates(of: theirs.benchmark, ordinals: 0..<60).map(\.slate)
    #expect(slates.count == 5)
    #expect(try target.slates(of: mine.benchmark, ordinals: 0..<60).map(\.slate) == slates)
  }

  @Test func repliesAndEstimatesComeAlong() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.named("source.sqlite"), items: 2)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<2), to: run)
    let estimates = [
      RecordedEstimate(
        metric: "m", direction: .higherIsBetter, unit: .share,
        estimate: Estimate(value: 0.5, interval: nil, count: 2))
    ]
    try store.finish(run, estimates: estimates, now: Sample.end)
    let reply = Reply(endpoint: "e", model: "m", body: Data("r".utf8), createdAt: Sample.start)
    for index in 0..<600 { try store.keep(reply, to: Sample.digest("\(index)")) }
    let target = try Store(at: scratch.file, mode: .create)
    try target.merge(from: store)
    #expect(try target.estimates(of: Sample.run(in: target)) == estimates)
    for index in [0, 255, 256, 599] { #expect(try target.reply(to: Sample.digest("\(index)")) == reply) }
  }

  @Test func anItemKeepsItsAnswerAndTheDisagreementIsCounted() throws {
    let scratch = try Scratch()
    let target = try Sample.store(at: scratch.file)
    try target.append(Sample.batch(0..<4), to: Sample.run(in: target))
    let other = try Sample.store(at: scratch.named("other.sqlite"))
    let different = Tournament(rewards: [9, 9])
    try other.append([(2, Sample.rewards(2)), (3, different), (4, different)], to: Sample.run(in: other))
    #expect(try target.merge(from: other) == MergeSummary(items: 1, disagreements: 1))
    let back = try target.tournaments(of: Sample.run(in: target))
    #expect(back == (0..<4).map(Sample.rewards) + [different, nil, nil, nil])
  }

  @Test func aBenchmarkThatWasNeverCompletedIsLeftOut() throws {
    let scratch = try Scratch()
    let source = try Store(at: scratch.named("source.sqlite"), mode: .create)
    let registration = try source.beginBenchmark(Sample.digest("half"), card: Sample.card("half"))
    try source.append(Sample.pairs(3), from: 0, to: registration)
    let target = try Store(at: scratch.file, mode: .create)
    #expect(try target.merge(from: source) == MergeSummary())
    #expect(try target.benchmarks().isEmpty)
  }

  @Test func aMergeTakesBatchesOfAnySize() throws {
    let scratch = try Scratch()
    let count = Store.exportBatch + 3
    let source = try Sample.store(at: scratch.named("source.sqlite"), items: count)
    try source.append(Sample.batch(0..<count), to: Sample.run(in: source))
    let target = try Store(at: scratch.file, mode: .create)
    #expect(try target.merge(from: source).items == count)
    #expect(try target.keys(of: Sample.digest("pairs")) == Sample.pairs(count))
    #expect(try target.tournaments(of: Sample.run(in: target)) == (0..<count).map(Sample.rewards))
  }
}
