import Foundation

/// The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 ≤ x ≤ 1.
public func regularizedBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
  regularizedBeta(a, b, x, complement: 1 - x)
}

/// I_x(a, b) with 1 - x given apart, for arguments whose complement would be lost to rounding.
///
/// Continued fraction of Abramowitz and Stegun 26.5.8 by Lentz's method, on the side where it converges fast;
/// its factor x^a (1 - x)^b / B(a, b) is written as a binomial mass, which keeps its accuracy for large a and
/// b.
public func regularizedBeta(_ a: Double, _ b: Double, _ x: Double, complement y: Double) -> Double {
  precondition(a > 0 && b > 0, "incomplete beta function of shapes \(a) and \(b)")
  precondition(x >= 0 && y >= 0 && x <= 1 && y <= 1, "incomplete beta function at \(x), complement \(y)")
  if x == 0 { return 0 }
  if y == 0 { return 1 }
  let factor = binomialMass(a, a + b, x, y) * a * b / (a + b)
  if x < (a + 1) / (a + b + 2) { return factor * betaFraction(a, b, x) / a }
  return 1 - factor * betaFraction(b, a, y) / b
}

/// log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b).
///
/// For large shapes the three logarithms nearly cancel; Stirling's errors do not.
public func logBeta(_ a: Double, _ b: Double) -> Double {
  let n = a + b
  guard a > 8, b > 8 else { return logGamma(a) + logGamma(b) - logGamma(n) }
  // B(a, b) = n / (a b) · 1 / C(n, a), and C(n, a) p^a q^b at p = a / n has no deviance.
  let entropy = a * log(a / n) + b * log(b / n)
  let mass = stirlingError(n) - stirlingError(a) - stirlingError(b) + 0.5 * log(n / (2 * Double.pi * a * b))
  return log(n / (a * b)) + entropy - mass
}

private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  if abs(d) < tiny { d = tiny }
  d = 1 / d
  var value = d
  for i in 1...200_000 {
    let m = Double(i)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 + even * d
    if abs(d) < tiny { d = tiny }
    c = 1 + even / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    value *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + odd * d
    if abs(d) < tiny { d = tiny }
    c = 1 + odd / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    let step = d * c
    value *= step
    if abs(step - 1) <= Double.ulpOfOne { break }
  }
  return value
}
