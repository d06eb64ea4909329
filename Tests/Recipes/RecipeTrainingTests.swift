import Foundation
import Hustings
import HustingsTesting
import HustingsTraining
import Recipes
import Testing

@Suite struct RecipeTrainingTests {
  static let heads: [ModelSettings] = [
    ModelSettings(.bradleyTerry), ModelSettings(.bradleyTerry, hidden: [8]),
    ModelSettings(.general(GeneralSettings(dimension: 4, normalises: true, gate: Gate(.softmax)))),
    ModelSettings(.decomposed(DecomposedSettings(dimension: 2, penalty: 0.1))),
    ModelSettings(.pairwise(PairwiseSettings(order: .both)), hidden: [4]),
    ModelSettings(.distributional(DistributionSettings(.gaussian))),
    ModelSettings(.distributional(DistributionSettings(.categorical(levels: 6, evenness: 0.1)))),
  ]

  /// Small texts, few columns.
  static func recipe(_ model: ModelSettings, epochs: Int = 6) -> Recipe {
    var recipe = Recipe(encoder: "hashed?bits=8", model: model, heldOut: 0.2)
    if case .steps(var steps) = recipe.training.method {
      steps.epochs = epochs
      steps.batch = 16
      steps.rate = 0.02
      recipe.training.method = .steps(steps)
    }
    recipe.training.seed = 5
    return recipe
  }

