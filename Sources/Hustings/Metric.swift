/// Which way a metric improves.
public enum Direction: String, Sendable, Hashable {
  case higherIsBetter, lowerIsBetter
  /// Neither way is better, as for a count of items.
  case neutral
}

/// How a metric's value is to be read and printed.
public enum MetricUnit: String, Sendable, Hashable {
  /// Between 0 and 1, printed as a percentage.
  case share
  /// A plain number.
  case number
  /// A correlation or agreement coefficient.
  case coefficient
  /// A number of things.
  case count
}

/// One number that a benchmark reports.
public protocol Metric: Sendable {
  /// Its name on a board, unique within the benchmark.
  var name: String { get }
  /// Which way it improves.
  var direction: Direction { get }
  /// How its value is printed.
  var unit: MetricUnit { get }
  /// Its value over the trials of one run; nil when it does not apply to them, as calibration to bare verdicts.
  func estimate(_ trials: [Trial]) -> Estimate?
}
