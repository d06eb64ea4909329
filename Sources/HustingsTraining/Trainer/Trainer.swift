import Hustings
import HustingsNumerics

/// Trains a model on encoded comparisons.
///
/// A run is a pure function of its settings, data and seed: the number of workers and interruptions change no bit of it.
/// A run that diverges throws and leaves no model.
public struct Trainer: Sendable {
  /// What the model is.
  public let model: ModelSettings
  /// How it is trained.
  public let settings: TrainingSettings
  /// What it is trained on.
  public let data: EncodedDataset
  /// What it is measured on after every epoch; nil for nothing.
  public let heldOut: EncodedDataset?
  /// Whether the model is that of the epoch with the least held-out loss, not that of the last; for step methods.
  public let keepsBestEpoch: Bool
  /// Threads.
  public let workers: Int
  let shape: NetworkShape
  let table: PairTable
  let heldOutTable: PairTable?

  /// A run, checked; throws what is wrong with its settings or data.
  public init(
    model: ModelSettings, settings: TrainingSettings, data: EncodedDataset, heldOut: EncodedDataset? = nil,
    keepsBestEpoch: Bool = true, workers: Int = 1
  ) throws {
    try settings.check()
    if let heldOut { try EncodedDataset.checkDisjoint(data, heldOut) }
    shape = try NetworkShape(
      model, inputs: data.features.width, promptInputs: data.prompts?.width)
    table = try PairTable(data.pairs, loss: settings.loss)
    heldOutTable = try heldOut.map { try PairTable($0.pairs, loss: settings.loss) }
    if let label = data.pairs.first?.target, label != 1, settings.loss.kind == .logistic,
      data.pairs.allSatisfy({ $0.target == label && $0.tie == 0 })
    {
      throw TrainingFault.oneClass(label: label)
    }
    self.model = model
    self.settings = settings
    self.data = data
    self.heldOut = heldOut
    self.keepsBestEpoch = keepsBestEpoch
    self.workers = max(1, workers)
  }

  /// Trains to the end, or until told to stop.
  ///
  /// - Parameters:
  ///   - state: where an interrupted run of the same settings and data stood; nil to begin.
  ///   - clock: seconds since any fixed moment, for speed and time left; they take no part in the result.
  ///   - onProgress: told how far training is, a few hundred times; false asks to stop.
  public func run(
    from state: TrainerState? = nil, clock: @escaping () -> Double,
    onProgress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> TrainingOutcome {
    if let state, state.counters.run != identity {
      throw TrainingFault.otherRun(what: "its settings or pairs differ")
    }
    switch settings.method {
    case .steps(let steps):
      return try StepRun(self, steps, state: state, clock: clock).run(onProgress)
    case .lbfgs, .newton:
      return try SolveRun(self, state: state, clock: clock).run(onProgress)
    }
  }

  /// Trains to the end.
  public func run() throws -> TrainingResult {
    guard case .finished(let result) = try run(clock: { 0 }) else {
      preconditionFailure("a run that was never asked to stop was interrupted")
    }
    return result
  }

  /// What tells this run from others: settings and data.
  var identity: String {
    "\(model) \(settings) \(data.features.count)×\(data.features.width) \(data.pairs.hashOfContents)"
      + " \(heldOut?.pairs.hashOfContents ?? 0) \(keepsBestEpoch)"
  }

  /// The model of given parameters.
  func network(_ parameters: [Float]) throws -> PreferenceNetwork {
    try PreferenceNetwork(
      model, inputs: data.features.width, promptInputs: data.prompts?.width,
      temperature: settings.loss.temperature, parameters: parameters)
  }

  /// The batch of training pairs at some positions, presented as the head asks.
  func batch(_ positions: ArraySlice<Int>, epoch: Int) -> PairBatch {
    if case .pairwise(let pairwise) = model.head {
      return PairBatch(table, positions, order: pairwise.order, seed: settings.seed, epoch: epoch)
    }
    return PairBatch(table, positions)
  }

  /// An engine with room for batches of `pairs`.
  func engine(_ dataset: EncodedDataset, pairs: Int) -> PairEngine {
    PairEngine(
      shape, settings.loss, features: dataset.features, prompts: dataset.prompts,
      pairs: min(pairs, dataset.pairs.count), arithmetic: settings.arithmetic,
      workers: workers)
  }
}

extension [EncodedPair] {
  /// A hash of the comparisons that is the same in every run of the program: 64-bit FNV-1a over their fields.
  fileprivate var hashOfContents: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func feed(_ word: UInt32) { hash = (hash ^ UInt64(word)) &* 0x0000_0100_0000_01B3 }
    for pair in self {
      feed(UInt32(bitPattern: pair.chosen))
      feed(UInt32(bitPattern: pair.rejected))
      feed(UInt32(bitPattern: pair.prompt))
      feed(pair.target.bitPattern)
      feed(pair.tie.bitPattern)
      feed((pair.share ?? -1).bitPattern)
      feed(pair.weight.bitPattern)
    }
    return hash
  }
}
