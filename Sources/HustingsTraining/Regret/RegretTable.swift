public import HustingsNumerics

/// How much each type of annotator loses under the policy of each other type.
///
/// L_ij is the mean over prompts of E_{y ~ π_j}[log π_i(y) - log π_ref(y)], what a response of policy j is worth to type i in
/// units of β; type i's regret under policy j is R_ij = c_i·(L_ii - L_ij), with a weight c_i per type. The expectation is exact.
public struct RegretTable: Sendable, Hashable {
  /// L, a row per type.
  public let values: [[Double]]
  /// c, per type.
  public let weights: [Double]

  /// The table of these values and weights.
  public init(values: [[Double]], weights: [Double]) {
    precondition(values.count == weights.count, "\(weights.count) weights for \(values.count) types")
    self.values = values
    self.weights = weights
  }

  /// The table of types with these policies; throws when policies have different candidates, or a type gives no probability to
  /// what another type's policy answers.
  public init(_ policies: [PolicyTable], reference: PolicyTable, weights: [Double]? = nil) throws {
    for policy in policies { try policy.checkSameCandidates(reference) }
    let weights = weights ?? [Double](repeating: 1, count: policies.count)
    guard weights.count == policies.count else {
      throw VoteFault.badSetting(
        name: "the number of weights", value: "\(weights.count)", allowed: "\(policies.count), one per policy"
      )
    }
    for weight in weights where !(weight >= 0 && weight.isFinite) {
      throw VoteFault.badSetting(name: "a weight", value: "\(weight)", allowed: "0 or more")
    }
    self.weights = weights
    values = try policies.map { own in
      try policies.map { answering in
        try RegretTable.value(of: answering, to: own, reference)
      }
    }
  }

  /// E_{y ~ answering}[log own(y) - log reference(y)], mean over prompts.
  public static func value(
    of answering: PolicyTable, to own: PolicyTable, _ reference: PolicyTable
  ) throws -> Double {
    let gains = try answering.logProbabilities.indices.map { row -> Double in
      guard answering.logProbabilities[row] > -.infinity else { return 0 }
      let gain = own.logProbabilities[row] - reference.logProbabilities[row]
      guard gain.isFinite else {
        let menu = own.menus.firstIndex { $0.rows.contains(row) } ?? 0
        throw VoteFault.notFinite(
          what:
            "the log-probability that '\(own.name)' or the reference gives to what '\(answering.name)' answers",
          at: "response \(row - own.menus[menu].rows.lowerBound + 1) of prompt \(menu + 1)")
      }
      return gain
    }
    return answering.expectation(of: gains)
  }

  /// How many types.
  public var types: Int { values.count }

  /// R, a row per type, a column per policy.
  public var regrets: [[Double]] {
    values.indices.map { i in values[i].indices.map { weights[i] * (values[i][i] - values[i][$0]) } }
  }

  /// Each type's regret when policies answer as often as `mixture` says.
  public func regrets(of mixture: [Double]) -> [Double] {
    MatrixGame(regrets).gains(against: mixture)
  }

  /// The largest regret of any type under a mixture, at least 0.
  public func worst(_ mixture: [Double]) -> Double { max(0, regrets(of: mixture).max() ?? 0) }

  /// The game of choosing a policy against an adversary who chooses a type, or, by the last row, none.
  public var game: MatrixGame {
    MatrixGame(regrets + [[Double](repeating: 0, count: types)])
  }
}
