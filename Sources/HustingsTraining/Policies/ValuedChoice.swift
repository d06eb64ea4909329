import Foundation
import HustingsNumerics

/// A policy that chooses among candidates so that the value of what it chooses is expected to be large.
///
/// It maximises the mean over prompts of Σ_y π(y)·value(y) with π ∝ exp(s), less ½·ridge·|parameters|²; the derivative by s(y) is
/// π(y)·(value(y) - Σ π·value). The objective is not concave, so the solve ends at a local best, reached from the reference.
public struct ValuedChoice: Sendable, Hashable {
  /// The policy's parameters.
  public let parameters: [Double]
  /// The mean expected value over the prompts it was fitted to.
  public let value: Double

  /// Fits the policy.
  ///
  /// - Parameters:
  ///   - menus: the rows of each prompt.
  ///   - values: the value of each row.
  public init(
    _ family: any ScoreFamily, menus: [Range<Int>], values: [Double], ridge: Double, steps: Int = 200,
    seed: UInt64 = 0
  ) {
    precondition(values.count == family.rowCount, "\(values.count) values of \(family.rowCount) rows")
    let solver = LBFGS(settings: LBFGSSettings(iterations: steps, tolerance: 1e-6), leastGain: 1e-12)
    let function = { (parameters: [Double]) in
      ValuedChoice.evaluate(parameters, family, menus, values, ridge)
    }
    let start = family.reference(seed: seed)
    let found = solver.minimise(from: start, function, onIteration: { _ in true }) ?? start
    parameters = found
    value = -ValuedChoice.evaluate(found, family, menus, values, 0).value
  }

  private static func evaluate(
    _ parameters: [Double], _ family: any ScoreFamily, _ menus: [Range<Int>], _ values: [Double],
    _ ridge: Double
  ) -> (value: Double, gradient: [Double]) {
    let scores = family.scores(parameters)
    var slopes = [Double](repeating: 0, count: scores.count)
    var total = 0.0
    for rows in menus {
      let all = logSumExp(Array(scores[rows]))
      let mean = rows.reduce(0) { $0 + exp(scores[$1] - all) * values[$1] }
      total += mean / Double(menus.count)
      for row in rows { slopes[row] = -exp(scores[row] - all) * (values[row] - mean) / Double(menus.count) }
    }
    var gradient = parameters.map { ridge * $0 }
    parameters.withUnsafeBufferPointer { parameters in
      slopes.withUnsafeBufferPointer { slopes in
        gradient.withUnsafeMutableBufferPointer { gradient in
          if let p = parameters.baseAddress, let s = slopes.baseAddress, let g = gradient.baseAddress {
            family.addGradient(p, rows: 0..<scores.count, slopes: s, to: g)
          }
        }
      }
    }
    return (ridge / 2 * parameters.reduce(0) { $0 + $1 * $1 } - total, gradient)
  }
}
