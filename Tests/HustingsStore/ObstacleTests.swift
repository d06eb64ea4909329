import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct ObstacleTests {
  @Test func aFullDiskLosesNothingThatWasAddedBefore() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file, items: 5000)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<100), to: run)
    try store.fillDisk(leaving: 4)
    #expect(throws: StoreError.full(path: scratch.file.path)) {
      try store.append(Sample.batch(100..<5000), to: run)
    }
    #expect(try store.scoredItems(of: run) == ItemSet(0..<100))
    let again = try Store(at: scratch.file, mode: .write)
    #expect(try again.append(Sample.batch(0..<5000), to: run) == 4900)
    #expect(try again.tournaments(of: run) == (0..<5000).map(Sample.rewards))
  }

  @Test func aFileThatIsLockedForLongSaysSo() throws {
    let scratch = try Scratch()
    let holder = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: holder)
    let store = try Store(at: scratch.file, mode: .write, patience: 0.05)
    try holder.holding {
      #expect(throws: StoreError.locked(path: scratch.file.path, seconds: 0.05)) {
        try store.append(Sample.batch(0..<1), to: run)
      }
      // Readers wait for nobody.
      let scored = try store.run(run.identity).scored
      #expect(scored == 0)
    }
    #expect(try store.append(Sample.batch(0..<1), to: run) == 1)
  }

  @Test func aTruncatedFileIsAnErrorAndNeverACrash() throws {
    let scratch = try Scratch()
    try Damage.makeStore(at: scratch.file)
    let whole = try Data(contentsOf: scratch.file)
    for length in [1, 15, 16, 99, 100, 511, 512, 4095, 4096, 4097, 8192, whole.count / 2, whole.count - 4096]
    {
      let file = scratch.named("\(length).sqlite")
      try whole.prefix(length).write(to: file)
      #expect(throws: StoreError.self, "\(length) bytes") { try Damage.readEverything(at: file) }
    }
  }

  @Test func noDamagedByteCrashesAReader() throws {
    let scratch = try Scratch()
    try Damage.makeStore(at: scratch.file)
    let whole = try Data(contentsOf: scratch.file)
    var state: UInt64 = 7
    for trial in 0..<120 {
      var bytes = whole
      for _ in 0...trial % 4 {
        // A linear congruential sequence (Knuth's MMIX constants) picks the place and the value.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 25)
      }
      let file = scratch.named("damaged.sqlite")
      try bytes.write(to: file)
      do {
        try Damage.readEverything(at: file)
      } catch {
        #expect(error is StoreError, "trial \(trial): \(error)")
      }
    }
  }

  @Test(arguments: [
    "INSERT INTO answers VALUES (2, 3, 0, 9223372036854775807)",
    "INSERT INTO answers VALUES (2, 3, 0, -1)",
    "INSERT INTO answers VALUES (2, 3, 1, 2); INSERT INTO judgments VALUES (2, 3, 1, 0, 1.0, NULL)",
    "INSERT INTO answers VALUES (2, 3, 2, 2); INSERT INTO judgments VALUES (2, 3, 1, 1, 1.0, NULL)",
    "INSERT INTO answers VALUES (2, 3, 2, 2); INSERT INTO judgments VALUES (2, 3, 0, 2, 1.0, NULL)",
    "INSERT INTO answers VALUES (2, 3, 2, 2); INSERT INTO judgments VALUES (2, 3, -1, 1, 1.0, NULL)",
    "INSERT INTO answers VALUES (2, 3, 0, 1); INSERT INTO rewards VALUES (2, 3, 1, 1.0, NULL)",
    "INSERT INTO absences VALUES (50, 'shrug', ''); INSERT INTO answers VALUES (2, 3, 0, 1);"
      + "INSERT INTO rewards VALUES (2, 3, 0, NULL, 50)",
  ])
  func aRowThatMakesNoTournamentIsNamed(sql: String) throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: store)
    #expect(run.sheet == 2)
    try store.execute(sql)
    #expect {
      try store.tournaments(of: run)
    } throws: { error in
      guard case .unreadable(scratch.file.path, _, _)? = error as? StoreError else { return false }
      return true
    }
  }

  @Test(arguments: [
    "INSERT INTO items VALUES (1, 8, 'x', '', '', 1, '[0,', NULL)",
    "INSERT INTO items VALUES (1, 8, 'x', '', '', 1, '[0]', NULL)",
    "INSERT INTO items VALUES (1, 9, 'x', '', '', 1, '[0,1]', NULL)",
    "INSERT INTO items VALUES (1, 8, 'x', '', '', 1, '[0,1]', NULL)",
  ])
  func anItemThatMakesNoKeyIsNamed(sql: String) throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.file, mode: .create)
    let registration = try store.beginBenchmark(Sample.digest("pairs"), card: Sample.card())
    try store.append(Sample.pairs(8), from: 0, to: registration)
    try store.execute("\(sql); INSERT INTO complete_benchmarks VALUES (1, 9)")
    #expect {
      try store.keys(of: Sample.digest("pairs"))
    } throws: { error in
      if case .unreadable? = error as? StoreError { true } else { false }
    }
  }

  @Test func twoItemsOfOneNameAreRefused() throws {
    let store = try Store.inMemory()
    let keys = Sample.pairs(3) + [Sample.pair(1)]
    #expect(throws: StoreError.duplicateItem(benchmark: "pairs", item: "item-1")) {
      try store.register(Sample.digest("pairs"), card: Sample.card(), keys: keys)
    }
    #expect(try store.benchmarks().isEmpty)
  }
}

