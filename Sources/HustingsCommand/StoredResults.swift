import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// What a store holds, as reports need it.
struct StoredResults {
  let store: Store

  init(_ options: StoreOptions) throws { try self.init(path: options.store) }

  init(path: String) throws { store = try Store(at: URL(fileURLWithPath: path), mode: .read) }

  /// Whether a model has passed its certificate; nil when it has none.
  func certificate(of model: ModelCard) throws -> Bool? {
    try store.certificate(of: model.fingerprint)?.hasPassed
  }

  /// The benchmarks with the given names, by name; all when none is named. A name may be followed by `@` and the first digits
  /// of an identity.
  func benchmarks(named names: [String]) throws -> [BenchmarkRecord] {
    let all = try store.benchmarks()
    guard !names.isEmpty else { return all }
    return try names.flatMap { text in
      let title = try Workplace.specification(text).title
      let parts = title.split(separator: "@", maxSplits: 1)
      let found = all.filter {
        $0.card.name == parts[0] && (parts.count == 1 || $0.identity.hex.hasPrefix(parts[1]))
      }
      guard !found.isEmpty else {
        let known = Set(all.map(\.card.name)).sorted().joined(separator: ", ")
        throw InvalidRequest(
          "The store \(store.path) has no results of '\(text)'. It has \(known.isEmpty ? "none at all" : known)."
        )
      }
      return found
    }
  }

  /// The entries of a benchmark: one per model, the latest run of each.
  func entries(of record: BenchmarkRecord) throws -> [Board.Entry] {
    let keys = try store.keys(of: record.identity)
    let cards = try store.models()
    return try latestRuns(of: record).compactMap { run in
      guard let card = cards.first(where: { $0.fingerprint == run.model }) else { return nil }
      return Board.Entry(card: card, trials: try store.trials(of: run, keys: keys))
    }
  }

  /// The run of each model that counts: a finished one before an unfinished one, then the smallest seed.
  func latestRuns(of record: BenchmarkRecord) throws -> [Run] {
    let runs = try store.runs(benchmark: record.identity)
    return Dictionary(grouping: runs, by: \.model).values.compactMap { group in
      group.min { a, b in
        a.isFinished == b.isFinished ? a.seed < b.seed : a.isFinished
      }
    }.sorted { $0.identity < $1.identity }
  }

  /// The model of a name, of the first digits of a fingerprint, or of a folder that `hustings train` wrote.
  func model(_ text: String) throws -> ModelCard {
    let cards = try store.models()
    let named = cards.filter { $0.name == text }
    let found = named.isEmpty ? cards.filter { $0.fingerprint.hex.hasPrefix(text) } : named
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      if let card = try checkpoint(text, among: cards) { return card }
      let known = cards.map(\.name).sorted().joined(separator: ", ")
      throw InvalidRequest("The store has no model '\(text)'. It has \(known).")
    }
    let prints = found.map(\.fingerprint.short).sorted().joined(separator: ", ")
    throw InvalidRequest(
      "\(found.count) models are called '\(text)'. Name one by its fingerprint: \(prints).")
  }
}
