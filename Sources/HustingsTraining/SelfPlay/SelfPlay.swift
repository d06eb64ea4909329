import Foundation
import HustingsNumerics

/// How a policy learns from playing against itself.
public enum SelfPlayRule: Sendable, Hashable, Codable {
  /// π' ∝ π·exp((1/β)·E_{y' ~ π}[s(y ≻ y')]): general preference optimisation in its exact form (Zhang et al. 2024, section 5).
  case gpo(beta: Double)
  /// π' ∝ π·exp((1/β)·(P(y ≻ π) - ½)): SPPO in its exact form (Wu et al. 2024).
  case sppo(beta: Double)
  /// π' ∝ μ·exp(P(y ≻ μ)/β) with μ ∝ π^(1-τ)·π_ref^τ: Nash-MD (Munos et al. 2023), τ the pull to the reference.
  case nashMD(beta: Double, pull: Double)
  /// General preference optimisation as its pipeline does it: K responses are drawn, the best and the worst of them by net
  /// log-odds make one pair, and the squared loss of that pair, its targets clamped, is descended on for some steps.
  case sampledGPO(beta: Double, draws: Int, clamp: Double, steps: Int, rate: Double)
  /// SPPO as its pipeline does it, from net win rates.
  case sampledSPPO(beta: Double, draws: Int, steps: Int, rate: Double)

  /// What a margin counts in the game that the rule plays.
  public var score: PreferenceScore {
    switch self {
    case .gpo, .sampledGPO: .logOdds
    case .sppo, .nashMD, .sampledSPPO: .winRate
    }
  }
}

/// Policies that learn by self-play, from the reference on.
public struct SelfPlay: Sendable, Hashable {
  /// One iteration.
  public struct Step: Sendable, Hashable {
    /// The probability that the policy's responses are preferred to the reference's.
    public let winRate: Double
    /// KL from the reference, mean over prompts.
    public let divergence: Double
    /// The most that any policy could score against it.
    public let exploitability: Double
    /// The same of the average of all policies so far, the reference included.
    public let averageExploitability: Double
  }

  /// The last policy.
  public let policy: PolicyTable
  /// The average of the policies of all iterations, the reference included.
  public let average: PolicyTable
  /// One entry per iteration.
  public let trace: [Step]

  /// Plays for so many iterations.
  public init(
    _ games: PreferenceGames, reference: PolicyTable, rule: SelfPlayRule, iterations: Int, seed: UInt64 = 0,
    name: String
  ) throws {
    guard iterations >= 1 else {
      throw VoteFault.badSetting(
        name: "the number of iterations", value: "\(iterations)", allowed: "1 or more")
    }
    guard reference.menus == games.menus else {
      throw VoteFault.otherCandidates("the preference model answered on other candidates than the policy's")
    }
    try SelfPlay.check(rule)
    var policy = reference
    var sums = reference.probabilities
    var average = reference
    var trace: [Step] = []
    for iteration in 1...iterations {
      let logs = try SelfPlay.next(policy, games, reference, rule, seed: seed, iteration: iteration)
      guard logs.allSatisfy({ $0 < .infinity }) else { throw VoteFault.diverged(policy: name) }
      policy = try PolicyTable(name: name, menus: games.menus, logProbabilities: logs)
      for (row, p) in policy.probabilities.enumerated() { sums[row] += p }
      average = try PolicyTable(
        name: "\(name) (average)", menus: games.menus,
        logProbabilities: sums.map { log($0 / Double(iteration + 1)) })
      trace.append(
        Step(
          winRate: games.winRate(policy, over: reference), divergence: policy.divergence(from: reference),
          exploitability: games.exploitability(of: policy, score: rule.score),
          averageExploitability: games.exploitability(of: average, score: rule.score)))
    }
    self.policy = policy
    self.average = average
    self.trace = trace
  }

