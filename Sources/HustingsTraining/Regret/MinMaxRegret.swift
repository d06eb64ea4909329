import Foundation
import HustingsNumerics

/// One policy for several types of annotator, with the least largest regret (min-max regret aggregation).
public struct MinMaxRegret: Sendable, Hashable {
  /// How it was found.
  public enum Method: String, Sendable, Hashable, CaseIterable, Codable {
    /// Mixture over policies, by a linear programme: exact.
    case exact
    /// Mixture over policies, by optimistic multiplicative weights, as published.
    case optimistic
    /// The policy least far from all of the types' policies: min max_k KL(π ‖ π_k), a geometric mixture of them.
    case divergence
    /// min max_k regret_k + β·KL(π ‖ reference): the reference tilted by a mixture of the types' rewards.
    case regularised
    /// max min_k E_π[reward_k] - β·KL(π ‖ reference): MaxMin, which compares rewards and not regrets.
    case maxMin = "max-min"
  }

  /// Its weights on types.
  public let mixture: [Double]
  /// What was minimised, at its least; for `maxMin` the largest least reward.
  public let value: Double
  /// The policy.
  public let policy: PolicyTable
  /// How much better the value might still be.
  public let gap: Double

  /// The policy of a method.
  ///
  /// - Parameters:
  ///   - rounds: how long `optimistic` plays; its step is 5/√rounds.
  ///   - beta: the temperature of `regularised` and `maxMin`.
  public init(
    _ policies: [PolicyTable], reference: PolicyTable, weights: [Double]? = nil, method: Method,
    rounds: Int = 100_000, beta: Double = 1, name: String
  ) throws {
    let table = try RegretTable(policies, reference: reference, weights: weights)
    switch method {
    case .exact:
      guard let solution = table.game.solution() else {
        throw VoteFault.unsolved(what: "the linear programme")
      }
      mixture = solution.play.columns
      value = table.worst(mixture)
      gap = 0
      policy = try .mixture(policies, weights: mixture, name: name)
    case .optimistic:
      let step = 5 / Double(rounds).squareRoot()
      let play = table.game.optimisticPlay(rounds: rounds, rowStep: step, columnStep: step)
      mixture = play.columns
      value = table.worst(mixture)
      gap = table.game.gap(play)
      policy = try .mixture(policies, weights: mixture, name: name)
    case .divergence:
      (mixture, value, gap, policy) = try MinMaxRegret.divergence(policies, table.weights, name)
    case .regularised, .maxMin:
      (mixture, value, gap, policy) = try MinMaxRegret.tilted(
        policies, reference, table, beta: beta, againstBest: method == .regularised, name)
    }
  }

  private typealias Parts = ([Double], Double, Double, PolicyTable)

  /// w maximises -E_x log Σ_y Π π_k^w_k, whose derivative by w_k is E_x KL(π_w ‖ π_k) plus a constant.
  ///
  /// Weights c multiply the divergences. min max c_k·KL_k has the Lagrangian Σ λ_k·c_k·KL_k, least at
  /// π ∝ Π π_k^(λ_k·c_k/Σ λc), where it is -(Σ λc)·log Z.
  private static func divergence(_ policies: [PolicyTable], _ weights: [Double], _ name: String) throws
    -> Parts
  {
    let menus = policies[0].menus
    let logs = policies.map(\.logProbabilities)
    for (policy, values) in zip(policies, logs) where values.contains(-.infinity) {
      throw VoteFault.notFinite(what: "a log-probability of '\(policy.name)'", at: "a candidate")
    }
    func solve(_ lambda: [Double]) -> (value: Double, gradient: [Double]) {
      let scaled = zip(lambda, weights).map { $0 * $1 }
      let total = max(1e-300, sum(scaled))
      var divergences = [Double](repeating: 0, count: logs.count)
      for menu in menus {
        let joint = menu.rows.map { row in
          zip(scaled, logs).reduce(0) { $0 + $1.0 / total * $1.1[row] }
        }
        let all = logSumExp(joint)
        for (place, row) in menu.rows.enumerated() {
          let own = joint[place] - all
          for k in logs.indices { divergences[k] += exp(own) * (own - logs[k][row]) / Double(menus.count) }
        }
      }
      let gradient = zip(weights, divergences).map { $0 * $1 }
      return (sum(zip(lambda, gradient).lazy.map { $0 * $1 }), gradient)
    }
    let even = [Double](repeating: 1 / Double(policies.count), count: policies.count)
    let (lambda, _, gap) = SimplexAscent().maximise(from: even, solve)
    let scaled = zip(lambda, weights).map { $0 * $1 }
    let total = sum(scaled)
    let mixture = scaled.map { total > 0 ? $0 / total : 1 / Double(policies.count) }
    let policy = try PolicyTable.geometric(policies, weights: mixture, name: name)
    let worst = zip(weights, policies).map { $0 * policy.divergence(from: $1) }.max() ?? 0
    return (mixture, worst, gap, policy)
  }

  /// ρ maximises Σ ρ_k·c_k·E_{π_k}[s_k] - β·E_x log Σ_y π_ref·exp(Σ ρ_k·c_k·s_k/β), s_k = β·log(π_k/π_ref); without the first
  /// term and turned round it is MaxMin.
  private static func tilted(
    _ policies: [PolicyTable], _ reference: PolicyTable, _ table: RegretTable, beta: Double,
    againstBest: Bool,
    _ name: String
  ) throws -> Parts {
    guard beta > 0, beta.isFinite else {
      throw VoteFault.badSetting(name: "beta", value: "\(beta)", allowed: "above 0")
    }
    let ratios = zip(policies, table.weights).map { policy, weight in
      zip(policy.logProbabilities, reference.logProbabilities).map { weight * ($0 - $1) }
    }
    for (policy, values) in zip(policies, ratios) {
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw VoteFault.notFinite(
          what: "a log-ratio of '\(policy.name)' to the reference", at: "row \(row + 1)")
      }
    }
    let best = table.values.indices.map { againstBest ? beta * table.weights[$0] * table.values[$0][$0] : 0 }
    func tilt(_ rho: [Double]) -> [Double] {
      reference.logProbabilities.indices.map { row in
        reference.logProbabilities[row] + zip(rho, ratios).reduce(0) { $0 + $1.0 * $1.1[row] }
      }
    }
    func solve(_ rho: [Double]) -> (value: Double, gradient: [Double]) {
      let logs = tilt(rho)
      var value = sum(zip(rho, best).lazy.map { $0 * $1 })
      var gradient = best
      for menu in reference.menus {
        let all = logSumExp(Array(logs[menu.rows]))
        value -= beta * all / Double(reference.menus.count)
        for row in menu.rows {
          let p = exp(logs[row] - all) / Double(reference.menus.count)
          for k in ratios.indices { gradient[k] -= beta * p * ratios[k][row] }
        }
      }
      return (value, gradient)
    }
    let even = [Double](repeating: 1 / Double(policies.count), count: policies.count)
    let (rho, value, gap) = SimplexAscent().maximise(from: even, solve)
    let policy = try PolicyTable(name: name, menus: reference.menus, logProbabilities: tilt(rho))
    return (rho, againstBest ? value : -value, gap, policy)
  }
}
