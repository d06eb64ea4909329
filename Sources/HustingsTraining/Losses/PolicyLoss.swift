/// What a policy and its reference say of a pair of responses.
public struct PolicyPair<T: RealNumber>: Sendable, Hashable {
  /// log π(chosen | prompt), summed over tokens.
  public var chosen: T
  /// log π(rejected | prompt).
  public var rejected: T
  /// The same of the chosen response under the frozen reference.
  public var referenceChosen: T
  /// The same of the rejected response under the frozen reference.
  public var referenceRejected: T
  /// Tokens of the chosen response.
  public var chosenLength: T
  /// Tokens of the rejected response.
  public var rejectedLength: T

  /// Log-probabilities of a pair.
  public init(
    chosen: T, rejected: T, referenceChosen: T = 0, referenceRejected: T = 0, chosenLength: T = 1,
    rejectedLength: T = 1
  ) {
    self.chosen = chosen
    self.rejected = rejected
    self.referenceChosen = referenceChosen
    self.referenceRejected = referenceRejected
    self.chosenLength = chosenLength
    self.rejectedLength = rejectedLength
  }
}

/// A loss of a pair and its derivatives by the policy's two log-probabilities.
public struct PolicyLossValue<T: RealNumber>: Sendable, Hashable {
  /// The loss.
  public var loss: T
  /// Its derivative by log π(chosen).
  public var chosenSlope: T
  /// Its derivative by log π(rejected).
  public var rejectedSlope: T
}

/// Losses that train a policy on preferences directly. Throughout, ρ is the log-ratio log π - log π_ref of a response and
/// h = ρ_chosen - ρ_rejected.
public enum PolicyLoss: Sendable, Hashable, Codable {
  /// -(1-ε)·log σ(βh) - ε·log σ(-βh). With ε = 0, DPO (Rafailov et al. 2023); else conservative DPO (Mitchell 2023).
  case dpo(beta: Double, smoothing: Double)
  /// [-(1-ε)·log σ(βh) + ε·log σ(-βh)]/(1-2ε), unbiased when a share ε of labels is flipped (Ray Chowdhury et al. 2024).
  case robustDPO(beta: Double, flips: Double)
  /// (h - 1/(2β))² (Azar et al. 2023).
  case ipo(beta: Double)
  /// -log σ(β(log π_w/|w| - log π_l/|l|) - γ), no reference (Meng, Xia and Chen 2024).
  case simPO(beta: Double, gap: Double)
  /// -log π_w/|w| - λ·log σ(log odds_w - log odds_l), odds = p/(1-p) of the length-normalised p (Hong et al. 2024).
  case orpo(weight: Double)
  /// ½[(ρ_w - (p_w - ½)/β)² + (ρ_l - (p_l - ½)/β)²] with win rates p against the policy (Wu et al. 2024).
  case sppo(beta: Double, winRates: WinPair)
  /// ½[(ρ_w/|w|^γ - clamp(S_w/β))² + (ρ_l/|l|^γ - clamp(S_l/β))²] with mean log-odds S against the policy, clamped to
  /// ±`clamp` (Zhang et al. 2024, section 5; γ > 0 is their length-normalised variant).
  case gpo(beta: Double, scores: WinPair, clamp: Double, lengthPower: Double)

  /// A number for the chosen and one for the rejected response.
  public struct WinPair: Sendable, Hashable, Codable {
    /// Of the chosen response.
    public var chosen: Double
    /// Of the rejected response.
    public var rejected: Double

    /// The two numbers.
    public init(chosen: Double, rejected: Double) {
      self.chosen = chosen
      self.rejected = rejected
    }
  }