  private static func check(_ rule: SelfPlayRule) throws {
    func positive(_ name: String, _ value: Double) throws {
      guard value > 0, value.isFinite else {
        throw VoteFault.badSetting(name: name, value: "\(value)", allowed: "above 0")
      }
    }
    // Of one response the best is the worst.
    func several(_ draws: Int) throws {
      guard draws >= 2 else {
        throw VoteFault.badSetting(name: "the number of draws", value: "\(draws)", allowed: "2 or more")
      }
    }
    switch rule {
    case .gpo(let beta), .sppo(let beta): try positive("beta", beta)
    case .nashMD(let beta, let pull):
      try positive("beta", beta)
      guard pull >= 0, pull <= 1 else {
        throw VoteFault.badSetting(
          name: "the pull to the reference", value: "\(pull)", allowed: "from 0 to 1")
      }
    case .sampledGPO(let beta, let draws, let clamp, let steps, let rate):
      for (name, value) in [
        ("beta", beta), ("the clamp", clamp), ("steps", Double(steps)), ("the learning rate", rate),
      ] { try positive(name, value) }
      try several(draws)
    case .sampledSPPO(let beta, let draws, let steps, let rate):
      for (name, value) in [
        ("beta", beta), ("steps", Double(steps)), ("the learning rate", rate),
      ] { try positive(name, value) }
      try several(draws)
    }
  }

  /// The log-probabilities, up to a constant per prompt, of the policy after one iteration.
  private static func next(
    _ policy: PolicyTable, _ games: PreferenceGames, _ reference: PolicyTable, _ rule: SelfPlayRule,
    seed: UInt64, iteration: Int
  ) throws -> [Double] {
    var logs = policy.logProbabilities
    for (place, (menu, table)) in zip(games.menus, games.margins).enumerated() {
      switch rule {
      case .gpo(let beta), .sppo(let beta):
        let p = menu.rows.map { exp(policy.logProbabilities[$0]) }
        for (i, row) in menu.rows.enumerated() {
          logs[row] += sum(zip(table[i], p).lazy.map { rule.score.value($0) * $1 }) / beta
        }
      case .nashMD(let beta, let pull):
        let own = menu.rows.map {
          pull == 0
            ? policy.logProbabilities[$0]
            : (1 - pull) * policy.logProbabilities[$0] + pull * reference.logProbabilities[$0]
        }
        let all = logSumExp(own)
        for (i, row) in menu.rows.enumerated() {
          logs[row] = own[i] + sum(zip(table[i], own).lazy.map { logistic($0) * exp($1 - all) }) / beta
        }
      case .sampledGPO, .sampledSPPO:
        var dice = CounterGenerator(seed: seed, identity: "iteration \(iteration), prompt \(place)")
        logs.replaceSubrange(
          menu.rows, with: sampled(policy, place, table, rule, &dice))
      }
    }
    return logs
  }

  private static func sampled(
    _ policy: PolicyTable, _ place: Int, _ table: [[Double]], _ rule: SelfPlayRule,
    _ dice: inout CounterGenerator
  ) -> [Double] {
    let rows = policy.menus[place].rows
    let before = Array(policy.logProbabilities[rows])
    let (draws, steps, rate): (Int, Int, Double)
    switch rule {
    case .sampledGPO(_, let k, _, let n, let r): (draws, steps, rate) = (k, n, r)
    case .sampledSPPO(_, let k, let n, let r): (draws, steps, rate) = (k, n, r)
    default: return before
    }
    let drawn = (0..<draws).map { _ in policy.sample(place, using: &dice) }
    let targets = GameTargets(table: drawn.map { i in drawn.map { table[i][$0] } })
    guard let best = targets.best, let worst = targets.worst, drawn[best] != drawn[worst] else {
      return before
    }
    let loss: PolicyLoss
    switch rule {
    case .sampledGPO(let beta, _, let clamp, _, _):
      loss = .gpo(
        beta: beta, scores: .init(chosen: targets.netLogOdds[best], rejected: targets.netLogOdds[worst]),
        clamp: clamp, lengthPower: 0)
    case .sampledSPPO(let beta, _, _, _):
      loss = .sppo(
        beta: beta,
        winRates: .init(chosen: targets.netWinRates[best], rejected: targets.netWinRates[worst]))
    default: return before
    }
    var logits = before
    for _ in 0..<steps {
      let all = logSumExp(logits)
      let value = loss.value(
        PolicyPair(
          chosen: logits[drawn[best]] - all, rejected: logits[drawn[worst]] - all,
          referenceChosen: before[drawn[best]], referenceRejected: before[drawn[worst]]))
      let total = value.chosenSlope + value.rejectedSlope
      for i in logits.indices where logits[i] > -.infinity {
        logits[i] += rate * total * exp(logits[i] - all)
      }
      logits[drawn[best]] -= rate * value.chosenSlope
      logits[drawn[worst]] -= rate * value.rejectedSlope
    }
    return logits
  }
}
