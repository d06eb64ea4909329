import Foundation
import HustingsNumerics

/// Logistic regression by Newton's method, with clustered standard errors.
///
/// Minimises Σ w_i [softplus(η_i) - y_i η_i] + ½ ridge ‖β‖², η = offset + Xβ. Covariance: the sandwich
/// A⁻¹ (G/(G-1) Σ_g u_g u_gᵀ) A⁻¹, A = Σ w p (1 - p) x xᵀ + ridge, u_g = Σ_{i∈g} w (y - p) x.
public struct LogisticRegression: Sendable, Hashable {
  /// β, one per column.
  public let coefficients: [Double]
  /// A⁻¹, row by row: the covariance if items were independent and the model right.
  public let modelCovariance: [Double]
  /// The sandwich, row by row; nil with fewer than two clusters.
  public let clusteredCovariance: [Double]?
  /// The mean loss per unit of weight, without the ridge, in nats.
  public let loss: Double
  /// How many Newton steps it took.
  public let iterations: Int

  /// - Parameters:
  ///   - design: shape [items][columns]; put a column of ones for an intercept.
  ///   - outcomes: y in [0, 1]; one half is a tie.
  ///   - offsets: a known part of η; nil for none.
  ///   - weights: nil for one each.
  ///   - ridge: 0 for maximum likelihood.
  /// - Returns: nil when there is no finite optimum: no items, collinear columns, or outcomes that a column
  ///   separates.
  public init?(
    design: [[Double]], outcomes: [Double], offsets: [Double]? = nil, weights: [Double]? = nil,
    clusters: Clustering, ridge: Double
  ) {
    let n = design.count
    precondition(outcomes.count == n, "\(outcomes.count) outcomes, \(n) rows")
    precondition(clusters.itemCount == n, "\(clusters.itemCount) clustered items, \(n) rows")
    precondition(offsets.map { $0.count == n } ?? true, "\(offsets?.count ?? 0) offsets, \(n) rows")
    precondition(weights.map { $0.count == n } ?? true, "\(weights?.count ?? 0) weights, \(n) rows")
    guard let columns = design.first?.count, columns > 0 else { return nil }
    precondition(
      design.allSatisfy { $0.count == columns }, "rows of different lengths, the first of \(columns)")
    let problem = LogisticProblem(
      design: Array(design.joined()), columns: columns, outcomes: outcomes,
      offsets: offsets ?? Array(repeating: 0, count: n), weights: weights ?? Array(repeating: 1, count: n),
      ridge: ridge)
    guard
      let fit = newton(
        start: Array(repeating: 0, count: columns), objective: problem.objective, system: problem.system)
    else { return nil }
    coefficients = fit.point
    iterations = fit.iterations
    let total = sum(problem.weights)
    let penalty = 0.5 * ridge * sum(fit.point.map { $0 * $0 })
    loss = (problem.objective(fit.point) - penalty) / total
    guard let factor = Cholesky(problem.system(fit.point).hessian, order: columns) else { return nil }
    modelCovariance = factor.inverse()
    clusteredCovariance = sandwich(
      inverse: modelCovariance, order: columns, clusters: clusters, scores: problem.scores(fit.point))
  }

  /// The clustered standard error of a coefficient; nil with fewer than two clusters.
  public func standardError(_ column: Int) -> Double? {
    clusteredCovariance.map { max(0, $0[column * coefficients.count + column]).squareRoot() }
  }
}
