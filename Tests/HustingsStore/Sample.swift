import Foundation
import Hustings
import HustingsStore

/// A folder of its own for one test, removed with the value.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("hustings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var file: URL { folder.appendingPathComponent("store.sqlite") }

  func named(_ name: String) -> URL { folder.appendingPathComponent(name) }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }
}

/// Small values to write and read back.
enum Sample {
  static let start = Date(timeIntervalSince1970: 1_700_000_000)
  static let end = Date(timeIntervalSince1970: 1_700_000_060.125)

  static func digest(_ name: String) -> Digest { SHA256.digest(name) }

  static func card(_ name: String = "pairs") -> BenchmarkCard {
    BenchmarkCard(
      name: name, version: "1", summary: "Which of two is better.", source: "made up", licence: "none",
      content: .names, ties: .half, failures: .excluded, aggregation: "mean over items")
  }

  static func model(_ name: String = "length") -> ModelCard {
    ModelCard(
      name: name, kind: .reward, revision: "r1", fingerprint: digest("model \(name)"), isNull: true,
      readsTexts: false, settings: ["dtype": "float32", "a \"quoted\" key": "é\n"])
  }

  static func pair(_ index: Int) -> AnswerKey {
    AnswerKey(
      item: "item-\(index)", subset: index % 2 == 0 ? "even items of the sample" : "odd",
      cluster: "c\(index / 2)", names: ["chosen", "rejected"], candidates: index % 3 == 0 ? [0, 1] : [1, 0],
      gold: Tournament(
        count: 2, symmetric: [Matchup(0, 1): .margin(index % 3 == 0 ? 1 : -1)]))
  }

  static func pairs(_ count: Int) -> [AnswerKey] { (0..<count).map(pair) }

  static func rewards(_ index: Int) -> Tournament {
    Tournament(rewards: [Double(index) * 0.1, 1 / Double(index + 3)])
  }

  /// Every shape a tournament can have, among them those with nothing in them.
  static let tournaments: [Tournament] = [
    Tournament(rewards: [0.1, -0.25, .leastNonzeroMagnitude, -1e308]),
    Tournament(rewards: [1, 2]),
    Tournament(rewards: [nil, 3], absences: [0: Absence(.error, "timed out after 30 s")]),
    Tournament(rewards: [nil, nil], absences: [1: Absence(.invalid, "NaN")]),
    Tournament(rewards: [nil], absences: [0: Absence(.abstention, "")]),
    Tournament(rewards: [4.5]),
    Tournament(rewards: []),
    Tournament(count: 2, symmetric: [:]),
    Tournament(count: 1, symmetric: [:]),
    Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(0.5)]),
    Tournament(count: 2, symmetric: [Matchup(1, 0): .margin(0)]),
    Tournament(count: 2, symmetric: [Matchup(0, 1): .absent(Absence(.abstention, "I'd rather not\0say"))]),
    Tournament(
      count: 3,
      symmetric: [
        Matchup(0, 1): .margin(.pi), Matchup(2, 0): .margin(-.ulpOfOne),
        Matchup(1, 2): .absent(Absence(.error, "connection refused")),
      ]),
    Tournament(count: 3, ordered: [:]),
    Tournament(count: 2, ordered: [Matchup(1, 0): .margin(2)]),
    Tournament(
      count: 2,
      ordered: [
        Matchup(0, 1): .margin(0.75), Matchup(1, 0): .absent(Absence(.abstention, "no verdict in: 🤷")),
      ]),
    Tournament(
      count: 2, ordered: [Matchup(0, 1): .margin(1), Matchup(1, 0): .margin(-1)], areVerdicts: true),
    Tournament(count: 2, ordered: [:], areVerdicts: true),
  ]

  /// A store with one benchmark of `items` pairs and one model.
  static func store(at url: URL, items: Int = 8) throws -> Store {
    let store = try Store(at: url, mode: .create)
    try store.register(digest("pairs"), card: card(), keys: pairs(items))
    try store.register(model())
    return store
  }

  static func run(in store: Store, seed: UInt64 = 0) throws -> Run {
    try store.beginRun(benchmark: digest("pairs"), model: model().fingerprint, seed: seed, now: start)
  }

  static func batch(_ ordinals: Range<Int>) -> [(ordinal: Int, tournament: Tournament)] {
    ordinals.map { ($0, rewards($0)) }
  }
}
