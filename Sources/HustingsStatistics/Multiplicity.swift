/// p-values adjusted for having asked many questions, in the order they were given.
///
/// An adjusted value is compared with the level itself: reject where it is at most α.
public enum Multiplicity {
  /// Holm: the chance of any false rejection stays below α, whatever the dependence.
  ///
  /// p̃_(i) = max_{j≤i} min(1, (m - j + 1) p_(j)). Holm (Scandinavian Journal of Statistics 6, 1979).
  public static func holm(_ p: [Double]) -> [Double] {
    var running = 0.0
    return adjust(p, order: p.indices.sorted { p[$0] < p[$1] }) { rank, value in
      running = max(running, min(1, Double(p.count - rank) * value))
      return running
    }
  }

  /// Benjamini and Hochberg: the expected share of false rejections stays below α, for independent or
  /// positively dependent tests.
  ///
  /// p̃_(i) = min_{j≥i} min(1, m p_(j) / j). Benjamini, Hochberg (JRSS B 57, 1995).
  public static func benjaminiHochberg(_ p: [Double]) -> [Double] {
    stepUp(p, factor: 1)
  }

  /// Benjamini and Yekutieli: as Benjamini and Hochberg, under any dependence, at the price of a factor Σ
  /// 1/k.
  ///
  /// Benjamini, Yekutieli (Annals of Statistics 29, 2001).
  public static func benjaminiYekutieli(_ p: [Double]) -> [Double] {
    stepUp(p, factor: (1...max(1, p.count)).reduce(0) { $0 + 1 / Double($1) })
  }

  private static func stepUp(_ p: [Double], factor: Double) -> [Double] {
    var running = 1.0
    return adjust(p, order: p.indices.sorted { p[$0] > p[$1] }) { rank, value in
      running = min(running, factor * Double(p.count) * value / Double(p.count - rank))
      return running
    }
  }

  private static func adjust(
    _ p: [Double], order: [Int], _ value: (_ rank: Int, _ p: Double) -> Double
  ) -> [Double] {
    precondition(p.allSatisfy { $0 >= 0 && $0 <= 1 }, "p-values outside 0 to 1")
    var adjusted = p
    for (rank, index) in order.enumerated() { adjusted[index] = value(rank, p[index]) }
    return adjusted
  }
}