/// A store with every kind of content, and a reader that asks for all of it.
enum Damage {
  static func makeStore(at url: URL) throws {
    let store = try Store(at: url, mode: .create)
    let keys = (0..<60).map { index in
      AnswerKey(
        item: "item-\(index)", subset: "a subset with a long name \(index % 3)", cluster: "c\(index)",
        names: ["a", "b", "c"], candidates: [index % 3, (index + 1) % 3, (index + 2) % 3],
        gold: Tournament(rewards: [1, 2, nil]),
        raters: ["ann": Tournament(count: 3, symmetric: [Matchup(0, 2): .margin(1)])])
    }
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: keys)
    try store.register(Sample.model())
    let run = try Sample.run(in: store)
    try store.append((0..<60).map { ($0, Sample.tournaments[$0 % Sample.tournaments.count]) }, to: run)
    try store.finish(run, estimates: [], now: Sample.end)
    try store.append(
      texts: (0..<5).map {
        ($0, Slate(id: "item-\($0)", prompt: Prompt("\($0)?"), responses: [Response("r")]))
      },
      to: Sample.digest("pairs"))
    try store.record(
      Attempt(
        comparison: "c", baseline: run.identity, candidate: run.identity, verdict: "pass", eValue: 1,
        createdAt: Sample.start))
    try store.keep(Data(repeating: 7, count: 5000), name: "n", kind: "k", now: Sample.start)
    try store.append([CurvePoint(checkpoint: Sample.digest("c"), metric: "loss", step: 1, value: 0.5)])
  }

  static func readEverything(at url: URL) throws {
    let store = try Store(at: url, mode: .read, patience: 1)
    _ = try store.models()
    _ = try store.attempts()
    _ = try store.learningCurves()
    for artefact in try store.artefacts() { _ = try store.content(of: artefact.digest) }
    for benchmark in try store.benchmarks() {
      _ = try store.keys(of: benchmark.identity)
      _ = try store.slates(of: benchmark.identity, ordinals: 0..<benchmark.itemCount)
      try store.keyMargins(of: benchmark.identity) { _ in }
    }
    for run in try store.runs() {
      _ = try store.scoredItems(of: run)
      _ = try store.tournaments(of: run)
      _ = try store.estimates(of: run)
      try store.margins(of: run) { _ in }
    }
  }
}
