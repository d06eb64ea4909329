import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct AppendOnlyTests {
  /// A store with at least one row in every table.
  private func full(_ scratch: Scratch) throws -> Store {
    let store = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: store)
    try store.append(
      (0..<8).map { ($0, Sample.tournaments[$0 == 0 ? 2 : $0 == 1 ? 9 : 1]) }, to: run)
    try store.finish(
      run,
      estimates: [RecordedEstimate(metric: "m", direction: .neutral, unit: .number, estimate: nil)],
      now: Sample.end)
    let slate = Slate(id: "item-0", prompt: Prompt("?"), responses: [Response("a")])
    try store.append(texts: [(0, slate)], to: Sample.digest("pairs"))
    try store.keep(
      Reply(endpoint: "e", model: "m", body: Data("{}".utf8), createdAt: Sample.start), to: Sample.digest("q")
    )
    try store.record(
      Attempt(
        comparison: "c", baseline: run.identity, candidate: run.identity, verdict: "pass", eValue: 1,
        createdAt: Sample.start))
    try store.keep(Data("x".utf8), name: "n", kind: "k", now: Sample.start)
    try store.append([CurvePoint(checkpoint: Sample.digest("c"), metric: "loss", step: 1, value: 0.5)])
    return store
  }

  @Test func noRowOfAnyTableCanBeChangedOrDeleted() throws {
    let scratch = try Scratch()
    let store = try full(scratch)
    let tables = try store.strings(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    #expect(tables.count == 21)
    for table in tables {
      let column = try #require(try store.strings("SELECT name FROM pragma_table_info('\(table)')").first)
      #expect(try store.strings("SELECT count(*) > 0 FROM \(table)") == ["1"], "\(table) is empty")
      for sql in ["UPDATE \(table) SET \(column) = \(column)", "DELETE FROM \(table)"] {
        #expect(throws: StoreError.appendOnly(path: scratch.file.path), "\(sql)") { try store.execute(sql) }
      }
    }
  }

  @Test func everyTableIsStrictAndEveryReferenceHolds() throws {
    let scratch = try Scratch()
    let store = try full(scratch)
    #expect(
      try store.strings(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'"
      )
      .isEmpty)
    #expect(try store.strings("SELECT count(*) FROM pragma_foreign_key_check") == ["0"])
    #expect(try store.strings("PRAGMA integrity_check") == ["ok"])
    #expect(try store.strings("PRAGMA journal_mode") == ["wal"])
    #expect(try store.strings("PRAGMA foreign_keys") == ["1"])
  }

  @Test func aRowThatRefersToNothingIsRefused() throws {
    let scratch = try Scratch()
    let store = try full(scratch)
    for sql in [
      "INSERT INTO answers VALUES (999, 0, 0, 2)", "INSERT INTO rewards VALUES (1, 99, 0, NULL, 999)",
      "INSERT INTO finished_runs VALUES (999, '2026-01-01T00:00:00.000Z')",
      "INSERT INTO sheets (benchmark_id, voice, name) VALUES (999, 'gold', '')",
    ] {
      #expect(throws: StoreError.self, "\(sql)") { try store.execute(sql) }
    }
  }

  @Test func aMarginIsEitherANumberOrAReason() throws {
    let scratch = try Scratch()
    let store = try full(scratch)
    for values in ["NULL, NULL", "0.5, 1"] {
      #expect(throws: StoreError.self) {
        try store.execute("INSERT INTO rewards VALUES (1, 99, 0, \(values))")
      }
      #expect(throws: StoreError.self) {
        try store.execute("INSERT INTO judgments VALUES (1, 99, 0, 1, \(values))")
      }
    }
  }
}
