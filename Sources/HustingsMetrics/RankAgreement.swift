public import Hustings

/// How alike a model and the key order the candidates of an item: a rank correlation per item, averaged over items.
///
/// An item whose ratings are all equal, or of which the model says nothing but ties, has no correlation and is left out.
public struct RankAgreement: ItemMetric {
  /// Which correlation.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    /// Kendall's tau-b: (concordant − discordant) / √((pairs − ties of one)(pairs − ties of the other)).
    case kendall
    /// Spearman's rho: Pearson's correlation of mean ranks.
    case spearman
  }

  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// Between -1 and 1.
  public var unit: MetricUnit { .coefficient }
  private let measure: Measure

  /// The mean rank correlation within items.
  public init(_ name: String, _ measure: Measure) {
    self.name = name
    self.measure = measure
  }

  /// Every item's correlation, each counting the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let values = trials.enumerated().compactMap { index, trial -> (Int, Double)? in
      guard case .value(let value) = result(trial) else { return nil }
      return (index, value)
    }
    return values.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(values.count))
    }
  }

  /// An item is won when the correlation is positive, lost when it is negative, and a tie when it is 0 or undefined
  /// because the model holds all candidates equal.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      switch result(trial) {
      case .inapplicable: nil
      case .missing(let absence): (index, Outcome(absence))
      case .constant: (index, .tie)
      case .value(let value): (index, value > 0 ? .win : value < 0 ? .loss : .tie)
      }
    }
  }

  private enum Result {
    case inapplicable
    case missing(Absence)
    case constant
    case value(Double)
  }

  private func result(_ trial: Trial) -> Result {
    guard let rewards = trial.key.gold.rewards else { return .inapplicable }
    let places = rewards.indices.filter { rewards[$0] != nil }
    let ratings = places.compactMap { rewards[$0] }
    guard let first = ratings.first, ratings.contains(where: { $0 != first }) else { return .inapplicable }
    guard let standings = trial.tournament.standings(of: places) else {
      return .missing(trial.tournament.absence(among: places))
    }
    let value = measure == .kendall ? kendall(standings, ratings) : spearman(standings, ratings)
    return value.map(Result.value) ?? .constant
  }
}

/// Kendall's tau-b by counting pairs, which is quickest for the handful of candidates of an item; nil when a side is
/// constant.
func kendall(_ x: [Double], _ y: [Double]) -> Double? {
  var balance = 0
  var (untiedX, untiedY) = (0, 0)
  for i in x.indices {
    for j in x.indices where i < j {
      let a = x[i] > x[j] ? 1 : x[i] < x[j] ? -1 : 0
      let b = y[i] > y[j] ? 1 : y[i] < y[j] ? -1 : 0
      balance += a * b
      untiedX += a * a
      untiedY += b * b
    }
  }
  guard untiedX > 0, untiedY > 0 else { return nil }
  return Double(balance) / (Double(untiedX) * Double(untiedY)).squareRoot()
}

/// Spearman's rho with mean ranks for ties; nil when a side is constant.
func spearman(_ x: [Double], _ y: [Double]) -> Double? {
  func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
      values.reduce(0.5) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) }
    }
  }
  let (a, b) = (ranks(x), ranks(y))
  let mean = Double(x.count + 1) / 2
  let products = zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
  let squares = [a, b].map { $0.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
  guard squares[0] > 0, squares[1] > 0 else { return nil }
  return products / (squares[0] * squares[1]).squareRoot()
}
