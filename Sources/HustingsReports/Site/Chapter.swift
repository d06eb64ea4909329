public import Foundation
public import Hustings
import HustingsData
import HustingsMetrics

/// Everything a site says of one benchmark identity: its board, and what each model earned on each item.
public struct Chapter: Sendable {
  /// When a model ran, and how far it got.
  public struct Progress: Sendable, Hashable {
    /// How many items have an answer.
    public let scored: Int
    /// When the first answer was written.
    public let startedAt: Date
    /// When the last one was; nil while the run goes on.
    public let finishedAt: Date?
    /// What the run's random choices are a function of.
    public let seed: UInt64

    /// A run's progress.
    public init(scored: Int, startedAt: Date, finishedAt: Date?, seed: UInt64) {
      self.scored = scored
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.seed = seed
    }
  }

  /// The definition of the benchmark: its metrics.
  let definition: any Benchmark
  /// The answer keys, by ordinal.
  let keys: [AnswerKey]
  /// The board.
  let board: Board
  /// The entries in the board's order.
  let entries: [Board.Entry]
  /// What each entry earned on each item, by ordinal: the mean over the item's parts; nil where nothing counts.
  let credits: [[Double?]]
  /// Where each item stands.
  let ordinals: [String: Int]
  private let progress: [Digest: Progress]
  private let text: @Sendable (Int) -> Slate?

  /// A chapter from stored results.
  ///
  /// - Parameters:
  ///   - definition: gives the metrics; `card` is the stored one.
  ///   - progress: how far each model's run got, by fingerprint.
  ///   - text: the slate of an item, by ordinal; nil where its texts are not kept.
  public init(
    _ definition: any Benchmark, card: BenchmarkCard, identity: Digest, keys: [AnswerKey],
    entries: [Board.Entry], progress: [Digest: Progress], text: @escaping @Sendable (Int) -> Slate?
  ) {
    self.definition = definition
    self.keys = keys
    self.progress = progress
    self.text = text
    board = Board(
      definition, card: card, identity: identity, itemCount: keys.count, entries: entries, alpha: 0.05)
    let byModel = Dictionary(
      entries.map { ($0.card.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    self.entries = board.rows.compactMap { byModel[$0.card.fingerprint] }
    let ordinals = Dictionary(
      keys.enumerated().map { ($1.item, $0) }, uniquingKeysWith: { first, _ in first })
    self.ordinals = ordinals
    let headline = definition.metrics.first as? any ItemMetric
    credits = Parallel.map(self.entries) { entry in
      guard let headline else { return [Double?](repeating: nil, count: keys.count) }
      return Chapter.credits(headline.contributions(entry.trials), entry.trials, ordinals, keys.count)
    }
  }

  private static func credits(
    _ parts: [Contribution], _ trials: [Trial], _ ordinals: [String: Int], _ count: Int
  ) -> [Double?] {
    // Every item answered, the usual case, makes a trial's place its ordinal.
    let isComplete = trials.count == count
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: count)
    for part in parts {
      guard let ordinal = isComplete ? part.trial : ordinals[trials[part.trial].key.item] else { continue }
      sums[ordinal] += part.credit
      counts[ordinal] += 1
    }
    return zip(sums, counts).map { $1 == 0 ? nil : $0 / $1 }
  }

  /// The benchmark.
  var card: BenchmarkCard { board.card }
  /// The headline; nil where it is no sum over items.
  var headline: (any ItemMetric)? { definition.metrics.first as? any ItemMetric }
  /// The unit of the headline.
  var unit: MetricUnit { board.columns.first?.unit ?? .number }
  /// Where models that compete stand among the entries.
  var competing: [Int] { entries.indices.filter { !entries[$0].card.isNull } }
  /// Its page.
  var path: SitePath { SitePath("benchmarks", card.name, board.identity.short) }
  /// The page of a comparison on it.
  func path(baseline: ModelCard, candidate: ModelCard) -> SitePath {
    SitePath(
      "comparisons", card.name,
      "\(board.identity.short)-\(baseline.fingerprint.short)-\(candidate.fingerprint.short)")
  }
  /// Where a model stands among the entries.
  func place(of fingerprint: Digest) -> Int? {
    entries.firstIndex { $0.card.fingerprint == fingerprint }
  }
  /// How far a model's run got.
  func progress(of card: ModelCard) -> Progress? { progress[card.fingerprint] }
  /// The texts of an item.
  func slate(_ ordinal: Int) -> Slate? { text(ordinal) }

  /// Which pairs of models have a page: all of them among a dozen models, else each against the best, against the best null
  /// rule and against its neighbour. The baseline is the lower one.
  var pairs: [(baseline: Int, candidate: Int)] {
    guard headline != nil, entries.count > 1 else { return [] }
    let all = entries.indices.flatMap { i in (i + 1..<max(i + 1, entries.count)).map { ($0, i) } }
    guard entries.count > 12 else { return all }
    let bestNull = entries.firstIndex { $0.card.isNull }
    return all.filter { baseline, candidate in
      if entries[candidate].card.isNull { return false }
      return candidate == 0 || baseline == bestNull || baseline == candidate + 1
    }
  }
}

extension ModelCard {
  /// The model's page.
  var path: SitePath { SitePath("models", name, fingerprint.short) }
}
