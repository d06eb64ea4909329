import Hustings
import HustingsTraining
import Testing

@Suite struct EncodedDatasetTests {
  static let features = Toy.features(.mixed, rows: 10, columns: 3)

  private func fault(_ pairs: [EncodedPair], features: FeatureMatrix = Self.features) -> TrainingFault? {
    do {
      _ = try EncodedDataset(features: features, pairs: pairs)
      return nil
    } catch { return error as? TrainingFault }
  }

  @Test func everyFaultOfAPairIsNamed() {
    let good = EncodedPair(chosen: 0, rejected: 1, prompt: 0)
    #expect(fault([good]) == nil)
    #expect(fault([]) == .noPairs)
    #expect(fault([good, EncodedPair(chosen: 2, rejected: 2, prompt: 0)]) == .sameResponse(pair: 1))
    #expect(
      fault([EncodedPair(chosen: 0, rejected: 10, prompt: 0)]) == .missingRow(pair: 0, row: 10, rows: 10))
    #expect(
      fault([EncodedPair(chosen: -1, rejected: 1, prompt: 0)]) == .missingRow(pair: 0, row: -1, rows: 10))
    #expect(
      fault([EncodedPair(chosen: 0, rejected: 1, prompt: 0, target: 1.5)])
        == .notAProbability(pair: 0, value: 1.5))
    #expect(
      fault([EncodedPair(chosen: 0, rejected: 1, prompt: 0, weight: -1)]) == .badWeight(pair: 0, value: -1))
    #expect(fault([EncodedPair(chosen: 0, rejected: 1, prompt: 0, weight: 0)]) == .noWeight)
    let nan = fault([EncodedPair(chosen: 0, rejected: 1, prompt: 0, share: .nan)])
    #expect(nan.map { "\($0)".hasPrefix("Pair 1 has nan") } == true)
  }

  @Test func featuresThatAreNotFiniteOrAllTheSameAreRefused() {
    let pair = EncodedPair(chosen: 0, rejected: 1, prompt: 0)
    let bad = FeatureMatrix(count: 3, denseWidth: 2, dense: [1, 2, 3, 4, .infinity, 6])
    #expect(fault([pair], features: bad) == .notFinite(row: 2, of: "response"))
    let sparse = SparseRows(width: 4, offsets: [0, 1, 1, 3], columns: [0, 1, 3], values: [1, 2, .nan])
    #expect(
      fault([pair], features: FeatureMatrix(count: 3, sparse: sparse)) == .notFinite(row: 2, of: "response"))
    let same = FeatureMatrix(count: 3, denseWidth: 2, dense: [1, 2, 1, 2, 1, 2])
    #expect(fault([pair], features: same) == .constantFeatures(rows: 3))
    let empty = FeatureMatrix(count: 3, sparse: SparseRows(empty: 3, width: 5))
    #expect(fault([pair], features: empty) == .constantFeatures(rows: 3))
  }

  @Test func promptsMustHaveRowsWhereTheyAreEncoded() {
    let prompts = Toy.features(.dense, rows: 2, columns: 2)
    #expect(throws: TrainingFault.missingPrompt(pair: 0, row: 2, rows: 2)) {
      try EncodedDataset(
        features: Self.features, prompts: prompts, pairs: [EncodedPair(chosen: 0, rejected: 1, prompt: 2)])
    }
  }

  @Test(arguments: [FoldRule.modulo, .shuffled(seed: 5)])
  func foldsKeepPromptsTogetherAndCoverEveryPairOnce(_ rule: FoldRule) throws {
    let pairs = (0..<60).map { EncodedPair(chosen: $0 % 9, rejected: $0 % 9 + 1, prompt: $0 % 17) }
    let data = try EncodedDataset(features: Self.features, pairs: pairs)
    let folds = try data.folds(5, by: rule)
    #expect(folds.reduce(0) { $0 + $1.heldOut.pairs.count } == 60)
    for fold in folds {
      #expect(fold.training.pairs.count + fold.heldOut.pairs.count == 60)
      try EncodedDataset.checkDisjoint(fold.training, fold.heldOut)
    }
    if rule == .modulo {
      for (index, fold) in folds.enumerated() {
        #expect(fold.heldOut.pairs.allSatisfy { Int($0.prompt) % 5 == index })
      }
    }
    let sizes = folds.map { Set($0.heldOut.pairs.map(\.prompt)).count }
    #expect(sizes.allSatisfy { $0 == 3 || $0 == 4 })
    #expect(try data.folds(5, by: rule).map(\.heldOut) == folds.map(\.heldOut))
    #expect(throws: TrainingFault.tooFewPrompts(prompts: 17, folds: 18)) { try data.folds(18, by: rule) }
  }

  @Test func aSplitHoldsOutTheShareOfPromptsAsked() throws {
    let pairs = (0..<40).map { EncodedPair(chosen: $0 % 9, rejected: $0 % 9 + 1, prompt: $0 / 2) }
    let data = try EncodedDataset(features: Self.features, pairs: pairs)
    let split = try data.split(holdingOut: 0.2, seed: 3)
    #expect(split.heldOut.pairs.count == 8)
    try EncodedDataset.checkDisjoint(split.training, split.heldOut)
    #expect(try data.split(holdingOut: 0.2, seed: 4).heldOut != split.heldOut)
    #expect(try data.split(holdingOut: 0.001, seed: 3).heldOut.pairs.count == 2)
  }

  @Test func aPromptOnBothSidesStopsTraining() throws {
    let training = try EncodedDataset(
      features: Self.features, pairs: [EncodedPair(chosen: 0, rejected: 1, prompt: 4)])
    let heldOut = try EncodedDataset(
      features: Self.features, pairs: [EncodedPair(chosen: 2, rejected: 3, prompt: 4)])
    #expect(throws: TrainingFault.sharedPrompt(4)) {
      try Trainer(
        model: ModelSettings(.bradleyTerry), settings: TrainingSettings(), data: training, heldOut: heldOut)
    }
  }

  @Test func lossesRefuseLabelsTheyCannotTake() throws {
    let tie = try EncodedDataset(
      features: Self.features, pairs: [EncodedPair(chosen: 0, rejected: 1, prompt: 0, tie: 1)])
    func run(_ loss: PairLoss, _ data: EncodedDataset) throws {
      _ = try Trainer(
        model: ModelSettings(.bradleyTerry), settings: TrainingSettings(loss: loss), data: data)
    }
    #expect(throws: TrainingFault.tieWithoutModel(pair: 0)) { try run(PairLoss(), tie) }
    try run(PairLoss(.ties(.davidson(strength: 1))), tie)
    let certain = try EncodedDataset(
      features: Self.features, pairs: [EncodedPair(chosen: 0, rejected: 1, prompt: 0)])
    #expect(throws: TrainingFault.certainTarget(pair: 0)) { try run(PairLoss(.logOdds), certain) }
    let even = try EncodedDataset(
      features: Self.features,
      pairs: (0..<3).map { EncodedPair(chosen: $0, rejected: $0 + 1, prompt: $0, target: 0.5) })
    #expect(throws: TrainingFault.oneClass(label: 0.5)) { try run(PairLoss(), even) }
  }

  @Test func settingsThatCannotBeAreRefused() {
    let bad: [StepSettings] = [
      StepSettings(rate: 0), StepSettings(epochs: 0), StepSettings(batch: 0), StepSettings(decay: -1),
      StepSettings(clip: 0), StepSettings(patience: 0), StepSettings(rate: .nan),
    ]
    for settings in bad {
      #expect(throws: TrainingFault.self) { try settings.check() }
    }
    #expect(throws: TrainingFault.self) { try ModelSettings(.bradleyTerry, hidden: [0]).check() }
    #expect(throws: TrainingFault.self) {
      try ModelSettings(.decomposed(DecomposedSettings(dimension: 2, penalty: -1))).check()
    }
    #expect(throws: TrainingFault.self) {
      try TrainingSettings(loss: PairLoss(.ties(.raoKupper(threshold: 0)))).check()
    }
  }

  @Test func theScheduleRisesThenFalls() {
    let schedule = Schedule(.cosine, warmUp: 0.1)
    #expect((0..<3).map { schedule.factor(step: $0, of: 21) } == [1.0 / 3, 2.0 / 3, 1])
    #expect(abs(schedule.factor(step: 12, of: 21) - 0.5) <= 1e-12)
    #expect(schedule.factor(step: 21, of: 21) == 0)
    #expect(Schedule(.constant).factor(step: 7, of: 9) == 1)
    #expect(abs(Schedule(.linear).factor(step: 3, of: 9) - 2.0 / 3) <= 1e-12)
  }
}
