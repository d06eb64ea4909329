import HustingsNumerics

/// One run of a step method.
final class StepRun {
  /// Held-out pairs scored at a time.
  private static let evaluationBatch = 1024
  /// Reports in a run, about.
  private static let reports = 400

  private let trainer: Trainer
  private let settings: StepSettings
  private let clock: () -> Double
  private let engine: PairEngine
  private let heldOutEngine: PairEngine?
  private let parameters: FloatBuffer
  /// Zero between steps.
  private let gradient: FloatBuffer
  private let stepper: Stepper
  private var counters: TrainerState.Counters
  private var best: [Float]?

  init(_ trainer: Trainer, _ settings: StepSettings, state: TrainerState?, clock: @escaping () -> Double)
    throws
  {
    self.trainer = trainer
    self.settings = settings
    self.clock = clock
    let shape = trainer.shape
    if let state {
      guard state.parameters.count == shape.count, state.memories.count == settings.rule.memories,
        state.memories.allSatisfy({ $0.count == shape.count })
      else { throw TrainingFault.otherRun(what: "its number of weights differs") }
    }
    counters = state?.counters ?? TrainerState.Counters(run: trainer.identity)
    parameters = FloatBuffer(
      state?.parameters ?? shape.initialParameters(seed: trainer.settings.seed))
    gradient = FloatBuffer(shape.count)
    stepper = Stepper(
      settings, shape.tensors, workers: trainer.workers, step: counters.step, memories: state?.memories)
    best = state?.best
    engine = trainer.engine(trainer.data, pairs: settings.batch)
    heldOutEngine = trainer.heldOut.map { trainer.engine($0, pairs: StepRun.evaluationBatch) }
  }

  func run(_ onProgress: (TrainingProgress) -> Bool) throws -> TrainingOutcome {
    let count = trainer.table.count
    let batches = (count + settings.batch - 1) / settings.batch
    let total = batches * settings.epochs
    let every = max(1, total / StepRun.reports)
    let began = (time: clock(), step: counters.step)
    while counters.epoch < settings.epochs, counters.waited < settings.patience ?? .max {
      let order = self.order(counters.epoch, count)
      while counters.batch < batches {
        let positions = order[
          counters.batch * settings.batch..<min(count, (counters.batch + 1) * settings.batch)]
        try step(trainer.batch(positions, epoch: counters.epoch), total)
        counters.batch += 1
        let isLast = counters.batch == batches
        if isLast { try endEpoch() }
        if isLast || counters.step % every == 0 {
          let progress = self.progress(total, count, since: began)
          if !onProgress(progress), counters.epoch < settings.epochs { return .interrupted(state) }
        }
        if isLast { break }
      }
    }
    let network = try trainer.network(best ?? parameters.values)
    let epoch = best == nil ? counters.epoch : counters.bestEpoch ?? counters.epoch
    return .finished(TrainingResult(network: network, curve: counters.curve, epoch: epoch))
  }

  /// The order of pairs in an epoch, a pure function of the seed and the epoch.
  private func order(_ epoch: Int, _ count: Int) -> [Int] {
    var generator = CounterGenerator(seed: trainer.settings.seed, identity: "order of epoch \(epoch)")
    return generator.permutation(count)
  }

  private func step(_ batch: PairBatch, _ total: Int) throws {
    let sums = engine.run(
      batch, parameters: parameters.pointer, gradient: gradient.pointer)
    if let held = trainer.shape.heldParameters { gradient.clear(held) }
    counters.weight += sums.weight
    counters.objective += sums.loss + sums.penalty
    if sums.weight > 0 {
      let objective = sums.meanObjective
      let first = counters.firstObjective ?? objective
      counters.firstObjective = first
      if !objective.isFinite { throw diverged("the loss is \(StepRun.words(objective))") }
      // A hundred times what guessing costs is no longer noise.
      if objective > 100 * max(first, 0.7) { throw diverged("the loss rose from \(first) to \(objective)") }
    }
    let length = stepper.take(parameters, gradient, of: total)
    counters.step = stepper.step
    if !length.isFinite { throw diverged("the gradient's length is \(StepRun.words(length))") }
  }

  private static func words(_ value: Double) -> String { value.isNaN ? "not a number" : "infinite" }

  private func diverged(_ what: String) -> TrainingFault { .diverged(step: counters.step + 1, what: what) }

  private func endEpoch() throws {
    if !Elementwise.sumOfSquares(parameters.count, parameters.pointer).isFinite {
      throw diverged("a weight is not finite")
    }
    var heldOut: BatchSums?
    if let heldOutEngine, let table = trainer.heldOutTable {
      heldOut = heldOutEngine.evaluate(table, parameters: parameters.pointer)
    }
    counters.curve.append(
      CurvePoint(
        epoch: counters.epoch + 1, step: counters.step, trainingLoss: counters.objective / counters.weight,
        heldOutLoss: heldOut?.meanLoss, heldOutAccuracy: heldOut?.accuracy))
    if let loss = heldOut?.meanLoss {
      if !loss.isFinite { throw diverged("the held-out loss is \(StepRun.words(loss))") }
      if loss < counters.bestLoss ?? .infinity {
        counters.bestLoss = loss
        counters.bestEpoch = counters.epoch + 1
        counters.waited = 0
        if trainer.keepsBestEpoch { best = parameters.values }
      } else {
        counters.waited += 1
      }
    }
    counters.epoch += 1
    counters.batch = 0
    counters.weight = 0
    counters.objective = 0
  }

  private func progress(_ total: Int, _ count: Int, since began: (time: Double, step: Int))
    -> TrainingProgress
  {
    let seconds = clock() - began.time
    let steps = counters.step - began.step
    let pace = seconds > 0 && steps > 0 ? Double(steps) / seconds : nil
    let loss = counters.weight > 0 ? counters.objective / counters.weight : counters.curve.last?.trainingLoss
    let pairs = Double(count) / Double((count + settings.batch - 1) / settings.batch)
    return TrainingProgress(
      epoch: counters.epoch, step: counters.step, steps: total, loss: loss ?? 0, latest: counters.curve.last,
      pairsPerSecond: pace.map { $0 * pairs }, secondsLeft: pace.map { Double(total - counters.step) / $0 })
  }

  private var state: TrainerState {
    TrainerState(
      counters: counters, parameters: parameters.values, memories: stepper.memories.map(\.values), best: best)
  }
}
