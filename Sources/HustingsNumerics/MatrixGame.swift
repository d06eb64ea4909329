import Foundation

/// A zero-sum game of two players: one picks a row and gains the element, the other picks a column and loses it.
public struct MatrixGame: Sendable, Hashable {
  /// A mixed strategy of each player.
  public struct Play: Sendable, Hashable {
    /// How often the gaining player picks each row.
    public let rows: [Double]
    /// How often the losing player picks each column.
    public let columns: [Double]
  }

  /// What the row player gains, row after row.
  public let gains: [[Double]]

  /// A game; every row has as many columns.
  public init(_ gains: [[Double]]) {
    let columns = gains.first?.count ?? 0
    precondition(columns > 0, "a game of \(gains.count) rows and \(columns) columns")
    for row in gains { precondition(row.count == columns, "a row of \(row.count), the first has \(columns)") }
    self.gains = gains
  }

  /// What each row gains against a mix of columns.
  public func gains(against columns: [Double]) -> [Double] {
    gains.map { row in sum(zip(row, columns).lazy.map { $0 * $1 }) }
  }

  /// What each column loses to a mix of rows.
  public func losses(to rows: [Double]) -> [Double] {
    gains[0].indices.map { column in sum(gains.indices.lazy.map { rows[$0] * gains[$0][column] }) }
  }

  /// How much both players could still gain together by deviating; 0 at an equilibrium.
  public func gap(_ play: Play) -> Double {
    (gains(against: play.columns).max() ?? 0) - (losses(to: play.rows).min() ?? 0)
  }

  /// Optimal strategies of both players and the value of the game, by a linear programme; nil when an element is not finite.
  ///
  /// With the gains shifted above 0, the columns' strategy is x/Σx for the largest Σx with gains·x ≤ 1, x ≥ 0, and the
  /// rows' is the dual's (Dantzig 1951). Pivots follow Bland's rule, so that the search ends.
  public func solution() -> (play: Play, value: Double)? {
    guard gains.joined().allSatisfy(\.isFinite) else { return nil }
    let (m, n) = (gains.count, gains[0].count)
    let least = gains.joined().min() ?? 0
    let most = gains.joined().max() ?? 0
    let scale = max(most - least, 1e-300)
    // Rows: one per constraint, then the objective. Columns: x, slacks, right side.
    let width = n + m + 1
    var table = [[Double]](repeating: [Double](repeating: 0, count: width), count: m + 1)
    for i in 0..<m {
      for j in 0..<n { table[i][j] = (gains[i][j] - least) / scale + 1 }
      table[i][n + i] = 1
      table[i][width - 1] = 1
    }
    for j in 0..<n { table[m][j] = -1 }
    var basis = (0..<m).map { n + $0 }
    for _ in 0..<(1000 * (n + m)) {
      guard let entering = (0..<n + m).first(where: { table[m][$0] < -1e-13 }) else { break }
      var leaving: Int?
      var ratio = Double.infinity
      for i in 0..<m where table[i][entering] > 1e-13 {
        let candidate = table[i][width - 1] / table[i][entering]
        let isTied = abs(candidate - ratio) <= 1e-15 * max(1, ratio)
        if candidate < ratio && !isTied || isTied && basis[i] < leaving.map({ basis[$0] }) ?? Int.max {
          (leaving, ratio) = (i, min(ratio, candidate))
        }
      }
      guard let leaving else { return nil }
      let pivot = table[leaving][entering]
      for j in 0..<width { table[leaving][j] /= pivot }
      for i in 0...m where i != leaving && table[i][entering] != 0 {
        let factor = table[i][entering]
        for j in 0..<width { table[i][j] -= factor * table[leaving][j] }
      }
      basis[leaving] = entering
    }
    var x = [Double](repeating: 0, count: n)
    for (i, variable) in basis.enumerated() where variable < n { x[variable] = max(0, table[i][width - 1]) }
    let y = (0..<m).map { max(0, table[m][n + $0]) }
    let (xs, ys) = (sum(x), sum(y))
    guard xs > 0, ys > 0 else { return nil }
    return (
      Play(rows: y.map { $0 / ys }, columns: x.map { $0 / xs }), (1 / xs - 1) * scale + least
    )
  }

  /// Average play of optimistic multiplicative weights (Rakhlin and Sridharan 2013): each player weighs every choice by the
  /// exponential of its past gains, the latest counted twice.
  ///
  /// Both start even, and the averages run over every round, the first included.
  public func optimisticPlay(rounds: Int, rowStep: Double, columnStep: Double) -> Play {
    precondition(rounds > 0, "\(rounds) rounds")
    let (m, n) = (gains.count, gains[0].count)
    var x = [Double](repeating: 1 / Double(m), count: m)
    var y = [Double](repeating: 1 / Double(n), count: n)
    var (xs, ys) = (x, y)
    var lastGains = gains(against: y)
    var lastLosses = losses(to: x)
    for _ in 1..<max(2, rounds) where rounds > 1 {
      let (now, cost) = (gains(against: y), losses(to: x))
      x = MatrixGame.weighed(x, by: zip(now, lastGains).map { rowStep * (2 * $0 - $1) })
      y = MatrixGame.weighed(y, by: zip(cost, lastLosses).map { -columnStep * (2 * $0 - $1) })
      (lastGains, lastLosses) = (now, cost)
      for i in 0..<m { xs[i] += x[i] }
      for j in 0..<n { ys[j] += y[j] }
    }
    return Play(rows: xs.map { $0 / Double(rounds) }, columns: ys.map { $0 / Double(rounds) })
  }

  /// p·eˢ, normalised.
  static func weighed(_ p: [Double], by s: [Double]) -> [Double] {
    let logs = zip(p, s).map { $0 > 0 ? log($0) + $1 : -Double.infinity }
    let all = logSumExp(logs)
    return logs.map { exp($0 - all) }
  }
}
