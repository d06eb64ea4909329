public import Hustings

/// The rating of the candidate a model would pick: what best-of-n sampling with it is worth.
///
/// With `draws` of k the value is the exact expectation over all ways of drawing k of the n candidates without
/// replacement: the candidate with r better ones is picked with probability C(n−1−r, k−1) / C(n, k).
public struct BestOfValue: ItemMetric {
  /// Which of several candidates with the same highest standing is picked.
  public enum Ties: Sendable, Hashable {
    /// Each of them equally often.
    case averaged
    /// The first in the benchmark's own order.
    case firstWins
  }

  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// The ratings' unit.
  public let unit: MetricUnit
  private let draws: Int?
  private let names: [String]?
  private let ties: Ties

  /// - Parameters:
  ///   - draws: how many candidates are drawn before one is picked; nil for all.
  ///   - names: the candidates that take part; nil for all. Items that lack one of them do not count.
  public init(_ name: String, draws: Int? = nil, among names: [String]? = nil, ties: Ties, unit: MetricUnit) {
    if let draws { precondition(draws > 0, "\(draws) draws pick nothing") }
    self.name = name
    self.draws = draws
    self.names = names
    self.ties = ties
    self.unit = unit
  }

  /// Every item's value; items whose picked candidate has no rating are left out.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let values = trials.enumerated().compactMap { index, trial -> (Int, Double)? in
      guard case .value(let value) = result(trial) else { return nil }
      return (index, value)
    }
    return values.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(values.count))
    }
  }

  /// An item is won when the pick has the highest rating, lost when it has the lowest, a tie between.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      switch result(trial) {
      case .inapplicable: return nil
      case .missing(let absence): return (index, Outcome(absence))
      case .value(let value):
        let ratings = trial.key.gold.rewards?.compactMap { $0 } ?? []
        return (index, value == ratings.max() ? .win : value == ratings.min() ? .loss : .tie)
      }
    }
  }

  private enum Result {
    case inapplicable
    case missing(Absence)
    case value(Double)
  }

  private func result(_ trial: Trial) -> Result {
    let key = trial.key
    guard let ratings = key.gold.rewards, let places = places(of: key), let draws = draws(of: places.count)
    else { return .inapplicable }
    let unrated = Absence(.error, "the candidate picked has no rating")
    if draws == places.count {
      let top = trial.tournament.top(of: places)
      guard !top.isEmpty else { return .missing(trial.tournament.absence(among: places)) }
      let picks = ties == .averaged ? top : [top[0]]
      let known = picks.compactMap { ratings[places[$0]] }
      return known.count == picks.count
        ? .value(known.reduce(0, +) / Double(known.count)) : .missing(unrated)
    }
    guard let standings = trial.tournament.standings(of: places) else {
      return .missing(trial.tournament.absence(among: places))
    }
    let known = places.compactMap { ratings[$0] }
    guard known.count == places.count else { return .missing(unrated) }
    return .value(expectation(standings: standings, ratings: known, draws: draws))
  }

  private func places(of key: AnswerKey) -> [Int]? {
    guard let names else { return key.candidates }
    let places = names.compactMap { key.index(named: $0) }
    return places.count == names.count ? places : nil
  }

  private func draws(of count: Int) -> Int? {
    guard count > 0 else { return nil }
    guard let draws else { return count }
    return draws <= count ? draws : nil
  }

  private func expectation(standings: [Double], ratings: [Double], draws: Int) -> Double {
    let order = standings.indices.sorted { (-standings[$0], $0) < (-standings[$1], $1) }
    var values = order.map { ratings[$0] }
    if ties == .averaged {
      var start = 0
      while start < order.count {
        var end = start + 1
        while end < order.count, standings[order[end]] == standings[order[start]] { end += 1 }
        let mean = values[start..<end].reduce(0, +) / Double(end - start)
        for index in start..<end { values[index] = mean }
        start = end
      }
    }
    // P(the best drawn has rank r) by P(0) = k/n and P(r+1) = P(r) · (n−r−k) / (n−r−1).
    let n = Double(values.count)
    let k = Double(draws)
    var probability = k / n
    var sum = 0.0
    for (rank, value) in values.enumerated() where probability > 0 {
      sum += probability * value
      let r = Double(rank)
      probability *= n - r - 1 > 0 ? (n - r - k) / (n - r - 1) : 0
    }
    return sum
  }
}
