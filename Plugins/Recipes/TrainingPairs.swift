public import Hustings

/// Examples of any benchmark as pairs to train on.
///
/// Each pair of responses of which the key prefers one becomes a pair; ties are left out and counted. Where raters voted one by
/// one, their votes come along, half a vote for a tie.
public struct TrainingPairs: Sendable {
  /// The pairs, in the order of the examples.
  public private(set) var pairs: [PreferencePair] = []
  /// How many pairs of responses the key holds equal.
  public private(set) var ties = 0

  /// The pairs of a benchmark's examples.
  public init(of benchmark: any Benchmark) throws {
    try benchmark.examples { add($0) }
  }

  private mutating func add(_ example: Example) {
    let key = example.key
    let matchups = Matchup.all(among: example.slate.responses.count)
    for matchup in matchups {
      guard let margin = key.gold.judgment(matchup)?.logOdds else { continue }
      guard margin != 0 else {
        ties += 1
        continue
      }
      let (chosen, rejected) =
        margin > 0 ? (matchup.first, matchup.second) : (matchup.second, matchup.first)
      pairs.append(
        PreferencePair(
          id: matchups.count == 1 ? key.item : "\(key.item) \(chosen) \(rejected)", subset: key.subset,
          cluster: key.cluster, prompt: example.slate.prompt, chosen: example.slate.responses[chosen],
          rejected: example.slate.responses[rejected],
          votes: TrainingPairs.votes(key.raters, Matchup(chosen, rejected))))
    }
  }

  private static func votes(_ raters: [String: Tournament], _ matchup: Matchup) -> VoteCount? {
    let margins = raters.values.compactMap { $0.judgment(matchup)?.logOdds }
    guard !margins.isEmpty else { return nil }
    let chosen = margins.reduce(0.0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) }
    return VoteCount(chosen: chosen, valid: margins.count)
  }
}