  @Test(arguments: heads) func whatPairsTellIsLearned(_ model: ModelSettings) async throws {
    let trained = try await Self.recipe(model).train(on: Toy.pairs(120))
    let report = try #require(trained.heldOut)
    #expect(report.accuracy == 1)
    #expect(report.pairs + trained.trainingPairs == 120)
    #expect(trained.checkpoints[0].card.heldOut?.accuracy == 1)
    #expect(trained.checkpoints[0].card.curve.last?.heldOutAccuracy == 1)
    #expect((report.swap != nil) == (model.head == .pairwise(PairwiseSettings(order: .both))))
    if case .decomposed = model.head { #expect(report.cyclicShare != nil) }
  }

  @Test func aGateReadsTheSurfaceOfHashedPromptsAlone() async throws {
    let trained = try await Self.recipe(Self.heads[2], epochs: 1).train(on: Toy.pairs(30))
    let card = trained.checkpoints[0].card
    #expect(card.promptInputs == trained.encoder.card.denseWidth)
    #expect(card.inputs == trained.encoder.card.denseWidth + 256)
  }

  @Test func planesThatStartAsBradleyTerryKeepTheirOne() async throws {
    let model = ModelSettings(.general(GeneralSettings(dimension: 4)))
    let trained = try await Self.recipe(model).train(on: Toy.pairs(60))
    #expect(trained.checkpoints[0].tensors.first { $0.name == "head.bias" }?.values == [0, 1, 0, 0])
  }

  @Test func thePenaltyIsOnLogOddsOfTheSumOfLosses() {
    #expect(Recipe.ridge(pairs: 1000) == 0.002)
    #expect(abs(Recipe.ridge(pairs: 1000, temperature: 0.1) - 0.2) < 1e-12)
    let both = ModelSettings(.decomposed(DecomposedSettings(dimension: 4, penalty: 2)))
    if case .steps = Recipe.method(for: both, pairs: 10) { Issue.record("linear heads are solved") }
    if case .lbfgs = Recipe.method(for: both, pairs: 10, encoder: "table") {
      Issue.record("a table's skew form takes steps")
    }
    let held = ModelSettings(.general(GeneralSettings(dimension: 4, penalty: Recipe.penalty)))
    if case .steps = Recipe.method(for: held, pairs: 10) {
      Issue.record("planes that are held down are solved")
    }
    let free = ModelSettings(.general(GeneralSettings(dimension: 4)))
    if case .lbfgs = Recipe.method(for: free, pairs: 10) { Issue.record("planes that are free take steps") }
    #expect(Recipe.encoder("hashed", for: ModelSettings(.bradleyTerry, hidden: [4])) == "hashed+pca:256")
    #expect(Recipe.encoder("hashed", for: ModelSettings(.bradleyTerry)) == "hashed")
  }

  @Test(arguments: heads) func threadsChangeNoByte(_ model: ModelSettings) async throws {
    let pairs = Toy.pairs(60)
    let one = try await Self.recipe(model, epochs: 2).train(on: pairs, workers: 1)
    let three = try await Self.recipe(model, epochs: 2).train(on: pairs, workers: 3)
    #expect(try one.checkpoints[0].cardJSON == three.checkpoints[0].cardJSON)
    #expect(one.checkpoints[0].tensors == three.checkpoints[0].tensors)
  }

  @Test(arguments: heads) func aTrainedModelKeepsTheLawsOfModels(_ model: ModelSettings) async throws {
    let trained = try await Self.recipe(model, epochs: 2).train(on: Toy.pairs(60))
    let violations = try await ModelLaws.violations(
      of: trained.preferenceModel(named: "toy"), on: ModelLaws.slates)
    #expect(violations == [])
  }

  @Test(arguments: [1, 3], [[], [6]])
  func anInterruptedRunEndsTheSameToTheBit(_ members: Int, _ hidden: [Int]) async throws {
    // Without a hidden layer it is a solve.
    var recipe = Self.recipe(ModelSettings(.bradleyTerry, hidden: hidden), epochs: 8)
    recipe.members = members
    let pairs = Toy.pairs(90)
    let whole = try await recipe.train(on: pairs)

    let scratch = try Scratch()
    let folder = CheckpointFolder("\(scratch.path)/run")
    let files = TrainingRunFile(folder, identity: recipe.identity(pairs))
    var (resumed, stops) = (TrainedModel?.none, 0)
    while resumed == nil {
      var reports = 0
      let watch = TrainingWatch(
        onProgress: { _, _ in
          reports += 1
          return reports < (hidden.isEmpty ? 3 : 7)
        }, kept: { try files.kept($0) }, keep: { try files.keep($0, $1) })
      do {
        resumed = try await recipe.train(on: pairs, watch: watch)
      } catch is TrainingInterruption {
        stops += 1
      }
    }
    #expect(stops >= (hidden.isEmpty ? 2 : 4) * members)
    #expect(resumed?.checkpoints == whole.checkpoints)
    #expect(resumed?.heldOut == whole.heldOut)
  }

  @Test func aRunThatIsKeptWhileItGoesOnEndsTheSame() async throws {
    let recipe = Self.recipe(ModelSettings(.bradleyTerry, hidden: [6]))
    let whole = try await recipe.train(on: Toy.pairs(60))
    var (time, kept) = (0.0, 0)
    let watch = TrainingWatch(
      clock: {
        time += 1
        return time
      }, keep: { _, _ in kept += 1 }, keepEvery: 5)
    let watched = try await recipe.train(on: Toy.pairs(60), watch: watch)
    #expect(kept > 2)
    #expect(watched.checkpoints == whole.checkpoints)
  }

  @Test func aKeptRunOfOtherSettingsIsRefused() async throws {
    let scratch = try Scratch()
    let recipe = Self.recipe(ModelSettings(.bradleyTerry, hidden: [6]))
    let pairs = Toy.pairs(60)
    let files = TrainingRunFile(CheckpointFolder(scratch.path), identity: recipe.identity(pairs))
    await #expect(throws: TrainingInterruption.self) {
      try await recipe.train(
        on: pairs, watch: TrainingWatch(onProgress: { _, _ in false }, keep: { try files.keep($0, $1) }))
    }
    #expect(TrainingRunFile.isThere(CheckpointFolder(scratch.path)))
    var other = recipe
    other.training.seed = 6
    let wrong = TrainingRunFile(CheckpointFolder(scratch.path), identity: other.identity(pairs))
    #expect(throws: RecipeError.self) { try wrong.kept(0) }
    #expect(recipe.identity(pairs) != recipe.identity(Array(pairs.reversed())))
    try TrainingRunFile.remove(from: CheckpointFolder(scratch.path))
    #expect(!TrainingRunFile.isThere(CheckpointFolder(scratch.path)))
  }

