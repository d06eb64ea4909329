import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsStore
import HustingsTraining
import Recipes

/// One `hustings train`: reads pairs, perhaps sweeps and cross-validates, trains, measures, and writes what came of it.
struct TrainingSession {
  private let options: TrainingOptions
  private let base: Recipe
  private let workplace: Workplace
  private let note: String?

  /// The session of a head; `hidden` are its layers and `tau` its temperature unless the options name others.
  init(_ options: TrainingOptions, head: Head, hidden: [Int], tau: Double) throws {
    self.options = options
    workplace = try Workplace(dataRoot: options.data.dataRoot, seed: options.method.seed)
    let model = ModelSettings(
      head, hidden: try options.body.hidden() ?? hidden, activation: options.body.activation)
    let encoder = Recipe.encoder(options.body.encoder, for: model)
    note =
      encoder == options.body.encoder
      ? nil : "A head with hidden layers reads the components of hashed texts: --encoder \(encoder)."
    let loss = PairLoss(
      options.loss.kind, temperature: options.loss.tau ?? tau, margin: try options.loss.rule(),
      smoothing: options.loss.labelSmoothing)
    base = Recipe(
      encoder: encoder, model: model,
      training: TrainingSettings(
        loss: loss,
        method: options.method.method(
          for: model, pairs: 2, encoder: encoder, temperature: loss.temperature),
        seed: options.method.seed, arithmetic: options.method.arithmetic),
      labels: options.loss.softLabels ? .soft : .hard,
      heldOut: options.measuring.heldOutData == nil ? options.measuring.heldOut : 0,
      members: options.measuring.ensemble, rule: options.measuring.ensembleRule.rule)
    let measures = options.measuring.folds != nil || isSweep
    guard options.output.out != nil || measures else {
      throw UsageError("Name a folder for the checkpoint with --out, or measure with --folds or --sweep.")
    }
  }

  private var isSweep: Bool { options.measuring.sweep || !options.measuring.grid.isEmpty }

  func run() async throws {
    try base.check()
    try checkFolder()
    let loaded = try options.data.pairs(workplace)
    var recipe = base
    recipe.training.method = options.method.method(
      for: base.model, pairs: loaded.pairs.count, encoder: base.encoder,
      temperature: base.training.loss.temperature)
    for note in loaded.notes + (note.map { [$0] } ?? []) { Terminal.note(note) }
    let prompts = Set(loaded.pairs.map(\.cluster)).count
    Terminal.note(
      "\(Format.grouped(loaded.pairs.count)) pairs of \(Format.grouped(prompts)) prompts from \(loaded.source)."
    )
    let interrupt = Interrupt()
    var chosen = recipe
    if isSweep { chosen = try await sweep(recipe, loaded, interrupt) }
    if let folds = options.measuring.folds { try await crossValidate(chosen, loaded, folds, interrupt) }
    if let out = options.output.out { try await train(chosen, loaded, to: CheckpointFolder(out), interrupt) }
  }

  // MARK: Measuring

  private func sweep(_ recipe: Recipe, _ loaded: LoadedPairs, _ interrupt: Interrupt) async throws -> Recipe {
    let grid =
      options.measuring.grid.isEmpty
      ? recipe.defaultGrid : options.measuring.grid.flatMap { $0.split(separator: " ").map(String.init) }
    let folds = options.measuring.folds ?? 5
    let table = try await recipe.sweep(
      try grid.map { try SweepAxis($0) }, on: loaded.pairs, folds: folds,
      by: options.measuring.rule(seed: recipe.training.seed), context: context, workers: threads,
      source: loaded.source
    ) { done, total in
      Terminal.progress("training \(done) of \(total)")
      if !Terminal.isWatched, done.isMultiple(of: max(1, total / 10)) {
        Terminal.note("\(done) of \(total) trainings")
      }
      return !interrupt.isAsked
    }
    Terminal.endProgress()
    guard let table else { throw ExitStatus.interrupted }
    Terminal.write(
      TrainingTables.sweep(table, title: "sweep · \(folds) folds by prompt · \(loaded.source)").rendered(
        as: format))
    guard let best = table.best else {
      throw InvalidRequest("Every combination of the sweep diverged, so there is nothing to train with.")
    }
    var chosen = recipe
    chosen.model = table.rows[best].candidate.model
    chosen.training = table.rows[best].candidate.training
    return chosen
  }

  private func crossValidate(
    _ recipe: Recipe, _ loaded: LoadedPairs, _ folds: Int, _ interrupt: Interrupt
  ) async throws {
    let report = try await recipe.crossValidate(
      loaded.pairs, folds: folds, by: options.measuring.rule(seed: recipe.training.seed), context: context,
      workers: threads, source: loaded.source
    ) { done, fold in
      Terminal.endProgress()
      Terminal.note(
        "fold \(done) of \(folds)  accuracy \(fold.accuracy.map { Format.percent($0) } ?? "–") %  "
          + "log loss \(Format.decimal(fold.logLoss, 4))")
      return !interrupt.isAsked || done == folds
    }
    guard let report else { throw ExitStatus.interrupted }
    let title = "\(recipe.model.head.name) · \(recipe.encoder) · \(folds) folds by prompt · \(loaded.source)"
    Terminal.write(TrainingTables.folds(report, title: title).rendered(as: format))
  }

