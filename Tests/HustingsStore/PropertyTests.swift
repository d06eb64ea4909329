import Foundation
import Hustings
import HustingsStore
import Testing

/// A sequence of numbers that is the same on every machine (SplitMix64, Steele et al. 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Values of every shape, drawn at random.
struct Draw {
  var rng: SplitMix

  init(seed: UInt64) { rng = SplitMix(state: seed) }

  mutating func number() -> Double {
    switch Int.random(in: 0..<6, using: &rng) {
    case 0: 0
    case 1: -0.0
    case 2: Double(Int.random(in: -3...3, using: &rng))
    case 3: Double(Int64.random(in: .min ... .max, using: &rng))
    default:
      // Any finite bit pattern.
      Double(bitPattern: rng.next() & 0xbfff_ffff_ffff_ffff)
    }
  }

  mutating func text() -> String {
    let letters = ["a", "é", "e\u{301}", "🗳️", "\0", "\n", "'", "\"", "%", " ", "漢", "\u{200b}", "\\"]
    return (0..<Int.random(in: 0..<24, using: &rng)).map { _ in letters.randomElement(using: &rng) ?? "" }
      .joined()
  }

  mutating func absence() -> Absence {
    Absence(Absence.Kind.allCases.randomElement(using: &rng) ?? .error, text())
  }

  mutating func judgment() -> Judgment {
    Int.random(in: 0..<5, using: &rng) == 0 ? .absent(absence()) : .margin(number())
  }

  mutating func tournament(count: Int? = nil) -> Tournament {
    let count = count ?? Int.random(in: 0...5, using: &rng)
    let form = Int.random(in: 0..<4, using: &rng)
    if form == 0 {
      var rewards: [Double?] = []
      var absences: [Int: Absence] = [:]
      for response in 0..<count {
        let said = judgment()
        rewards.append(said.logOdds)
        absences[response] = said.absence
      }
      return Tournament(rewards: rewards, absences: absences)
    }
    var judgments: [Matchup: Judgment] = [:]
    for matchup in Matchup.all(among: count) where Bool.random(using: &rng) {
      judgments[matchup] = judgment()
      if form > 1, Bool.random(using: &rng) { judgments[matchup.swapped] = judgment() }
    }
    return form == 1
      ? Tournament(count: count, symmetric: judgments)
      : Tournament(count: count, ordered: judgments, areVerdicts: form == 3)
  }

  mutating func key(_ index: Int) -> AnswerKey {
    let count = Int.random(in: 1...5, using: &rng)
    let candidates = (0..<Int.random(in: 0...6, using: &rng)).map { _ in
      Int.random(in: 0..<count, using: &rng)
    }
    var raters: [String: Tournament] = [:]
    for _ in 0..<Int.random(in: 0...3, using: &rng) { raters[text()] = tournament(count: count) }
    return AnswerKey(
      item: "\(index) \(text())", subset: text(), cluster: text(), names: candidates.map { _ in text() },
      candidates: candidates, gold: tournament(count: count), raters: raters)
  }
}

@Suite struct PropertyTests {
  @Test(arguments: 0..<8)
  func anythingThatCanBeSaidComesBackEqual(seed: UInt64) throws {
    var draw = Draw(seed: seed)
    let keys = (0..<60).map { draw.key($0) }
    let tournaments = keys.map { _ in draw.tournament() }
    let store = try Store.inMemory()
    try store.register(Sample.digest("any"), card: Sample.card(), keys: keys)
    try store.register(Sample.model())
    let run = try store.beginRun(
      benchmark: Sample.digest("any"), model: Sample.model().fingerprint, seed: seed, now: Sample.start)
    try store.append(
      tournaments.enumerated().map { ($0.offset, $0.element) }.shuffled(using: &draw.rng), to: run)
    #expect(try store.keys(of: run.benchmark) == keys)
    #expect(try store.tournaments(of: run) == tournaments)
    for (written, read) in zip(tournaments, try store.tournaments(of: run)) {
      for matchup in written.matchups {
        #expect(
          written.judgment(matchup)?.logOdds?.bitPattern == read?.judgment(matchup)?.logOdds?.bitPattern)
      }
    }
  }

  @Test(arguments: 0..<6)
  func howItemsAreCutIntoBatchesChangesNothing(seed: UInt64) throws {
    var draw = Draw(seed: seed)
    let tournaments = (0..<100).map { _ in draw.tournament() }
    let store = try Store.inMemory()
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(100))
    try store.register(Sample.model())
    let run = try Sample.run(in: store)
    var rest = Array(tournaments.enumerated()).shuffled(using: &draw.rng)[...]
    var added = 0
    while !rest.isEmpty {
      let batch = rest.prefix(Int.random(in: 1...40, using: &draw.rng))
      rest = rest.dropFirst(batch.count)
      added += try store.append(batch.map { ($0.offset, $0.element) }, to: run)
      #expect(try store.scoredItems(of: run).count == added)
    }
    #expect(added == 100)
    #expect(try store.tournaments(of: run) == tournaments)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100])
  func rowsAreWrittenWholeAtEveryCount(items: Int) throws {
    // Two rows an item: the counts stand around the number of rows that go into one statement.
    let store = try Store.inMemory()
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(items))
    try store.register(Sample.model())
    let run = try Sample.run(in: store)
    #expect(try store.append(Sample.batch(0..<items), to: run) == items)
    #expect(try store.tournaments(of: run) == (0..<items).map(Sample.rewards))
    #expect(try store.finish(run, estimates: [], now: Sample.end).isFinished)
  }

  @Test(arguments: 0..<5)
  func shardsMergeToTheSameRunInAnyOrder(seed: UInt64) throws {
    var draw = Draw(seed: seed)
    let tournaments = (0..<50).map { _ in draw.tournament() }
    let shards = try (0..<4).map { _ in
      let store = try Store.inMemory()
      try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(50))
      try store.register(Sample.model())
      return store
    }
    for (ordinal, tournament) in tournaments.enumerated() {
      // Some items are scored by several shards, which say the same.
      for shard in shards.shuffled(using: &draw.rng).prefix(Int.random(in: 1...2, using: &draw.rng)) {
        try shard.append([(ordinal, tournament)], to: Sample.run(in: shard))
      }
    }
    for order in [shards, shards.reversed(), shards.shuffled(using: &draw.rng)] {
      let target = try Store.inMemory()
      var items = 0
      for shard in order {
        let summary = try target.merge(from: shard)
        #expect(summary.disagreements == 0)
        items += summary.items
      }
      #expect(items == 50)
      #expect(try target.tournaments(of: Sample.run(in: target)) == tournaments)
      #expect(try target.keys(of: Sample.digest("pairs")) == Sample.pairs(50))
    }
  }
}