  @Test func foldsMeasureEveryPairByAModelThatNeverSawItsPrompt() async throws {
    let pairs = Toy.pairs(60)
    let recipe = Self.recipe(ModelSettings(.bradleyTerry))
    let report = try #require(try await recipe.crossValidate(pairs, folds: 4, by: .modulo))
    #expect(report.folds.map(\.pairs) == [15, 15, 15, 15])
    #expect(report.overall.pairs == 60)
    // The third fold by hand: the encoder too is fitted on the other prompts alone.
    let inside = try PairSplits.folds(pairs, 4, by: .modulo)[2]
    let held = inside.map { pairs[$0] }
    let training = pairs.indices.filter { !inside.contains($0) }.map { pairs[$0] }
    let trained = try await recipe.train(on: training, heldOut: held)
    #expect(trained.heldOut?.logLoss == report.folds[2].logLoss)
    #expect(trained.heldOut?.accuracy == report.folds[2].accuracy)
  }

  @Test func aSweepComparesOnTheSameFolds() async throws {
    let recipe = Self.recipe(ModelSettings(.bradleyTerry))
    let table = try #require(
      try await recipe.sweep(
        [try SweepAxis("ridge=0.01,1000")], on: Toy.pairs(60), folds: 3, by: .modulo))
    #expect(table.rows.map(\.candidate.name) == ["ridge=0.01", "ridge=1000.0"] || table.rows.count == 2)
    #expect(table.best == 0)
    let plain = try #require(
      try await Recipe(
        encoder: recipe.encoder, model: recipe.model,
        training: table.rows[0].candidate.training
      ).crossValidate(Toy.pairs(60), folds: 3, by: .modulo))
    #expect(table.rows[0].result?.margins == plain.margins)
  }

  @Test func missingVotesAndLabelsAreNamed() async throws {
    var recipe = Self.recipe(ModelSettings(.bradleyTerry))
    recipe.training.loss.margin = .unsigned(scale: 1)
    await #expect(throws: RecipeError.noVotes) { try await recipe.train(on: Toy.pairs(9)) }
    recipe.training.loss.margin = .absent
    recipe.labels = .soft
    await #expect(throws: RecipeError.noSoftLabels) { try await recipe.train(on: Toy.pairs(9)) }
    await #expect(throws: RecipeError.nothingLeft(of: 0, source: "the data")) {
      try await recipe.train(on: [])
    }
  }

  @Test func marginsOfVotesChangeTheModelAndVotesOfNobodyDoNot() async throws {
    let plain = Self.recipe(ModelSettings(.bradleyTerry))
    var margin = plain
    margin.training.loss.margin = .unsigned(scale: 1)
    let split = Toy.pairs(60).map { $0.with(votes: VoteCount(chosen: 5, valid: 10)) }
    let clear = Toy.pairs(60).map { $0.with(votes: VoteCount(chosen: 9, valid: 10)) }
    let base = try await plain.train(on: split).checkpoints[0].network
    // At an even split the margin is 0: bit-identical to plain Bradley–Terry.
    #expect(try await margin.train(on: split).checkpoints[0].network.parameters == base.parameters)
    #expect(try await margin.train(on: clear).checkpoints[0].network.parameters != base.parameters)
  }

  @Test func divergenceGivesNoModel() async throws {
    var recipe = Self.recipe(ModelSettings(.bradleyTerry, hidden: [8]))
    recipe.training.method = .steps(
      StepSettings(rule: .momentum(0.9), rate: 1e6, epochs: 20, batch: 8, clip: nil))
    await #expect(throws: TrainingFault.self) { try await recipe.train(on: Toy.pairs(60)) }
  }
}
