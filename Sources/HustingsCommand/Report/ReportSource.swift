import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsStore

/// What a report is made of, read from a store.
struct ReportSource {
  let results: StoredResults
  let workplace: Workplace
  let benchmarks: [String]

  /// The site of what the store holds now.
  ///
  /// - Parameter version: for pages that are served.
  func site(version: String? = nil) throws -> Site {
    let cards = try results.store.models()
    let records = try results.benchmarks(named: benchmarks)
    let chapters = try Parallel.map(records) { try chapter(of: $0, cards) }
    var certificates: [Digest: Certificate] = [:]
    for card in cards {
      if let certificate = try results.store.certificate(of: card.fingerprint) {
        certificates[card.fingerprint] = certificate
      }
    }
    return Site(
      chapters: chapters, curves: try results.store.learningCurves(), certificates: certificates,
      version: version)
  }

  private func chapter(of record: BenchmarkRecord, _ cards: [ModelCard]) throws -> Chapter {
    let keys = try results.store.keys(of: record.identity)
    let runs = try results.latestRuns(of: record)
    var progress: [Digest: Chapter.Progress] = [:]
    var entries: [Board.Entry] = []
    for run in runs {
      guard let card = cards.first(where: { $0.fingerprint == run.model }) else { continue }
      let trials = try results.store.trials(of: run, keys: keys)
      guard !trials.isEmpty else { continue }
      entries.append(Board.Entry(card: card, trials: trials))
      progress[run.model] = Chapter.Progress(
        scored: run.scored, startedAt: run.startedAt, finishedAt: run.finishedAt, seed: run.seed)
    }
    let (store, identity) = (results.store, record.identity)
    let keepsTexts = try store.keepsTexts(of: identity)
    return Chapter(
      try workplace.definition(of: record.card), card: record.card, identity: identity, keys: keys,
      entries: entries, progress: progress
    ) { ordinal in keepsTexts ? (try? store.slate(ordinal, of: identity)) ?? nil : nil }
  }

  /// What changes whenever the results do: how far each run got.
  func version() throws -> String {
    var hash = SHA256()
    for run in try results.store.runs() {
      hash.update(run.identity)
      hash.update(UInt64(run.scored))
      hash.update(UInt64(run.isFinished ? 1 : 0))
    }
    for point in try results.store.learningCurves() {
      hash.update(point.checkpoint)
      hash.update(UInt64(point.step))
    }
    return hash.finalize().short
  }
}
