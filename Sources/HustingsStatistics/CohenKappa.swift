/// Agreement of two raters beyond what their habits alone would give: (p_o - p_e) / (1 - p_e).
///
/// Cohen, "A coefficient of agreement for nominal scales" (Educational and Psychological Measurement 20,
/// 1960).
public struct CohenKappa: Sendable, Hashable {
  /// The share of items both raters put in the same category.
  public let observed: Double
  /// The share expected if they rated independently with the same habits.
  public let expected: Double

  /// Ratings of the same items by two raters; nil for no items.
  public init?<Label: Hashable>(_ first: [Label], _ second: [Label]) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) ratings")
    guard !first.isEmpty else { return nil }
    let n = Double(first.count)
    observed = Double(zip(first, second).count { $0 == $1 }) / n
    let one = Dictionary(grouping: first) { $0 }.mapValues { Double($0.count) }
    let other = Dictionary(grouping: second) { $0 }.mapValues { Double($0.count) }
    // Whole products below 2⁵³, so their sum does not depend on the dictionary's order.
    expected = one.reduce(0) { $0 + $1.value * (other[$1.key] ?? 0) } / (n * n)
  }

  /// Kappa; nil when both raters use one and the same category only.
  public var value: Double? {
    expected == 1 ? nil : (observed - expected) / (1 - expected)
  }
}
