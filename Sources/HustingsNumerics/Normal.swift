import Foundation

/// The standard normal distribution.
public enum Normal {
  /// The density exp(-x² / 2) / √(2π).
  public static func density(_ x: Double) -> Double {
    exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
  }

  /// Φ(x), the probability of at most `x`, accurate in the lower tail.
  public static func cdf(_ x: Double) -> Double {
    0.5 * erfc(-x / 2.0.squareRoot())
  }

  /// 1 - Φ(x), the probability of more than `x`, accurate in the upper tail.
  public static func survival(_ x: Double) -> Double {
    0.5 * erfc(x / 2.0.squareRoot())
  }

  /// The probability of a value at least as far from zero as `x`, on either side.
  public static func twoSided(_ x: Double) -> Double {
    erfc(abs(x) / 2.0.squareRoot())
  }

  /// Φ⁻¹(p): minus infinity at 0, infinity at 1.
  ///
  /// Abramowitz and Stegun 26.2.23 gives a start within 5e-4; each of Halley's steps triples the number of
  /// right digits.
  public static func quantile(_ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "normal quantile of \(p), which is not a probability")
    if p == 0.5 { return 0 }
    let tail = min(p, 1 - p)
    if tail == 0 { return p == 0 ? -.infinity : .infinity }
    let t = (-2 * log(tail)).squareRoot()
    let above = 2.515517 + t * (0.802853 + t * 0.010328)
    let below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = t - above / below
    for _ in 0..<3 {
      let slope = density(x)
      guard slope > 0 else { break }
      let miss = (survival(x) - tail) / slope
      x += miss / (1 - 0.5 * x * miss)
    }
    return p < 0.5 ? -x : x
  }
}
