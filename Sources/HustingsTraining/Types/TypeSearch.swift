import Foundation
import HustingsNumerics

/// EM for a mixture of annotator types, each with a policy of its own (EM-DPO; Chidambaram, Seetharaman and Syrgkanis,
/// arXiv 2405.15065).
///
/// It maximises Σ_i log Σ_k η_k·Π_votes P_k(vote). Each iteration fits every type's policy to all votes, weighted by how
/// likely their annotators are of the type; takes the mean of those probabilities as the shares; and computes them anew from
/// each annotator's votes, in log space.
public struct TypeSearch: Sendable {
  /// The votes.
  public let panel: VotePanel
  /// The kind of policy.
  public let family: any ScoreFamily
  /// How to seek.
  public let settings: TypeSettings
  /// Threads to work on.
  public let workers: Int
  let objective: VoteObjective
  /// The same for all types in one reading of the data, where it can be had.
  let together: BinaryVotes?
  /// Who voted what: in all votes, and in each half of them where halves are told apart.
  let ballots: (all: Ballots, halves: [Ballots])
  private let annotatorWeight: Double

  /// A search; throws when settings cannot be or types outnumber the annotators who voted.
  public init(_ panel: VotePanel, _ family: any ScoreFamily, _ settings: TypeSettings, workers: Int = 1)
    throws
  {
    try settings.check()
    let voting = panel.annotators.indices.count { !panel.votes(of: $0).isEmpty }
    guard settings.types <= voting else {
      throw VoteFault.tooFewAnnotators(types: settings.types, annotators: voting)
    }
    if panel.patterns.holdsTies, settings.likelihood.tieStrength == 0 {
      throw VoteFault.badSetting(
        name: "the tie strength", value: "0", allowed: "above 0 where responses are tied")
    }
    self.panel = panel
    self.family = family
    self.settings = settings
    self.workers = max(1, workers)
    objective = VoteObjective(panel, family, settings.likelihood, ridge: settings.ridge)
    together = BinaryVotes(panel, family, settings.likelihood, ridge: settings.ridge)
    ballots = (
      Ballots(panel),
      settings.crossFits
        ? (0..<2).map { half in Ballots(panel.picking { _, place, _ in place % 2 == half }) } : []
    )
    annotatorWeight = panel.annotators.indices.reduce(0) { $0 + panel.weight(of: $1) }
  }

  /// Runs EM from one start.
  public func run(from start: TypeStart) throws -> TypeMixture {
    var (previous, shares, gamma) = try begin(start)
    var parameters: [[Double]] = []
    var known = [Knowledge?](repeating: nil, count: settings.types)
    var trace: [TypeMixture.Step] = []
    var isSettled = false
    for iteration in 1...settings.iterations {
      let half = settings.crossFits ? (iteration % 2) : nil
      shares = meanShares(gamma)
      parameters = maximise(gamma, from: previous, ballots(of: half), knowing: &known)
      previous = parameters
      try check(parameters)
      let logs = logProbabilities(parameters)
      let all = expect(shares, logs, ballots.all)
      gamma = half.map { expect(shares, logs, ballots(of: 1 - $0)).gamma } ?? all.gamma
      trace.append(step(all.logLikelihood, shares, parameters))
      // Halves take turns, so that a cross-fit search settles when a whole turn changes nothing.
      let turn = settings.crossFits ? 2 : 1
      if trace.count > turn {
        let gain = trace[trace.count - 1].objective - trace[trace.count - 1 - turn].objective
        isSettled = abs(gain) <= settings.tolerance * abs(all.logLikelihood)
        if isSettled { break }
      }
    }
    if settings.crossFits {
      gamma = expect(shares, logProbabilities(parameters), ballots.all).gamma
    }
    return TypeMixture(
      shares: shares, parameters: parameters, responsibilities: gamma, trace: trace, isSettled: isSettled,
      start: start.name)
  }

  /// The policies of given responsibilities and what they make of the annotators: one maximisation and one assignment. From hard
  /// clusters it is the published baseline Cluster-DPO.
  public func fit(_ responsibilities: [Double], named name: String) throws -> TypeMixture {
    let shares = meanShares(responsibilities)
    var known = [Knowledge?](repeating: nil, count: settings.types)
    let parameters = maximise(responsibilities, from: nil, ballots.all, knowing: &known)
    try check(parameters)
    let all = expect(shares, logProbabilities(parameters), ballots.all)
    return TypeMixture(
      shares: shares, parameters: parameters, responsibilities: all.gamma,
      trace: [step(all.logLikelihood, shares, parameters)], isSettled: true, start: name)
  }

