import Foundation
import Hustings
import Testing

@testable import HustingsStore

@Suite struct ExportTests {
  private func rows(_ store: Store, _ run: Run) throws -> [MarginRow] {
    var rows: [MarginRow] = []
    try store.margins(of: run) { rows.append($0) }
    return rows
  }

  @Test func aRowCanBeReadOnItsOwn() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: store)
    try store.append(
      [
        (1, Tournament(rewards: [0.25, 1])),
        (3, Tournament(count: 2, ordered: [Matchup(1, 0): .margin(2)])),
        (4, Tournament(rewards: [nil, 1], absences: [0: Absence(.error, "timed out")])),
      ], to: run)
    let rows = try rows(store, run)
    #expect(rows.count == 3)
    #expect(
      rows[0]
        == MarginRow(
          run: run.identity, benchmark: "pairs", model: "length", item: "item-1", subset: "odd",
          cluster: "c0",
          first: 0, second: 1, firstName: "rejected", secondName: "chosen", firstReward: 0.25,
          secondReward: 1,
          logOdds: -0.75, absence: nil, gold: -1))
    #expect(
      rows[1]
        == MarginRow(
          run: run.identity, benchmark: "pairs", model: "length", item: "item-3", subset: "odd",
          cluster: "c1",
          first: 1, second: 0, firstName: "rejected", secondName: "chosen", firstReward: nil,
          secondReward: nil,
          logOdds: 2, absence: nil, gold: -1))
    #expect(rows[2].logOdds == nil)
    #expect(rows[2].firstReward == nil)
    #expect(rows[2].absence == Absence(.error, "timed out"))
  }

  @Test func rowsOfManyItemsComeInOrder() throws {
    let scratch = try Scratch()
    let count = 2 * Store.exportBatch + 7
    let store = try Sample.store(at: scratch.file, items: count)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<count), to: run)
    #expect(try rows(store, run).map(\.item) == (0..<count).map { "item-\($0)" })
  }

  @Test func anErrorOfTheReceiverStopsTheExport() throws {
    struct Full: Error {}
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file)
    let run = try Sample.run(in: store)
    try store.append(Sample.batch(0..<8), to: run)
    var seen = 0
    #expect(throws: Full.self) {
      try store.margins(of: run) { _ in
        seen += 1
        if seen == 3 { throw Full() }
      }
    }
    #expect(seen == 3)
  }

  @Test func keyRowsTellGoldFromRaters() throws {
    let store = try Store.inMemory()
    let key = AnswerKey(
      item: "i", subset: "s", cluster: "c", names: ["x", "y"], candidates: [0, 2],
      gold: Tournament(count: 3, symmetric: [Matchup(0, 2): .margin(1)]),
      raters: [
        "bob": Tournament(rewards: [3, nil, 1]),
        "ann": Tournament(count: 3, symmetric: [Matchup(0, 2): .margin(-1)]),
      ])
    try store.register(Sample.digest("k"), card: Sample.card("k"), keys: [key])
    var rows: [KeyRow] = []
    try store.keyMargins(of: Sample.digest("k")) { rows.append($0) }
    #expect(rows.map(\.rater) == [nil, "ann", "bob", "bob", "bob"])
    #expect(rows.map(\.logOdds) == [1, -1, nil, 2, nil])
    #expect(rows.map(\.firstName) == ["x", "x", "x", "x", nil])
    #expect(rows.map(\.secondName) == ["y", "y", nil, "y", "y"])
  }

  @Test func theViewsSayWhatTheExportSays() throws {
    let scratch = try Scratch()
    let store = try Sample.store(at: scratch.file, items: Sample.tournaments.count)
    let run = try Sample.run(in: store)
    try store.append(Sample.tournaments.enumerated().map { ($0.offset, $0.element) }, to: run)
    let exported = try rows(store, run).map { row in
      [
        row.item, "\(row.first)", "\(row.second)", row.logOdds.map { "\($0)" } ?? "-",
        row.absence?.kind.rawValue ?? "-",
      ].joined(separator: " ")
    }
    let viewed = try store.strings(
      """
      SELECT item || ' ' || first || ' ' || second || ' ' || iif(log_odds IS NULL, '-', printf('%!.17g', log_odds))
        || ' ' || coalesce(absence, '-') FROM margins ORDER BY run_id, ordinal, first, second
      """)
    func parsed(_ line: String) -> [String] {
      line.split(separator: " ").map { Double($0).map { "\($0)" } ?? String($0) }
    }
    #expect(viewed.map(parsed) == exported.map(parsed))
    #expect(
      try store.strings("SELECT item || ' ' || log_odds FROM key_margins WHERE rater IS NULL AND ordinal < 2")
        == ["item-0 1.0", "item-1 -1.0"])
  }

  @Test func anItemSetHoldsWhatWasPutIn() {
    var items = ItemSet()
    #expect(!items.contains(0))
    for ordinal in [0, 63, 64, 1000, 64] { items.insert(ordinal) }
    #expect(items.count == 4)
    #expect((0..<1100).filter(items.contains) == [0, 63, 64, 1000])
    #expect(!items.contains(-1))
    #expect(!items.contains(.max))
    #expect(items == ItemSet([1000, 64, 63, 0]))
  }

  @Test func placesAreReadAsTheyAreWritten() {
    func read(_ text: String) -> [Int]? {
      var text = text
      return text.withUTF8 { Places.read($0) }
    }
    for places in [[], [0], [1, 0], Array((0..<300).reversed())] {
      #expect(read(Places.text(places)) == places)
    }
    for text in [
      "", "[", "]", "[,]", "[1,]", "[,1]", "[-1]", "[1 ]", "1,0", "[99999999999999999999]", "[1.5]",
    ] {
      #expect(read(text) == nil, "\(text)")
    }
  }
}
