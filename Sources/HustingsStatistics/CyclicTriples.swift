/// How many triples of competitors go in a circle: a beats b, b beats c, c beats a.
public struct CyclicTriples: Sendable, Hashable {
  /// Triples with all three margins known and none of them zero.
  public let decided: Int
  /// Those of them that are cyclic. With fair coin flips a quarter is expected.
  public let cyclic: Int

  /// The share of decided triples that are cyclic; nil when none is decided.
  public var share: Double? { decided == 0 ? nil : Double(cyclic) / Double(decided) }

  /// Counts over a skew-symmetric matrix with nil where nothing was asked; what is above the diagonal counts.
  public init(matrix: [[Double?]]) {
    var decided = 0
    var cyclic = 0
    let count = matrix.count
    for i in 0..<count {
      for j in i + 1..<max(i + 1, count) {
        guard let first = matrix[i][j], first != 0 else { continue }
        for k in j + 1..<max(j + 1, count) {
          guard let second = matrix[j][k], let third = matrix[i][k], second != 0, third != 0 else { continue }
          decided += 1
          // i > j > k > i, or all three the other way.
          if (first > 0) == (second > 0) && (first > 0) != (third > 0) { cyclic += 1 }
        }
      }
    }
    self.decided = decided
    self.cyclic = cyclic
  }
}
