import Foundation
import HustingsNumerics
import HustingsTraining

/// How well types of annotator are found again, and what finding them is worth to each type.
public struct HiddenTypes: Sendable {
  /// What one population came to.
  public struct Result: Sendable {
    /// What annotators were asked.
    public let kind: HiddenPopulation.Kind
    /// How many types BIC chose.
    public let types: Int
    /// The share of annotators whose type was found.
    public let recovery: Double
    /// The same from hard clusters without EM.
    public let clusterRecovery: Double
    /// Mean negative log-likelihood of a vote under its annotator's types: what the last maximisation minimised.
    public let loss: Double
    /// The types that there are, and the share of annotators who are of each.
    public let present: [(type: Int, share: Double)]
    /// The largest share error of any type.
    public let shareError: Double
    /// How far the objective ever fell.
    public let largestFall: Double
    /// True regrets of the types under one policy for all, under the mixture by shares, and under the min-max mixture.
    public let pooled: [Double]
    /// Under the mixture by shares.
    public let shared: [Double]
    /// Under the min-max mixture of the policies found.
    public let fair: [Double]
    /// Under the min-max mixture of policies of hard clusters, without EM.
    public let clustered: [Double]
    /// The largest regret by the table of the policies found: of the min-max mixture, the mixture by shares, and the best single
    /// policy.
    public let found: (fair: Double, shared: Double, single: Double)
  }

  /// Finds up to `types` types of a population, as many as BIC prefers, and combines their policies.
  public static func result(
    of population: HiddenPopulation, types: Int, beta: Double, seed: UInt64, workers: Int = 1
  ) throws -> Result {
    let panel = population.panel
    let family = LinearScores(population.features)
    let isBandit = population.kind == .bandit
    let settings = TypeSettings(
      types: types, iterations: isBandit ? 20 : 100, tolerance: 1e-7, ridge: isBandit ? 0.001 : 0.1,
      likelihood: VoteLikelihood(tieStrength: panel.tieStrength), precision: 1e-5, seed: seed)
    // The paper's start for the bandit is random policies.
    let starts: [TypeStart] = [.clusters(seed: seed), .random(scale: isBandit ? 3 : 1, seed: seed)]
    var mixtures: [TypeMixture] = []
    for count in 1...types {
      var own = settings
      own.types = count
      let search = try TypeSearch(panel, family, own, workers: workers)
      let found = try (count == 1 ? [.uniform] : starts).map { try search.run(from: $0).sorted }
      mixtures.append(found.dropFirst().reduce(found[0]) { $1.objective > $0.objective ? $1 : $0 })
    }
    func bic(_ mixture: TypeMixture) -> Double {
      -2 * mixture.logLikelihood
        + Double(mixture.types * family.parameterCount + mixture.types - 1)
        * log(Double(panel.annotators.count))
    }
    let mixture = mixtures.dropFirst().reduce(mixtures[0]) { bic($1) < bic($0) ? $1 : $0 }
    var chosen = settings
    chosen.types = mixture.types
    let search = try TypeSearch(panel, family, chosen, workers: workers)
    let agreement = TypeAgreement(population.truth, mixture.assignments)
    let clusters = try search.fit(search.startingResponsibilities(.clusters(seed: seed)), named: "clusters")
    let pooled = mixtures[0]
    let reference = try PolicyTable.uniform(panel.menus)
    func policy(_ scores: [Double], _ name: String) throws -> PolicyTable {
      try PolicyTable(name: name, menus: panel.menus, scores: scores, beta: beta, reference: reference)
    }
    let policies = try mixture.parameters.enumerated().map { try policy(family.scores($1), "type \($0 + 1)") }
    let present = Set(population.truth).sorted()
    let ideal = try present.map { try policy(population.scores[$0], "truth \($0 + 1)") }
    func regrets(_ policy: PolicyTable) throws -> [Double] {
      try ideal.map { own in
        try RegretTable.value(of: own, to: own, reference) - RegretTable.value(of: policy, to: own, reference)
      }
    }
    let table = try RegretTable(policies, reference: reference)
    let fair = try MinMaxRegret(policies, reference: reference, method: .exact, name: "fair")
    let logs = search.logLikelihoods(under: mixture)
    let loss =
      -sum(logs.indices.lazy.map { mixture.responsibilities[$0] * logs[$0] }) / Double(panel.votes.count)
    let counts = present.map { type in
      Double(population.truth.count { $0 == type }) / Double(population.truth.count)
    }
    let counted = counts.sorted(by: >)
    let clusterPolicies = try clusters.parameters.enumerated().map {
      try policy(family.scores($1), "cluster \($0 + 1)")
    }
    let clusterFair = try MinMaxRegret(clusterPolicies, reference: reference, method: .exact, name: "fair")
    let shareErrors = zip(mixture.shares, counted).map { abs($0 - $1) }
    return Result(
      kind: population.kind, types: mixture.types, recovery: agreement.recovery ?? 0,
      clusterRecovery: TypeAgreement(population.truth, clusters.assignments).recovery ?? 0, loss: loss,
      present: zip(present, counts).map { (type: $0, share: $1) }, shareError: shareErrors.max() ?? 0,
      largestFall: mixture.largestFall,
      pooled: try regrets(try policy(family.scores(pooled.parameters[0]), "pooled")),
      shared: try regrets(try .mixture(policies, weights: mixture.shares, name: "shares")),
      fair: try regrets(fair.policy), clustered: try regrets(clusterFair.policy),
      found: (
        fair: table.worst(fair.mixture), shared: table.worst(mixture.shares),
        single: policies.indices.map { type in table.worst(policies.indices.map { $0 == type ? 1 : 0 }) }
          .min() ?? 0
      ))
  }
}
