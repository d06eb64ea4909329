import Foundation
import HustingsNumerics

/// How two lists of numbers move together: a value from -1 to 1, an interval, a permutation test.
public enum Correlation: String, Sendable, Hashable, Codable, CaseIterable {
  /// Of the values themselves.
  case pearson
  /// Pearson's, of mean ranks.
  case spearman
  /// Kendall's tau-b: concordant less discordant pairs over √(pairs untied in x · pairs untied in y).
  case kendall

  /// The correlation; nil when either list is constant or has fewer than two values.
  public func value(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values")
    switch self {
    case .pearson: return Self.pearsonValue(x, y)
    case .spearman: return Self.pearsonValue(meanRanks(x), meanRanks(y))
    case .kendall: return Self.kendallTauB(x, y)
    }
  }

  /// The standard error of Fisher's z, artanh r, for `count` pairs; nil for too few.
  ///
  /// Pearson 1/√(n-3); Spearman √((1 + ρ²/2)/(n-3)) (Bonett and Wright, Psychometrika 65, 2000); Kendall
  /// √(0.437/(n-4)) (Fieller, Hartley, Pearson, Biometrika 44, 1957).
  public func transformedStandardError(_ value: Double, count: Int) -> Double? {
    let n = Double(count)
    switch self {
    case .pearson: return n > 3 ? (1 / (n - 3)).squareRoot() : nil
    case .spearman: return n > 3 ? ((1 + value * value / 2) / (n - 3)).squareRoot() : nil
    case .kendall: return n > 4 ? (0.437 / (n - 4)).squareRoot() : nil
    }
  }

  /// tanh(artanh r ± z · SE); nil for too few pairs and for a correlation of ±1, where the transform has no
  /// width.
  ///
  /// Below about fifteen pairs prefer the permutation test and a bootstrap.
  public func interval(_ value: Double, count: Int, level: Double) -> Interval? {
    precondition(abs(value) <= 1 + 1e-12, "a correlation of \(value)")
    guard abs(value) < 1, let error = transformedStandardError(value, count: count) else { return nil }
    let half = Normal.quantile(Interval.upperShare(level)) * error
    let centre = atanh(value)
    return Interval(low: tanh(centre - half), high: tanh(centre + half), level: level, method: .fisherZ)
  }

  /// The two-sided p-value of no association: how often a random pairing is at least as strong.
  ///
  /// All pairings up to seven pairs, else a seeded sample with p = (1 + hits) / (1 + B). Nil where the value
  /// is.
  public func permutationP(_ x: [Double], _ y: [Double], replicates: Int, seed: UInt64) -> Double? {
    guard let observed = value(x, y).map(abs) else { return nil }
    let (a, b) = self == .spearman ? (meanRanks(x), meanRanks(y)) : (x, y)
    let bare: Correlation = self == .spearman ? .pearson : self
    func strong(_ shuffled: [Double]) -> Bool {
      (bare.value(a, shuffled) ?? 0).magnitude >= observed - 1e-12
    }
    if b.count <= 7 {
      var hits = 0
      var all = 0
      permute(b) { arrangement in
        all += 1
        if strong(arrangement) { hits += 1 }
      }
      return Double(hits) / Double(all)
    }
    var hits = 0
    for replicate in 0..<replicates {
      var generator = CounterGenerator(seed: seed, stream: UInt64(replicate))
      if strong(generator.shuffled(b)) { hits += 1 }
    }
    return Double(1 + hits) / Double(1 + replicates)
  }

  private static func pearsonValue(_ x: [Double], _ y: [Double]) -> Double? {
    guard x.count > 1, let meanX = Descriptive.mean(x), let meanY = Descriptive.mean(y) else { return nil }
    // Constancy is judged on the values: rounding of the mean can leave a residue of a constant.
    guard x.contains(where: { $0 != x[0] }), y.contains(where: { $0 != y[0] }) else { return nil }
    let squareX = sum(x.lazy.map { ($0 - meanX) * ($0 - meanX) })
    let squareY = sum(y.lazy.map { ($0 - meanY) * ($0 - meanY) })
    let product = sum(zip(x, y).lazy.map { ($0 - meanX) * ($1 - meanY) })
    guard squareX > 0, squareY > 0 else { return nil }
    return min(1, max(-1, product / (squareX.squareRoot() * squareY.squareRoot())))
  }
}

/// Calls `body` with every arrangement of `values` (Heap's algorithm).
private func permute(_ values: [Double], _ body: ([Double]) -> Void) {
  var values = values
  func arrange(_ length: Int) {
    if length <= 1 { return body(values) }
    for index in 0..<length {
      arrange(length - 1)
      if index < length - 1 { values.swapAt(length % 2 == 0 ? index : 0, length - 1) }
    }
  }
  arrange(values.count)
}
