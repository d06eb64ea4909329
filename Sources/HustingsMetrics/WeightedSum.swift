import Hustings
import HustingsStatistics

/// A weighted sum over items with its uncertainty: the engine under every `ItemMetric`.
///
/// Items of one stratum have equal weights, so the sum is a fixed-weight mean of stratum means. A share of independent
/// items that each earned 0 or 1 gets Wilson's interval; everything else gets Student's t on cluster sums.
struct WeightedSum {
  private let items: [Contribution]
  private let strata: [Int]
  private let weights: [Double]
  private let clusters: Clustering

  /// The sum of the given parts; nil when there are none.
  init?(_ items: [Contribution], trials: [Trial]) {
    guard !items.isEmpty else { return nil }
    self.items = items
    let numbering = Numbering(items.map(\.stratum))
    strata = numbering.index
    weights = numbering.weights(of: items)
    clusters = Clustering(items.map { trials[$0.trial].key.cluster })
  }

  /// The value with its interval.
  func estimate(level: Double, isShare: Bool) -> Estimate? {
    let credits = items.map(\.credit)
    guard let mean = FixedWeightMean(credits, strata: strata, weights: weights, clusters: clusters) else {
      return nil
    }
    let interval =
      isShare && isProportion
      ? Proportion(successes: credits.reduce(0, +), trials: credits.count)?.wilson(level: level)
      : mean.interval(level: level)
    return Estimate(
      value: mean.value, interval: interval.map(Hustings.Interval.init), count: items.distinctTrials)
  }

  /// Whether the sum is a share of independent items that each earned all or nothing.
  private var isProportion: Bool {
    weights == [1] && clusters.count == items.count
      && items.allSatisfy { $0.credit == 0 || $0.credit == 1 }
  }
}

extension Hustings.Interval {
  /// The interval as the store and the boards know it.
  init(_ interval: HustingsStatistics.Interval) {
    self.init(
      low: interval.low, high: interval.high, level: interval.level, method: interval.method.rawValue)
  }
}

extension Clustering {
  /// Clusters of items with equal names.
  init(_ names: [String]) {
    let numbering = Numbering(names)
    self.init(numbered: numbering.index, count: numbering.count)
  }
}

/// Names as numbers, counted from 0 in order of first appearance.
struct Numbering {
  let index: [Int]
  let count: Int

  init(_ names: [String]) {
    var numbers = NameTable()
    var last: (name: String, number: Int)?
    index = names.map { name in
      if let last, last.name == name { return last.number }
      let number = numbers.insert(name).place
      last = (name, number)
      return number
    }
    count = numbers.count
  }

  /// The weight of each stratum: the sum over its items. A sum of n times 1/n is 1 and not a hair beside it.
  func weights(of items: [Contribution]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for (number, item) in zip(index, items) { sums[number] += item.weight }
    return sums.map { abs($0 - 1) < 1e-9 ? 1 : $0 }
  }
}

extension [Contribution] {
  /// How many different trials take part.
  public var distinctTrials: Int {
    zip(self, dropFirst()).allSatisfy { $0.trial < $1.trial } ? count : Set(map(\.trial)).count
  }
}
