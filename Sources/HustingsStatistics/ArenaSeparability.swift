/// How well a benchmark tells models apart: the share of pairs whose intervals do not overlap.
///
/// Li, Chiang, Frick et al., "From crowdsourced data to high-quality benchmarks: Arena-Hard and BenchBuilder" (2024).
public struct ArenaSeparability: Sendable, Hashable {
  /// Pairs whose intervals overlap by more than a point.
  public let overlapping: Int
  /// All pairs.
  public let pairs: Int

  /// Separability of models with the given intervals.
  public init(_ intervals: [ClosedRange<Double>]) {
    let sorted = intervals.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    var overlapping = 0
    for (place, interval) in sorted.enumerated() {
      for other in sorted[(place + 1)...] {
        guard other.lowerBound < interval.upperBound else { break }
        overlapping += 1
      }
    }
    self.overlapping = overlapping
    pairs = intervals.count * (intervals.count - 1) / 2
  }

  /// The share of pairs told apart; nil with fewer than two models.
  public var share: Double? { pairs == 0 ? nil : 1 - Double(overlapping) / Double(pairs) }
}
