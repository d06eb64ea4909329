import HustingsNumerics

/// One run of a full-batch solve. Solves take seconds, so an interrupted one begins again, and ends the same.
final class SolveRun {
  /// Pairs whose activations are held at a time.
  private static let batch = 1024

  private let trainer: Trainer
  private let clock: () -> Double
  private let engine: PairEngine
  private let heldOutEngine: PairEngine?
  private let parameters: FloatBuffer
  private let gradient: FloatBuffer
  private var curve: [CurvePoint] = []

  init(_ trainer: Trainer, clock: @escaping () -> Double) throws {
    self.trainer = trainer
    self.clock = clock
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
    let most: Int
    let solution: [Double]?
    switch trainer.settings.method {
    case .steps: preconditionFailure("a step method is not a solve")
    case .lbfgs(let settings):
      most = settings.iterations
      solution = LBFGS(settings: settings).minimise(
        from: parameters.values.map(Double.init), { self.objective($0, ridge: settings.ridge) },
        onIteration: { self.report($0, most, began, onProgress) })
    case .newton(let settings):
      most = settings.iterations
      solution = try NewtonSolve(
        settings: settings, features: trainer.data.features, table: trainer.table,
        loss: trainer.settings.loss, workers: trainer.workers
      ).solve { iteration in self.report(iteration, most, began, onProgress) }
    }
    guard let solution else {
      return .interrupted(
        TrainerState(counters: .init(run: trainer.identity), parameters: [], memories: [], best: nil))
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
    let pace = seconds > 0 ? Double(iteration.number) / seconds : nil
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
