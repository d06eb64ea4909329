import HustingsNumerics

/// One score per row and nothing shared: a tabular policy.
public struct TableScores: ScoreFamily {
  /// How many rows it scores.
  public let rowCount: Int
  /// As many parameters as rows.
  public var parameterCount: Int { rowCount }
  /// True.
  public var isPerRow: Bool { true }
  /// True.
  public var isConvex: Bool { true }

  /// A table of so many rows.
  public init(rows: Int) { rowCount = rows }

  /// Zeros.
  public func reference(seed: UInt64) -> [Double] { [Double](repeating: 0, count: rowCount) }

  /// Normal scores of a standard deviation.
  public func random(seed: UInt64, scale: Double) -> [Double] {
    var dice = CounterGenerator(seed: seed, identity: "table scores")
    return (0..<rowCount).map { _ in scale * dice.nextNormal() }
  }

  /// Copies parameters.
  public func score(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    scores.update(from: parameters + rows.lowerBound, count: rows.count)
  }

  /// Adds slopes where their rows are.
  public func addGradient(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, slopes: UnsafePointer<Double>,
    to gradient: UnsafeMutablePointer<Double>
  ) {
    for place in 0..<rows.count { gradient[rows.lowerBound + place] += slopes[place] }
  }

  /// Random signs, so that vectors of different rows are all but orthogonal.
  public func sketch(width: Int, seed: UInt64) -> [Float] {
    let dice = CounterGenerator(seed: seed, identity: "sketch of rows")
    let scale = 1 / Float(width).squareRoot()
    return (0..<rowCount * width).map { place in
      dice[UInt64(place / 64)] >> UInt64(place % 64) & 1 == 1 ? scale : -scale
    }
  }
}
