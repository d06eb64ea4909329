import Foundation

/// The logistic function, 1 / (1 + exp(-x)), without overflow for any `x`.
public func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let e = exp(x)
  return e / (1 + e)
}

/// The log-odds of `p`, log(p / (1 - p)): minus infinity at 0, infinity at 1.
public func logit(_ p: Double) -> Double {
  precondition(p >= 0 && p <= 1, "logit of \(p), which is not a probability")
  return log(p) - log1p(-p)
}

/// log(1 + exp(x)), without overflow and without losing small values: the loss of a margin `-x`.
///
/// Mächler, "Accurately computing log(1 - exp(-|a|))" (Rmpfr vignette), in the branch-free form
/// max(x, 0) + log1p(exp(-|x|)).
public func softplus(_ x: Double) -> Double {
  max(x, 0) + log1p(exp(-abs(x)))
}

/// log σ(x) = -softplus(-x): the log-probability of the preferred side at margin `x`.
public func logSigmoid(_ x: Double) -> Double {
  -softplus(-x)
}

/// log(Σ exp(xᵢ)), shifted by the largest term; minus infinity for no terms.
public func logSumExp(_ terms: [Double]) -> Double {
  guard let top = terms.max() else { return -.infinity }
  guard top.isFinite else { return top }
  return top + log(sum(terms.lazy.map { exp($0 - top) }))
}
