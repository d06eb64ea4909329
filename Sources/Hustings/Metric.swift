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
  /// A percentage between 0 and 100, as files of other projects have it.
  case percent
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
  /// Whether boards print its interval though it is not the headline.
  var hasOwnInterval: Bool { get }
}

extension Metric {
  /// Boards print the headline's interval, which is the one that is tested.
  public var hasOwnInterval: Bool { false }
}

/// A metric that may have something to say about its own value, which boards print below.
public protocol NotedMetric: Metric {
  /// What a reader should know of the value over these trials, as a sentence; nil when there is nothing to say.
  func note(_ trials: [Trial]) -> String?
}

/// A metric that has something to say about a board as a whole, such as how well it tells models apart.
public protocol StandingsMetric: Metric {
  /// What a reader should know of the models' values together, as a sentence; nil when there is nothing to say.
  func note(over estimates: [Estimate]) -> String?
}

/// A metric that is fitted to all models of a board together, so that a model more may move every value. It has none for a
/// run alone.
public protocol JointMetric: Metric {
  /// Its values over a board: one estimate per model, in order, and what a reader should know of them, as sentences.
  func estimates(over models: [(name: String, trials: [Trial])]) -> (estimates: [Estimate?], notes: [String])
}

extension JointMetric {
  /// A run alone has no value.
  public func estimate(_ trials: [Trial]) -> Estimate? { nil }
}
