public import Hustings
import HustingsNumerics
import HustingsStatistics
public import HustingsTraining

/// What a model says of pairs whose prompts it was not trained on.
public struct HeldOutReport: Sendable, Hashable {
  /// How many pairs.
  public let pairs: Int
  /// How many clusters they come from, usually prompts.
  public let prompts: Int
  /// The share of pairs ordered as their labels say, equal scores being none; nil when no label says.
  public let accuracy: Double?
  /// Its 95 % interval: Wilson's, or by clusters where a prompt has several pairs; nil without an accuracy.
  public let interval: Hustings.Interval?
  /// Mean of -p·log σ(m) - (1-p)·log σ(-m) over pairs, p what the label says and m the margin.
  public let logLoss: Double
  /// How much the order of presentation matters; nil for models that read responses one by one.
  public let swap: SwapReport?
  /// The share of squared margin between all held-out responses that no reward explains; nil for models of rewards and of
  /// pairs, and where plane scales depend on the prompt.
  public let cyclicShare: Double?

  /// The report on pairs of the given margins in log-odds.
  public init?(
    _ pairs: [PreferencePair], margins: [Double], labels: Recipe.Labels, swap: SwapReport? = nil,
    cyclicShare: Double? = nil
  ) {
    precondition(pairs.count == margins.count, "\(margins.count) margins of \(pairs.count) pairs")
    guard !pairs.isEmpty else { return nil }
    self.pairs = pairs.count
    let targets = pairs.map { $0.target(labels) }
    prompts = Set(pairs.map(\.cluster)).count
    let decided = pairs.indices.filter { targets[$0] != 0.5 }
    let hits = decided.map { margins[$0] != 0 && (margins[$0] > 0) == (targets[$0] > 0.5) ? 1.0 : 0 }
    let clusters = Clustering(labels: decided.map { pairs[$0].cluster })
    if let mean = ClusteredMean(hits, clusters: clusters) {
      accuracy = mean.mean
      let found =
        clusters.count == decided.count
        ? Proportion(successes: hits.reduce(0, +), trials: hits.count)?.wilson(level: 0.95)
        : mean.interval(level: 0.95)?.clamped(to: 0...1)
      interval = found.map {
        Hustings.Interval(low: $0.low, high: $0.high, level: $0.level, method: $0.method.rawValue)
      }
    } else {
      (accuracy, interval) = (nil, nil)
    }
    var loss = 0.0
    for (margin, p) in zip(margins, targets) {
      loss -= p * logSigmoid(margin) + (1 - p) * logSigmoid(-margin)
    }
    logLoss = loss / Double(pairs.count)
    self.swap = swap
    self.cyclicShare = cyclicShare
  }

  /// The report in the form that a checkpoint's card keeps.
  public func record(split: String) -> CheckpointCard.HeldOut {
    CheckpointCard.HeldOut(
      split: split, pairs: pairs, loss: logLoss, accuracy: accuracy, prompts: prompts,
      interval: interval.map { .init(low: $0.low, high: $0.high, method: $0.method) },
      swapError: swap?.error, flipRate: swap?.flipRate, cyclicShare: cyclicShare)
  }
}

extension Recipe {
  /// The report of trained networks on held-out pairs; several answer as one. Nil when there is no pair.
  static func report(
    _ networks: [PreferenceNetwork], rule: EnsembleRule, pairs: [PreferencePair], data: EncodedDataset,
    labels: Labels, workers: Int
  ) throws -> HeldOutReport? {
    guard let first = networks.first, !pairs.isEmpty else { return nil }
    let questions = data.pairs.map { RowPair(Int($0.chosen), Int($0.rejected), prompt: Int($0.prompt)) }
    let ensemble = try Ensemble(networks, rule: rule)
    let margins = ensemble.margins(
      questions, features: data.features, prompts: data.prompts, workers: workers
    ).map { $0 ?? 0 }
    var swap: SwapReport?
    var share: Double?
    if networks.count == 1 {
      switch first.settings.head {
      case .pairwise: swap = first.swapReport(questions, features: data.features, workers: workers)
      case .general, .decomposed:
        if first.settings.head.gate == nil {
          let rows = Set(data.pairs.flatMap { [$0.chosen, $0.rejected] }).sorted()
          share = first.marginSplit(of: rows, features: data.features, workers: workers)?.cyclicShare
        }
      case .bradleyTerry, .distributional: break
      }
    }
    return HeldOutReport(pairs, margins: margins, labels: labels, swap: swap, cyclicShare: share)
  }
}
