import Foundation
import Hustings
import HustingsStore
import Testing

/// What happens to a store when processes die, compete and have no right to write.
@Suite struct ProcessTests {
  @Test(arguments: [0, 1, 15, 16, 17, 63, 64, 100, 299])
  func aProcessKilledInsideABatchLosesThatBatchAndNoOther(item: Int) async throws {
    let scratch = try Scratch()
    let path = scratch.file.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, item = item as Int] in
      let store = try Sample.store(at: URL(fileURLWithPath: path), items: 300)
      let run = try Sample.run(in: store)
      // The batch is made while it is written, and making one of its items kills the process.
      for start in stride(from: 0, to: 300, by: 30) {
        try store.append(
          (start..<start + 30).lazy.map { ordinal -> (ordinal: Int, tournament: Tournament) in
            if ordinal == item { kill(getpid(), SIGKILL) }
            return (ordinal, Sample.rewards(ordinal))
          }, to: run)
      }
    }
    let store = try Store(at: scratch.file, mode: .write)
    let run = try Sample.run(in: store)
    let whole = item / 30 * 30
    #expect(try store.scoredItems(of: run) == ItemSet(0..<whole))
    #expect(try store.tournaments(of: run).prefix(whole) == (0..<whole).map(Sample.rewards)[...])
    #expect(try store.append(Sample.batch(0..<300), to: run) == 300 - whole)
    #expect(try store.finish(run, estimates: [], now: Sample.end).isFinished)
  }

  @Test(arguments: [1, 3, 7, 12, 20, 33, 50])
  func aProcessKilledAtAnyMomentLosesNothingItWasToldIsWritten(milliseconds: Int) async throws {
    let scratch = try Scratch()
    let path = scratch.file.path
    let ledger = scratch.named("acknowledged").path
    _ = try Sample.store(at: scratch.file, items: 4000)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, ledger = ledger as String, milliseconds = milliseconds as Int] in
      let store = try Store(at: URL(fileURLWithPath: path), mode: .write)
      let run = try Sample.run(in: store)
      let acknowledged = open(ledger, O_WRONLY | O_CREAT | O_APPEND, 0o644)
      Thread.detachNewThread {
        usleep(UInt32(milliseconds) * 1000)
        kill(getpid(), SIGKILL)
      }
      for start in stride(from: 0, to: 4000, by: 20) {
        try store.append(Sample.batch(start..<start + 20), to: run)
        write(acknowledged, ".", 1)
      }
      while true { usleep(1000) }
    }
    let batches = ((try? Data(contentsOf: URL(fileURLWithPath: ledger))) ?? Data()).count
    let store = try Store(at: scratch.file, mode: .write)
    let run = try Sample.run(in: store)
    // The last batch may have been written and not yet acknowledged.
    #expect(run.scored == batches * 20 || run.scored == (batches + 1) * 20)
    #expect(try store.scoredItems(of: run) == ItemSet(0..<run.scored))
    #expect(try store.tournaments(of: run).prefix(run.scored).allSatisfy { $0 != nil })
  }

  @Test func aProcessKilledWhileRegisteringLeavesNoHalfBenchmark() async throws {
    let scratch = try Scratch()
    let path = scratch.file.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try Store(at: URL(fileURLWithPath: path), mode: .create)
      let registration = try store.beginBenchmark(Sample.digest("pairs"), card: Sample.card())
      try store.append(Sample.pairs(8).prefix(4), from: 0, to: registration)
      kill(getpid(), SIGKILL)
    }
    let store = try Store(at: scratch.file, mode: .write)
    #expect(try store.benchmarks().isEmpty)
    #expect(throws: StoreError.unknownBenchmark(Sample.digest("pairs"))) {
      try store.keys(of: Sample.digest("pairs"))
    }
    try store.register(Sample.digest("pairs"), card: Sample.card(), keys: Sample.pairs(8))
    #expect(try store.keys(of: Sample.digest("pairs")) == Sample.pairs(8))
  }

  @Test func processesThatShareARunBothSucceedAndLoseNothing() async throws {
    let scratch = try Scratch()
    let path = scratch.file.path
    // Both make the store, register the benchmark and begin the run; each scores its own half, one item at a time.
    await withTaskGroup(of: Void.self) { group in
      for half in 0..<2 {
        group.addTask {
          await #expect(processExitsWith: .success) { [path = path as String, half = half as Int] in
            let store = try Sample.store(at: URL(fileURLWithPath: path), items: 400)
            let run = try Sample.run(in: store)
            for ordinal in 0..<400 where ordinal % 2 == half {
              try store.append([(ordinal, Sample.rewards(ordinal))], to: run)
            }
          }
        }
      }
    }
    let store = try Store(at: scratch.file, mode: .write)
    let run = try Sample.run(in: store)
    #expect(try store.runs().count == 1)
    #expect(try store.tournaments(of: run) == (0..<400).map(Sample.rewards))
    #expect(try store.finish(run, estimates: [], now: Sample.end).isFinished)
  }

  @Test(arguments: 0..<10)
  func whoeverMakesTheFileItIsMadeOnce(trial: Int) async throws {
    let scratch = try Scratch()
    let file = scratch.named("\(trial).sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for name in 0..<6 {
        group.addTask { try Store(at: file, mode: .create).register(Sample.model("\(name)")) }
      }
      try await group.waitForAll()
    }
    #expect(try Store(at: file, mode: .read).models().count == 6)
  }

  @Test func connectionsThatCompeteForEveryItemAgreeOnTheFirst() async throws {
    let scratch = try Scratch()
    let file = scratch.file
    let run = try Sample.run(in: Sample.store(at: file, items: 200))
    let added = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<6 {
        group.addTask {
          let store = try Store(at: file, mode: .write)
          var added = 0
          for start in stride(from: 0, to: 200, by: 10) {
            added += try store.append(Sample.batch(start..<start + 10), to: run)
          }
          return added
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(added == 200)
    #expect(try Store(at: file, mode: .read).tournaments(of: run) == (0..<200).map(Sample.rewards))
  }

  @Test func aStoreOnADiskThatCannotBeWrittenIsRead() async throws {
    let scratch = try Scratch()
    do {
      let store = try Sample.store(at: scratch.file)
      try store.append(Sample.batch(0..<8), to: Sample.run(in: store))
    }
    try await scratch.withoutRightToWrite { path in
      await #expect(processExitsWith: .success) { [path = path as String] in
        _ = setuid(65534)
        let store = try Store(at: URL(fileURLWithPath: path), mode: .read)
        let run = try #require(try store.runs().first)
        let tournaments = try store.tournaments(of: run)
        #expect(tournaments == (0..<8).map(Sample.rewards))
        #expect(throws: StoreError.readOnly(path: path)) {
          let store = try Store(at: URL(fileURLWithPath: path), mode: .write)
          try store.register(Sample.model("another"))
        }
      }
    }
    #expect(scratch.names == ["store.sqlite"])
  }

  @Test func aJournalThatCannotBeReadIsNeverPassedOver() async throws {
    let scratch = try Scratch()
    let path = scratch.file.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try Sample.store(at: URL(fileURLWithPath: path))
      try store.append(Sample.batch(0..<8), to: Sample.run(in: store))
      kill(getpid(), SIGKILL)
    }
    try FileManager.default.removeItem(atPath: path + "-shm")
    try await scratch.withoutRightToWrite { path in
      await #expect(processExitsWith: .success) { [path = path as String] in
        _ = setuid(65534)
        #expect(throws: StoreError.unmergedJournal(path: path)) {
          try Store(at: URL(fileURLWithPath: path), mode: .read)
        }
      }
    }
    // Where writing is allowed the journal is read and nothing is lost.
    #expect(try Store(at: scratch.file, mode: .read).runs().first?.scored == 8)
  }

  @Test func aStoreThatMayNotBeEnteredSaysSo() async throws {
    let scratch = try Scratch()
    let file = scratch.named("locked/store.sqlite")
    _ = try Sample.store(at: file)
    let folder = file.deletingLastPathComponent().path
    let path = scratch.named("locked/new.sqlite").path
    chmod(folder, 0o555)
    defer { chmod(folder, 0o755) }
    await #expect(processExitsWith: .success) { [path = path as String] in
      _ = setuid(65534)
      #expect(throws: StoreError.unreachable(path: path)) {
        try Store(at: URL(fileURLWithPath: path), mode: .create)
      }
    }
  }
}

extension Scratch {
  /// Takes the right to write the folder and its files away while `body` runs. The super-user has it none the less, so a
  /// process that starts as one has to become somebody else first.
  func withoutRightToWrite(_ body: (String) async throws -> Void) async throws {
    for name in names { chmod(named(name).path, 0o444) }
    chmod(folder.path, 0o555)
    defer {
      chmod(folder.path, 0o755)
      for name in names { chmod(named(name).path, 0o644) }
    }
    try await body(file.path)
  }
}
