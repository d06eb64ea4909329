import Foundation

/// The maximum of a smooth concave function over probabilities, by exponentiated gradients (Kivinen and Warmuth 1997).
public struct SimplexAscent: Sendable, Hashable {
  /// The most steps.
  public var steps: Int
  /// The ascent ends when the largest element of the gradient exceeds its mean under the point by less than this: the value is
  /// then within as much of the maximum.
  public var gap: Double

  /// An ascent.
  public init(steps: Int = 20_000, gap: Double = 1e-12) {
    self.steps = steps
    self.gap = gap
  }

  /// The point, the value there, and by how much it can be below the maximum.
  public func maximise(
    from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> (point: [Double], value: Double, gap: Double) {
    var point = start
    var (value, gradient) = function(point)
    var step = 1 / max(1e-12, (gradient.max() ?? 0) - (gradient.min() ?? 0))
    var gap = SimplexAscent.gap(point, gradient)
    for _ in 0..<steps where gap > self.gap {
      let next = MatrixGame.weighed(point, by: gradient.map { step * $0 })
      let there = function(next)
      // Beyond its rounding a value must not fall.
      if there.value >= value - 1e-15 * abs(value), there.value.isFinite {
        // A step that turned the gradient round went past the top.
        let turn = sum(zip(zip(next, point), there.gradient).lazy.map { ($0.0 - $0.1) * $1 })
        step *= turn > 0 ? 1.5 : 0.7
        (point, value, gradient) = (next, there.value, there.gradient)
        gap = SimplexAscent.gap(point, gradient)
      } else {
        step /= 2
        if step < 1e-300 { break }
      }
    }
    return (point, value, gap)
  }

  private static func gap(_ point: [Double], _ gradient: [Double]) -> Double {
    (gradient.max() ?? 0) - sum(zip(point, gradient).lazy.map { $0 * $1 })
  }
}
