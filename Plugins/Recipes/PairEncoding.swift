public import Hustings
public import HustingsTraining

/// Pairs of texts as rows of numbers: every distinct response is encoded once, and every distinct prompt where a gate asks.
public struct PairEncoding: Sendable {
  /// Distinct responses, each to its prompt.
  public let passages: [Passage]
  private let prompts: [Passage]
  private let pairs: [EncodedPair]

  /// The rows that pairs need.
  ///
  /// - Parameter encodesPrompts: whether the model reads prompts by themselves, as a gate does.
  public init(_ pairs: [PreferencePair], labels: Recipe.Labels, encodesPrompts: Bool) {
    var passages: [Passage] = []
    var rows: [Digest: Int] = [:]
    func row(_ prompt: Prompt, _ response: Response) -> Int {
      let passage = Passage(prompt, response)
      let next = passages.count
      let place = rows[passage.digest, default: next]
      if place == next {
        rows[passage.digest] = next
        passages.append(passage)
      }
      return place
    }
    var prompts: [Passage] = []
    var groups: [String: Int] = [:]
    self.pairs = pairs.map { pair in
      let key = encodesPrompts ? pair.prompt.digest.hex : pair.cluster
      let group = groups[key, default: groups.count]
      if group == groups.count {
        groups[key] = group
        if encodesPrompts { prompts.append(Passage(pair.prompt, nil)) }
      }
      return EncodedPair(
        chosen: row(pair.prompt, pair.chosen), rejected: row(pair.prompt, pair.rejected), prompt: group,
        target: Float(pair.target(labels)), share: pair.votes?.share.map { Float($0) })
    }
    self.passages = passages
    self.prompts = prompts
  }

  /// The pairs over the rows that an encoder gives them.
  public func dataset(_ encoder: any Encoder) async throws -> EncodedDataset {
    let features = try await encoder.encode(passages)
    let prompts = self.prompts.isEmpty ? nil : try await encoder.encode(self.prompts)
    return try EncodedDataset(features: features, prompts: prompts?.withoutEmptyColumns, pairs: pairs)
  }
}

extension FeatureMatrix {
  /// The rows without their sparse block when nothing is in it, as with hashed prompts, which show their surface alone: a gate
  /// need not have weights for a quarter of a million columns of zeros.
  var withoutEmptyColumns: FeatureMatrix {
    guard let sparse, sparse.values.isEmpty, denseWidth > 0 else { return self }
    return FeatureMatrix(count: count, denseWidth: denseWidth, dense: dense)
  }

  /// The rows as a gate of so many inputs reads them.
  func forGate(inputs: Int?) -> FeatureMatrix {
    inputs == denseWidth ? FeatureMatrix(count: count, denseWidth: denseWidth, dense: dense) : self
  }
}

extension PreferencePair {
  /// The probability that the chosen response is preferred, as labels of a kind say it.
  public func target(_ labels: Recipe.Labels) -> Double {
    labels == .hard ? 1 : probability ?? votes?.share ?? 1
  }
}

extension [PreferencePair] {
  /// The identity of the data: a digest of texts, clusters, votes and probabilities, in order. Names take no part.
  public var contentDigest: Digest {
    var hash = SHA256()
    hash.update(UInt64(count))
    for pair in self {
      hash.update(pair.prompt.digest)
      hash.update(pair.chosen.digest)
      hash.update(pair.rejected.digest)
      hash.updateFramed(pair.cluster)
      hash.updateFramed(pair.votes.map { "\($0.chosen)/\($0.valid)" } ?? "")
      hash.updateFramed(pair.probability.map { "\($0)" } ?? "")
    }
    return hash.finalize()
  }

  /// Throws when a recipe needs what no pair has.
  func check(for recipe: Recipe, source: String) throws {
    if isEmpty { throw RecipeError.nothingLeft(of: 0, source: source) }
    switch recipe.training.loss.margin {
    case .unsigned, .signed, .clipped:
      if !contains(where: { $0.votes?.share != nil }) { throw RecipeError.noVotes }
    case .absent, .constant: break
    }
    if recipe.labels == .soft, !contains(where: { $0.probability != nil || $0.votes?.share != nil }) {
      throw RecipeError.noSoftLabels
    }
  }
}
