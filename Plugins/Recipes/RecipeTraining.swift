public import Hustings
import HustingsNumerics
public import HustingsTraining

/// A trained model in memory: its checkpoints, one per member, and what it says of held-out pairs.
public struct TrainedModel: Sendable {
  /// What it was made by.
  public let recipe: Recipe
  /// The encoder that was fitted on its training pairs.
  public let encoder: any Encoder
  /// One checkpoint per member, all with the same encoder.
  public let checkpoints: [Checkpoint]
  /// Results on held-out pairs; nil when none were held out.
  public let heldOut: HeldOutReport?
  /// How many pairs it was trained on.
  public let trainingPairs: Int
}

/// What watches a training: it is told how far it is, may stop it, and keeps what is needed to go on.
///
/// A watcher that stops and goes on changes no bit of the result.
public struct TrainingWatch {
  /// Seconds since any fixed moment.
  public var clock: () -> Double
  /// Told of each member's progress, a few hundred times; false asks to stop.
  public var onProgress: (_ member: Int, TrainingProgress) -> Bool
  /// What was kept of a member; nil for nothing.
  public var kept: (_ member: Int) throws -> KeptRun?
  /// Keeps where a member is.
  public var keep: (_ member: Int, KeptRun) throws -> Void
  /// Seconds between two times of keeping a run that goes on; nil for keeping only what was stopped.
  public var keepEvery: Double?

  /// A watcher that looks on and never stops anything.
  public init(
    clock: @escaping () -> Double = { 0 },
    onProgress: @escaping (Int, TrainingProgress) -> Bool = { _, _ in true },
    kept: @escaping (Int) throws -> KeptRun? = { _ in nil },
    keep: @escaping (Int, KeptRun) throws -> Void = { _, _ in }, keepEvery: Double? = nil
  ) {
    self.clock = clock
    self.onProgress = onProgress
    self.kept = kept
    self.keep = keep
    self.keepEvery = keepEvery
  }
}

/// Where the training of one member is.
public enum KeptRun: Sendable {
  /// It goes on from here.
  case underway(TrainerState)
  /// It is done.
  case finished(TrainingResult)
}

/// A training that was asked to stop.
public struct TrainingInterruption: Error, Hashable, Sendable {
  /// Which member was being trained, from 0.
  public let member: Int
  /// Steps done of it.
  public let step: Int
}

extension Recipe {
  /// Trains the model on pairs and measures it on held-out ones.
  ///
  /// The encoder is fitted on training pairs alone. Every number is a function of the recipe and the pairs: workers,
  /// watchers and interruptions change nothing.
  ///
  /// - Parameters:
  ///   - pairs: the pairs; `heldOut` of their prompts are kept from training unless held-out pairs are given.
  ///   - heldOutPairs: pairs to measure on, of other prompts.
  ///   - context: where files that the encoder names are found.
  ///   - source: what to call the data in messages and on the card.
  public func train(
    on pairs: [PreferencePair], heldOut heldOutPairs: [PreferencePair]? = nil,
    context: EncoderContext? = nil, workers: Int = 1, source: String = "the data",
    watch: TrainingWatch = TrainingWatch()
  ) async throws -> TrainedModel {
    try check()
    try pairs.check(for: self, source: source)
    let parts = try split(pairs, heldOutPairs)
    let encoding = PairEncoding(
      parts.training + parts.heldOut, labels: labels, encodesPrompts: model.head.gate != nil)
    let encoder = try await fittedEncoder(
      on: parts.training, context: context ?? EncoderContext(seed: training.seed), workers: workers)
    let data = try await encoding.dataset(encoder)
    let training = try data.picking(Array(parts.training.indices))
    let places = parts.training.count..<parts.training.count + parts.heldOut.count
    let heldOut = places.isEmpty ? nil : try data.picking(Array(places))
    var results: [TrainingResult] = []
    for index in 0..<members {
      results.append(
        try member(index).fit(training, showing: heldOut, member: index, workers: workers, watch: watch))
    }
    let report = try heldOut.flatMap {
      try Recipe.report(
        results.map(\.network), rule: rule, pairs: parts.heldOut, data: $0, labels: labels, workers: workers)
    }
    let checkpoints = try results.enumerated().map { index, result in
      try Checkpoint(
        result, training: member(index).training, encoder: (encoder.card, encoder.state),
        dataDigest: parts.training.contentDigest.hex, pairs: parts.training.count,
        heldOut: report?.record(split: parts.name), source: source, labels: labels.rawValue)
    }
    return TrainedModel(
      recipe: self, encoder: encoder, checkpoints: checkpoints, heldOut: report,
      trainingPairs: parts.training.count)
  }

  /// The identity of a run: the recipe and its data.
  public func identity(_ pairs: [PreferencePair], heldOut: [PreferencePair]? = nil) -> Digest {
    var hash = SHA256()
    hash.updateFramed("\(self)")
    hash.update(pairs.contentDigest)
    if let heldOut { hash.update(heldOut.contentDigest) }
    return hash.finalize()
  }

  private func split(
    _ pairs: [PreferencePair], _ given: [PreferencePair]?
  ) throws -> (training: [PreferencePair], heldOut: [PreferencePair], name: String) {
    if let given {
      try PairSplits.checkDisjoint(pairs, given)
      return (pairs, given, "pairs given to be held out")
    }
    let places = try PairSplits.holdingOut(heldOut, of: pairs, seed: training.seed)
    let percent = Int((100 * heldOut).rounded())
    return (
      places.training.map { pairs[$0] }, places.heldOut.map { pairs[$0] },
      "\(percent) % of prompts, seed \(training.seed)"
    )
  }

  /// Trains one model on encoded pairs. Where training may stop early, it does so on a tenth of the training prompts; held-out
  /// pairs are shown on the learning curve and decide nothing.
  func fit(
    _ data: EncodedDataset, showing heldOut: EncodedDataset? = nil, member: Int = 0, workers: Int,
    watch: TrainingWatch = TrainingWatch()
  ) throws -> TrainingResult {
    var (data, validation) = (data, EncodedDataset?.none)
    if case .steps(let steps) = training.method, steps.patience != nil {
      let parts = try data.split(holdingOut: 0.1, seed: training.seed)
      (data, validation) = (parts.training, parts.heldOut)
    }
    let trainer = try Trainer(
      model: model, settings: training, data: data, heldOut: validation ?? heldOut,
      keepsBestEpoch: validation != nil, workers: workers)
    var state: TrainerState?
    switch try watch.kept(member) {
    case .finished(let result): return result
    case .underway(let kept): state = kept
    case nil: break
    }
    while true {
      let began = watch.clock()
      var isStopped = false
      let outcome = try trainer.run(from: state, clock: watch.clock) { progress in
        if !watch.onProgress(member, progress) {
          isStopped = true
          return false
        }
        // A run that stops and goes on is the same run; so it can be kept while it goes on.
        return watch.keepEvery.map { watch.clock() - began < $0 } ?? true
      }
      switch outcome {
      case .finished(let result):
        try watch.keep(member, .finished(result))
        return result
      case .interrupted(let reached):
        try watch.keep(member, .underway(reached))
        if isStopped { throw TrainingInterruption(member: member, step: reached.step) }
        state = reached
      }
    }
  }
}
