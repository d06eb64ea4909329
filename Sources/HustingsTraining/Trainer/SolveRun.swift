import HustingsNumerics

/// One run of a full-batch solve.
final class SolveRun {
  /// Pairs whose activations are held at a time.
  private static let batch = 1024

  private let trainer: Trainer
  private let clock: () -> Double
  private let engine: PairEngine
  private let heldOutEngine: PairEngine?
  private let parameters: FloatBuffer
  private let gradient: FloatBuffer
  /// Where an interrupted run stood; nil to begin.
  private let state: TrainerState?
  private var curve: [CurvePoint] = []

  init(_ trainer: Trainer, state: TrainerState?, clock: @escaping () -> Double) throws {
    self.trainer = trainer
    self.clock = clock
    self.state = state
    if let state {
      guard state.solveVectors["point"]?.count == trainer.shape.count else {
        throw TrainingFault.otherRun(what: "its number of weights differs")
      }
      curve = state.counters.curve
    }
    if case .newton = trainer.settings.method, !trainer.shape.isLinearBradleyTerry {
      throw TrainingFault.notConvex
    }
    engine = trainer.engine(trainer.data, pairs: SolveRun.batch)
    heldOutEngine = trainer.heldOut.map { trainer.engine($0, pairs: SolveRun.batch) }
    parameters = FloatBuffer(
      trainer.shape.initialParameters(
        seed: trainer.settings.seed, rowLength: trainer.data.features.typicalLength))
    gradient = FloatBuffer(trainer.shape.count)
  }

  func run(_ onProgress: (TrainingProgress) -> Bool) throws -> TrainingOutcome {
    let began = clock()
    let solution: [Double]
    switch trainer.settings.method {
    case .steps: preconditionFailure("a step method is not a solve")
    case .lbfgs(let settings):
      var descent = try self.descent(LBFGS(settings: settings))
      while let point = descent.wanted {
        let (value, gradient) = objective(point, ridge: settings.ridge)
        guard let iteration = descent.take(value, gradient) else { continue }
        if !report(iteration, settings.iterations, began, onProgress), descent.wanted != nil {
          return .interrupted(left(descent.vectors))
        }
      }
      solution = descent.x
    case .newton(let settings):
      let solve = NewtonSolve(
        settings: settings, features: trainer.data.features, table: trainer.table,
        loss: trainer.settings.loss, workers: trainer.workers)
      let (weights, isStopped) = try solve.solve(
        from: state?.solveVectors["point"], after: state?.counters.step ?? 0
      ) { report($0, settings.iterations, began, onProgress) }
      if isStopped { return .interrupted(left(["point": weights])) }
      solution = weights
    }
    let found = solution.map(Float.init)
    if let index = found.firstIndex(where: { !$0.isFinite }) {
      throw TrainingFault.diverged(step: curve.count, what: "weight \(index) is not finite")
    }
    if let last = curve.last, !last.trainingLoss.isFinite {
      throw TrainingFault.diverged(step: curve.count, what: "the loss is \(last.trainingLoss)")
    }
    parameters.replace(with: found)
    measure(
      curve.last?.epoch ?? 0, curve.last?.trainingLoss ?? objective(solution, ridge: 0).value, replacing: true
    )
    return .finished(
      TrainingResult(network: try trainer.network(found), curve: curve, epoch: curve.last?.epoch ?? 0))
  }

  /// A descent from the start, or from where the interrupted run stood.
  private func descent(_ solver: LBFGS) throws -> LBFGS.Descent {
    guard let state else { return LBFGS.Descent(solver, from: parameters.values.map(Double.init)) }
    guard
      let descent = LBFGS.Descent(
        solver, from: state.solveVectors, number: state.counters.step, value: state.counters.objective)
    else { throw TrainingFault.otherRun(what: "its vectors are not those of a solve") }
    return descent
  }

  /// Where a run stands after the last iteration on its curve.
  private func left(_ vectors: [String: [Double]]) -> TrainerState {
    var counters = TrainerState.Counters(run: trainer.identity)
    counters.step = curve.last?.step ?? 0
    counters.objective = curve.last?.trainingLoss ?? 0
    counters.curve = curve
    return TrainerState(counters: counters, parameters: [], memories: [], best: nil, solveVectors: vectors)
  }

  /// Mean loss and half the ridge times the squared weights, with its gradient.
  private func objective(_ x: [Double], ridge: Double) -> (value: Double, gradient: [Double]) {
    parameters.replace(with: x.map(Float.init))
    gradient.clear()
    let table = trainer.table
    let total = table.weight.reduce(0) { $0 + Double($1) }
    var sums = BatchSums()
    let positions = Array(0..<table.count)
    for start in stride(from: 0, to: table.count, by: SolveRun.batch) {
      let batch = trainer.batch(positions[start..<min(table.count, start + SolveRun.batch)], epoch: 0)
      sums += engine.run(
        batch, parameters: parameters.pointer, gradient: gradient.pointer,
        factor: 1 / total)
    }
    if let held = trainer.shape.heldParameters { gradient.clear(held) }
    var value = (sums.loss + sums.penalty) / total
    var slopes = gradient.values.map(Double.init)
    for tensor in trainer.shape.tensors where tensor.decays {
      for index in tensor.offset..<tensor.offset + tensor.count {
        value += 0.5 * ridge * x[index] * x[index]
        slopes[index] += ridge * x[index]
      }
    }
    return (value.isNaN ? .infinity : value, slopes)
  }

  private func report(
    _ iteration: LBFGS.Iteration, _ most: Int, _ began: Double, _ onProgress: (TrainingProgress) -> Bool
  ) -> Bool {
    measure(iteration.number, iteration.value, replacing: false)
    let seconds = clock() - began
    let done = iteration.number - (state?.counters.step ?? 0)
    let pace = seconds > 0 ? Double(done) / seconds : nil
    return onProgress(
      TrainingProgress(
        epoch: iteration.number, step: iteration.number, steps: most, loss: iteration.value,
        latest: curve.last, pairsPerSecond: pace.map { $0 * Double(trainer.table.count) },
        secondsLeft: pace.map { Double(most - iteration.number) / $0 }))
  }

  /// Adds a point to the curve; only the last one has held-out results.
  private func measure(_ number: Int, _ value: Double, replacing: Bool) {
    var heldOut: BatchSums?
    if replacing, let heldOutEngine, let table = trainer.heldOutTable {
      heldOut = heldOutEngine.evaluate(table, parameters: parameters.pointer)
    }
    if replacing, !curve.isEmpty { curve.removeLast() }
    curve.append(
      CurvePoint(
        epoch: number, step: number, trainingLoss: value, heldOutLoss: heldOut?.meanLoss,
        heldOutAccuracy: heldOut?.accuracy))
  }
}
