/// Several judgments of the same pair by one judge, on AlpacaEval's scale: 1 the first response, 2 the second, 1.5 neither,
/// anything between by weight.
public struct RepeatedJudgments: Sendable, Hashable {
  /// Shape [pairs][repeats], every pair with the same number.
  public let preferences: [[Double]]

  /// Judgments; 0 is read as 1.5.
  public init(_ preferences: [[Double]]) {
    if let first = preferences.first {
      for row in preferences {
        precondition(row.count == first.count, "pairs with \(first.count) and \(row.count) repeats")
      }
    }
    self.preferences = preferences.map { $0.map { $0 == 0 ? 1.5 : $0 } }
  }

  /// Judgments in all.
  public var count: Int { preferences.reduce(0) { $0 + $1.count } }

  /// The share of preference that went to the first response; nil without judgments.
  public var firstShare: Double? {
    count == 0 ? nil : preferences.joined().reduce(0) { $0 + 2 - $1 } / Double(count)
  }

  /// How often one repeat differs from the consensus of the others, averaged over repeats: AlpacaEval's "variance", a share.
  /// Nil without pairs or with fewer than two repeats.
  public var variance: Double? {
    guard let repeats = preferences.first?.count, repeats > 1 else { return nil }
    var total = 0.0
    for left in 0..<repeats {
      for row in preferences {
        var others = row
        let own = others.remove(at: left)
        total += abs(own - RepeatedJudgments.consensus(others))
      }
    }
    return total / Double(repeats * preferences.count)
  }

  /// How far the consensus lies from that of other judgments of the same pairs, usually people's: AlpacaEval's "bias", a
  /// share. Nil without pairs.
  public func bias(against gold: RepeatedJudgments) -> Double? {
    error(consensus: true, gold)
  }

  /// 1 less the mean distance of single judgments from the consensus of others', usually people's: AlpacaEval's "human
  /// agreement", a share. Nil without pairs.
  public func agreement(with gold: RepeatedJudgments) -> Double? {
    error(consensus: false, gold).map { 1 - $0 }
  }

  private func error(consensus: Bool, _ gold: RepeatedJudgments) -> Double? {
    precondition(
      preferences.count == gold.preferences.count,
      "\(preferences.count) and \(gold.preferences.count) pairs")
    var total = 0.0
    var count = 0
    for (row, truth) in zip(preferences, gold.preferences) where !row.isEmpty && !truth.isEmpty {
      let target = RepeatedJudgments.consensus(truth)
      for value in consensus ? [RepeatedJudgments.consensus(row)] : row {
        total += abs(value - target)
        count += 1
      }
    }
    return count == 0 ? nil : total / Double(count)
  }

  /// The most frequent of discrete judgments, else the median.
  ///
  /// Of several that are equally frequent upstream picks one by a coin with a fixed seed (pandas' `sample(1, random_state=123)`
  /// on the values in ascending order), and so does this.
  public static func consensus(_ judgments: [Double]) -> Double {
    precondition(!judgments.isEmpty, "the consensus of no judgments")
    guard judgments.allSatisfy({ $0 == 1 || $0 == 2 || $0 == 1.5 }) else {
      let sorted = judgments.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
    let counts = judgments.reduce(into: [Double: Int]()) { $0[$1, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    let modes = counts.filter { $0.value == most }.keys.sorted()
    // numpy.random.RandomState(123).choice(n, replace=False) for n = 1, 2, 3.
    return modes[[0, 1, 0][modes.count - 1]]
  }
}
