public import Foundation
import GRDB
public import Hustings

extension Store {
  /// Begins a run, or finds the run of the same benchmark, model and seed as it stands.
  ///
  /// The benchmark must be completely written and the model registered.
  ///
  /// - Parameter now: the time to write down if the run is new.
  public func beginRun(benchmark: Digest, model: Digest, seed: UInt64, now: Date) throws -> Run {
    let identity = Run.identity(benchmark: benchmark, model: model, seed: seed)
    return try write { db in
      if let run = try RunTable.find(identity, in: db) { return run }
      let (benchmarkID, _) = try BenchmarkTable.find(benchmark, in: db)
      let (modelID, _) = try ModelTable.find(model, in: db)
      let sheet = try Voice.run(identity).sheet(on: benchmarkID, in: db)
      try RunTable.insert(
        identity, benchmark: benchmarkID, model: modelID, seed: seed, sheet: sheet, startedAt: now, in: db)
      guard let run = try RunTable.find(identity, in: db) else { throw StoreError.unknownRun(identity) }
      return run
    }
  }

  /// The items of a run that have an answer.
  public func scoredItems(of run: Run) throws -> ItemSet {
    try read { db in
      let select = try Prepared(db, "SELECT ordinal FROM answered WHERE sheet_id = ?")
      select.bind(run.sheet, at: 1)
      var items = ItemSet()
      while try select.step() {
        let ordinal = select.integer(0)
        guard ordinal >= 0, ordinal < run.itemCount else {
          throw Unreadable(
            table: "answers", detail: "there is an answer for item \(ordinal) of \(run.itemCount)")
        }
        items.insert(ordinal)
      }
      return items
    }
  }

  /// Adds a batch of tournaments to a run; all of them or none.
  ///
  /// An item that has an answer already keeps it, so that two processes may work on one run.
  ///
  /// - Returns: how many of them are new.
  @discardableResult
  public func append(
    _ batch: some Sequence<(ordinal: Int, tournament: Tournament)>, to run: Run
  ) throws -> Int {
    try write { db in
      let writer = try TournamentWriter(db)
      var added = 0
      for (ordinal, tournament) in batch {
        precondition(
          ordinal >= 0 && ordinal < run.itemCount, "item \(ordinal) of a benchmark of \(run.itemCount)")
        if try writer.write(tournament, to: run.sheet, at: ordinal) { added += 1 }
      }
      try writer.finish()
      return added
    }
  }

  /// Marks a run as finished, with what its metrics came to. A finished run stays as it is.
  ///
  /// - Throws: `StoreError.unfinishedRun` while an item is without an answer.
  @discardableResult
  public func finish(_ run: Run, estimates: [RecordedEstimate], now: Date) throws -> Run {
    let finished = try write { db in
      guard let current = try RunTable.find(run.identity, in: db) else {
        throw StoreError.unknownRun(run.identity)
      }
      if current.isFinished { return current }
      guard current.scored == current.itemCount else {
        throw StoreError.unfinishedRun(run.identity, scored: current.scored, of: current.itemCount)
      }
      for (position, estimate) in estimates.enumerated() {
        try EstimateTable.insert(estimate, at: position, run: current.rowID, in: db)
      }
      try RunTable.finish(current.rowID, at: now, in: db)
      return try RunTable.find(run.identity, in: db) ?? current
    }
    // A checkpoint is synced to the disk, so that not even a power cut takes a finished run away. When another process
    // is reading, its own close does it.
    _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.passive) }
    return finished
  }

  /// The runs in the store, by benchmark, model and seed; of one benchmark or one model when they are given.
  public func runs(benchmark: Digest? = nil, model: Digest? = nil) throws -> [Run] {
    try read { try RunTable.all(benchmark: benchmark, model: model, in: $0) }
  }

  /// The run of the given identity, as it stands now.
  public func run(_ identity: Digest) throws -> Run {
    try read { db in
      guard let run = try RunTable.find(identity, in: db) else { throw StoreError.unknownRun(identity) }
      return run
    }
  }

  /// What a run says of each item of its benchmark, by ordinal; nil where it has no answer yet.
  public func tournaments(of run: Run) throws -> [Tournament?] {
    try read { db in
      var all = [Tournament?](repeating: nil, count: run.itemCount)
      let reader = try TournamentReader(db, sheet: run.sheet, ordinals: 0..<run.itemCount)
      while let (ordinal, tournament) = try reader.next() { all[ordinal] = tournament }
      return all
    }
  }

  /// The answered items of a run with their keys.
  ///
  /// - Parameter keys: the keys of the run's benchmark, so that the runs of one benchmark can share them.
  public func trials(of run: Run, keys: [AnswerKey]) throws -> [Trial] {
    precondition(keys.count == run.itemCount, "\(keys.count) keys, \(run.itemCount) items")
    return try read { db in
      var trials: [Trial] = []
      trials.reserveCapacity(run.scored)
      let traits = try TraitRows.all(of: run, ordinals: 0..<run.itemCount, in: db)
      let reader = try TournamentReader(db, sheet: run.sheet, ordinals: 0..<run.itemCount)
      while let (ordinal, tournament) = try reader.next() {
        trials.append(Trial(key: keys[ordinal], tournament: tournament, traits: traits[ordinal] ?? [:]))
      }
      return trials
    }
  }

  /// What the metrics of a finished run came to, the headline first.
  public func estimates(of run: Run) throws -> [RecordedEstimate] {
    try read { try EstimateTable.all(of: run.rowID, in: $0) }
  }
}
