/// Probabilities of win, loss and tie at log-odds z. With target p, the probability of the chosen response given no tie,
/// and t that of a tie, L = -(1-t)(p·log P(win) + (1-p)·log P(loss)) - t·log P(tie).
public enum TieModel: Sendable, Hashable, Codable {
  /// Davidson 1970: P(win) = e^(z/2)/D, P(loss) = e^(-z/2)/D, P(tie) = ν/D, D = e^(z/2) + e^(-z/2) + ν.
  case davidson(strength: Double)
  /// Rao and Kupper 1967: P(win) = σ(z - θ), P(loss) = σ(-z - θ), P(tie) = (e^2θ - 1)·P(win)·P(loss). A win must clear the
  /// threshold θ, so without ties this is the loss with a constant margin.
  case raoKupper(threshold: Double)

  /// The strength or threshold.
  public var parameter: Double {
    switch self {
    case .davidson(let strength): strength
    case .raoKupper(let threshold): threshold
    }
  }

  /// The loss, its derivative by z, and its derivative by the strength or threshold.
  public func value<T: RealNumber>(z: T, target p: T, tie t: T) -> (loss: T, slope: T, parameterSlope: T) {
    switch self {
    case .davidson(let strength):
      let nu = T(strength)
      let terms = [z / 2, -z / 2, T.log(nu)]
      let all = T.logSumExp(terms[...])
      let (win, lose, draw) = (T.exp(terms[0] - all), T.exp(terms[1] - all), T.exp(terms[2] - all))
      let direct = (1 - t) * (p - (1 - p)) / 2
      let loss = all - direct * z - (t == 0 ? 0 : t * terms[2])
      return (loss, (win - lose) / 2 - direct, (draw - t) / nu)
    case .raoKupper(let threshold):
      let theta = T(threshold)
      let (win, lose) = (T.logSigmoid(z - theta), T.logSigmoid(-z - theta))
      let (missWin, missLose) = (T.sigmoid(theta - z), T.sigmoid(theta + z))
      // A tie's logarithm holds both others'.
      let (onWin, onLose) = ((1 - t) * p + t, (1 - t) * (1 - p) + t)
      var loss = -onWin * win - onLose * lose
      var byThreshold = onWin * missWin + onLose * missLose
      if t > 0 {
        loss -= t * T.log(T.expm1(2 * theta))
        byThreshold -= t * 2 * T.exp(2 * theta) / T.expm1(2 * theta)
      }
      return (loss, onLose * missLose - onWin * missWin, byThreshold)
    }
  }
}
