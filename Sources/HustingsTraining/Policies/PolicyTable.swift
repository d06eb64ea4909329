import Foundation
public import HustingsNumerics

/// A policy that answers each of some prompts with one of its candidate responses, by exact log-probabilities.
public struct PolicyTable: Sendable, Hashable {
  /// What it is called.
  public var name: String
  /// The prompts with their candidates.
  public let menus: [VotePanel.Menu]
  /// log π of every candidate, row by row; minus infinity for what is never answered.
  public let logProbabilities: [Double]

  /// A policy; log-probabilities of each prompt are normalised. Throws when a prompt has none that is finite.
  public init(name: String, menus: [VotePanel.Menu], logProbabilities: [Double]) throws {
    let rows = menus.last?.rows.upperBound ?? 0
    precondition(
      logProbabilities.count == rows, "\(logProbabilities.count) log-probabilities of \(rows) rows")
    var logs = logProbabilities
    for (place, menu) in menus.enumerated() {
      let total = logSumExp(Array(logs[menu.rows]))
      guard total.isFinite else {
        throw VoteFault.notFinite(
          what: "the sum of probabilities of '\(name)'", at: PolicyTable.words(menu, place))
      }
      for row in menu.rows {
        guard !logs[row].isNaN else {
          throw VoteFault.notFinite(
            what: "a log-probability of '\(name)'", at: PolicyTable.words(menu, place))
        }
        logs[row] -= total
      }
    }
    self.name = name
    self.menus = menus
    self.logProbabilities = logs
  }

  /// π ∝ π_ref·exp(s/β), from the scores s of every row.
  public init(name: String, menus: [VotePanel.Menu], scores: [Double], beta: Double, reference: PolicyTable?)
    throws
  {
    precondition(beta > 0, "a temperature of \(beta)")
    let base = reference?.logProbabilities
    try self.init(
      name: name, menus: menus,
      logProbabilities: scores.indices.map { (base?[$0] ?? 0) + scores[$0] / beta })
  }

  /// The policy that answers every prompt with each candidate as often as any other.
  public static func uniform(_ menus: [VotePanel.Menu], name: String = "uniform") throws -> PolicyTable {
    try PolicyTable(
      name: name, menus: menus,
      logProbabilities: [Double](repeating: 0, count: menus.last?.rows.upperBound ?? 0))
  }

  /// How a prompt is named in sentences: its number, from 1.
  static func words(_ menu: VotePanel.Menu, _ place: Int) -> String { "prompt \(place + 1)" }

  /// π of every candidate.
  public var probabilities: [Double] { logProbabilities.map { exp($0) } }

  /// A candidate of a prompt, drawn from the policy.
  public func sample(_ menu: Int, using dice: inout CounterGenerator) -> Int {
    let rows = menus[menu].rows
    var rest = dice.nextUniform()
    var last = rows.lowerBound
    for row in rows where logProbabilities[row] > -.infinity {
      rest -= exp(logProbabilities[row])
      last = row
      if rest < 0 { break }
    }
    return last - rows.lowerBound
  }

  /// The mean over prompts of what a value of every row is expected to be.
  public func expectation(of values: [Double]) -> Double {
    precondition(
      values.count == logProbabilities.count, "\(values.count) values of \(logProbabilities.count)")
    return mean { row in
      logProbabilities[row] > -.infinity ? exp(logProbabilities[row]) * values[row] : 0
    }
  }

  /// The mean over prompts of KL(self ‖ other); infinite where the other never answers what this one does.
  public func divergence(from other: PolicyTable) -> Double {
    mean { row in
      let own = logProbabilities[row]
      return own > -.infinity ? exp(own) * (own - other.logProbabilities[row]) : 0
    }
  }

  private func mean(_ term: (Int) -> Double) -> Double {
    menus.isEmpty
      ? 0 : sum(menus.map { menu in sum(menu.rows.map(term)) }) / Double(menus.count)
  }

  /// Some policies, each prompt given to one of them, drawn by weights; for one response a prompt that is Σ w·π.
  public static func mixture(_ policies: [PolicyTable], weights: [Double], name: String) throws -> PolicyTable
  {
    precondition(policies.count == weights.count, "\(policies.count) policies, \(weights.count) weights")
    precondition(!policies.isEmpty, "a mixture of no policy")
    for policy in policies.dropFirst() { try policies[0].checkSameCandidates(policy) }
    let logs = policies[0].logProbabilities.indices.map { row in
      logSumExp(
        zip(policies, weights).map { $1 > 0 ? log($1) + $0.logProbabilities[row] : -.infinity })
    }
    return try PolicyTable(name: name, menus: policies[0].menus, logProbabilities: logs)
  }

  /// π ∝ Π π_k^w_k, prompt by prompt: the geometric mixture.
  public static func geometric(_ policies: [PolicyTable], weights: [Double], name: String) throws
    -> PolicyTable
  {
    precondition(policies.count == weights.count, "\(policies.count) policies, \(weights.count) weights")
    let logs = policies[0].logProbabilities.indices.map { row in
      zip(policies, weights).reduce(0) { $1.1 > 0 ? $0 + $1.1 * $1.0.logProbabilities[row] : $0 }
    }
    return try PolicyTable(name: name, menus: policies[0].menus, logProbabilities: logs)
  }

  /// Throws unless both policies choose among the same responses to the same prompts.
  public func checkSameCandidates(_ other: PolicyTable) throws {
    guard menus == other.menus else {
      throw VoteFault.differentPolicies(first: name, second: other.name)
    }
  }
}
