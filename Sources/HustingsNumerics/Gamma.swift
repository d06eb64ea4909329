import Foundation

/// log |Γ(x)|.
public func logGamma(_ x: Double) -> Double {
  lgamma(x).0
}

/// The regularised lower incomplete gamma function P(a, x), for a > 0 and x ≥ 0.
///
/// Power series below a + 1, one minus the continued fraction above (Abramowitz and Stegun 6.5.29 and
/// 6.5.31).
public func lowerGamma(_ a: Double, _ x: Double) -> Double {
  precondition(a > 0 && x >= 0, "incomplete gamma function of shape \(a) at \(x)")
  if x == 0 { return 0 }
  if x == .infinity { return 1 }
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

/// The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), accurate in its tail.
public func upperGamma(_ a: Double, _ x: Double) -> Double {
  precondition(a > 0 && x >= 0, "incomplete gamma function of shape \(a) at \(x)")
  if x == 0 { return 1 }
  if x == .infinity { return 0 }
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

/// P(a, x) = x^a e^-x / Γ(a + 1) · Σ xⁿ / ((a + 1) … (a + n)).
private func gammaSeries(_ a: Double, _ x: Double) -> Double {
  var term = 1.0
  var total = 1.0
  var n = a
  while abs(term) > total * 1e-17 {
    n += 1
    term *= x / n
    total += term
  }
  return poissonMass(a, mean: x) * total
}

/// Q(a, x) = x^a e^-x / Γ(a) · 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - …)), by Lentz's method.
private func gammaFraction(_ a: Double, _ x: Double) -> Double {
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var value = d
  for i in 1...100_000 {
    let an = -Double(i) * (Double(i) - a)
    b += 2
    d = an * d + b
    if abs(d) < tiny { d = tiny }
    c = b + an / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    let step = d * c
    value *= step
    if abs(step - 1) <= Double.ulpOfOne { break }
  }
  return poissonMass(a, mean: x) * a * value
}

// MARK: - Masses without cancellation

// Loader, "Fast and accurate computation of binomial probabilities" (2000): writing a mass with Stirling's
// error and the deviance keeps full accuracy where differences of log-gammas lose it.

/// log(n!) - log(√(2πn) (n/e)ⁿ), for real n > 0.
func stirlingError(_ n: Double) -> Double {
  if n < 16 { return logGamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi) }
  let s = n * n
  let series = 1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - 691.0 / 360360 / s) / s) / s
  return (1.0 / 12 - (1.0 / 360 - series / s) / s) / n
}

/// The deviance part x log(x / m) + m - x, without cancellation when x is near m.
func deviancePart(_ x: Double, _ m: Double) -> Double {
  guard abs(x - m) < 0.1 * (x + m) else { return x * log(x / m) + m - x }
  let v = (x - m) / (x + m)
  var total = (x - m) * v
  var term = 2 * x * v
  var j = 1.0
  while true {
    term *= v * v
    let next = total + term / (2 * j + 1)
    if next == total { return next }
    total = next
    j += 1
  }
}

/// m^x e^-m / Γ(x + 1), for real x ≥ 0.
func poissonMass(_ x: Double, mean m: Double) -> Double {
  if m == 0 { return x == 0 ? 1 : 0 }
  if x == 0 { return exp(-m) }
  return exp(-stirlingError(x) - deviancePart(x, m)) / sqrt(2 * Double.pi * x)
}

/// Γ(n + 1) / (Γ(x + 1) Γ(n - x + 1)) · p^x q^(n - x), for real 0 ≤ x ≤ n and q = 1 - p.
func binomialMass(_ x: Double, _ n: Double, _ p: Double, _ q: Double) -> Double {
  if p == 0 { return x == 0 ? 1 : 0 }
  if q == 0 { return x == n ? 1 : 0 }
  if x == 0 { return exp(p < 0.1 ? n * log1p(-p) : n * log(q)) }
  if x == n { return exp(q < 0.1 ? n * log1p(-q) : n * log(p)) }
  let exponent =
    stirlingError(n) - stirlingError(x) - stirlingError(n - x)
    - deviancePart(x, n * p) - deviancePart(n - x, n * q)
  return exp(exponent) * sqrt(n / (2 * Double.pi * x * (n - x)))
}
