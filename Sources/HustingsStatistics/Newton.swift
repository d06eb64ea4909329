import Foundation
import HustingsNumerics

/// The minimum of a convex function by Newton's method with step halving; nil when it runs off or its
/// curvature is not positive definite.
func newton(
  start: [Double], objective: ([Double]) -> Double,
  system: ([Double]) -> (gradient: [Double], hessian: [Double])
) -> (point: [Double], iterations: Int)? {
  var point = start
  var value = objective(point)
  let order = start.count
  let curvature = system(start).hessian
  for iteration in 1...200 {
    let (gradient, hessian) = system(point)
    // Separated outcomes have no finite optimum: the curvature vanishes on the way out.
    let isVanishing = (0..<order).contains { hessian[$0 * order + $0] < 1e-9 * curvature[$0 * order + $0] }
    guard !isVanishing, let factor = Cholesky(hessian, order: order) else { return nil }
    let step = factor.solve(gradient)
    let decrement = sum(zip(step, gradient).map(*))
    // Half the decrement is how far the value is above the minimum: here less than its rounding.
    if decrement <= 1e-26 * max(1, abs(value)) { return (point, iteration) }
    var length = 1.0
    var next = point
    var nextValue = value
    repeat {
      next = zip(point, step).map { $0 - length * $1 }
      nextValue = objective(next)
      length /= 2
    } while !(nextValue <= value + 1e-14 * max(1, abs(value))) && length > 1e-10
    if next.contains(where: { !$0.isFinite }) { return nil }
    let settled = zip(next, point).allSatisfy { abs($0 - $1) <= 1e-15 * max(1, abs($0)) }
    point = next
    value = nextValue
    if settled { return (point, iteration) }
  }
  return nil
}

/// A⁻¹ (G/(G-1) Σ_g u_g u_gᵀ) A⁻¹, row by row; nil with fewer than two clusters.
///
/// - Parameters:
///   - inverse: A⁻¹, row by row.
///   - scores: shape [items][order], each item's part of the gradient.
func sandwich(inverse: [Double], order: Int, clusters: Clustering, scores: [[Double]]) -> [Double]? {
  guard clusters.count > 1 else { return nil }
  var totals = [Double](repeating: 0, count: clusters.count * order)
  for (cluster, score) in zip(clusters.index, scores) {
    for (column, value) in score.enumerated() { totals[cluster * order + column] += value }
  }
  // A⁻¹ u_g first: the sandwich is then a sum of squares.
  var covariance = [Double](repeating: 0, count: order * order)
  for cluster in 0..<clusters.count {
    let influence = (0..<order).map { row in
      (0..<order).reduce(0.0) { $0 + inverse[row * order + $1] * totals[cluster * order + $1] }
    }
    for row in 0..<order {
      for column in 0..<order { covariance[row * order + column] += influence[row] * influence[column] }
    }
  }
  let factor = Double(clusters.count) / Double(clusters.count - 1)
  return covariance.map { factor * $0 }
}