  // MARK: Training

  private func train(
    _ recipe: Recipe, _ loaded: LoadedPairs, to folder: CheckpointFolder, _ interrupt: Interrupt
  ) async throws {
    let heldOut = try options.measuring.heldOutData.map { try heldOutPairs($0) }
    let identity = recipe.identity(loaded.pairs, heldOut: heldOut)
    let kept = TrainingRunFile(folder, identity: identity)
    if options.output.fresh { try TrainingRunFile.remove(from: folder) }
    let display = TrainingDisplay(members: recipe.members)
    let watch = TrainingWatch(
      clock: { display.seconds },
      onProgress: { member, progress in
        display.show(member, progress)
        return !interrupt.isAsked
      },
      kept: { try kept.kept($0) }, keep: { try kept.keep($0, $1) }, keepEvery: 30)
    let model: TrainedModel
    do {
      model = try await recipe.train(
        on: loaded.pairs, heldOut: heldOut, context: context, workers: threads, source: loaded.source,
        watch: watch)
    } catch let interruption as TrainingInterruption {
      Terminal.endProgress()
      Terminal.note(
        "Stopped at step \(Format.grouped(interruption.step)). Run the same command with --resume to go on.")
      throw ExitStatus.interrupted
    } catch let fault as TrainingFault {
      Terminal.endProgress()
      if case .diverged = fault { try TrainingRunFile.remove(from: folder) }
      throw fault
    }
    Terminal.endProgress()
    try folder.write(model)
    try TrainingRunFile.remove(from: folder)
    try store(model)
    try conclude(model, folder, seconds: display.seconds)
  }

  /// The learning curves, by the fingerprint that the model has in every store.
  private func store(_ model: TrainedModel) throws {
    let store = try Store(at: URL(fileURLWithPath: options.output.store.store), mode: .create)
    let fingerprint = try model.preferenceModel(named: "").card.fingerprint
    for (member, checkpoint) in model.checkpoints.enumerated() {
      let suffix = model.checkpoints.count > 1 ? " of member \(member + 1)" : ""
      let points = checkpoint.card.curve.flatMap { point -> [HustingsStore.CurvePoint] in
        let values: [(String, Double?)] = [
          ("training loss", point.trainingLoss), ("held-out loss", point.heldOutLoss),
          ("held-out accuracy", point.heldOutAccuracy),
        ]
        return values.compactMap { name, value in
          value.map {
            HustingsStore.CurvePoint(
              checkpoint: fingerprint, metric: name + suffix, step: point.step, value: $0)
          }
        }
      }
      try store.append(points)
    }
  }

  /// Fewer steps than these at usual rates leave most weights where they began.
  private static let fewSteps = 100

  private func conclude(_ model: TrainedModel, _ folder: CheckpointFolder, seconds: Double) throws {
    if case .steps(let settings) = model.recipe.training.method,
      let steps = model.checkpoints.first?.card.curve.last?.step, steps < TrainingSession.fewSteps
    {
      let count = steps == 1 ? "1 step" : "\(steps) steps"
      Terminal.note(
        "Only \(count) of rate \(settings.rate) were taken, which hardly move weights. Raise --epochs, or lower --batch."
      )
    }
    let name = try model.preferenceModel(named: folder.path).card.fingerprint.short
    Terminal.note(
      "Trained on \(Format.grouped(model.trainingPairs)) pairs in \(Format.decimal(seconds, 1)) s: "
        + "checkpoint:\(folder.path) (\(name)).")
    let title = "\(model.recipe.model.head.name) · \(model.encoder.card.name) · checkpoint:\(folder.path)"
    guard let report = model.heldOut else {
      Terminal.note("Nothing was held out, so nothing was measured.")
      return
    }
    let split = model.checkpoints.first?.card.heldOut?.split ?? ""
    Terminal.write(TrainingTables.heldOut(report, title: title, split: split).rendered(as: format))
  }

  // MARK: Parts

  private var threads: Int { options.output.threads }
  private var format: TableFormat { options.output.format.format }
  private var context: EncoderContext {
    let workplace = workplace
    return EncoderContext(seed: base.training.seed, environment: workplace.environment) {
      workplace.resolved($0)
    }
  }

  private func heldOutPairs(_ name: String) throws -> [PreferencePair] {
    var loaded = LoadedPairs(source: name)
    try loaded.add(name, workplace, faulty: options.data.faulty)
    if loaded.pairs.isEmpty { throw RecipeError.nothingLeft(of: 0, source: name) }
    return loaded.pairs
  }

  /// An interrupted run is neither forgotten nor gone on with unasked.
  private func checkFolder() throws {
    guard let out = options.output.out else { return }
    let folder = CheckpointFolder(out)
    if TrainingRunFile.isThere(folder), !options.output.resume, !options.output.fresh {
      throw InvalidRequest(
        "\(out) holds an interrupted run. Add --resume to go on with it, or --fresh to begin anew.")
    }
  }
}
