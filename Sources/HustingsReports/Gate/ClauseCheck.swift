import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

/// The check of one clause: whether it can be checked, what the numbers are, and what follows.
struct ClauseCheck {
  let contract: Contract
  let candidate: ModelCard
  let baselines: [Gate.Side]
  let candidates: [Gate.Side]
  let looks: [Baseline.Look]
  let sequential: SequentialCheck?

  /// Why a clause cannot be checked.
  private struct Obstacle: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  func finding(_ clause: Contract.Clause) -> Gate.Finding {
    let alpha = clause.alpha / Double(contract.looks)
    do {
      let (mine, yours) = try sides(of: clause)
      let earlier = looks.filter {
        $0.clause == clause.name && $0.baseline == mine.run && $0.candidate == candidate.fingerprint
      }
      let (evidence, unit) = try evidence(for: clause, mine, yours)
      var finding = decide(
        clause, evidence, unit, alpha, look: look(at: yours.run, after: earlier), mine, yours)
      if let sequential { try judge(&finding, sequential, mine, yours) }
      if let settled = settled(earlier, by: yours.run) {
        finding.verdict = settled.verdict
        finding.reason = settled.reason
        finding.isSettled = true
        finding.itemsNeeded = nil
      }
      return finding
    } catch {
      let reason = (error as? Obstacle)?.reason ?? "\(error)"
      return Gate.Finding(
        clause: clause, verdict: .invalid, reason: reason, evidence: nil, unit: .number, alpha: alpha,
        adjustedWorseP: nil, power: nil, itemsNeeded: nil, look: 1, eValue: nil, run: nil, baselineRun: nil)
    }
  }

  // MARK: Looks

  /// Which look at the candidate this is: the same run is the same look, however often it is asked about.
  private func look(at run: Digest, after earlier: [Baseline.Look]) -> Int {
    var runs: [Digest] = []
    for look in earlier where !runs.contains(look.run) { runs.append(look.run) }
    return (runs.firstIndex(of: run) ?? runs.count) + 1
  }

  /// The verdict that an earlier run of the same candidate has settled: a re-run never replaces it. An inconclusive one may be
  /// looked at again as often as the contract allows.
  private func settled(
    _ earlier: [Baseline.Look], by run: Digest
  ) -> (verdict: Gate.Verdict, reason: String)? {
    let firstOfOwn = earlier.firstIndex { $0.run == run } ?? earlier.count
    let before = earlier[..<firstOfOwn].filter { $0.run != run }
    for look in before {
      guard let verdict = Gate.Verdict(rawValue: look.verdict), verdict == .fail || verdict == .pass else {
        continue
      }
      return (
        verdict, "the verdict of an earlier look stands: \(verdict.rawValue) on \(Contract.day(of: look.at))"
      )
    }
    guard self.look(at: run, after: earlier) > contract.looks else { return nil }
    return (
      .inconclusive,
      "the verdict of an earlier look stands: the contract allows \(contract.looks) look\(contract.looks == 1 ? "" : "s") at one candidate"
    )
  }

  // MARK: What is compared

  private func sides(of clause: Contract.Clause) throws -> (Gate.Side, Gate.Side) {
    guard let mine = baselines.first(where: { $0.name == clause.benchmark }) else {
      throw Obstacle("the baseline has no answers to \(clause.benchmark)")
    }
    guard let yours = candidates.first(where: { $0.name == clause.benchmark }) else {
      throw Obstacle("the candidate has no run on \(clause.benchmark)")
    }
    guard mine.identity == yours.identity else {
      throw Obstacle(
        "the baseline answered \(clause.benchmark) \(mine.identity.short) and the candidate "
          + "\(yours.identity.short): other items, or other rules")
    }
    for (side, name) in [(mine, "the baseline"), (yours, "the candidate")] {
      // While a candidate is being run, what it was not asked yet is no gap.
      let asked = sequential != nil && name == "the candidate" ? side.trials.count : side.itemCount
      let share = Double(side.answered) / Double(max(1, asked))
      guard share >= clause.coverage - 1e-12 else {
        throw Obstacle(
          "\(name) answers \(Format.percent(share)) % of the items, and the contract asks for "
            + "\(Format.percent(clause.coverage)) %")
      }
    }
    return (mine, yours)
  }

