import Hustings
import HustingsStatistics

/// What models say of the same examples, part by part and seed by seed; a model in which nothing is drawn has one seed.
struct SeededTrials: Sendable {
  /// Models in the order in which they came.
  private(set) var names: [String] = []
  private var seeds: [String: [[[Trial]]]] = [:]

  /// Adds the trials of a model's next part, such as a fold, under one of its seeds.
  mutating func add(_ trials: [Trial], of name: String, seed place: Int = 0) {
    if seeds[name] == nil { names.append(name) }
    var own = seeds[name] ?? []
    while own.count <= place { own.append([]) }
    own[place].append(trials)
    seeds[name] = own
  }

  /// A metric over all parts together, seed by seed.
  func estimates(_ metric: any Metric, of name: String) -> SeededEstimate {
    SeededEstimate(values: (seeds[name] ?? []).compactMap { metric.estimate($0.flatMap { $0 }) })
  }

  /// The mean over seeds and parts of a metric within each part.
  func meanOfParts(_ metric: any Metric, of name: String) -> Double? {
    Descriptive.mean((seeds[name] ?? []).joined().compactMap { metric.estimate($0)?.value })
  }
}

/// A metric of one model under each of its seeds.
struct SeededEstimate: Sendable {
  let values: [Estimate]

  /// The mean over seeds, and the mean of the limits of their intervals, which tell how other examples would move it.
  var mean: Estimate? {
    guard let first = values.first, let value = Descriptive.mean(values.map(\.value)) else { return nil }
    let intervals = values.compactMap(\.interval)
    var interval: Hustings.Interval?
    if intervals.count == values.count, let one = intervals.first,
      let low = Descriptive.mean(intervals.map(\.low)), let high = Descriptive.mean(intervals.map(\.high))
    {
      interval = Hustings.Interval(low: low, high: high, level: one.level, method: one.method)
    }
    return Estimate(value: value, interval: interval, count: first.count)
  }

  /// How far apart the seeds are at most.
  var spread: Double {
    guard let low = values.map(\.value).min(), let high = values.map(\.value).max() else { return 0 }
    return high - low
  }
}
