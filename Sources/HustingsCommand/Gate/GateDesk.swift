import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsStore

/// Brings the two sides of a gate together: a baseline's file and a store.
struct GateDesk {
  let contract: Contract
  let baseline: Baseline
  let workplace: Workplace
  /// The store's file.
  let path: String

  /// The gate's check of a candidate as the store knows it now.
  func gate(_ candidate: ModelCard, in results: StoredResults, sequential: SequentialCheck?) throws -> Gate {
    var mine: [Gate.Side] = []
    var yours: [Gate.Side] = []
    let records = try results.store.benchmarks()
    for name in contract.benchmarkNames {
      let part = baseline.parts.first { $0.name == name }
      let named = records.filter { $0.card.name == name }
      // The baseline's own identity where the candidate has run on it; else any other, which the check then refuses.
      let ordered =
        named.filter { $0.identity == part?.identity } + named.filter { $0.identity != part?.identity }
      var found: (record: BenchmarkRecord, run: Run)?
      for record in ordered where found == nil {
        let run = try results.latestRuns(of: record).first { $0.model == candidate.fingerprint }
        if let run, run.scored > 0 { found = (record, run) }
      }
      if let found {
        let keys = try results.store.keys(of: found.record.identity)
        yours.append(
          Gate.Side(
            benchmark: try workplace.definition(of: found.record.card), name: name,
            identity: found.record.identity, run: found.run.identity, itemCount: found.record.itemCount,
            trials: try results.store.trials(of: found.run, keys: keys)))
      }
      guard let part else { continue }
      let keys =
        found?.record.identity == part.identity ? try results.store.keys(of: part.identity) : []
      let trials = keys.compactMap { key in
        part.answers[key.item].flatMap { $0.count == key.gold.count ? Trial(key: key, tournament: $0) : nil }
      }
      let benchmark =
        try found.map { try workplace.definition(of: $0.record.card) }
        ?? workplace.definition(named: name.baseName)
      mine.append(
        Gate.Side(
          benchmark: benchmark, name: name, identity: part.identity, run: part.run, itemCount: part.itemCount,
          trials: trials))
    }
    return Gate(
      contract, file: baseline, baselines: mine, candidate: candidate, candidates: yours,
      looks: try looks(in: results), certificate: try results.certificate(of: candidate),
      sequential: sequential,
      now: Date())
  }

  /// The looks that the file and the store know of, each once, oldest first.
  private func looks(in results: StoredResults) throws -> [Baseline.Look] {
    var looks = baseline.looks
    for attempt in try results.store.attempts() {
      let parts = attempt.comparison.split(separator: "|", maxSplits: 1)
      guard parts.count == 2, let candidate = Digest(hex: parts[0]) else { continue }
      let look = Baseline.Look(
        clause: String(parts[1]), baseline: attempt.baseline, candidate: candidate, run: attempt.candidate,
        verdict: attempt.verdict, at: attempt.createdAt)
      let isKnown = looks.contains {
        $0.clause == look.clause && $0.baseline == look.baseline && $0.run == look.run
      }
      if !isKnown { looks.append(look) }
    }
    return looks.sorted { $0.at < $1.at }
  }

  /// Writes the looks of a gate to the ledger in the store and to the one in the baseline's file. The same run is the same
  /// look: it stands once.
  func book(_ gate: Gate, in file: String) throws {
    let store = try Store(at: URL(fileURLWithPath: path), mode: .create)
    let now = Date()
    let known = try store.attempts()
    var updated = baseline
    for finding in gate.findings {
      guard let run = finding.run, let mine = finding.baselineRun, finding.verdict != .invalid else {
        continue
      }
      let comparison = "\(gate.candidate.fingerprint.hex)|\(finding.clause.name)"
      if !known.contains(where: { $0.comparison == comparison && $0.baseline == mine && $0.candidate == run })
      {
        try store.record(
          Attempt(
            comparison: comparison, baseline: mine, candidate: run, verdict: finding.verdict.rawValue,
            eValue: finding.eValue, createdAt: now))
      }
      let look = Baseline.Look(
        clause: finding.clause.name, baseline: mine, candidate: gate.candidate.fingerprint, run: run,
        verdict: finding.verdict.rawValue, at: now)
      if !updated.looks.contains(where: { $0.clause == look.clause && $0.baseline == mine && $0.run == run })
      {
        updated.looks.append(look)
      }
    }
    guard updated != baseline else { return }
    do {
      try AtomicFile.write(try updated.encoded(), to: file)
    } catch {
      Terminal.note("The look stands in \(path) but not in \(file): \(error)")
    }
  }
}

extension String {
  /// A benchmark's name without its argument.
  fileprivate var baseName: String { String(split(separator: ":", maxSplits: 1).first ?? "") }
}