  private func evidence(
    for clause: Contract.Clause, _ mine: Gate.Side, _ yours: Gate.Side
  ) throws -> (MarginEvidence, MetricUnit) {
    let (a, b) = (mine.trials(in: clause.stratum), yours.trials(in: clause.stratum))
    guard !a.isEmpty, !b.isEmpty else {
      let known = Set(mine.trials.map(\.key.subset)).sorted().joined(separator: ", ")
      throw Obstacle(
        "no item of \(clause.benchmark) is in the stratum '\(clause.stratum ?? "")'; there are \(known)")
    }
    let clusters = clause.cluster == .prompt
    switch clause.subject {
    case .scale(let scale):
      guard let evidence = scale.evidence(baseline: a, candidate: b, clusters: clusters) else {
        throw Obstacle("the \(scale.rawValue) of these rewards cannot be measured")
      }
      return (evidence, scale == .tails || scale == .saturation ? .share : .number)
    case .metric(let name):
      let metric = try metric(name, of: mine, clause)
      guard let sample = PairedSample(metric, baseline: a, candidate: b) else {
        throw Obstacle("the two models share no answered item")
      }
      let evidence = MarginEvidence(
        sample, lowerIsBetter: metric.direction == .lowerIsBetter, clusters: clusters)
      guard let evidence else { throw Obstacle("\(metric.name) has too few items or clusters for an error") }
      return (evidence, metric.unit)
    }
  }

  private func metric(
    _ name: String?, of side: Gate.Side, _ clause: Contract.Clause
  ) throws -> any ItemMetric {
    let metrics = side.benchmark.metrics
    let found = name.map { name in metrics.first { $0.name == name } } ?? metrics.first
    guard let found else {
      let known = metrics.map(\.name).joined(separator: ", ")
      throw Obstacle("\(clause.benchmark) has no metric '\(name ?? "")'; it has \(known)")
    }
    guard let metric = found as? any ItemMetric else {
      throw Obstacle("\(found.name) is no sum over items, so its difference cannot be paired")
    }
    if let direction = clause.direction, direction != metric.direction {
      throw Obstacle("the contract says that \(direction.words), and for \(metric.name) it is the other way")
    }
    return metric
  }

  // MARK: What follows

  private func decide(
    _ clause: Contract.Clause, _ evidence: MarginEvidence, _ unit: MetricUnit, _ alpha: Double, look: Int,
    _ mine: Gate.Side, _ yours: Gate.Side
  ) -> Gate.Finding {
    let lower = evidence.lowerLimit(level: 1 - alpha)
    let upper = evidence.upperLimit(level: 1 - alpha)
    let verdict: Gate.Verdict
    let reason: String
    if clause.isEquivalence {
      let excludesLoss = lower > -clause.margin
      let excludesGain = upper < clause.margin
      if excludesLoss && excludesGain {
        (verdict, reason) = (.pass, "a change as large as the margin is excluded")
      } else if upper < -clause.margin || lower > clause.margin {
        (verdict, reason) = (.fail, "a change of at least the margin is shown")
      } else {
        (verdict, reason) = (.inconclusive, "the interval crosses the margin")
      }
    } else if clause.isStrict, evidence.pValue(atLeast: 0) <= alpha {
      (verdict, reason) = (.fail, "a drop is shown, and the clause is strict")
    } else {
      switch NonInferiority(margin: clause.margin, lowerLimit: lower, upperLimit: upper).verdict {
      case .passed: (verdict, reason) = (.pass, "a loss as large as the margin is excluded")
      case .failed: (verdict, reason) = (.fail, "a loss of at least the margin is shown")
      case .inconclusive: (verdict, reason) = (.inconclusive, "the interval crosses the margin")
      }
    }
    return Gate.Finding(
      clause: clause, verdict: verdict, reason: reason, evidence: evidence, unit: unit, alpha: alpha,
      adjustedWorseP: nil, power: power(evidence, clause, alpha),
      itemsNeeded: verdict == .inconclusive ? itemsNeeded(evidence, clause, alpha) : nil, look: look,
      eValue: nil, run: yours.run, baselineRun: mine.run)
  }