  /// The loss of one pair.
  public func value<T: RealNumber>(_ pair: PolicyPair<T>) -> PolicyLossValue<T> {
    let ratios = (pair.chosen - pair.referenceChosen, pair.rejected - pair.referenceRejected)
    let h = ratios.0 - ratios.1
    switch self {
    case .dpo(let beta, let smoothing):
      let value = PairLoss(smoothing: smoothing).value(score: T(beta) * h)
      return PolicyLoss.ofGap(value.loss, T(beta) * value.slope)
    case .robustDPO(let beta, let flips):
      precondition(flips >= 0 && flips < 0.5, "a share of flipped labels of \(flips)")
      let (b, e) = (T(beta), T(flips))
      let z = b * h
      let loss = (-(1 - e) * T.logSigmoid(z) + e * T.logSigmoid(-z)) / (1 - 2 * e)
      return PolicyLoss.ofGap(loss, -b * ((1 - e) * T.sigmoid(-z) + e * T.sigmoid(z)) / (1 - 2 * e))
    case .ipo(let beta):
      let miss = h - 1 / (2 * T(beta))
      return PolicyLoss.ofGap(miss * miss, 2 * miss)
    case .simPO(let beta, let gap):
      let b = T(beta)
      let z = b * (pair.chosen / pair.chosenLength - pair.rejected / pair.rejectedLength) - T(gap)
      let slope = -b * T.sigmoid(-z)
      return PolicyLossValue(
        loss: -T.logSigmoid(z), chosenSlope: slope / pair.chosenLength,
        rejectedSlope: -slope / pair.rejectedLength)
    case .orpo(let weight):
      return PolicyLoss.oddsRatio(T(weight), pair)
    case .sppo(let beta, let rates):
      return PolicyLoss.squares(
        ratios, goals: (T((rates.chosen - 0.5) / beta), T((rates.rejected - 0.5) / beta)), scales: (1, 1))
    case .gpo(let beta, let scores, let clamp, let power):
      let goal = { (score: Double) in T(min(max(score / beta, -clamp), clamp)) }
      let scale = { (length: T) in T.exp(-T(power) * T.log(length)) }
      return PolicyLoss.squares(
        ratios, goals: (goal(scores.chosen), goal(scores.rejected)),
        scales: (scale(pair.chosenLength), scale(pair.rejectedLength)))
    }
  }

  private static func ofGap<T: RealNumber>(_ loss: T, _ slope: T) -> PolicyLossValue<T> {
    PolicyLossValue(loss: loss, chosenSlope: slope, rejectedSlope: -slope)
  }

  private static func squares<T: RealNumber>(_ ratios: (T, T), goals: (T, T), scales: (T, T))
    -> PolicyLossValue<T>
  {
    let misses = (scales.0 * ratios.0 - goals.0, scales.1 * ratios.1 - goals.1)
    return PolicyLossValue(
      loss: (misses.0 * misses.0 + misses.1 * misses.1) / 2, chosenSlope: scales.0 * misses.0,
      rejectedSlope: scales.1 * misses.1)
  }

  private static func oddsRatio<T: RealNumber>(_ weight: T, _ pair: PolicyPair<T>) -> PolicyLossValue<T> {
    let means = (pair.chosen / pair.chosenLength, pair.rejected / pair.rejectedLength)
    precondition(means.0 < 0 && means.1 < 0, "mean log-probabilities \(means.0) and \(means.1)")
    // log odds = q - log(1 - e^q), whose derivative is 1/(1 - e^q).
    let logOdds = { (q: T) in q - T.log(-T.expm1(q)) }
    let z = logOdds(means.0) - logOdds(means.1)
    let slope = -weight * T.sigmoid(-z)
    return PolicyLossValue(
      loss: -means.0 - weight * T.logSigmoid(z),
      chosenSlope: (slope / -T.expm1(means.0) - 1) / pair.chosenLength,
      rejectedSlope: -slope / -T.expm1(means.1) / pair.rejectedLength)
  }
}

/// The loss of one response that was liked or not, without a pair: KTO (Ethayarajh et al. 2024).
///
/// L = weight·(1 - σ(β(ρ - z₀))) when liked and weight·(1 - σ(β(z₀ - ρ))) when not, ρ = log π - log π_ref, z₀ ≥ 0 the batch's
/// estimate of the divergence from the reference, through which no gradient goes.
public struct KTO: Sendable, Hashable, Codable {
  /// How sharply the value function saturates.
  public var beta: Double
  /// The weight of a liked response.
  public var likedWeight: Double
  /// The weight of a disliked response.
  public var dislikedWeight: Double

  /// A loss of the given weights.
  public init(beta: Double, likedWeight: Double = 1, dislikedWeight: Double = 1) {
    self.beta = beta
    self.likedWeight = likedWeight
    self.dislikedWeight = dislikedWeight
  }

  /// The loss of one response and its derivative by log π.
  public func value<T: RealNumber>(logRatio: T, divergence: T, liked: Bool) -> (loss: T, slope: T) {
    let (b, weight) = (T(beta), T(liked ? likedWeight : dislikedWeight))
    let side: T = liked ? 1 : -1
    let z = side * b * (logRatio - max(divergence, 0))
    let miss = T.sigmoid(-z)
    return (weight * miss, -weight * side * b * miss * (1 - miss))
  }
}
