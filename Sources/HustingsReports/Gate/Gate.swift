public import Foundation
public import Hustings
public import HustingsData
public import HustingsMetrics
import HustingsStatistics

/// The check of a candidate against a baseline by the clauses of a contract: four verdicts, each with its evidence.
///
/// A clause passes when a loss as large as its margin is excluded, fails when one is shown, and is inconclusive otherwise. What
/// cannot be checked to the letter is invalid. Schuirmann 1987; Tango 1998; Miller, arXiv 2411.00640.
public struct Gate: Sendable {
  /// What came of a clause, or of all.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    case pass = "PASS"
    case fail = "FAIL"
    case inconclusive = "INCONCLUSIVE"
    case invalid = "INVALID"
  }

  /// One model's answers to one benchmark.
  public struct Side: Sendable {
    /// The benchmark's rules and metrics.
    public let benchmark: any Benchmark
    /// The benchmark's name in the store.
    public let name: String
    /// The identity that the answers belong to.
    public let identity: Digest
    /// The identity of the run.
    public let run: Digest
    /// How many items the benchmark has.
    public let itemCount: Int
    /// The answers with their keys.
    public let trials: [Trial]

    /// One model's answers to one benchmark.
    public init(
      benchmark: any Benchmark, name: String, identity: Digest, run: Digest, itemCount: Int, trials: [Trial]
    ) {
      self.benchmark = benchmark
      self.name = name
      self.identity = identity
      self.run = run
      self.itemCount = itemCount
      self.trials = trials
    }
  }

  /// What came of one clause.
  public struct Finding: Sendable {
    /// The clause.
    public let clause: Contract.Clause
    /// The verdict.
    public internal(set) var verdict: Verdict
    /// Why, in a sentence.
    public internal(set) var reason: String
    /// The numbers; nil when the clause could not be checked.
    public let evidence: MarginEvidence?
    /// How the metric's values are printed.
    public let unit: MetricUnit
    /// The chance of a false verdict that this look may have: the clause's alpha over the looks that are allowed.
    public let alpha: Double
    /// The p-value of "not worse", with Holm's correction where any drop blocks; nil when the clause could not be checked.
    public internal(set) var adjustedWorseP: Double?
    /// The chance of passing if nothing changed, with this many items and this spread; nil when that is not known.
    public let power: Double?
    /// The number of items that would decide an inconclusive clause; nil for others.
    public internal(set) var itemsNeeded: Int?
    /// Whether an earlier look at this candidate has settled the verdict.
    public internal(set) var isSettled = false
    /// Which look at this candidate it is, from 1.
    public let look: Int
    /// The e-value of a sequential check: evidence that a loss as large as the margin is excluded; nil for others.
    public internal(set) var eValue: Double?
    /// The candidate's run, where there is one.
    public let run: Digest?
    /// The baseline's run, where there is one.
    public let baselineRun: Digest?

    /// The lower limit of the difference, one-sided.
    public var lowerLimit: Double? { evidence?.lowerLimit(level: 1 - alpha) }
    /// The upper limit of the difference, one-sided.
    public var upperLimit: Double? { evidence?.upperLimit(level: 1 - alpha) }
  }

  /// The contract.
  public let contract: Contract
  /// The model that is compared against.
  public let baseline: ModelCard
  /// The model that is judged.
  public let candidate: ModelCard
  /// What came of each clause, in the contract's order.
  public let findings: [Finding]
  /// What is wrong with the contract as a whole; it makes every verdict invalid.
  public let objection: String?

  /// The verdict of all primary clauses together.
  public var verdict: Verdict {
    if objection != nil { return .invalid }
    let primary = findings.filter { $0.clause.role == .primary }.map(\.verdict)
    guard !primary.isEmpty else { return .invalid }
    for verdict in [Verdict.invalid, .fail, .inconclusive] where primary.contains(verdict) { return verdict }
    return .pass
  }

  /// The gate's check.
  ///
  /// - Parameters:
  ///   - file: the baseline as its file has it, with the looks taken so far.
  ///   - baselines: the baseline's answers, by benchmark name.
  ///   - candidates: the candidate's answers, by benchmark name.
  ///   - sequential: how to look while the candidate is being run; nil when it has been.
  ///   - certificate: whether the candidate has a passing certificate; nil when it has none.
  public init(
    _ contract: Contract, file: Baseline, baselines: [Side], candidate: ModelCard, candidates: [Side],
    looks: [Baseline.Look], certificate: Bool?, sequential: SequentialCheck? = nil, now: Date
  ) {
    self.contract = contract
    baseline = file.model
    self.candidate = candidate
    objection = Gate.objection(contract, file, certificate: certificate, now: now)
    let check = ClauseCheck(
      contract: contract, candidate: candidate, baselines: baselines, candidates: candidates, looks: looks,
      sequential: sequential)
    var findings = contract.clauses.map(check.finding)
    if contract.mode == .anyMayBlock, sequential == nil { Gate.blockDrops(&findings) }
    Gate.discoverAdvisories(&findings)
    self.findings = findings
  }

  private static func objection(
    _ contract: Contract, _ file: Baseline, certificate: Bool?, now: Date
  ) -> String? {
    if contract.hasExpired(by: now) {
      let owner = contract.owner.map { ", who is \($0)," } ?? ""
      return "The contract expired on \(contract.expires ?? ""). Its owner\(owner) has to renew it."
    }
    if let mark = file.contract, mark.digest != contract.digest, mark.version == contract.version {
      return "The contract differs from the one the baseline was made for and has the same version "
        + "\(contract.version). Raise its version and make the baseline anew."
    }
    if let mark = file.contract, mark.version != contract.version {
      return "The baseline was made for version \(mark.version) of the contract, and this is version "
        + "\(contract.version). Make the baseline anew."
    }
    guard contract.needsCertificate, certificate != true else { return nil }
    return certificate == nil
      ? "The contract requires a certificate and the candidate has none. Run hustings certify on it first."
      : "The contract requires a certificate and the candidate failed its own. See hustings certify."
  }

  /// Any significant drop of a primary clause blocks, after Holm's correction; what is left passes. Clauses on which a rise is
  /// as bad keep their own verdicts.
  private static func blockDrops(_ findings: inout [Finding]) {
    let places = findings.indices.filter {
      let finding = findings[$0]
      return finding.clause.role == .primary && finding.verdict != .invalid && !finding.isSettled
        && !finding.clause.isEquivalence
    }
    let adjusted = Multiplicity.holm(places.map { findings[$0].evidence?.pValue(atLeast: 0) ?? 1 })
    for (place, p) in zip(places, adjusted) {
      findings[place].adjustedWorseP = p
      findings[place].itemsNeeded = nil
      let isWorse = p <= findings[place].alpha
      findings[place].verdict = isWorse ? .fail : .pass
      findings[place].reason =
        isWorse
        ? "a drop is shown (p = \(Format.probability(p)) after Holm)"
        : "no drop is shown (p = \(Format.probability(p)) after Holm)"
    }
  }

  /// Advisory clauses are tested for drops with Benjamini and Hochberg's correction, which their reasons mention.
  private static func discoverAdvisories(_ findings: inout [Finding]) {
    let places = findings.indices.filter {
      findings[$0].clause.role == .advisory && findings[$0].evidence != nil
        && !findings[$0].clause.isEquivalence
    }
    let adjusted = Multiplicity.benjaminiHochberg(
      places.map { findings[$0].evidence?.pValue(atLeast: 0) ?? 1 })
    for (place, p) in zip(places, adjusted) { findings[place].adjustedWorseP = p }
  }
}

extension Gate.Finding {
  /// The p-value of "not worse", corrected where clauses share one; nil where a rise is as bad as a drop.
  var worseP: Double? {
    clause.isEquivalence ? nil : adjustedWorseP ?? evidence?.pValue(atLeast: 0)
  }
}
