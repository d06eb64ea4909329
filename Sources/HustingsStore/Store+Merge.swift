import Foundation
import GRDB
import Hustings

/// What a merge has brought.
public struct MergeSummary: Sendable, Hashable {
  /// How many runs were new.
  public internal(set) var runs = 0
  /// How many items of all runs have got an answer.
  public internal(set) var items = 0
  /// How many items have an answer in both stores, and not the same: a model that does not judge alike twice. They keep
  /// the answer they had.
  public internal(set) var disagreements = 0
}

extension Store {
  /// Adds everything from another store that is not here yet. Nothing here changes, and nothing in the other.
  ///
  /// Shards of one run come together: an item keeps the first answer it has got. A run is finished here when it is in the
  /// other store; when only the merge completes it, running it again finishes it without asking the model.
  @discardableResult
  public func merge(from other: Store) throws -> MergeSummary {
    var summary = MergeSummary()
    for benchmark in try other.benchmarks() { try merge(benchmark, from: other) }
    for model in try other.models() { try register(model) }
    let known = Set(try runs().map(\.identity))
    for run in try other.runs() {
      if !known.contains(run.identity) { summary.runs += 1 }
      try merge(run, from: other, &summary)
    }
    for attempt in try other.attempts() { try record(attempt) }
    try append(try other.learningCurves())
    for artefact in try other.artefacts() {
      guard let content = try other.content(of: artefact.digest) else { continue }
      try keep(content, name: artefact.name, kind: artefact.kind, now: artefact.createdAt)
    }
    try mergeReplies(from: other)
    return summary
  }

  private static func batches(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: exportBatch).map { $0..<min($0 + exportBatch, count) }
  }

  private func merge(_ benchmark: BenchmarkRecord, from other: Store) throws {
    let registration = try beginBenchmark(benchmark.identity, card: benchmark.card)
    if registration.itemCount == nil {
      for ordinals in Store.batches(benchmark.itemCount) {
        try append(
          try other.keys(of: benchmark.identity, ordinals: ordinals), from: ordinals.lowerBound,
          to: registration)
      }
      try complete(registration, itemCount: benchmark.itemCount)
    }
    for ordinals in Store.batches(benchmark.itemCount) {
      let slates = try other.slates(of: benchmark.identity, ordinals: ordinals)
      if !slates.isEmpty { try append(texts: slates, to: benchmark.identity) }
    }
  }

  private func merge(_ run: Run, from other: Store, _ summary: inout MergeSummary) throws {
    let mine = try beginRun(benchmark: run.benchmark, model: run.model, seed: run.seed, now: run.startedAt)
    guard mine.itemCount == run.itemCount else {
      throw StoreError.wrongItemCount(
        benchmark: try other.benchmark(run.benchmark).card.name, stored: mine.itemCount,
        expected: run.itemCount)
    }
    for ordinals in Store.batches(run.itemCount) {
      let theirs = try other.tournaments(of: run, ordinals: ordinals)
      guard !theirs.isEmpty else { continue }
      var ours: [Int: Tournament] = [:]
      for (ordinal, tournament) in try tournaments(of: mine, ordinals: ordinals) {
        ours[ordinal] = tournament
      }
      let traits = try other.traits(of: run, ordinals: ordinals).sorted { $0.key < $1.key }
      try append(traits: traits.map { (ordinal: $0.key, traits: $0.value) }, to: mine)
      summary.disagreements += theirs.count { ours[$0.ordinal] != nil && ours[$0.ordinal] != $0.tournament }
      summary.items += try append(theirs.filter { ours[$0.ordinal] == nil }, to: mine)
    }
    if let finishedAt = run.finishedAt {
      try finish(mine, estimates: try other.estimates(of: run), now: finishedAt)
    }
  }

  private func mergeReplies(from other: Store) throws {
    var last: Int64 = 0
    while true {
      let page = try other.read { try ReplyTable.page(after: last, limit: 256, in: $0) }
      guard let end = page.last else { return }
      try write { db in
        for (_, key, reply) in page { try ReplyTable.insert(reply, key: key, in: db) }
      }
      last = end.row
    }
  }
}
