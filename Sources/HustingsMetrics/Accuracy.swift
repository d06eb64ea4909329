public import Hustings

/// The mean credit over some subsets of a benchmark.
public struct Accuracy: ItemMetric {
  /// Which subsets count, and how they are put together.
  public enum Subsets: Sendable, Hashable {
    /// Every item counts the same.
    case all
    /// The items of these subsets count the same.
    case pooled([String])
    /// Each subset's mean has the given weight, whatever its size. Subsets without items drop out, and the weights of
    /// the others are scaled up.
    case weighted([Weight])

    /// The subsets named, each with weight 1.
    public static func equally(_ names: [String]) -> Subsets { .weighted(names.map { Weight($0, 1) }) }
  }

  /// The weight of one subset's mean.
  public struct Weight: Sendable, Hashable {
    /// The subset.
    public let subset: String
    /// Its weight relative to the others.
    public let weight: Double

    /// A subset's weight.
    public init(_ subset: String, _ weight: Double) {
      self.subset = subset
      self.weight = weight
    }
  }

  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A share of items.
  public var unit: MetricUnit { .share }
  private let rule: any CreditRule
  private let subsets: Subsets

  /// The mean credit under `rule` over `subsets`.
  public init(_ name: String, rule: any CreditRule, subsets: Subsets) {
    self.name = name
    self.rule = rule
    self.subsets = subsets
  }

  /// Every counted item with its weight.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    var credits: [(trial: Int, value: Double)] = []
    var sizes: [String: Int] = [:]
    for (index, trial) in trials.enumerated() where covers(trial.key.subset) {
      guard let value = rule.credit(for: trial)?.value else { continue }
      credits.append((index, value))
      sizes[trial.key.subset, default: 0] += 1
    }
    let weights = itemWeights(sizes)
    return credits.map { index, value in
      let subset = trials[index].key.subset
      return Contribution(
        trial: index, stratum: isStratified ? subset : "", credit: value, weight: weights[subset] ?? 0)
    }
  }

  /// What came of each covered item.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard covers(trial.key.subset), let credit = rule.credit(for: trial) else { return nil }
      return (index, credit.outcome)
    }
  }

  private var isStratified: Bool {
    if case .weighted = subsets { true } else { false }
  }

  private func covers(_ subset: String) -> Bool {
    switch subsets {
    case .all: true
    case .pooled(let names): names.contains(subset)
    case .weighted(let weights): weights.contains { $0.subset == subset }
    }
  }

  /// The weight of one item of each subset, given how many items of it count.
  private func itemWeights(_ sizes: [String: Int]) -> [String: Double] {
    switch subsets {
    case .all, .pooled:
      let total = sizes.values.reduce(0, +)
      return sizes.mapValues { _ in 1 / Double(total) }
    case .weighted(let weights):
      let present = weights.filter { sizes[$0.subset] != nil }
      let total = present.reduce(0) { $0 + $1.weight }
      return present.reduce(into: [:]) { result, entry in
        guard let size = sizes[entry.subset] else { return }
        result[entry.subset] = entry.weight / total / Double(size)
      }
    }
  }
}
