import Hustings
import HustingsReports
import HustingsStatistics

/// One number per seed, in the order of the seeds: its mean, and how far chance moves it.
struct Repeated: Sendable {
  private(set) var values: [Double] = []

  mutating func add(_ value: Double) { values.append(value) }

  var mean: Double { values.reduce(0, +) / Double(values.count) }

  private var clustered: ClusteredMean? {
    ClusteredMean(values, clusters: Clustering(labels: values.indices.map(String.init)))
  }

  /// Student's t interval over seeds; nil with one seed.
  var interval: HustingsStatistics.Interval? { values.count > 1 ? clustered?.interval(level: 0.95) : nil }

  /// The paired t test that two numbers are the same on average over seeds; nil with one seed.
  func pValue(against other: Repeated) -> Double? {
    guard values.count > 1, values.count == other.values.count else { return nil }
    return difference(from: other).clustered?.pValue(null: 0)
  }

  func difference(from other: Repeated) -> Repeated {
    var result = Repeated()
    for (a, b) in zip(values, other.values) { result.add(a - b) }
    return result
  }

  /// The mean in the unit's way of writing.
  func cell(_ unit: MetricUnit, signed: Bool = false) -> Table.Cell {
    guard !values.isEmpty else { return .missing }
    return signed ? Board.cell(signed: mean, unit) : Board.cell(mean, unit)
  }

  /// The interval in the unit's way of writing.
  func intervalCell(_ unit: MetricUnit, signed: Bool = false) -> Table.Cell {
    Board.cell(
      interval: interval.map {
        Hustings.Interval(low: $0.low, high: $0.high, level: $0.level, method: "t over seeds")
      }, unit, signed: signed)
  }
}

/// Numbers per seed by the name of a row and of a column.
struct Results: Sendable {
  private(set) var rows: [String] = []
  private var cells: [String: [String: Repeated]] = [:]

  mutating func add(_ value: Double?, row: String, column: String) {
    if cells[row] == nil {
      rows.append(row)
      cells[row] = [:]
    }
    guard let value else { return }
    cells[row]?[column, default: Repeated()].add(value)
  }

  subscript(row: String, column: String) -> Repeated { cells[row]?[column] ?? Repeated() }
}
