import Foundation
import Hustings
import Testing

@testable import HustingsStore

/// The file as others see it, who have SQLite and none of this code.
@Suite struct SchemaTests {
  @Test func theColumnsThatOthersReadAreTheseAndInThisOrder() throws {
    let expected = """
      absences: id kind reason
      answered: sheet_id ordinal
      answers: sheet_id ordinal form response_count
      artefacts: id name kind digest content created_at
      attempts: id comparison baseline candidate verdict e_value created_at
      benchmarks: id identity name version card
      complete_benchmarks: benchmark_id item_count
      estimates: run_id position metric value low high level method count direction unit
      finished_runs: run_id finished_at
      forms: id name meaning
      items: benchmark_id ordinal item subset cluster roster_id places gold_of
      judgments: sheet_id ordinal first second log_odds absence_id
      key_margins: benchmark_id rater ordinal item first second log_odds absence reason
      learning_curves: checkpoint metric step value
      margins: run_id ordinal item first second log_odds absence reason
      migrations: id name
      models: id fingerprint name kind revision is_null reads_texts settings
      replies: id key endpoint model body created_at
      rewards: sheet_id ordinal response reward absence_id
      rosters: id names
      runs: id identity benchmark_id model_id seed sheet_id started_at
      sheet_margins: sheet_id ordinal first second log_odds absence_id
      sheets: id benchmark_id voice name
      slate_texts: benchmark_id ordinal position text_id
      texts: id digest part text turns
      """
    let store = try Store.inMemory()
    let tables = try store.strings(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    let lines = try tables.map { table in
      "\(table): "
        + (try store.strings("SELECT name FROM pragma_table_info('\(table)')")).joined(separator: " ")
    }
    #expect(lines.joined(separator: "\n") == expected)
  }

  @Test func everyFormIsExplainedInTheFile() throws {
    let store = try Store.inMemory()
    #expect(
      try store.strings("SELECT id || ' ' || name FROM forms ORDER BY id")
        == ["0 rewards", "1 symmetric", "2 ordered", "3 verdicts"])
    #expect(try store.strings("SELECT name FROM migrations ORDER BY id") == Migration.all.map(\.name))
  }

  /// hashlib of Python 3.11: sha256(sha256(b"pairs").digest() + sha256(b"model length").digest() + seed as 8 bytes,
  /// least significant first).
  @Test(arguments: [
    (UInt64(0), "d382f24ec5d5c0c47f94bcc22a435b96a2af42e6354d5249915d43e323be03f3"),
    (1, "a7a6ec48b6d505b453e64218842832dc6146d875c6643906f1ce967df859c8bf"),
    (.max, "1b25d2a125547427807fc5183921e08a57535e60b664e99cb0dfd5c95f2cfa40"),
  ])
  func aRunsIdentityIsADigestOthersCanCompute(seed: UInt64, hex: String) {
    let identity = Run.identity(
      benchmark: Sample.digest("pairs"), model: Sample.model().fingerprint, seed: seed)
    #expect(identity.hex == hex)
  }

  @Test(.enabled(if: Outsider.isThere, "there is no sqlite3 command"))
  func theSQLiteCommandReadsEveryMargin() throws {
    let scratch = try Scratch()
    do {
      let store = try Sample.store(at: scratch.file, items: 4)
      try store.append(
        [
          (0, Tournament(rewards: [0.25, 1])),
          (1, Tournament(rewards: [nil, 1], absences: [0: Absence(.error, "timed out")])),
          (2, Tournament(count: 2, ordered: [Matchup(0, 1): .margin(2), Matchup(1, 0): .margin(-1.5)])),
          (3, Tournament(count: 2, symmetric: [:])),
        ], to: Sample.run(in: store))
    }
    let margins = try Outsider.query(
      "SELECT item, first, second, log_odds, absence, reason FROM margins ORDER BY 1, 2", in: scratch.file)
    #expect(
      margins == [
        "item-0|0|1|-0.75||", "item-1|0|1||error|timed out", "item-2|0|1|2.0||", "item-2|1|0|-1.5||",
      ])
    let cards = try Outsider.query(
      "SELECT card ->> '$.ties', names, settings ->> '$.dtype' FROM benchmarks, rosters, models",
      in: scratch.file)
    #expect(cards == ["half|[\"chosen\",\"rejected\"]|float32"])
    let gold = try Outsider.query(
      "SELECT item, places, log_odds FROM key_margins JOIN items USING (benchmark_id, ordinal, item) ORDER BY 1",
      in: scratch.file)
    #expect(gold == ["item-0|[0,1]|1.0", "item-1|[1,0]|-1.0", "item-2|[1,0]|-1.0", "item-3|[0,1]|1.0"])
  }

  @Test(.enabled(if: Outsider.isThere, "there is no sqlite3 command"))
  func theSQLiteCommandCanChangeNothing() throws {
    let scratch = try Scratch()
    _ = try Sample.store(at: scratch.file)
    #expect(throws: Outsider.Refusal.self) { try Outsider.query("DELETE FROM items", in: scratch.file) }
    #expect(throws: Outsider.Refusal.self) {
      try Outsider.query("UPDATE models SET name = 'better'", in: scratch.file)
    }
    #expect(try Outsider.query("SELECT count(*) FROM items", in: scratch.file) == ["8"])
  }
}

/// Somebody with the `sqlite3` command.
enum Outsider {
  struct Refusal: Error {}

  private static let command = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/opt/homebrew/bin/sqlite3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isThere: Bool { command != nil }

  static func query(_ sql: String, in file: URL) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(command))
    process.arguments = [file.path, sql]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refusal() }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
