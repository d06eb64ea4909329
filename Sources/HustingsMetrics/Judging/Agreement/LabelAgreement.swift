import HustingsStatistics

/// How far two raters agree on the same pairs.
public struct LabelAgreement: Sendable, Hashable {
  /// Pairs rated by both.
  public let count: Int
  /// The share of pairs with equal labels.
  public let accuracy: Double
  /// Cohen's kappa, for raters with habits of their own; nil when both always give the same label.
  public let cohenKappa: Double?
  /// Fleiss' kappa, for raters with habits in common; nil when all labels are the same.
  public let fleissKappa: Double?
  /// Pairs on which neither says tie.
  public let decidedCount: Int
  /// The share of those with equal labels; nil when there are none.
  public let decidedAccuracy: Double?

  /// The agreement of two lists of labels on the same pairs; nil for empty lists.
  public init?(_ ours: [PairLabel], _ theirs: [PairLabel]) {
    precondition(ours.count == theirs.count, "\(ours.count) and \(theirs.count) labels")
    guard let cohen = CohenKappa(ours, theirs) else { return nil }
    count = ours.count
    accuracy = cohen.observed
    cohenKappa = cohen.value
    fleissKappa = FleissKappa(labels: zip(ours, theirs).map { [$0, $1] })?.value
    let decided = zip(ours, theirs).filter { $0 != .tie && $1 != .tie }
    decidedCount = decided.count
    decidedAccuracy =
      decided.isEmpty ? nil : Double(decided.count { $0 == $1 }) / Double(decided.count)
  }

  /// The agreement of opinions with a reference, on the pairs that the reference has, in either order of presentation.
  public init?(_ opinions: [LabelledPair], with reference: [LabelledPair]) {
    var known: [LabelledPair.Pair: PairLabel] = [:]
    for opinion in reference {
      known[opinion.pair] = opinion.label
      known[opinion.pair.mirrored] = opinion.label.mirrored
    }
    let common = opinions.compactMap { opinion in known[opinion.pair].map { (opinion.label, $0) } }
    self.init(common.map(\.0), common.map(\.1))
  }
}

/// Agreement between single votes, as MT-Bench reports it between its judge and people.
public struct VoteAgreement: Sendable, Hashable {
  /// Comparisons of two votes on the same pair that agree.
  public let agreeing: Int
  /// All comparisons of two votes on the same pair.
  public let comparisons: Int

  /// The share that agrees; nil without comparisons.
  public var share: Double? { comparisons == 0 ? nil : Double(agreeing) / Double(comparisons) }

  /// Every vote of ours against every vote of theirs on the same pair.
  ///
  /// - Parameter ties: whether tie votes take part; all ties are alike.
  public init(_ ours: [LabelledPair], with theirs: [LabelledPair], ties: Bool) {
    let ballots = Self.ballots(theirs, ties: ties)
    var agreeing = 0
    var comparisons = 0
    for vote in ours where ties || vote.label != .tie {
      for other in ballots[Self.ordered(vote).pair] ?? [] {
        comparisons += 1
        if other == Self.ordered(vote).label { agreeing += 1 }
      }
    }
    self.agreeing = agreeing
    self.comparisons = comparisons
  }

  /// Every two votes of one group on the same pair.
  public init(among votes: [LabelledPair], ties: Bool) {
    var agreeing = 0
    var comparisons = 0
    for ballot in Self.ballots(votes, ties: ties).values {
      let counts = PairLabel.allCases.map { label in ballot.count { $0 == label } }
      agreeing += counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
      comparisons += ballot.count * (ballot.count - 1) / 2
    }
    self.agreeing = agreeing
    self.comparisons = comparisons
  }

  private static func ballots(_ votes: [LabelledPair], ties: Bool) -> [LabelledPair.Pair: [PairLabel]] {
    votes.reduce(into: [:]) { ballots, vote in
      guard ties || vote.label != .tie else { return }
      ballots[ordered(vote).pair, default: []].append(ordered(vote).label)
    }
  }

  /// The vote with its models in alphabetical order, so that both orders of presentation are one pair.
  private static func ordered(_ vote: LabelledPair) -> LabelledPair {
    vote.pair.first <= vote.pair.second ? vote : vote.mirrored
  }
}
