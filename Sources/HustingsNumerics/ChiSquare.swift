import Foundation

/// The chi-square distribution.
public struct ChiSquare: Sendable, Hashable {
  /// Positive, not necessarily whole.
  public let degreesOfFreedom: Double

  /// The distribution with that many degrees of freedom.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "chi-square with \(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of at most `x`.
  public func cdf(_ x: Double) -> Double {
    x <= 0 ? 0 : lowerGamma(degreesOfFreedom / 2, x / 2)
  }

  /// The probability of more than `x`, accurate in the upper tail.
  public func survival(_ x: Double) -> Double {
    x <= 0 ? 1 : upperGamma(degreesOfFreedom / 2, x / 2)
  }

  /// The value that the distribution stays below with probability `p`.
  public func quantile(_ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "quantile of \(p), which is not a probability")
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    var high = degreesOfFreedom
    while cdf(high) < p { high *= 2 }
    // Logarithms on both axes: near zero the distribution is a power of x.
    var low = min(high, degreesOfFreedom) / 2
    while cdf(low) > p { low /= 16 }
    let lower = p < 0.5
    let target = log(lower ? p : 1 - p)
    let position = root(between: log(low), and: log(high), tolerance: 0) {
      log(lower ? cdf(exp($0)) : survival(exp($0))) - target
    }
    return exp(position ?? log(high))
  }
}
