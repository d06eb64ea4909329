public import HustingsNumerics

/// What a model makes of the body's outputs: how two responses become a margin.
public enum Head: Sendable, Hashable, Codable {
  /// One scalar per response; margins are differences (Bradley and Terry 1952).
  case bradleyTerry
  /// An even number of outputs per response, compared by a skew-symmetric form (Zhang et al. 2024).
  case general(GeneralSettings)
  /// A scalar and a skew part side by side: contains both of the above, and says how much of its margin is cyclic.
  case decomposed(DecomposedSettings)
  /// Both responses read together, in an order (Jiang et al. 2023).
  case pairwise(PairwiseSettings)
  /// A distribution of rewards per response, compared by the chance that one is above the other (Siththaranjan et al. 2024).
  case distributional(DistributionSettings)

  /// The form that turns outputs into margins; nil for a head that reads both responses together or compares distributions.
  public var form: ScoreForm? {
    switch self {
    case .bradleyTerry: ScoreForm(hasScalar: true, planes: 0, normalises: false)
    case .general(let settings):
      ScoreForm(
        hasScalar: false, planes: settings.dimension / 2, normalises: settings.normalises,
        leads: settings.penalty != nil && !settings.normalises && settings.start == .bradleyTerry)
    case .decomposed(let settings):
      ScoreForm(hasScalar: true, planes: settings.dimension / 2, normalises: settings.normalises)
    case .pairwise, .distributional: nil
    }
  }

  /// Numbers per response; nil for a head that reads both responses together.
  public var width: Int? {
    if case .distributional(let settings) = self { return settings.width }
    return form?.width
  }

  /// How plane scales depend on the prompt; nil when all are 1.
  public var gate: Gate? {
    switch self {
    case .general(let settings): settings.gate
    case .decomposed(let settings): settings.gate
    case .bradleyTerry, .pairwise, .distributional: nil
    }
  }

  /// What the mean square of the skew part of the log-odds is multiplied by and added to the loss; 0 for nothing.
  var penalty: Double {
    switch self {
    case .general(let settings): settings.penalty ?? 0
    case .decomposed(let settings): settings.penalty
    case .bradleyTerry, .pairwise, .distributional: 0
    }
  }

  /// Throws when a setting cannot be.
  func check() throws {
    let dimension: Int
    switch self {
    case .bradleyTerry, .pairwise: return
    case .distributional(let settings): return try settings.check()
    case .general(let settings):
      dimension = settings.dimension
      if let penalty = settings.penalty, settings.normalises || settings.start != .bradleyTerry {
        throw TrainingFault.badSetting(
          name: "the penalty on the skew part", value: "\(penalty)",
          allowed: "none where vectors are normalised or no plane starts as Bradley–Terry")
      }
    case .decomposed(let settings): dimension = settings.dimension
    }
    guard penalty >= 0, penalty.isFinite else {
      throw TrainingFault.badSetting(
        name: "the penalty on the skew part", value: "\(penalty)", allowed: "0 or more")
    }
    guard dimension >= 2, dimension.isMultiple(of: 2) else { throw TrainingFault.oddDimension(dimension) }
  }
}

/// How the planes of a general preference model begin.
public enum PlaneStart: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every weight normal, with a spread of one over the root of its inputs.
  case random
  /// Every weight normal, with a spread of one over its inputs plus one, and no bias: as published.
  case published
  /// The first plane as (r, 1), which is Bradley–Terry, the others small. The 1 stays, and no other output has a bias, so that a
  /// reward costs what it costs Bradley–Terry. Linear planes of dimension 2 have nowhere else to begin a cycle: start them
  /// at random.
  case bradleyTerry
}

/// Settings of a general preference model.
public struct GeneralSettings: Sendable, Hashable, Codable {
  /// Outputs per response, two per plane.
  public var dimension: Int
  /// Whether each response's outputs are divided by their Euclidean norm.
  public var normalises: Bool
  /// How plane scales depend on the prompt; nil when all are 1.
  public var gate: Gate?
  /// How planes begin.
  public var start: PlaneStart
  /// What the mean square of all but the first plane's reward, in log-odds, is multiplied by and added to the loss; nil for
  /// nothing, as published. For planes that start as Bradley–Terry and are not normalised.
  public var penalty: Double?

  /// Settings; by default unnormalised, ungated, starting as Bradley–Terry, and free to leave it.
  public init(
    dimension: Int, normalises: Bool = false, gate: Gate? = nil, start: PlaneStart = .bradleyTerry,
    penalty: Double? = nil
  ) {
    self.penalty = penalty
    self.dimension = dimension
    self.normalises = normalises
    self.gate = gate
    self.start = start
  }
}

/// Settings of a head with a scalar and a skew part.
public struct DecomposedSettings: Sendable, Hashable, Codable {
  /// Outputs per response of the skew part, two per plane.
  public var dimension: Int
  /// Whether each response's outputs of the skew part are divided by their Euclidean norm.
  public var normalises: Bool
  /// How plane scales depend on the prompt; nil when all are 1.
  public var gate: Gate?
  /// What the mean square of the skew part of the log-odds is multiplied by and added to the loss: 0 leaves the skew part
  /// free, a large value leaves Bradley–Terry.
  public var penalty: Double

  /// Settings; by default unnormalised and ungated.
  public init(dimension: Int, normalises: Bool = false, gate: Gate? = nil, penalty: Double) {
    self.dimension = dimension
    self.normalises = normalises
    self.gate = gate
    self.penalty = penalty
  }
}

/// Settings of a head that reads both responses together.
public struct PairwiseSettings: Sendable, Hashable, Codable {
  /// In which order pairs are presented in training.
  public enum Order: String, Sendable, Hashable, Codable, CaseIterable {
    /// One order per pair and epoch, drawn from the seed: order shuffling, which lessens order effects only.
    case drawn
    /// Both orders of every pair, each with half its weight: order augmentation.
    case both
  }

  /// In which order pairs are presented in training.
  public var order: Order

  /// Settings for an order.
  public init(order: Order) { self.order = order }
}

/// Plane scales as a function of the prompt: λ = c·softmax(t·W x), x the prompt's features and W without bias.
public struct Gate: Sendable, Hashable, Codable {
  /// The scale c and sharpness t.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// c = 1, t = 1: scales add up to 1, as in the first published checkpoints.
    case softmax
    /// c = the number of planes, t = 1/√(prompt features): scales are 1 on average, as in the later code.
    case scaledSoftmax
  }

  /// How often a scale enters the form.
  public enum Power: Int, Sendable, Hashable, Codable, CaseIterable {
    /// λ once, as the published code has it.
    case first = 1
    /// λ², as the published formula vᵀDRDv has it when read literally.
    case second = 2
  }

  /// The scale and sharpness.
  public var kind: Kind
  /// How often a scale enters the form.
  public var power: Power

  /// A gate; by default λ enters once.
  public init(_ kind: Kind, power: Power = .first) {
    self.kind = kind
    self.power = power
  }

  /// c of a gate over `planes`.
  func scale(planes: Int) -> Float { kind == .softmax ? 1 : Float(planes) }

  /// t of a gate over `inputs` prompt features.
  func sharpness(inputs: Int) -> Float { kind == .softmax ? 1 : 1 / Float(inputs).squareRoot() }
}
