/// Whether a judge minds which response is shown first.
public struct PositionBias: Sendable, Hashable {
  /// The share of opinions for the response shown first; nil without opinions.
  public let firstShare: Double?
  /// The share for the response shown second; nil without opinions.
  public let secondShare: Double?
  /// The share of ties; nil without opinions.
  public let tieShare: Double?
  /// Of opinions whose pair was also shown the other way round, the share that says the same there; nil when none was.
  public let swapConsistency: Double?

  /// The bias in opinions, of which those on the same responses in both orders tell most.
  public init(_ opinions: [LabelledPair]) {
    func share(_ label: PairLabel) -> Double? {
      opinions.isEmpty ? nil : Double(opinions.count { $0.label == label }) / Double(opinions.count)
    }
    firstShare = share(.first)
    secondShare = share(.second)
    tieShare = share(.tie)
    var labels: [LabelledPair.Pair: PairLabel] = [:]
    for opinion in opinions { labels[opinion.pair] = opinion.label }
    let both = opinions.compactMap { opinion in
      labels[opinion.pair.mirrored].map { $0 == opinion.label.mirrored }
    }
    swapConsistency = both.isEmpty ? nil : Double(both.count { $0 }) / Double(both.count)
  }
}