  /// Every annotator's posterior and log-evidence under a mixture, from the votes of this search's panel.
  public func posteriors(under mixture: TypeMixture) -> (responsibilities: [Double], logEvidences: [Double]) {
    let all = expect(mixture.shares, logProbabilities(mixture.parameters), ballots.all)
    return (all.gamma, all.evidences)
  }

  /// Log-likelihood of each annotator's votes under each type: [annotators × types].
  public func logLikelihoods(under mixture: TypeMixture) -> [Double] {
    let logs = logProbabilities(mixture.parameters)
    let types = mixture.types
    return panel.annotators.indices.flatMap { annotator in
      (0..<types).map { type in
        panel.votes(of: annotator).reduce(0) { $0 + logs[Int($1) * types + type] }
      }
    }
  }

  private func step(_ logLikelihood: Double, _ shares: [Double], _ parameters: [[Double]]) -> TypeMixture.Step
  {
    let penalty = settings.ridge / 2 * parameters.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    return TypeMixture.Step(logLikelihood: logLikelihood, objective: logLikelihood - penalty, shares: shares)
  }

  private func check(_ parameters: [[Double]]) throws {
    for (type, values) in parameters.enumerated() {
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw VoteFault.notFinite(what: "a policy", at: "parameter \(place) of type \(type)")
      }
    }
  }

  private func begin(_ start: TypeStart) throws -> (
    parameters: [[Double]]?, shares: [Double], gamma: [Double]
  ) {
    let types = settings.types
    func fromPolicies(_ parameters: [[Double]], _ shares: [Double]) -> ([[Double]]?, [Double], [Double]) {
      (parameters, shares, expect(shares, logProbabilities(parameters), ballots.all).gamma)
    }
    switch start {
    case .policies(let parameters, let shares):
      precondition(
        parameters.count == types && shares.count == types,
        "\(parameters.count) policies and \(shares.count) shares for \(types) types")
      return fromPolicies(parameters, shares)
    case .random(let scale, let seed):
      let parameters = (0..<types).map { family.random(seed: seed &+ UInt64($0) &* 0x9E37, scale: scale) }
      return fromPolicies(parameters, [Double](repeating: 1 / Double(types), count: types))
    default:
      let gamma = try responsibilities(of: start)
      return (nil, meanShares(gamma), gamma)
    }
  }

  /// η_k: the weighted mean of the probabilities of being of type k.
  private func meanShares(_ gamma: [Double]) -> [Double] {
    let types = settings.types
    return (0..<types).map { type in
      sum(panel.annotators.indices.lazy.map { panel.weight(of: $0) * gamma[$0 * types + type] })
        / annotatorWeight
    }
  }

  /// log P of every pattern under every type: [patterns × types].
  private func logProbabilities(_ parameters: [[Double]]) -> [Double] {
    let types = parameters.count
    if let together { return together.logProbabilities(parameters, workers: workers) }
    var all = [Double](repeating: 0, count: panel.patterns.count * types)
    for (type, values) in parameters.enumerated() {
      let logs = objective.logProbabilities(values, workers: workers)
      for pattern in logs.indices { all[pattern * types + type] = logs[pattern] }
    }
    return all
  }

  private struct Expectation {
    var gamma: [Double]
    var evidences: [Double]
    var logLikelihood: Double
  }

  private func ballots(of half: Int?) -> Ballots { half.map { ballots.halves[$0] } ?? ballots.all }

  /// The E-step: γ_k ∝ η_k·exp(Σ log P_k(vote)), normalised in log space, from all votes or one half of them.
  private func expect(_ shares: [Double], _ logs: [Double], _ ballots: Ballots) -> Expectation {
    let types = shares.count
    let count = panel.annotators.count
    let logShares = shares.map { $0 > 0 ? log($0) : -Double.infinity }
    var gamma = ballots.sumsByAnnotator(logs, width: types, workers: workers)
    var evidences = [Double](repeating: 0, count: count)
    gamma.withUnsafeMutableBufferPointer { gamma in
      evidences.withUnsafeMutableBufferPointer { evidences in
        nonisolated(unsafe) let (gamma, evidences) = (gamma, evidences)
        forEachBlock(of: count, size: 1024, workers: workers) { annotators in
          for annotator in annotators {
            let row = annotator * types
            var top = -Double.infinity
            for type in 0..<types {
              gamma[row + type] += logShares[type]
              top = max(top, gamma[row + type])
            }
            var total = 0.0
            for type in 0..<types {
              gamma[row + type] = exp(gamma[row + type] - top)
              total += gamma[row + type]
            }
            for type in 0..<types { gamma[row + type] /= total }
            evidences[annotator] = top + log(total)
          }
        }
      }
    }
    return Expectation(
      gamma: gamma, evidences: evidences,
      logLikelihood: sum(evidences.indices.lazy.map { panel.weight(of: $0) * evidences[$0] }))
  }
}
