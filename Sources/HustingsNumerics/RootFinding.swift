import Foundation

/// The zero of a continuous `function` between `low` and `high`; nil when it has the same sign at both ends.
///
/// Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
/// without using derivatives" (Advances in Engineering Software 28, 1997). Stops at `tolerance` · (1 + |x|)
/// or at machine precision.
public func root(
  between low: Double, and high: Double, tolerance: Double, of function: (Double) -> Double
) -> Double? {
  var a = low
  var b = high
  var fa = function(a)
  var fb = function(b)
  if fa == 0 { return a }
  if fb == 0 { return b }
  guard (fa < 0) != (fb < 0) else { return nil }
  var c = a
  var fc = fa
  var share = 0.5
  for _ in 0..<400 {
    let x = a + share * (b - a)
    let fx = function(x)
    if (fx < 0) == (fa < 0) {
      (c, fc) = (a, fa)
    } else {
      (c, fc, b, fb) = (b, fb, a, fa)
    }
    (a, fa) = (x, fx)
    let (best, fbest) = abs(fb) < abs(fa) ? (b, fb) : (a, fa)
    let slack = (2 * Double.ulpOfOne + tolerance) * (tolerance > 0 ? 1 + abs(best) : abs(best))
    let limit = slack / abs(b - c)
    if fbest == 0 || limit > 0.5 || b == a { return best }
    // Inverse quadratic interpolation where it is monotone, else bisection.
    let xi = (a - b) / (c - b)
    let phi = (fa - fb) / (fc - fb)
    share = 0.5
    if phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi {
      share = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    }
    share = min(max(share, limit), 1 - limit)
  }
  return abs(fb) < abs(fa) ? b : a
}
