import Foundation

/// Competitors as points of a plane, such that the area between two of them is how much one is preferred to the other.
///
/// A skew-symmetric matrix of margins is a sum of planes, Σₗ σₗ (yₗ uₗᵀ - uₗ yₗᵀ), and this is the one with the largest σ: the best
/// rank-two view of the margins, and the two-dimensional preference embedding they imply (Zhang et al. 2024, section 4). With
/// pᵢ = √σ (yᵢ, uᵢ) the margin of i over j is pᵢ × pⱼ. A scalar lies on a line, better ones to the right; a cycle goes round 0.
public struct SkewPlane: Sendable, Hashable {
  /// One competitor.
  public struct Point: Sendable, Hashable {
    /// Across.
    public let x: Double
    /// Up.
    public let y: Double
  }

  /// One point per competitor.
  public let points: [Point]
  /// The share of squared margin that the plane holds.
  public let share: Double

  /// The plane of a skew-symmetric matrix.
  ///
  /// - Returns: nil for fewer than two competitors, and when all margins are zero.
  public init?(_ matrix: [[Double]]) {
    let count = matrix.count
    let total = matrix.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    guard count > 1, total > 0, total.isFinite else { return nil }
    func times(_ v: [Double]) -> [Double] {
      matrix.map { row in
        precondition(row.count == count, "a row of \(row.count) in a matrix of \(count)")
        return zip(row, v).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    func unit(_ v: [Double]) -> (vector: [Double], length: Double) {
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (length > 0 ? v.map { $0 / length } : v, length)
    }
    // MᵀM = -M² has each σ² twice, so powers of it lead into the plane of the largest. The longest row lies in M's range.
    let start = matrix.max { a, b in
      a.reduce(0) { $0 + $1 * $1 } < b.reduce(0) { $0 + $1 * $1 }
    }
    var u = unit(start ?? []).vector
    for _ in 0..<400 { u = unit(times(times(u)).map { 0 - $0 }).vector }
    let (y, sigma) = unit(times(u))
    guard sigma > 0 else { return nil }
    // Turned so that the points lie above 0 on average; a scalar's line is then level.
    let (across, up) = (y.reduce(0, +), u.reduce(0, +))
    let length = (across * across + up * up).squareRoot()
    let (sine, cosine) = length > 1e-9 ? (across / length, up / length) : (0, 1)
    let root = sigma.squareRoot()
    points = zip(y, u).map { a, b in
      Point(x: root * (cosine * a - sine * b), y: root * (sine * a + cosine * b))
    }
    share = min(1, 2 * sigma * sigma / total)
  }

  /// The margin the plane gives the first competitor over the second.
  public func margin(_ i: Int, _ j: Int) -> Double {
    points[i].x * points[j].y - points[i].y * points[j].x
  }

  /// The triple a > b > c > a whose smallest margin is the largest; nil when the matrix has no cycle.
  public static func strongestCycle(_ matrix: [[Double]]) -> [Int]? {
    var best: (cycle: [Int], strength: Double)?
    for i in matrix.indices {
      for j in matrix.indices where j > i {
        for k in matrix.indices where k > j {
          let forward = min(matrix[i][j], matrix[j][k], matrix[k][i])
          let backward = min(matrix[i][k], matrix[k][j], matrix[j][i])
          let strength = max(forward, backward)
          if strength > (best?.strength ?? 0) {
            best = (forward > backward ? [i, j, k] : [i, k, j], strength)
          }
        }
      }
    }
    return best?.cycle
  }
}
