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
  private let together: BinaryVotes?
  private let voterOffsets: [Int]
  /// Who voted each pattern: twice the annotator, plus the half that the vote is in.
  private let voters: [Int32]
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
    var offsets = [Int](repeating: 0, count: panel.patterns.count + 1)
    for vote in panel.votes { offsets[Int(vote) + 1] += 1 }
    for pattern in 0..<panel.patterns.count { offsets[pattern + 1] += offsets[pattern] }
    var next = offsets
    var voters = [Int32](repeating: 0, count: panel.votes.count)
    for annotator in panel.annotators.indices {
      for (place, vote) in panel.votes(of: annotator).enumerated() {
        voters[next[Int(vote)]] = Int32(2 * annotator + place % 2)
        next[Int(vote)] += 1
      }
    }
    voterOffsets = offsets
    self.voters = voters
    annotatorWeight = panel.annotators.indices.reduce(0) { $0 + panel.weight(of: $1) }
  }

  /// Runs EM from one start.
  public func run(from start: TypeStart) throws -> TypeMixture {
    var (previous, shares, gamma) = try begin(start)
    var parameters: [[Double]] = []
    var trace: [TypeMixture.Step] = []
    var isSettled = false
    for iteration in 1...settings.iterations {
      let half = settings.crossFits ? (iteration % 2) : nil
      shares = meanShares(gamma)
      parameters = maximise(gamma, from: previous, half: half)
      previous = parameters
      try check(parameters)
      let logs = logProbabilities(parameters)
      let all = expect(shares, logs, half: nil)
      gamma = half.map { expect(shares, logs, half: 1 - $0).gamma } ?? all.gamma
      trace.append(step(all.logLikelihood, shares, parameters))
      if trace.count > 1 {
        let gain = trace[trace.count - 1].objective - trace[trace.count - 2].objective
        isSettled = abs(gain) <= settings.tolerance * abs(all.logLikelihood)
        if isSettled { break }
      }
    }
    if settings.crossFits {
      gamma = expect(shares, logProbabilities(parameters), half: nil).gamma
    }
    return TypeMixture(
      shares: shares, parameters: parameters, responsibilities: gamma, trace: trace, isSettled: isSettled,
      start: start.name)
  }

  /// The policies of given responsibilities and what they make of the annotators: one maximisation and one assignment. From hard
  /// clusters it is the published baseline Cluster-DPO.
  public func fit(_ responsibilities: [Double], named name: String) throws -> TypeMixture {
    let shares = meanShares(responsibilities)
    let parameters = maximise(responsibilities, from: nil, half: nil)
    try check(parameters)
    let all = expect(shares, logProbabilities(parameters), half: nil)
    return TypeMixture(
      shares: shares, parameters: parameters, responsibilities: all.gamma,
      trace: [step(all.logLikelihood, shares, parameters)], isSettled: true, start: name)
  }

  /// Every annotator's posterior and log-evidence under a mixture, from the votes of this search's panel.
  public func posteriors(under mixture: TypeMixture) -> (responsibilities: [Double], logEvidences: [Double]) {
    let all = expect(mixture.shares, logProbabilities(mixture.parameters), half: nil)
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
      (parameters, shares, expect(shares, logProbabilities(parameters), half: nil).gamma)
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

  /// The E-step: γ_k ∝ η_k·exp(Σ log P_k(vote)), normalised in log space, from all votes or one half of them.
  private func expect(_ shares: [Double], _ logs: [Double], half: Int?) -> Expectation {
    let types = shares.count
    let count = panel.annotators.count
    let logShares = shares.map { $0 > 0 ? log($0) : -Double.infinity }
    let filled = filledRows(count, width: types + 1, blockSize: 1024, workers: workers) { rows, out in
      var joint = logShares
      for annotator in rows {
        for type in 0..<types { joint[type] = logShares[type] }
        for place in panel.voteOffsets[annotator]..<panel.voteOffsets[annotator + 1] {
          if let half, (place - panel.voteOffsets[annotator]) % 2 != half { continue }
          let pattern = Int(panel.votes[place]) * types
          for type in 0..<types { joint[type] += logs[pattern + type] }
        }
        let row = out + (annotator - rows.lowerBound) * (types + 1)
        var top = -Double.infinity
        for type in 0..<types { top = max(top, joint[type]) }
        var total = 0.0
        for type in 0..<types {
          row[type] = exp(joint[type] - top)
          total += row[type]
        }
        for type in 0..<types { row[type] /= total }
        row[types] = top + log(total)
      }
    }
    var gamma = [Double](repeating: 0, count: count * types)
    var evidences = [Double](repeating: 0, count: count)
    for annotator in 0..<count {
      for type in 0..<types { gamma[annotator * types + type] = filled[annotator * (types + 1) + type] }
      evidences[annotator] = filled[annotator * (types + 1) + types]
    }
    return Expectation(
      gamma: gamma, evidences: evidences,
      logLikelihood: sum(evidences.indices.lazy.map { panel.weight(of: $0) * evidences[$0] }))
  }

  /// The M-step: each type's policy, fitted to votes weighted by how likely their annotators are of the type.
  private func maximise(_ gamma: [Double], from old: [[Double]]?, half: Int?) -> [[Double]] {
    let types = settings.types
    let patterns = panel.patterns.count
    // Type by type, so that each maximisation reads its weights in a row.
    let weights = DoubleBuffer(patterns * types)
    forEachBlock(of: patterns, size: 4096, workers: workers) { range in
      for pattern in range {
        for place in voterOffsets[pattern]..<voterOffsets[pattern + 1] {
          let voter = Int(voters[place])
          if let half, voter & 1 != half { continue }
          let annotator = voter >> 1
          let weight = panel.weight(of: annotator)
          for type in 0..<types {
            weights.pointer[type * patterns + pattern] += weight * gamma[annotator * types + type]
          }
        }
      }
    }
    if let together { return solve(together, weights, from: old) }
    var result = [[Double]](repeating: [], count: types)
    let outer = types >= workers ? workers : 1
    let inner = types >= workers ? 1 : workers
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      forEachBlock(of: types, size: 1, workers: outer) { range in
        for type in range {
          result[type] = solve(weights.pointer + type * patterns, from: old?[type], workers: inner)
        }
      }
    }
    return result
  }

  private func solve(_ weights: UnsafePointer<Double>, from old: [Double]?, workers: Int) -> [Double] {
    let total = sum((0..<panel.patterns.count).lazy.map { weights[$0] })
    let reference = family.reference(seed: settings.seed)
    // Nobody is of this type: its policy is the reference, which the prior alone would make of it.
    guard total > 1e-12 else { return reference }
    let value = { (parameters: [Double]) in
      objective.evaluate(parameters, weights: weights, total: total, workers: workers)
    }
    let start = settings.restart == .previous ? old ?? reference : reference
    let scale = TypeSearch.scale(at: start, value)
    let scaled = solver(scale).minimise(
      from: start.map { $0 / scale },
      { point in
        let there = value(point.map { $0 * scale })
        return (there.value, there.gradient.map { $0 * scale })
      }, onIteration: { _ in true })
    let found = scaled.map { $0.map { $0 * scale } } ?? start
    guard settings.restart == .reference, let old else { return found }
    return value(found).value <= value(old).value ? found : old
  }

  /// All types' solves side by side: each reading of the data serves every type that still seeks.
  private func solve(_ votes: BinaryVotes, _ weights: DoubleBuffer, from old: [[Double]]?) -> [[Double]] {
    let patterns = panel.patterns.count
    let reference = family.reference(seed: settings.seed)
    let small = FloatBuffer((0..<weights.count).map { Float(weights.pointer[$0]) })
    let totals = (0..<settings.types).map { type in
      sum((0..<patterns).lazy.map { weights.pointer[type * patterns + $0] })
    }
    func evaluate(_ points: [[Double]], _ types: [Int]) -> [BinaryVotes.Value] {
      types.isEmpty
        ? []
        : votes.evaluate(
          points, weights: types.map { UnsafePointer(small.pointer + $0 * patterns) },
          totals: types.map { totals[$0] }, workers: workers)
    }
    // Nobody is of the others: their policies are the reference, which the prior alone would make of them.
    let sought = totals.indices.filter { totals[$0] > 1e-12 }
    let starts = sought.map { settings.restart == .previous ? old?[$0] ?? reference : reference }
    let there = evaluate(starts, sought)
    let probes = zip(starts, there).map { TypeSearch.probe($0, $1.gradient) }
    let ahead = evaluate(probes, sought)
    let scales = zip(there, ahead).map { TypeSearch.scale($0.gradient, ahead: $1.gradient) }
    var descents = sought.indices.map { place in
      let scale = scales[place]
      var descent = LBFGS.Descent(solver(scale), from: starts[place].map { $0 / scale })
      _ = descent.take(there[place].value, there[place].gradient.map { $0 * scale })
      return descent
    }
    while true {
      let open = descents.indices.filter { descents[$0].wanted != nil }
      if open.isEmpty { break }
      let points = open.map { place in (descents[place].wanted ?? []).map { $0 * scales[place] } }
      for (place, found) in zip(open, evaluate(points, open.map { sought[$0] })) {
        _ = descents[place].take(found.value, found.gradient.map { $0 * scales[place] })
      }
    }
    var result = [[Double]](repeating: reference, count: settings.types)
    for (place, type) in sought.enumerated() { result[type] = descents[place].x.map { $0 * scales[place] } }
    guard settings.restart == .reference, let old else { return result }
    let (new, before) = (
      evaluate(sought.map { result[$0] }, sought), evaluate(sought.map { old[$0] }, sought)
    )
    for (place, type) in sought.enumerated() where new[place].value > before[place].value {
      result[type] = old[type]
    }
    return result
  }

  /// The solver of parameters that are measured in a scale.
  private func solver(_ scale: Double) -> LBFGS {
    LBFGS(
      settings: LBFGSSettings(iterations: settings.steps, tolerance: settings.precision * scale),
      leastGain: settings.precision * settings.precision)
  }

  /// What parameters are to be measured in so that the curvature along the gradient is 1, which is what the solver's first step
  /// expects; 1 where it is not positive.
  private static func scale(
    at start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Double {
    let gradient = function(start).gradient
    return scale(gradient, ahead: function(probe(start, gradient)).gradient)
  }

  private static let probeLength = 0.1

  /// A point a little down the gradient.
  private static func probe(_ start: [Double], _ gradient: [Double]) -> [Double] {
    let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? zip(start, gradient).map { $0 - probeLength * $1 / length } : start
  }

  /// One over the root of the curvature between a point and its probe.
  private static func scale(_ gradient: [Double], ahead: [Double]) -> Double {
    let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return 1 }
    let change = zip(gradient, ahead).reduce(0) { $0 + $1.0 * ($1.0 - $1.1) } / length
    let curvature = change / probeLength
    return curvature > 1e-8 && curvature < 1e8 ? 1 / curvature.squareRoot() : 1
  }
}
