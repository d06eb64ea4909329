public import Hustings
public import HustingsTraining

/// Results of a recipe on every pair, each by a model that never saw its prompt.
public struct FoldedReport: Sendable, Hashable {
  /// One report per fold.
  public let folds: [HeldOutReport]
  /// The report over all pairs together.
  public let overall: HeldOutReport
  /// For each pair, the log-odds of its chosen response under the model that was not trained on its prompt.
  public let margins: [Double]
}

extension Recipe {
  /// Trains once per fold on the prompts outside it, encoder included, and measures on those inside.
  ///
  /// - Parameter onFold: told after each fold how many are done, with its report; false ends with nil.
  public func crossValidate(
    _ pairs: [PreferencePair], folds k: Int, by rule: FoldRule, context: EncoderContext? = nil,
    workers: Int = 1, source: String = "the data", onFold: (Int, HeldOutReport) -> Bool = { _, _ in true }
  ) async throws -> FoldedReport? {
    try check()
    try pairs.check(for: self, source: source)
    let positions = try PairSplits.folds(pairs, k, by: rule)
    var margins = [Double](repeating: 0, count: pairs.count)
    var reports: [HeldOutReport] = []
    var swaps: [SwapReport] = []
    for inside in positions {
      let fold = try await fold(pairs, inside, context, workers)
      let networks = try (0..<members).map { try member($0).fit(fold.training, workers: workers).network }
      let held = inside.map { pairs[$0] }
      guard
        let report = try Recipe.report(
          networks, rule: self.rule, pairs: held, data: fold.heldOut, labels: labels, workers: workers)
      else { continue }
      let questions = fold.heldOut.pairs.map {
        RowPair(Int($0.chosen), Int($0.rejected), prompt: Int($0.prompt))
      }
      let found = try Ensemble(networks, rule: self.rule).margins(
        questions, features: fold.heldOut.features, prompts: fold.heldOut.prompts, workers: workers)
      for (position, margin) in zip(inside, found) { margins[position] = margin ?? 0 }
      reports.append(report)
      if let swap = report.swap { swaps.append(swap) }
      if !onFold(reports.count, report) { return nil }
    }
    guard
      let overall = HeldOutReport(
        pairs, margins: margins, labels: labels, swap: SwapReport(pooling: swaps),
        cyclicShare: Recipe.pooledShare(reports))
    else { return nil }
    return FoldedReport(folds: reports, overall: overall, margins: margins)
  }

  /// Tries every combination of some settings by cross-validation on the same folds; one that diverges is reported and passed
  /// over.
  ///
  /// - Parameter onTrial: told how many trainings are done of how many; false ends with nil.
  public func sweep(
    _ axes: [SweepAxis], on pairs: [PreferencePair], folds k: Int, by rule: FoldRule,
    context: EncoderContext? = nil, workers: Int = 1, source: String = "the data",
    onTrial: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) async throws -> SweepTable? {
    try check()
    try pairs.check(for: self, source: source)
    let candidates = try Sweep(model: model, training: training, axes: axes).candidates
    let positions = try PairSplits.folds(pairs, k, by: rule)
    var folds = [[CrossValidation.Fold]](repeating: [], count: candidates.count)
    var margins = [[Double]](
      repeating: [Double](repeating: 0, count: pairs.count), count: candidates.count)
    var faults = [String?](repeating: nil, count: candidates.count)
    for (done, inside) in positions.enumerated() {
      // Encoded once for all combinations.
      let fold = try await fold(pairs, inside, context, workers)
      for (index, candidate) in candidates.enumerated() where faults[index] == nil {
        do {
          let (result, found) = try CrossValidation.fold(
            model: candidate.model, settings: candidate.training, training: fold.training,
            heldOut: fold.heldOut, workers: workers)
          folds[index].append(result)
          for (position, margin) in zip(inside, found) { margins[index][position] = margin }
        } catch let fault as TrainingFault {
          guard case .diverged = fault else { throw fault }
          faults[index] = "\(fault)"
        }
        if !onTrial(done * candidates.count + index + 1, k * candidates.count) { return nil }
      }
    }
    return SweepTable(
      rows: candidates.indices.map { index in
        Sweep.Row(
          candidate: candidates[index],
          result: faults[index] == nil
            ? CrossValidation(folds: folds[index], margins: margins[index]) : nil,
          fault: faults[index])
      })
  }

  /// The encoded pairs inside and outside a fold, by an encoder fitted on those outside.
  private func fold(
    _ pairs: [PreferencePair], _ inside: [Int], _ context: EncoderContext?, _ workers: Int
  ) async throws -> (training: EncodedDataset, heldOut: EncodedDataset) {
    let held = Set(inside)
    let outside = pairs.indices.filter { !held.contains($0) }
    let training = outside.map { pairs[$0] }
    try PairSplits.checkDisjoint(training, inside.map { pairs[$0] })
    let encoder = try await fittedEncoder(
      on: training, context: context ?? EncoderContext(seed: self.training.seed), workers: workers)
    let encoding = PairEncoding(pairs, labels: labels, encodesPrompts: model.head.gate != nil)
    let data = try await encoding.dataset(encoder)
    return (try data.picking(outside), try data.picking(inside))
  }

  private static func pooledShare(_ reports: [HeldOutReport]) -> Double? {
    let shares = reports.compactMap(\.cyclicShare)
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }
}

extension SwapReport {
  /// Several reports as one; nil for none.
  fileprivate init?(pooling reports: [SwapReport]) {
    let count = reports.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    func mean(_ value: (SwapReport) -> Double) -> Double {
      reports.reduce(0) { $0 + value($1) * Double($1.count) } / Double(count)
    }
    self.init(error: mean(\.error), flipRate: mean(\.flipRate), count: count)
  }
}
