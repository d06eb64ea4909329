import HustingsNumerics

/// Who should win among competitors of whom it is known how often each beats each other.
public struct SocialChoice: Sendable, Hashable {
  /// How often the row's competitor beats the column's: p[i][j] + p[j][i] = 1, ½ on the diagonal.
  public let winRates: [[Double]]

  /// A table of win rates; every row has an element per competitor.
  public init(winRates: [[Double]]) {
    for row in winRates {
      precondition(row.count == winRates.count, "a row of \(row.count) among \(winRates.count)")
    }
    self.winRates = winRates
  }

  private var others: [Int] { Array(winRates.indices) }

  /// The competitor who beats every other more often than not (Condorcet 1785); nil when there is none.
  public var condorcetWinner: Int? {
    others.first { i in others.allSatisfy { $0 == i || winRates[i][$0] > 0.5 } }
  }

  /// Competitors beaten less competitors lost to (Copeland 1951).
  public var copeland: [Int] {
    others.map { i in
      others.reduce(0) { total, j in
        j == i || winRates[i][j] == 0.5 ? total : total + (winRates[i][j] > 0.5 ? 1 : -1)
      }
    }
  }

  /// The mean win rate over the others (Borda 1781); ½ for a competitor alone.
  public var borda: [Double] {
    others.map { i in
      others.count < 2
        ? 0.5 : sum(others.lazy.filter { $0 != i }.map { winRates[i][$0] }) / Double(others.count - 1)
    }
  }

  /// How often each competitor should play so that no other beats the mix more often than not: the maximal lottery (Fishburn
  /// 1984), which is the von Neumann winner; and the most that any competitor wins against it above ½, 0 but for rounding.
  public var maximalLottery: (weights: [Double], excess: Double)? {
    let game = MatrixGame(winRates.map { row in row.map { $0 - 0.5 } })
    guard let solution = game.solution() else { return nil }
    let weights = solution.play.columns
    return (weights, game.gains(against: weights).max() ?? 0)
  }

  /// Bradley–Terry strengths, mean 0, of competitors who met equally often; nil where win rates of 0 and 1 leave none finite.
  public var strengths: [Double]? {
    let meetings = others.flatMap { i in
      others.filter { $0 > i }.map {
        BradleyTerry.Meeting(first: i, second: $0, outcome: winRates[i][$0], weight: 1)
      }
    }
    guard !meetings.isEmpty else { return nil }
    return BradleyTerry(
      models: others.count, meetings: meetings, clusters: .singletons(meetings.count), position: false,
      disconnected: .refuse)?.strengths
  }

  /// The share of squared log-odds that no strengths explain; nil where a win rate is 0 or 1.
  public var cyclicity: Double? {
    let margins = winRates.map { row in row.map { $0 > 0 && $0 < 1 ? logit($0) : nil } as [Double?] }
    guard !margins.joined().contains(where: { $0 == nil }) else { return nil }
    return HodgeSplit(matrix: margins)?.cyclicity
  }

  /// How many triples of competitors go in a circle.
  public var cyclicTriples: CyclicTriples {
    CyclicTriples(matrix: winRates.map { row in row.map { $0 - 0.5 } })
  }
}
