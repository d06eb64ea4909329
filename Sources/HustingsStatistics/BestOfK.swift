/// What picking the best of k is worth: the expected value of the candidate a selector scores highest.
///
/// Exact over all subsets of k of the n candidates, drawn without replacement: the candidate of selector rank
/// r (0 is best) is picked with chance C(n-1-r, k-1) / C(n, k).
public enum BestOfK {
  /// Who is picked when the selector gives several candidates the same score.
  public enum TieRule: Sendable, Hashable {
    /// The candidate with the lower index.
    case lowerIndex
    /// Each with equal chance.
    case averaged
  }

  /// The chance of each candidate to be picked from a random subset of `k`; sums to one.
  public static func pickChances(scores: [Double], k: Int, ties: TieRule) -> [Double] {
    chances(order: order(scores), scores: scores, k: k, ties: ties)
  }

  /// The expected value of the pick from a random subset of `k`.
  public static func expectedValue(scores: [Double], values: [Double], k: Int, ties: TieRule) -> Double {
    precondition(scores.count == values.count, "\(scores.count) scores, \(values.count) values")
    return zip(pickChances(scores: scores, k: k, ties: ties), values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The expected value for every k from 1, the mean of all, to n, the value of the top candidate; empty for
  /// none.
  public static func curve(scores: [Double], values: [Double], ties: TieRule) -> [Double] {
    precondition(scores.count == values.count, "\(scores.count) scores, \(values.count) values")
    let order = order(scores)
    return (0..<scores.count).map { index in
      let chances = chances(order: order, scores: scores, k: index + 1, ties: ties)
      return zip(chances, values).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// Candidates from the highest score down, equal ones by index.
  private static func order(_ scores: [Double]) -> [Int] {
    scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
  }

  private static func chances(order: [Int], scores: [Double], k: Int, ties: TieRule) -> [Double] {
    let n = scores.count
    precondition(k >= 1 && k <= n, "the best of \(k) from \(n) candidates")
    var chances = [Double](repeating: 0, count: n)
    // C(n-1-r, k-1) / C(n, k) by its recurrence: k / n, then times (n-r-k) / (n-1-r).
    var chance = Double(k) / Double(n)
    for (rank, candidate) in order.enumerated() where rank <= n - k {
      chances[candidate] = chance
      if rank < n - k { chance *= Double(n - rank - k) / Double(n - 1 - rank) }
    }
    if ties == .averaged {
      var start = 0
      while start < n {
        var end = start + 1
        while end < n, scores[order[end]] == scores[order[start]] { end += 1 }
        let share = order[start..<end].reduce(0) { $0 + chances[$1] } / Double(end - start)
        for position in start..<end { chances[order[position]] = share }
        start = end
      }
    }
    return chances
  }
}
