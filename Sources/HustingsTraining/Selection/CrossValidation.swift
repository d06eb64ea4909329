import HustingsNumerics

/// Results of a model on pairs whose prompts it was not trained on, fold by fold.
public struct CrossValidation: Sendable, Hashable {
  /// The results of one fold.
  public struct Fold: Sendable, Hashable, Codable {
    /// Held-out pairs.
    public let pairs: Int
    /// Mean held-out loss, without any penalty.
    public let loss: Double
    /// The share of held-out pairs ordered as their labels say; nil when none says.
    public let accuracy: Double?
    /// The epoch or iteration that was kept.
    public let epoch: Int
  }

  /// The results of each fold.
  public let folds: [Fold]
  /// For each pair of the data, the log-odds of its chosen response under the model that was not trained on its prompt.
  public let margins: [Double]

  /// Results that were found fold by fold with `fold`.
  public init(folds: [Fold], margins: [Double]) {
    self.folds = folds
    self.margins = margins
  }

  /// Mean loss over folds.
  public var loss: Double { folds.reduce(0) { $0 + $1.loss } / Double(folds.count) }

  /// The standard deviation of the loss over folds; nil for one fold.
  public var lossSpread: Double? {
    guard folds.count > 1 else { return nil }
    let squares = folds.reduce(0) { $0 + ($1.loss - loss) * ($1.loss - loss) }
    return (squares / Double(folds.count - 1)).squareRoot()
  }

  /// Mean accuracy over folds; nil when a fold has none.
  public var accuracy: Double? {
    let known = folds.compactMap(\.accuracy)
    return known.count == folds.count ? known.reduce(0, +) / Double(known.count) : nil
  }

  /// Trains a model once per fold, on the prompts outside it, and measures it on those inside.
  ///
  /// A fold decides nothing about its own model: where training stops early, it does so on a tenth of the prompts it is
  /// trained on, set apart by the seed.
  ///
  /// - Parameter onFold: told after each fold how many are done; false ends with nil.
  public static func run(
    model: ModelSettings, settings: TrainingSettings, data: EncodedDataset, folds k: Int, by rule: FoldRule,
    workers: Int = 1, onFold: (Int) -> Bool = { _ in true }
  ) throws -> CrossValidation? {
    var margins = [Double](repeating: 0, count: data.pairs.count)
    var folds: [Fold] = []
    for inside in try data.foldPositions(k, by: rule) {
      let held = Set(inside)
      let outside = data.pairs.indices.filter { !held.contains($0) }
      let (training, heldOut) = (try data.picking(outside), try data.picking(inside))
      let (fold, found) = try fold(
        model: model, settings: settings, training: training, heldOut: heldOut, workers: workers)
      for (position, margin) in zip(inside, found) { margins[position] = margin }
      folds.append(fold)
      if !onFold(folds.count) { return nil }
    }
    return CrossValidation(folds: folds, margins: margins)
  }

  /// Trains a model on the prompts outside a fold and measures it on those inside: its results, and the log-odds of each
  /// held-out pair's chosen response.
  public static func fold(
    model: ModelSettings, settings: TrainingSettings, training: EncodedDataset, heldOut: EncodedDataset,
    workers: Int = 1
  ) throws -> (fold: Fold, margins: [Double]) {
    let result = try train(model, settings, training, workers)
    let (fold, margins) = try measure(result, settings, heldOut, workers)
    return (fold, margins)
  }

  private static func train(
    _ model: ModelSettings, _ settings: TrainingSettings, _ data: EncodedDataset, _ workers: Int
  ) throws -> TrainingResult {
    guard case .steps(let steps) = settings.method, steps.patience != nil else {
      return try Trainer(model: model, settings: settings, data: data, workers: workers).run()
    }
    let parts = try data.split(holdingOut: 0.1, seed: settings.seed)
    return try Trainer(
      model: model, settings: settings, data: parts.training, heldOut: parts.heldOut, workers: workers
    ).run()
  }

  private static func measure(
    _ result: TrainingResult, _ settings: TrainingSettings, _ heldOut: EncodedDataset, _ workers: Int
  ) throws -> (Fold, [Double]) {
    let pairs = heldOut.pairs.map { RowPair(Int($0.chosen), Int($0.rejected), prompt: Int($0.prompt)) }
    let margins = result.network.margins(
      pairs, features: heldOut.features, prompts: heldOut.prompts, workers: workers)
    var loss = settings.loss
    // A margin is what training demands, not what an answer is measured by.
    loss.margin = .absent
    let table = try PairTable(heldOut.pairs, loss: loss)
    let pass = LossPass(loss, result.network.settings.head, capacity: pairs.count)
    for (i, margin) in margins.enumerated() { pass.scores.pointer[i] = Float(margin * loss.temperature) }
    let positions = Array(pairs.indices)
    let sums = pass.take(PairBatch(table, positions[...]), pairs.indices, factor: 1)
    return (
      Fold(pairs: pairs.count, loss: sums.meanLoss, accuracy: sums.accuracy, epoch: result.epoch), margins
    )
  }
}
