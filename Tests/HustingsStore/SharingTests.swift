import Foundation
import Hustings
import Testing

@testable import HustingsStore

/// What is written once for many items, and files from before that was so.
@Suite struct SharingTests {
  /// Keys whose golds come again, the same ones, and more different ones than are shared.
  private func keys(_ count: Int, kinds: Int) -> [AnswerKey] {
    (0..<count).map { place in
      AnswerKey(
        item: "item-\(place)", subset: "", cluster: "item-\(place)", names: ["chosen", "rejected"],
        candidates: [0, 1],
        gold: Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(Double(place % kinds) - 1.5)]),
        raters: [:])
    }
  }

  @Test(arguments: [1, 2, 8, 9, 40]) func goldsThatComeAgainAreReadAsTheyWere(kinds: Int) throws {
    let store = try Store.inMemory()
    let keys = keys(40, kinds: kinds)
    try store.register(Sample.digest("shared"), card: Sample.card(), keys: keys)
    #expect(try store.keys(of: Sample.digest("shared")) == keys)
    // A part of them, whose golds stand before it.
    #expect(try store.keys(of: Sample.digest("shared"), ordinals: 33..<37) == Array(keys[33..<37]))
    let ownGolds = (0..<40).count { $0 % kinds >= 8 } + min(kinds, 8)
    #expect(try store.strings("SELECT count(*) FROM judgments") == ["\(ownGolds)"])
  }

  @Test func everyKeyHasItsMarginInTheView() throws {
    let store = try Store.inMemory()
    try store.register(Sample.digest("shared"), card: Sample.card(), keys: keys(6, kinds: 2))
    #expect(
      try store.strings("SELECT item || ' ' || log_odds FROM key_margins ORDER BY ordinal") == [
        "item-0 -1.5", "item-1 -0.5", "item-2 -1.5", "item-3 -0.5", "item-4 -1.5", "item-5 -0.5",
      ])
  }

  @Test func aGoldThatRefersToNothingIsNamed() throws {
    let store = try Store.inMemory()
    let registration = try store.beginBenchmark(Sample.digest("shared"), card: Sample.card())
    try store.append(keys(2, kinds: 2), from: 0, to: registration)
    try store.execute("INSERT INTO items VALUES (1, 2, 'x', '', '', 1, '[0,1]', 2)")
    try store.complete(registration, itemCount: 3)
    #expect {
      try store.keys(of: Sample.digest("shared"))
    } throws: { error in
      if case .unreadable? = error as? StoreError { true } else { false }
    }
  }

  /// A file of the schema before: a benchmark of two items, to which other rows are added as they then were.
  private func writeOlder(_ scratch: Scratch, rows: String) throws {
    let before = Array(Migration.all.prefix { $0.name != "sharing" })
    let store = try Store(at: scratch.file, mode: .create, patience: 1, migrations: before)
    try store.register(Sample.model())
    try store.execute(
      """
      INSERT INTO benchmarks VALUES (1, '\(Sample.digest("pairs").hex)', 'pairs', '1',
        '\(try CardText.encode(Sample.card()))');
      INSERT INTO rosters VALUES (1, '["chosen","rejected"]');
      INSERT INTO items VALUES (1, 0, 'a', '', 'a', 1, '[0,1]'), (1, 1, 'b', '', 'b', 1, '[0,1]');
      INSERT INTO complete_benchmarks VALUES (1, 2);
      \(rows)
      """)
  }

  @Test func goldsOfAnOlderFileAreReadAsTheyWere() throws {
    let scratch = try Scratch()
    try writeOlder(
      scratch,
      rows: """
        INSERT INTO sheets VALUES (1, 1, 'gold', '');
        INSERT INTO answers VALUES (1, 0, 1, 2), (1, 1, 1, 2);
        INSERT INTO judgments VALUES (1, 0, 0, 1, 1.0, NULL), (1, 1, 0, 1, 1.0, NULL);
        """)
    let store = try Store(at: scratch.file, mode: .write)
    let gold = Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(1)])
    #expect(try store.keys(of: Sample.digest("pairs")).map(\.gold) == [gold, gold])
  }

  @Test func rewardsOfAnOlderFileAreCountedOnce() throws {
    let scratch = try Scratch()
    let run = Run.identity(benchmark: Sample.digest("pairs"), model: Sample.model().fingerprint, seed: 0)
    try writeOlder(
      scratch,
      rows: """
        INSERT INTO sheets VALUES (1, 1, 'run', '\(run.hex)');
        INSERT INTO answers VALUES (1, 1, 0, 2);
        INSERT INTO rewards VALUES (1, 1, 0, 0.5, NULL), (1, 1, 1, -0.0, NULL);
        """)
    let store = try Store(at: scratch.file, mode: .write)
    let found = try Sample.run(in: store)
    #expect(found.scored == 1)
    #expect(try store.append([(1, Tournament(rewards: [9, 9]))], to: found) == 0)
    #expect(try store.append([(0, Tournament(rewards: [3, 4]))], to: found) == 1)
    #expect(
      try store.tournaments(of: found) == [Tournament(rewards: [3, 4]), Tournament(rewards: [0.5, -0.0])])
  }
}
