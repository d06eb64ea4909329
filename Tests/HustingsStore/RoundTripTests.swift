import Foundation
import Hustings
import HustingsStore
import Testing

@Suite struct RoundTripTests {
  @Test func everyShapeOfTournamentComesBackEqual() throws {
    let store = try Store.inMemory()
    let keys = Sample.pairs(Sample.tournaments.count)
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: keys)
    try store.register(Sample.model())
    let run = try Sample.run(in: store)
    try store.append(Sample.tournaments.enumerated().map { ($0.offset, $0.element) }, to: run)
    let back = try store.tournaments(of: run)
    #expect(back.count == Sample.tournaments.count)
    for (written, read) in zip(Sample.tournaments, back) { #expect(read == written) }
  }

  @Test func numbersComeBackToTheBit() throws {
    let numbers: [Double] = [
      -0.0, 0, 1, -1, 0.1, .pi, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude,
      9_007_199_254_740_991, -4_611_686_018_427_387_904, 1e15, 1 / 3,
    ]
    let store = try Store.inMemory()
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(2))
    try store.register(Sample.model())
    let run = try Sample.run(in: store)
    var judged: [Matchup: Judgment] = [:]
    for (index, number) in numbers.enumerated() { judged[Matchup(index, index + 1)] = .margin(number) }
    let tournaments = [
      Tournament(rewards: numbers), Tournament(count: numbers.count + 1, ordered: judged),
    ]
    try store.append(tournaments.enumerated().map { ($0.offset, $0.element) }, to: run)
    let back = try store.tournaments(of: run)
    let rewards = try #require(back[0]?.rewards).compactMap { $0?.bitPattern }
    #expect(rewards == numbers.map(\.bitPattern))
    for (index, number) in numbers.enumerated() {
      #expect(back[1]?.judgment(Matchup(index, index + 1))?.logOdds?.bitPattern == number.bitPattern)
    }
  }

  @Test func aMarginThatIsNoNumberIsStoredAsInvalid() throws {
    let store = try Store.inMemory()
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(2))
    try store.register(Sample.model())
    let run = try Sample.run(in: store)
    for (ordinal, margin) in [Double.nan, -Double.infinity].enumerated() {
      let tournament = Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(margin)])
      try store.append([(ordinal, tournament)], to: run)
      let said = try #require(try store.tournaments(of: run)[ordinal]?.judgment(Matchup(0, 1)))
      #expect(said == Judgment(logOdds: margin))
      #expect(said.absence?.kind == .invalid)
    }
  }

  @Test func answerKeysComeBackEqual() throws {
    let keys = [
      AnswerKey(
        item: "pair", subset: "s", cluster: "c", names: ["A", "B"], candidates: [1, 0],
        gold: Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(-1)]),
        raters: [
          "ann": Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(1)]),
          "bob": Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(0)]),
        ]),
      AnswerKey(
        item: "ratings", subset: "a subset with a long name", cluster: "a cluster with a long name",
        names: ["x", "y", "z"], candidates: [2, 0, 2], gold: Tournament(rewards: [4.5, nil, 1]),
        raters: [
          "": Tournament(rewards: [nil, 2, 3]), "ann": Tournament(rewards: [1, 2, 3]),
          "c\"o'l": Tournament(count: 3, ordered: [Matchup(2, 0): .margin(0.25)]),
        ]),
      AnswerKey(
        item: "one text twice", subset: "", cluster: "", names: ["chosen", "rejected"], candidates: [0, 0],
        gold: Tournament(count: 1, symmetric: [:])),
      AnswerKey(
        item: "nobody \0 ünïcode 🗳️ 'quoted' \"twice\"", subset: "a subset with a long name",
        cluster: "a cluster with a long name", names: [], candidates: [],
        gold: Tournament(count: 0, symmetric: [:])),
      AnswerKey(
        item: "many", subset: "s", cluster: "c", names: (0..<16).map { "answer \($0)" },
        candidates: Array((0..<16).reversed()), gold: Tournament(rewards: (0..<16).map { Double($0) / 7 })),
    ]
    let scratch = try Scratch()
    do {
      let store = try Store(at: scratch.file, mode: .create)
      try store.register(Sample.digest("keys"), card: Sample.card("keys"), keys: keys)
      #expect(try store.keys(of: Sample.digest("keys")) == keys)
    }
    let store = try Store(at: scratch.file, mode: .read)
    #expect(try store.keys(of: Sample.digest("keys")) == keys)
  }

  @Test func aBenchmarkWithoutItemsComesBackEmpty() throws {
    let store = try Store.inMemory()
    try store.register(Sample.digest("none"), card: Sample.card(), keys: [])
    #expect(try store.keys(of: Sample.digest("none")).isEmpty)
    #expect(try store.benchmark(Sample.digest("none")).itemCount == 0)
  }

  @Test func cardsComeBackEqual() throws {
    let store = try Store.inMemory()
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(3))
    let record = try #require(try store.benchmarks().first)
    #expect(record.card == Sample.card())
    #expect(record.identity == Sample.digest("pairs"))
    #expect(record.itemCount == 3)
    #expect(try store.register(Sample.model()) == Sample.model())
    #expect(try store.models() == [Sample.model()])
    #expect(try store.model(Sample.model().fingerprint) == Sample.model())
  }

  @Test func estimatesComeBackEqualAndInOrder() throws {
    let estimates = [
      RecordedEstimate(
        metric: "z headline", direction: .higherIsBetter, unit: .share,
        estimate: Estimate(
          value: 0.75, interval: Interval(low: 0.5, high: 0.875, level: 0.95, method: "wilson"), count: 8)),
      RecordedEstimate(
        metric: "a ratio", direction: .lowerIsBetter, unit: .coefficient,
        estimate: Estimate(value: -0.0, interval: nil, count: 2)),
      RecordedEstimate(
        metric: "unbounded", direction: .neutral, unit: .number,
        estimate: Estimate(
          value: 1, interval: Interval(low: -.infinity, high: .infinity, level: 0.9, method: "t"), count: 1)),
      RecordedEstimate(metric: "not applicable", direction: .neutral, unit: .count, estimate: nil),
    ]
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file, items: 2)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<2), to: run)
    #expect(try store.estimates(of: run).isEmpty)
    try store.finish(run, estimates: estimates, now: Sample.end)
    #expect(try store.estimates(of: run) == estimates)
  }

  @Test func trialsPairAnswersWithTheirKeys() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file, items: 6)
    let run = try Sample.run(in: store)
    try store.append([(4, Sample.rewards(4)), (1, Sample.rewards(1))], to: run)
    let keys = try store.keys(of: run.benchmark)
    let trials = try store.trials(of: store.run(run.identity), keys: keys)
    #expect(trials.map(\.key.item) == ["item-1", "item-4"])
    #expect(trials.map(\.tournament) == [Sample.rewards(1), Sample.rewards(4)])
  }
}
