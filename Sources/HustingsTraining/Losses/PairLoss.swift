/// The loss of one pair of responses, from the score that a model gives the pair.
///
/// A score s is the log-odds that the chosen response is preferred, times the temperature τ. With the margin m and the
/// target p, the probability that the chosen response is preferred, z = (s - m)/τ and
/// - logistic: L = -p·log σ(z) - (1-p)·log σ(-z), dL/ds = (σ(z) - p)/τ. With p = 1 and m = 0 it is Bradley–Terry's for a
///   difference of rewards and the general preference model's for its skew form (Zhang et al. 2024, equation A.1); with
///   p < 1 it has soft labels; with m > 0 it is the margin loss.
/// - squared: L = ½(s/τ - T)², T the goal, or 5σ(m) where there is a margin (Zhang et al.'s regression variant).
/// - log-odds: L = ½(s/τ - log(p/(1-p)))², the regression on the data's own log-odds of appendix A.2.
/// - Davidson 1970, Rao and Kupper 1967: three outcomes; see `TieModel`.
public struct PairLoss: Sendable, Hashable, Codable {
  /// The family.
  public enum Kind: Sendable, Hashable, Codable {
    /// Cross-entropy of a logistic probability.
    case logistic
    /// Regression of the score on a constant.
    case squared(goal: Double)
    /// Regression of the score on the target's log-odds.
    case logOdds
    /// Likelihood of win, loss and tie.
    case ties(TieModel)
  }

  /// The family.
  public var kind: Kind
  /// What scores are divided by to be log-odds.
  public var temperature: Double
  /// The margin that votes demand.
  public var margin: MarginRule
  /// The share ε of each label that is moved to the other side: p becomes p(1-ε) + (1-p)ε.
  public var smoothing: Double

  /// A loss; without arguments, that of Bradley–Terry.
  public init(
    _ kind: Kind = .logistic, temperature: Double = 1, margin: MarginRule = .absent, smoothing: Double = 0
  ) {
    precondition(temperature > 0, "a temperature of \(temperature)")
    precondition(smoothing >= 0 && smoothing < 0.5, "label smoothing of \(smoothing)")
    self.kind = kind
    self.temperature = temperature
    self.margin = margin
    self.smoothing = smoothing
  }

  /// The loss of a pair and its derivative by the score.
  ///
  /// - Parameters:
  ///   - score: the model's score of the chosen response over the rejected one.
  ///   - margin: what the margin rule makes of the pair's votes; nil for none.
  ///   - target: the probability that the chosen response is preferred, given no tie; 1 for a hard label.
  ///   - tie: the probability that neither is; only a tie model may be given one above 0.
  public func value<T: RealNumber>(
    score: T, margin: T? = nil, target: T = 1, tie: T = 0
  ) -> (loss: T, slope: T) {
    let (tau, epsilon) = (T(temperature), T(smoothing))
    let p = target * (1 - epsilon) + (1 - target) * epsilon
    let z = (score - (margin ?? 0)) / tau
    switch kind {
    case .logistic:
      precondition(tie == 0, "a tie under a loss of two outcomes")
      // softplus(-z) + (1-p)z is -p·log σ(z) - (1-p)·log σ(-z) without its cancellation.
      return (T.softplus(-z) + (1 - p) * z, ((1 - p) - T.sigmoid(-z)) / tau)
    case .squared(let goal):
      let miss = score / tau - (margin.map { 5 * T.sigmoid($0) } ?? T(goal))
      return (miss * miss / 2, miss / tau)
    case .logOdds:
      precondition(p > 0 && p < 1, "the log-odds of a label that is certain; smooth it")
      let miss = z - (T.log(p) - T.log1p(-p))
      return (miss * miss / 2, miss / tau)
    case .ties(let model):
      let value = model.value(z: z, target: p, tie: tie)
      return (value.loss, value.slope / tau)
    }
  }

  /// Whether the fused kernel covers this loss.
  var isLogistic: Bool { kind == .logistic }
}
