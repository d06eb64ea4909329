public import Hustings

/// A share of the pairings of a contest without a baseline, as FastChat's `show_result` prints it for `pairwise-all`, in percent.
///
/// The share s = Σ points / Σ pairings is a ratio, so a prompt's part is its influence, s + (points − s · pairings) / (mean
/// pairings): these have the mean s, and their spread is that of s to first order.
public struct FieldRate: ItemMetric {
  /// What earns points.
  public enum Measure: Sendable, Hashable {
    /// A win 1, a tie ½: `win_rate_adjusted`.
    case adjusted
    /// A win alone.
    case wins
    /// A loss alone.
    case losses
    /// A tie alone.
    case ties
    /// Two games that say the same, over unreadable pairings too.
    case agreement
  }

  /// Its name on a board.
  public let name: String
  /// Wins and agreement are better when there are more of them.
  public var direction: Direction {
    switch measure {
    case .adjusted, .wins, .agreement: .higherIsBetter
    case .losses: .lowerIsBetter
    case .ties: .neutral
    }
  }
  /// A percentage.
  public var unit: MetricUnit { .percent }
  private let measure: Measure
  private let covers: @Sendable (AnswerKey) -> Bool

  /// A share over the items that `covers` takes in.
  public init(
    _ name: String, _ measure: Measure, covers: @escaping @Sendable (AnswerKey) -> Bool = { _ in true }
  ) {
    self.name = name
    self.measure = measure
    self.covers = covers
  }

  private func part(_ trial: Trial) -> (points: Double, pairings: Double)? {
    guard covers(trial.key), let counts = PairingCounts(trial) else { return nil }
    if measure == .agreement {
      let asked = counts.total + counts.unreadable
      return asked > 0 ? counts.agreements.map { ($0, asked) } : nil
    }
    guard counts.total > 0 else { return nil }
    switch measure {
    case .adjusted: return (counts.wins + counts.ties / 2, counts.total)
    case .wins: return (counts.wins, counts.total)
    case .losses: return (counts.losses, counts.total)
    case .ties: return (counts.ties, counts.total)
    case .agreement: return nil
    }
  }

  /// Every item with a pairing.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let parts = trials.enumerated().compactMap { index, trial in part(trial).map { (index, $0) } }
    let pairings = parts.reduce(0) { $0 + $1.1.pairings }
    guard pairings > 0 else { return [] }
    let share = parts.reduce(0) { $0 + $1.1.points } / pairings
    let mean = pairings / Double(parts.count)
    return parts.map { index, part in
      Contribution(
        trial: index, stratum: "", credit: 100 * (share + (part.points - share * part.pairings) / mean),
        weight: 1 / Double(parts.count))
    }
  }

  /// What came of each item.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard covers(trial.key) else { return nil }
      guard let share = trial.tournament.rewards?.first ?? nil else { return (index, .abstention) }
      return (index, share > 0.5 ? .win : share < 0.5 ? .loss : .tie)
    }
  }
}

/// A number of pairings: wins, losses or ties of a contest without a baseline.
public struct FieldCount: Metric {
  /// Its name on a board.
  public let name: String
  /// Neither way: how many there are depends on how many were asked.
  public var direction: Direction { .neutral }
  /// Pairings.
  public var unit: MetricUnit { .count }
  private let trait: String

  /// The sum of a trait.
  public init(_ name: String, of trait: String) {
    self.name = name
    self.trait = trait
  }

  /// The sum; nil where nothing was counted.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let counts = trials.compactMap { $0.traits[trait]?.first ?? nil }
    return counts.isEmpty
      ? nil : Estimate(value: counts.reduce(0, +), interval: nil, count: counts.count)
  }
}

/// The pairings of one prompt as a run has kept them.
private struct PairingCounts {
  let wins: Double
  let losses: Double
  let ties: Double
  let unreadable: Double
  let agreements: Double?

  init?(_ trial: Trial) {
    func count(_ name: String) -> Double? { trial.traits[name]?.first ?? nil }
    guard let wins = count(Trait.wins), let losses = count(Trait.losses), let ties = count(Trait.ties) else {
      return nil
    }
    (self.wins, self.losses, self.ties, agreements) = (wins, losses, ties, count(Trait.agreements))
    unreadable = count(Trait.unreadable) ?? 0
  }

  var total: Double { wins + losses + ties }
}
