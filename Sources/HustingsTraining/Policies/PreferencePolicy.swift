import Foundation
import HustingsNumerics

/// What a policy over candidates is trained to make small.
public enum PolicyObjective: Sendable, Hashable, Codable {
  /// A loss of pairs: DPO, conservative and robust DPO, IPO, SimPO, ORPO.
  case pairs(PolicyLoss)
  /// A loss of single responses that were liked or not: KTO, with the divergence from the reference as its z₀.
  case liking(KTO)
}

/// A policy that chooses among candidates, trained on votes by a direct objective.
///
/// log π(y) = log π_ref(y) + s(y) - log Σ π_ref·eˢ, s the scores of a family by its parameters. Every vote counts once: one that
/// says several things of pairs counts as each of them in equal parts; ties say nothing to these objectives. The sum of losses and
/// half the ridge times the squared parameters is minimised on all votes at once.
public struct PreferencePolicy: Sendable {
  /// One iteration of the solve as it ended.
  public struct Step: Sendable, Hashable {
    /// Mean loss of a vote, the prior's part included.
    public let loss: Double
    /// Mean over prompts of KL(π ‖ π_ref), in nats.
    public let divergence: Double
  }

  /// Its parameters.
  public let parameters: [Double]
  /// The policy.
  public let policy: PolicyTable
  /// One step per iteration.
  public let trace: [Step]
  /// The share of what votes say of pairs that the policy says too, equal probabilities counting half; nil where they say nothing.
  public let agreement: Double?
  /// Mean over prompts of KL(π ‖ π_ref), in nats.
  public let divergence: Double

  /// One response placed above another by votes that count `weight` together.
  fileprivate struct Preference {
    let winner: Int
    let loser: Int
    var weight: Double
  }

  fileprivate struct Problem {
    let family: any ScoreFamily
    let menus: [VotePanel.Menu]
    let base: [Double]
    let preferences: [Preference]
    let lengths: [Double]
    let ridge: Double
    let total: Double
  }

  /// Trains the policy; throws when votes name a response that the reference never answers.
  ///
  /// - Parameters:
  ///   - reference: what the policy is held near; uniform where it is nil.
  ///   - lengths: of every row, in tokens; nil for 1 each, a choice among candidates being one step.
  public init(
    _ panel: VotePanel, _ family: any ScoreFamily, objective: PolicyObjective, reference: PolicyTable? = nil,
    lengths: [Double]? = nil, ridge: Double, steps: Int = 200, precision: Double = 1e-7, seed: UInt64 = 0,
    name: String = "policy"
  ) throws {
    precondition(
      family.rowCount == panel.rowCount, "\(family.rowCount) rows scored, the panel has \(panel.rowCount)")
    let reference = try reference ?? PolicyTable.uniform(panel.menus, name: "reference")
    precondition(
      reference.logProbabilities.count == panel.rowCount,
      "a reference of \(reference.logProbabilities.count) rows, the panel has \(panel.rowCount)")
    let preferences = PreferencePolicy.preferences(panel)
    for preference in preferences {
      for row in [preference.winner, preference.loser] where reference.logProbabilities[row] == -.infinity {
        throw VoteFault.notFinite(
          what: "the reference's log-probability", at: "row \(row), which was voted on")
      }
    }
    let total = preferences.reduce(0) { $0 + $1.weight }
    guard total > 0 else { throw VoteFault.noVotes }
    let problem = Problem(
      family: family, menus: panel.menus, base: reference.logProbabilities, preferences: preferences,
      lengths: lengths ?? [Double](repeating: 1, count: panel.rowCount), ridge: ridge, total: total)
    var parameters = family.reference(seed: seed)
    var trace: [Step] = []
    func solve(_ slopes: @escaping ([Double]) -> (value: Double, slopes: [Double]), most: Int) {
      let solver = LBFGS(
        settings: LBFGSSettings(iterations: most, tolerance: precision), leastGain: precision * precision)
      var point = parameters
      parameters =
        solver.minimise(
          from: parameters,
          {
            point = $0
            return problem.evaluate($0, slopes)
          },
          onIteration: {
            trace.append(Step(loss: $0.value, divergence: problem.divergence(point)))
            return true
          }) ?? parameters
    }
    switch objective {
    case .pairs(let loss): solve({ problem.pairSlopes(loss, $0) }, most: steps)
    case .liking(let loss):
      // No gradient goes through z₀, so it is held while the policy moves and then taken anew.
      var divergence = 0.0
      for _ in 0..<30 {
        let held = divergence
        solve({ problem.likingSlopes(loss, divergence: held, $0) }, most: max(1, steps / 10))
        divergence = problem.divergence(parameters)
        if abs(divergence - held) < 1e-6 { break }
      }
    }
    if let place = parameters.firstIndex(where: { !$0.isFinite }) {
      throw VoteFault.notFinite(what: "a policy", at: "parameter \(place)")
    }
    self.parameters = parameters
    self.trace = trace
    policy = try PolicyTable(
      name: name, menus: panel.menus, scores: family.scores(parameters), beta: 1, reference: reference)
    divergence = policy.divergence(from: reference)
    agreement = PreferencePolicy.agreement(policy, preferences)
  }

