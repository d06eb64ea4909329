import HustingsNumerics

/// Krippendorff's alpha: 1 - observed over expected disagreement, for any number of raters and missing
/// ratings.
///
/// Ratings are paired within units; a unit with m ratings gives its m (m - 1) ordered pairs the weight 1 / (m
/// - 1), which makes the coincidence matrix o_ck. alpha = 1 - Σ o_ck δ²_ck / (Σ n_c n_k δ²_ck / (n - 1)).
/// Units with fewer than two ratings drop out. Krippendorff, "Computing Krippendorff's alpha-reliability"
/// (2011).
public enum KrippendorffAlpha: Sendable, Hashable {
  /// Two ratings are the same or not.
  case nominal
  /// Ratings have an order: δ² = (Σ_{g=c}^{k} n_g - (n_c + n_k) / 2)².
  case ordinal
  /// Distances between ratings mean something: δ² = (c - k)².
  case interval

  /// - Parameter units: the ratings each unit received, in any order.
  /// - Returns: nil when fewer than two ratings can be paired, or all of them are equal.
  public func value(_ units: [[Double]]) -> Double? {
    let paired = units.filter { $0.count > 1 }
    let scale = Set(paired.joined()).sorted()
    guard scale.count > 1 else { return nil }
    let position = Dictionary(uniqueKeysWithValues: scale.enumerated().map { ($1, $0) })
    let size = scale.count
    var coincidences = [Double](repeating: 0, count: size * size)
    for unit in paired {
      var counts: [Int: Double] = [:]
      for rating in unit { if let place = position[rating] { counts[place, default: 0] += 1 } }
      let present = counts.sorted { $0.key < $1.key }
      for (c, count) in present {
        for (k, other) in present {
          let pairs = c == k ? count * (count - 1) : count * other
          coincidences[c * size + k] += pairs / Double(unit.count - 1)
        }
      }
    }
    let totals = (0..<size).map { c in sum((0..<size).lazy.map { coincidences[c * size + $0] }) }
    let all = sum(totals)
    // Ratings below each category and half of its own: ordinal distances are differences of these.
    var below = 0.0
    let middle = totals.map { total in
      defer { below += total }
      return below + total / 2
    }
    var observed = 0.0
    var expected = 0.0
    for c in 0..<size {
      for k in c + 1..<max(size, c + 1) {
        let distance =
          switch self {
          case .nominal: 1.0
          case .ordinal: middle[k] - middle[c]
          case .interval: scale[k] - scale[c]
          }
        observed += coincidences[c * size + k] * distance * distance
        expected += totals[c] * totals[k] * distance * distance
      }
    }
    return expected > 0 ? 1 - (all - 1) * observed / expected : nil
  }

  /// Alpha of ratings without an order.
  public static func nominal(_ units: [[some Hashable]]) -> Double? {
    var number: [AnyHashable: Double] = [:]
    for label in units.joined() where number[AnyHashable(label)] == nil {
      number[AnyHashable(label)] = Double(number.count)
    }
    return KrippendorffAlpha.nominal.value(units.map { $0.compactMap { number[AnyHashable($0)] } })
  }
}
