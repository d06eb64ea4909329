import GRDB
import Hustings

extension Store {
  /// Writes down what a run knows of the responses themselves: numbers by name, one per response. What is there stays.
  public func append(
    traits rows: some Collection<(ordinal: Int, traits: [String: [Double?]])>, to run: Run
  ) throws {
    guard !rows.isEmpty else { return }
    try write { db in
      let (benchmark, _) = try BenchmarkTable.find(run.benchmark, in: db)
      let writer = try TournamentWriter(db)
      var sheets: [String: Int64] = [:]
      for (ordinal, traits) in rows {
        precondition(
          ordinal >= 0 && ordinal < run.itemCount, "item \(ordinal) of a benchmark of \(run.itemCount)")
        for name in traits.keys.sorted() {
          guard let values = traits[name] else { continue }
          let sheet = try sheets[name] ?? Voice.trait(run.identity, name).sheet(on: benchmark, in: db)
          sheets[name] = sheet
          _ = try writer.write(TraitRows.tournament(values), to: sheet, at: ordinal)
        }
      }
      try writer.finish()
    }
  }

  /// What a run knows of the responses of some items, by ordinal.
  func traits(of run: Run, ordinals: Range<Int>) throws -> [Int: [String: [Double?]]] {
    try read { try TraitRows.all(of: run, ordinals: ordinals, in: $0) }
  }
}

/// Traits as sheets of rewards.
enum TraitRows {
  static func tournament(_ values: [Double?]) -> Tournament {
    let unknown = Absence(.abstention, "not known")
    return Tournament(
      rewards: values,
      absences: Dictionary(
        uniqueKeysWithValues: values.indices.filter { values[$0] == nil }.map { ($0, unknown) }))
  }

  static func all(
    of run: Run, ordinals: Range<Int>, in db: Database
  ) throws -> [Int: [String: [Double?]]] {
    var all: [Int: [String: [Double?]]] = [:]
    for (name, sheet) in try Voice.traits(of: run.identity, in: db) {
      let reader = try TournamentReader(db, sheet: sheet, ordinals: ordinals)
      while let (ordinal, tournament) = try reader.next() {
        all[ordinal, default: [:]][name] = tournament.rewards
      }
    }
    return all
  }
}
