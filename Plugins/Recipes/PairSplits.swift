public import Hustings
import HustingsNumerics
public import HustingsTraining

/// Ways of holding pairs out so that no cluster, which is usually a prompt, is on both sides.
public enum PairSplits {
  /// The positions of each fold's held-out pairs; throws when there are fewer clusters than folds.
  ///
  /// With `.modulo`, clusters are dealt out in the order in which they appear.
  public static func folds(_ pairs: [PreferencePair], _ k: Int, by rule: FoldRule) throws -> [[Int]] {
    precondition(k > 1, "\(k) folds")
    let clusters = distinctClusters(pairs)
    guard clusters.count >= k else { throw RecipeError.tooFewPrompts(clusters.count, needed: k) }
    var order = clusters
    if case .shuffled(let seed) = rule {
      var generator = CounterGenerator(seed: seed, identity: "folds of prompts")
      order = generator.shuffled(clusters.sorted())
    }
    var fold: [String: Int] = [:]
    for (place, cluster) in order.enumerated() { fold[cluster] = place % k }
    return (0..<k).map { k in pairs.indices.filter { fold[pairs[$0].cluster] == k } }
  }

  /// The positions of training and held-out pairs when about the given share of clusters, at least one and never all, is
  /// held out.
  public static func holdingOut(
    _ share: Double, of pairs: [PreferencePair], seed: UInt64
  ) throws -> (training: [Int], heldOut: [Int]) {
    guard share > 0 else { return (Array(pairs.indices), []) }
    let clusters = distinctClusters(pairs).sorted()
    guard clusters.count >= 2 else { throw RecipeError.tooFewPrompts(clusters.count, needed: 2) }
    var generator = CounterGenerator(seed: seed, identity: "prompts held out")
    let count = min(max(1, Int((share * Double(clusters.count)).rounded())), clusters.count - 1)
    let held = Set(generator.shuffled(clusters).prefix(count))
    return (
      pairs.indices.filter { !held.contains(pairs[$0].cluster) },
      pairs.indices.filter { held.contains(pairs[$0].cluster) }
    )
  }

  /// Throws when a prompt or a cluster is on both sides.
  public static func checkDisjoint(_ training: [PreferencePair], _ heldOut: [PreferencePair]) throws {
    let prompts = Set(training.map(\.prompt.digest))
    let clusters = Set(training.map(\.cluster))
    if let pair = heldOut.first(where: { prompts.contains($0.prompt.digest) || clusters.contains($0.cluster) }
    ) {
      throw RecipeError.sharedPrompt(pair.prompt.text)
    }
  }

  private static func distinctClusters(_ pairs: [PreferencePair]) -> [String] {
    var seen = Set<String>()
    return pairs.compactMap { seen.insert($0.cluster).inserted ? $0.cluster : nil }
  }
}
