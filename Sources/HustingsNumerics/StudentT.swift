import Foundation

/// Student's t distribution.
public struct StudentT: Sendable, Hashable {
  /// Positive, not necessarily whole.
  public let degreesOfFreedom: Double

  /// The distribution with that many degrees of freedom.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t with \(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T > |t|): one tail, at most one half.
  private func tail(_ t: Double) -> Double {
    let square = t * t
    guard square.isFinite else { return 0 }
    let all = degreesOfFreedom + square
    return 0.5
      * regularizedBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / all, complement: square / all)
  }

  /// The probability of at most `t`, accurate in the lower tail.
  public func cdf(_ t: Double) -> Double {
    t <= 0 ? tail(t) : 1 - tail(t)
  }

  /// The probability of more than `t`, accurate in the upper tail.
  public func survival(_ t: Double) -> Double {
    t >= 0 ? tail(t) : 1 - tail(t)
  }

  /// The probability of a value at least as far from zero as `t`, on either side.
  public func twoSided(_ t: Double) -> Double {
    2 * tail(t)
  }

  /// The value that the distribution stays below with probability `p`.
  public func quantile(_ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "quantile of \(p), which is not a probability")
    if p == 0.5 { return 0 }
    let wanted = min(p, 1 - p)
    if wanted == 0 { return p == 0 ? -.infinity : .infinity }
    // The t quantile lies beyond the normal one, and the tail only falls from there.
    var high = max(1, -Normal.quantile(wanted))
    while tail(high) > wanted { high *= 4 }
    let target = log(wanted)
    let t = root(between: 0, and: high, tolerance: 0) { log(tail($0)) - target } ?? high
    return p < 0.5 ? -t : t
  }
}