  /// The share of what votes say of pairs that a policy says too, equal probabilities counting half; nil where they say nothing.
  public static func agreement(of policy: PolicyTable, with panel: VotePanel) -> Double? {
    agreement(policy, preferences(panel))
  }

  private static func agreement(_ policy: PolicyTable, _ preferences: [Preference]) -> Double? {
    let total = preferences.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    let logs = policy.logProbabilities
    return preferences.reduce(0) { sum, preference in
      let (a, b) = (logs[preference.winner], logs[preference.loser])
      return sum + preference.weight * (a > b ? 1 : a == b ? 0.5 : 0)
    } / total
  }

  /// What votes say of pairs, each vote with a weight of 1 times its annotator's.
  private static func preferences(_ panel: VotePanel) -> [Preference] {
    var weights = [Double](repeating: 0, count: panel.patterns.count)
    for annotator in panel.annotators.indices {
      for vote in panel.votes(of: annotator) { weights[Int(vote)] += panel.weight(of: annotator) }
    }
    return weights.indices.flatMap { pattern -> [Preference] in
      guard weights[pattern] > 0 else { return [] }
      let rows = panel.patterns.rows(of: pattern).map(Int.init)
      let start = Int(panel.patterns.offsets[pattern])
      var own: [Preference] = []
      for i in 0..<min(rows.count, Int(panel.patterns.places[pattern])) {
        for j in i + 1..<max(i + 1, rows.count) {
          let isTied = j == i + 1 && panel.patterns.joins[start + i]
          if !isTied { own.append(Preference(winner: rows[i], loser: rows[j], weight: 0)) }
        }
      }
      for place in own.indices { own[place].weight = weights[pattern] / Double(own.count) }
      return own
    }
  }
}

extension PreferencePolicy.Problem {
  /// log π of every row.
  private func logs(_ scores: [Double]) -> [Double] {
    var logs = zip(base, scores).map { $0 + $1 }
    for menu in menus {
      let total = logSumExp(Array(logs[menu.rows]))
      for row in menu.rows { logs[row] -= total }
    }
    return logs
  }

  /// Mean over prompts of KL(π ‖ π_ref).
  func divergence(_ parameters: [Double]) -> Double {
    let logs = logs(family.scores(parameters))
    let sum = logs.indices.reduce(0.0) { sum, row in
      logs[row] > -.infinity ? sum + exp(logs[row]) * (logs[row] - base[row]) : sum
    }
    return max(0, sum / Double(max(1, menus.count)))
  }

  /// The mean loss with the prior's part, and its gradient.
  ///
  /// - Parameter slopes: the sum of losses and its derivatives by log π of every row.
  func evaluate(
    _ parameters: [Double], _ slopes: ([Double]) -> (value: Double, slopes: [Double])
  ) -> (value: Double, gradient: [Double]) {
    let logs = logs(family.scores(parameters))
    var (value, own) = slopes(logs)
    // log π(y) depends on the score of y, and on all of the prompt's through the normaliser.
    for menu in menus {
      let sum = menu.rows.reduce(0) { $0 + own[$1] }
      if sum != 0 { for row in menu.rows { own[row] -= exp(logs[row]) * sum } }
    }
    var gradient = parameters.map { ridge * $0 }
    value += ridge / 2 * parameters.reduce(0) { $0 + $1 * $1 }
    parameters.withUnsafeBufferPointer { parameters in
      own.withUnsafeBufferPointer { slopes in
        gradient.withUnsafeMutableBufferPointer { gradient in
          if let p = parameters.baseAddress, let s = slopes.baseAddress, let g = gradient.baseAddress {
            family.addGradient(p, rows: 0..<logs.count, slopes: s, to: g)
          }
        }
      }
    }
    return (value / total, gradient.map { $0 / total })
  }

  func pairSlopes(_ loss: PolicyLoss, _ logs: [Double]) -> (value: Double, slopes: [Double]) {
    // A certain answer has odds without an end; ORPO is told of one a billionth away from it.
    let most = if case .orpo = loss { -1e-9 } else { 0.0 }
    var (value, slopes) = (0.0, [Double](repeating: 0, count: logs.count))
    for preference in preferences {
      let (w, l) = (preference.winner, preference.loser)
      let found = loss.value(
        PolicyPair(
          chosen: min(logs[w], most), rejected: min(logs[l], most), referenceChosen: base[w],
          referenceRejected: base[l], chosenLength: lengths[w], rejectedLength: lengths[l]))
      value += preference.weight * found.loss
      slopes[w] += preference.weight * found.chosenSlope
      slopes[l] += preference.weight * found.rejectedSlope
    }
    return (value, slopes)
  }

  func likingSlopes(_ loss: KTO, divergence: Double, _ logs: [Double]) -> (value: Double, slopes: [Double]) {
    var (value, slopes) = (0.0, [Double](repeating: 0, count: logs.count))
    for preference in preferences {
      for (row, liked) in [(preference.winner, true), (preference.loser, false)] {
        let found = loss.value(logRatio: logs[row] - base[row], divergence: divergence, liked: liked)
        value += preference.weight * found.loss / 2
        slopes[row] += preference.weight * found.slope / 2
      }
    }
    return (value, slopes)
  }
}
