public import Hustings

/// The share of the key's preferences that the best scalar reward could agree with: what no scalar model exceeds, whatever
/// it learns. On an n-cycle it is (n − 1)/n, and 1 where the key has no cycle.
///
/// It is a property of the key, so every model has the same. The best order is found exactly, over all sets of candidates,
/// so items with more than 16 candidates are left out.
public struct ScalarCeiling: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// Neither way: it does not depend on the model.
  public var direction: Direction { .neutral }
  /// A share of pairs.
  public var unit: MetricUnit { .share }

  private let subsets: [String]?

  /// The ceiling over the key's strict preferences.
  ///
  /// - Parameter subsets: the subsets whose ceilings are averaged, each with the same weight; nil for all items as one.
  public init(_ name: String, equally subsets: [String]? = nil) {
    self.name = name
    self.subsets = subsets
  }

  /// Every item's ceiling, once for each of its pairs; pairs of a subset count the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    var ceilings: [(trial: Int, group: String, kept: Int, pairs: Int)] = []
    var totals: [String: Int] = [:]
    for (index, trial) in trials.enumerated() {
      if let subsets, !subsets.contains(trial.key.subset) { continue }
      guard let (kept, pairs) = ScalarCeiling.ceiling(of: trial.key.gold) else { continue }
      let group = subsets == nil ? "" : trial.key.subset
      ceilings.append((index, group, kept, pairs))
      totals[group, default: 0] += pairs
    }
    return ceilings.flatMap { index, group, kept, pairs in
      let weight = 1 / Double(totals[group] ?? 1) / Double(totals.count)
      let part = Contribution(
        trial: index, stratum: group, credit: Double(kept) / Double(pairs), weight: weight)
      return [Contribution](repeating: part, count: pairs)
    }
  }

  /// Nothing comes of an item: no model is asked.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] { [] }

  /// How many strict preferences there are, and the most of them that one order keeps; nil without any, or with more than
  /// 16 responses.
  static func ceiling(of gold: Tournament) -> (kept: Int, pairs: Int)? {
    let edges = gold.matchups.compactMap { matchup -> (better: Int, worse: Int)? in
      guard let margin = gold.judgment(matchup)?.logOdds, margin != 0 else { return nil }
      return margin > 0 ? (matchup.first, matchup.second) : (matchup.second, matchup.first)
    }
    guard !edges.isEmpty, gold.count <= 16 else { return nil }
    // Bit u of worse[v] says that v beats u.
    var worse = [Int](repeating: 0, count: gold.count)
    for edge in edges { worse[edge.better] |= 1 << edge.worse }
    // best[S]: the most preferences among S that an order of S keeps; the last one added is the best of S.
    var best = [Int](repeating: 0, count: 1 << gold.count)
    for set in 1..<best.count {
      var most = 0
      for top in 0..<gold.count where set >> top & 1 == 1 {
        let rest = set & ~(1 << top)
        most = max(most, best[rest] + (worse[top] & rest).nonzeroBitCount)
      }
      best[set] = most
    }
    return (best[best.count - 1], edges.count)
  }
}
