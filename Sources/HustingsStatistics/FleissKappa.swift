import HustingsNumerics

/// Agreement of several raters, an equal number for every item, beyond chance: (P̄ - P_e) / (1 - P_e).
///
/// P̄ is the mean share of agreeing pairs of raters, P_e = Σ p_j² over the categories' overall shares.
/// Fleiss, "Measuring nominal scale agreement among many raters" (Psychological Bulletin 76, 1971).
public struct FleissKappa: Sendable, Hashable {
  /// P̄, the mean over items of the share of rater pairs that agree.
  public let observed: Double
  /// P_e, the share expected by chance.
  public let expected: Double

  /// - Parameter counts: shape [items][categories], how many raters chose each category.
  /// - Returns: nil for no items, or when items do not all have the same number of ratings, at least two.
  public init?(counts: [[Int]]) {
    guard let raters = counts.first.map({ $0.reduce(0, +) }), raters > 1,
      counts.allSatisfy({ $0.reduce(0, +) == raters })
    else { return nil }
    let categories = counts.map(\.count).max() ?? 0
    var totals = [Int](repeating: 0, count: categories)
    var agreeing = 0
    for row in counts {
      for (category, count) in row.enumerated() {
        totals[category] += count
        agreeing += count * (count - 1)
      }
    }
    let ratings = Double(counts.count * raters)
    observed = Double(agreeing) / (ratings * Double(raters - 1))
    expected = sum(totals.map { Double($0) / ratings * (Double($0) / ratings) })
  }

  /// - Parameter labels: shape [items][raters].
  public init?(labels: [[some Hashable]]) {
    var category: [AnyHashable: Int] = [:]
    for label in labels.joined() where category[AnyHashable(label)] == nil {
      category[AnyHashable(label)] = category.count
    }
    self.init(
      counts: labels.map { row in
        var counts = [Int](repeating: 0, count: category.count)
        for label in row { if let number = category[AnyHashable(label)] { counts[number] += 1 } }
        return counts
      })
  }

  /// Kappa; nil when every rating is the same.
  public var value: Double? {
    expected == 1 ? nil : (observed - expected) / (1 - expected)
  }
}