  /// A sequential verdict: bets alone may pass the clause; a shown loss fails it once every item is there.
  private func judge(
    _ finding: inout Gate.Finding, _ sequential: SequentialCheck, _ mine: Gate.Side, _ yours: Gate.Side
  ) throws {
    let clause = finding.clause
    guard case .metric(let name) = clause.subject, !clause.isEquivalence else {
      throw Obstacle("a sequential check is for non-inferiority of a metric only")
    }
    let ordinals = Dictionary(
      mine.trials.enumerated().map { ($1.key.item, $0) }, uniquingKeysWith: { first, _ in first })
    let evidence = sequential.evidence(
      try metric(name, of: mine, clause), baseline: mine.trials(in: clause.stratum),
      candidate: yours.trials(in: clause.stratum),
      ordinals: ordinals, margin: clause.margin, alpha: finding.alpha, clusters: clause.cluster == .prompt)
    guard let evidence else {
      throw Obstacle("a sequential check needs a metric that is a plain mean over items")
    }
    finding.eValue = evidence.wealth
    let bets = "e-value \(Format.decimal(evidence.wealth, 1)) after \(Format.grouped(evidence.bets)) bets"
    if evidence.hasPassed {
      finding.verdict = .pass
      finding.itemsNeeded = nil
      finding.reason = "a loss as large as the margin is excluded by an \(bets)"
    } else if finding.verdict == .fail, yours.trials.count == yours.itemCount {
      finding.reason += " (\(bets))"
    } else {
      finding.verdict = .inconclusive
      finding.reason = "the bets have not excluded a loss as large as the margin (\(bets))"
    }
  }

  /// The chance of passing if nothing changed.
  private func power(_ evidence: MarginEvidence, _ clause: Contract.Clause, _ alpha: Double) -> Double? {
    guard evidence.deviation > 0 else { return nil }
    let one = PowerPlan(alpha: alpha, power: contract.power, sides: .one).achievedPower(
      distance: clause.margin, standardDeviation: evidence.deviation, designEffect: 1, items: evidence.items)
    return clause.isEquivalence ? max(0, 2 * one - 1) : one
  }

  /// How many items would show, with the contract's power, on which side of the margin the observed difference lies.
  private func itemsNeeded(_ evidence: MarginEvidence, _ clause: Contract.Clause, _ alpha: Double) -> Int? {
    let toLoss = abs(evidence.difference + clause.margin)
    let gap = clause.isEquivalence ? min(toLoss, abs(evidence.difference - clause.margin)) : toLoss
    guard gap > 0, evidence.deviation > 0 else { return nil }
    return PowerPlan(alpha: alpha, power: contract.power, sides: .one).items(
      difference: gap, standardDeviation: evidence.deviation, designEffect: 1)
  }
}

extension Gate.Side {
  /// The trials of a subset; all when none is named.
  func trials(in stratum: String?) -> [Trial] {
    stratum.map { stratum in trials.filter { $0.key.subset == stratum } } ?? trials
  }

  /// How many items have at least one margin.
  var answered: Int {
    trials.count { trial in
      trial.tournament.rewards.map { $0.contains { $0 != nil } }
        ?? trial.tournament.matchups.contains { trial.tournament.judgment($0)?.logOdds != nil }
    }
  }
}

extension Direction {
  /// The direction in words.
  fileprivate var words: String {
    switch self {
    case .higherIsBetter: "higher is better"
    case .lowerIsBetter: "lower is better"
    case .neutral: "neither way is better"
    }
  }
}
