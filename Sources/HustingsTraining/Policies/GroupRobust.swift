import Foundation
import HustingsNumerics

/// One policy for groups that are known, with the least largest mean loss of any group (group-robust DPO; Ramesh et al. 2024).
///
/// min_θ max_g loss_g(θ): weights a of groups maximise the concave function min_θ Σ a_g·loss_g(θ), whose derivative by a_g is the
/// group's loss at the best θ. The published steps a_g ← a_g·exp(step·loss_g) climb the same function.
public struct GroupRobust: Sendable, Hashable {
  /// The policy's parameters.
  public let parameters: [Double]
  /// Weights of the groups.
  public let weights: [Double]
  /// Mean loss of a vote, per group.
  public let losses: [Double]

  /// Fits the policy.
  ///
  /// - Parameter groups: the group of each annotator, from 0; nil for none.
  public init(
    _ panel: VotePanel, _ family: any ScoreFamily, groups: [Int?], settings: TypeSettings, workers: Int = 1
  ) throws {
    try settings.check()
    let count = (groups.compactMap { $0 }.max() ?? -1) + 1
    guard count > 0 else { throw VoteFault.noVotes }
    var tallies = [[Double]](
      repeating: [Double](repeating: 0, count: panel.patterns.count), count: count)
    for annotator in panel.annotators.indices {
      guard let group = groups[annotator] else { continue }
      for vote in panel.votes(of: annotator) { tallies[group][Int(vote)] += panel.weight(of: annotator) }
    }
    let totals = tallies.map { $0.reduce(0, +) }
    guard totals.allSatisfy({ $0 > 0 }) else { throw VoteFault.noVotes }
    let objective = VoteObjective(
      panel, family, settings.likelihood, ridge: settings.ridge / totals.reduce(0, +))
    let solver = LBFGS(
      settings: LBFGSSettings(iterations: settings.steps, tolerance: settings.precision),
      leastGain: settings.precision * settings.precision)
    var parameters = family.reference(seed: settings.seed)
    var losses = [Double](repeating: 0, count: count)
    func solve(_ weights: [Double]) -> (value: Double, gradient: [Double]) {
      var mixed = [Double](repeating: 0, count: panel.patterns.count)
      for group in 0..<count {
        let scale = weights[group] / totals[group]
        for pattern in mixed.indices { mixed[pattern] += scale * tallies[group][pattern] }
      }
      let function = { (point: [Double]) in
        objective.evaluate(point, weights: mixed, total: 1, workers: workers)
      }
      parameters = solver.minimise(from: parameters, function, onIteration: { _ in true }) ?? parameters
      let logs = objective.logProbabilities(parameters, workers: workers)
      losses = (0..<count).map { group in
        -sum(logs.indices.lazy.map { tallies[group][$0] * logs[$0] }) / totals[group]
      }
      return (function(parameters).value, losses)
    }
    let even = [Double](repeating: 1 / Double(count), count: count)
    let ascent = SimplexAscent(steps: 200, gap: 1e-6)
    weights = ascent.maximise(from: even, solve).point
    _ = solve(weights)
    self.parameters = parameters
    self.losses = losses
  }
}

extension GroupRobust {
  /// The mean loss of a vote in each group under given parameters.
  public static func losses(
    of parameters: [Double], _ panel: VotePanel, _ family: any ScoreFamily, groups: [Int?],
    settings: TypeSettings
  ) throws -> [Double] {
    let count = (groups.compactMap { $0 }.max() ?? -1) + 1
    let logs = VoteObjective(panel, family, settings.likelihood, ridge: 0).logProbabilities(
      parameters, workers: 1)
    var (sums, weights) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for annotator in panel.annotators.indices {
      guard let group = groups[annotator] else { continue }
      for vote in panel.votes(of: annotator) {
        sums[group] -= panel.weight(of: annotator) * logs[Int(vote)]
        weights[group] += panel.weight(of: annotator)
      }
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : 0 }
  }
}
