/// What K responses sampled from a policy are worth against each other: the targets of self-play losses.
///
/// From a table T of log-odds, T[i][j] that of response i over j, zero on the diagonal. Zhang et al. 2024, section 5.2 and
/// their pipeline; Wu et al. 2024.
public struct GameTargets: Sendable, Hashable {
  /// (1/K)·Σⱼ T[i][j], the estimate of equation 5.2.
  public let meanLogOdds: [Double]
  /// (1/K)·Σⱼ (T[i][j] - T[j][i]), which the published pipeline uses: twice the estimate when T is skew.
  public let netLogOdds: [Double]
  /// (1/K)·Σⱼ σ(T[i][j]), the diagonal counted as ½.
  public let winRates: [Double]
  /// (1/K)·Σⱼ σ(T[i][j] - T[j][i]), which the published pipeline uses.
  public let netWinRates: [Double]

  /// The worth of each response; `table` has K rows of K.
  public init(table: [[Double]]) {
    let count = table.count
    for row in table { precondition(row.count == count, "a row of \(row.count) in a table of \(count)") }
    func mean(_ term: (Int, Int) -> Double) -> [Double] {
      (0..<count).map { i in (0..<count).reduce(0) { $0 + term(i, $1) } / Double(count) }
    }
    meanLogOdds = mean { table[$0][$1] }
    netLogOdds = mean { table[$0][$1] - table[$1][$0] }
    winRates = mean { Double.sigmoid(table[$0][$1]) }
    netWinRates = mean { Double.sigmoid(table[$0][$1] - table[$1][$0]) }
  }

  /// The response worth most, the first of several; nil when there is none.
  public var best: Int? { netLogOdds.indices.max { (netLogOdds[$0], -$0) < (netLogOdds[$1], -$1) } }

  /// The response worth least, the first of several; nil when there is none.
  public var worst: Int? { netLogOdds.indices.min { (netLogOdds[$0], $0) < (netLogOdds[$1], $1) } }
}
