public import Hustings

/// One comparison: which rows of a feature matrix competed, and what is known of who won.
public struct EncodedPair: Sendable, Hashable {
  /// The row of the response that was chosen.
  public var chosen: Int32
  /// The row of the response that was rejected.
  public var rejected: Int32
  /// Which prompt was asked: its row where prompts are encoded, and in any case what folds keep together.
  public var prompt: Int32
  /// The probability that the chosen response is preferred, given that one is: 1 for a hard label.
  public var target: Float
  /// The probability that neither is preferred.
  public var tie: Float
  /// The share of valid votes for the chosen response; nil when nobody voted.
  public var share: Float?
  /// How much the pair counts.
  public var weight: Float

  /// A comparison.
  public init(
    chosen: Int, rejected: Int, prompt: Int, target: Float = 1, tie: Float = 0, share: Float? = nil,
    weight: Float = 1
  ) {
    self.chosen = Int32(chosen)
    self.rejected = Int32(rejected)
    self.prompt = Int32(prompt)
    self.target = target
    self.tie = tie
    self.share = share
    self.weight = weight
  }
}

/// Comparisons over encoded texts: what a model is trained on.
public struct EncodedDataset: Sendable, Hashable {
  /// One row per response.
  public let features: FeatureMatrix
  /// One row per prompt, for models whose form depends on it; nil where none does.
  public let prompts: FeatureMatrix?
  /// The comparisons.
  public let pairs: [EncodedPair]

  /// Checked comparisons; throws the first fault in them.
  public init(features: FeatureMatrix, prompts: FeatureMatrix? = nil, pairs: [EncodedPair]) throws {
    guard !pairs.isEmpty else { throw TrainingFault.noPairs }
    for (index, pair) in pairs.enumerated() {
      for row in [pair.chosen, pair.rejected] where row < 0 || Int(row) >= features.count {
        throw TrainingFault.missingRow(pair: index, row: Int(row), rows: features.count)
      }
      if pair.chosen == pair.rejected { throw TrainingFault.sameResponse(pair: index) }
      if let prompts, pair.prompt < 0 || Int(pair.prompt) >= prompts.count {
        throw TrainingFault.missingPrompt(pair: index, row: Int(pair.prompt), rows: prompts.count)
      }
      let shares = [pair.target, pair.tie, pair.share ?? 0]
      if let bad = shares.first(where: { !($0 >= 0 && $0 <= 1) }) {
        throw TrainingFault.notAProbability(pair: index, value: bad)
      }
      if !(pair.weight >= 0 && pair.weight.isFinite) {
        throw TrainingFault.badWeight(pair: index, value: pair.weight)
      }
    }
    if !pairs.contains(where: { $0.weight > 0 }) { throw TrainingFault.noWeight }
    if let row = features.firstInvalidRow { throw TrainingFault.notFinite(row: row, of: "response") }
    if let row = prompts?.firstInvalidRow { throw TrainingFault.notFinite(row: row, of: "prompt") }
    if features.isConstant { throw TrainingFault.constantFeatures(rows: features.count) }
    self.features = features
    self.prompts = prompts
    self.pairs = pairs
  }

  private init(_ features: FeatureMatrix, _ prompts: FeatureMatrix?, unchecked pairs: [EncodedPair]) {
    self.features = features
    self.prompts = prompts
    self.pairs = pairs
  }

  /// The comparisons at some positions, over the same features.
  public func picking(_ positions: [Int]) throws -> EncodedDataset {
    guard !positions.isEmpty else { throw TrainingFault.noPairs }
    return EncodedDataset(features, prompts, unchecked: positions.map { pairs[$0] })
  }

  /// Throws when a prompt is on both sides of a split.
  public static func checkDisjoint(_ training: EncodedDataset, _ heldOut: EncodedDataset) throws {
    let prompts = Set(training.pairs.map(\.prompt))
    if let pair = heldOut.pairs.first(where: { prompts.contains($0.prompt) }) {
      throw TrainingFault.sharedPrompt(Int(pair.prompt))
    }
  }
}
