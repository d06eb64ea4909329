/// How annotator types are sought: EM over a mixture of policies (EM-DPO).
public struct TypeSettings: Sendable, Hashable, Codable {
  /// Where each maximisation starts.
  public enum Restart: String, Sendable, Hashable, Codable, CaseIterable {
    /// At the reference policy, as published. A result worse than what the type had is not taken, so that the likelihood
    /// still never falls.
    case reference
    /// At the type's last parameters. Where there is one best policy that gives the same, sooner.
    case previous
  }

  /// How many types.
  public var types: Int
  /// The most iterations.
  public var iterations: Int
  /// EM ends when the log-likelihood gains less than this share of itself.
  public var tolerance: Double
  /// The precision of a normal prior on every parameter: half of it times their sum of squares is taken from the
  /// log-likelihood. Above 0 where somebody always agrees with themselves, so that scores stay finite.
  public var ridge: Double
  /// The likelihood of a vote.
  public var likelihood: VoteLikelihood
  /// Where each maximisation starts.
  public var restart: Restart
  /// The most steps of each maximisation.
  public var steps: Int
  /// Each maximisation ends when no element of the gradient of the mean loss is larger.
  public var precision: Double
  /// Whether each annotator's votes are dealt into two halves, of which policies learn from one and annotators are assigned by
  /// the other, taking turns. A policy then cannot explain its own annotators best merely because it learned from them.
  public var crossFits: Bool
  /// What random starts are a function of.
  public var seed: UInt64

  /// Settings of a search.
  public init(
    types: Int, iterations: Int = 200, tolerance: Double = 1e-8, ridge: Double = 0.01,
    likelihood: VoteLikelihood = VoteLikelihood(), restart: Restart = .previous, steps: Int = 200,
    precision: Double = 1e-8, crossFits: Bool = false, seed: UInt64 = 0
  ) {
    self.types = types
    self.iterations = iterations
    self.tolerance = tolerance
    self.ridge = ridge
    self.likelihood = likelihood
    self.restart = restart
    self.steps = steps
    self.precision = precision
    self.crossFits = crossFits
    self.seed = seed
  }

  /// Throws when a setting cannot be.
  public func check() throws {
    func require(_ holds: Bool, _ name: String, _ value: Any, _ allowed: String) throws {
      guard holds else { throw VoteFault.badSetting(name: name, value: "\(value)", allowed: allowed) }
    }
    try require(types >= 1, "the number of types", types, "1 or more")
    try require(iterations >= 1, "the number of iterations", iterations, "1 or more")
    try require(steps >= 1, "the number of steps", steps, "1 or more")
    try require(tolerance >= 0 && tolerance.isFinite, "the tolerance", tolerance, "0 or more")
    try require(ridge >= 0 && ridge.isFinite, "the ridge", ridge, "0 or more")
    try require(precision > 0, "the precision", precision, "above 0")
  }
}

/// Where a search for types begins.
public enum TypeStart: Sendable, Hashable {
  /// Every annotator's probabilities of being of each type, row by row.
  case given([Double])
  /// A policy for each type and the types' shares.
  case policies([[Double]], shares: [Double])
  /// The same probabilities for everybody: a saddle that EM never leaves, for showing that.
  case uniform
  /// Probabilities drawn from a Dirichlet distribution, its concentrations falling from type to type as 1/(k + 1) · `scale`,
  /// uneven because an even draw lies near the saddle.
  case dirichlet(scale: Double, seed: UInt64)
  /// k-means on what annotators chose over what they did not, hard.
  case clusters(seed: UInt64)
  /// Spectral clustering of how often annotators agree where they judged the same, hard.
  case spectral(seed: UInt64)
  /// Policies drawn at random around the reference, equal shares.
  case random(scale: Double, seed: UInt64)

  /// What it is called in reports.
  public var name: String {
    switch self {
    case .given: "given"
    case .policies: "policies"
    case .uniform: "uniform"
    case .dirichlet: "dirichlet"
    case .clusters: "clusters"
    case .spectral: "spectral"
    case .random: "random"
    }
  }
}
