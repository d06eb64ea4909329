import HustingsNumerics

/// Which fold each prompt belongs to, so that no prompt is ever on both sides of a split.
public enum FoldRule: Sendable, Hashable, Codable {
  /// Prompt number modulo the number of folds.
  case modulo
  /// Prompts in a random order that depends on the seed alone, dealt out in turn.
  case shuffled(seed: UInt64)
}

extension EncodedDataset {
  /// Training and held-out comparisons for each of k folds; throws when there are fewer prompts than folds.
  public func folds(
    _ k: Int, by rule: FoldRule
  ) throws -> [(training: EncodedDataset, heldOut: EncodedDataset)] {
    try foldPositions(k, by: rule).map { inside in
      let held = Set(inside)
      let outside = pairs.indices.filter { !held.contains($0) }
      return (try picking(outside), try picking(inside))
    }
  }

  /// The positions of each fold's held-out comparisons.
  func foldPositions(_ k: Int, by rule: FoldRule) throws -> [[Int]] {
    precondition(k > 1, "\(k) folds")
    let prompts = Set(pairs.map(\.prompt)).sorted()
    guard prompts.count >= k else {
      throw TrainingFault.tooFewPrompts(prompts: prompts.count, folds: k)
    }
    var fold: [Int32: Int] = [:]
    switch rule {
    case .modulo:
      for prompt in prompts { fold[prompt] = ((Int(prompt) % k) + k) % k }
    case .shuffled(let seed):
      var generator = CounterGenerator(seed: seed, identity: "folds")
      for (place, prompt) in generator.shuffled(prompts).enumerated() { fold[prompt] = place % k }
    }
    return (0..<k).map { k in pairs.indices.filter { fold[pairs[$0].prompt] == k } }
  }

  /// One split that holds out about the given share of prompts, at least one and never all of them.
  public func split(holdingOut share: Double, seed: UInt64) throws -> (
    training: EncodedDataset, heldOut: EncodedDataset
  ) {
    precondition(share > 0 && share < 1, "holding out a share of \(share)")
    let prompts = Set(pairs.map(\.prompt)).sorted()
    guard prompts.count >= 2 else { throw TrainingFault.tooFewPrompts(prompts: prompts.count, folds: 2) }
    var generator = CounterGenerator(seed: seed, identity: "split")
    let count = min(max(1, Int((share * Double(prompts.count)).rounded())), prompts.count - 1)
    let held = Set(generator.shuffled(prompts).prefix(count))
    let inside = pairs.indices.filter { held.contains(pairs[$0].prompt) }
    let outside = pairs.indices.filter { !held.contains(pairs[$0].prompt) }
    return (try picking(outside), try picking(inside))
  }
}
