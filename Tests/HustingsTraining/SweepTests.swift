import Hustings
import HustingsTraining
import Testing

@Suite struct SweepTests {
  static let data: EncodedDataset? = {
    let features = Toy.features(.dense, rows: 120, columns: 4)
    let pairs = (0..<240).map { index -> EncodedPair in
      let (a, b) = (index % 120, (index * 7 + 1 + index / 120) % 120)
      let gap = features.dense[4 * a] - features.dense[4 * b]
      return EncodedPair(
        chosen: gap > 0 || a == b ? a : b, rejected: gap > 0 || a == b ? (a == b ? (b + 1) % 120 : b) : a,
        prompt: index % 40)
    }
    return try? EncodedDataset(features: features, pairs: pairs)
  }()

  static let training = TrainingSettings(method: .lbfgs(LBFGSSettings(ridge: 0.01)))

  @Test func everyPairIsScoredByAModelThatNeverSawItsPrompt() throws {
    let data = try #require(Self.data)
    let result = try #require(
      try CrossValidation.run(
        model: ModelSettings(.bradleyTerry), settings: Self.training, data: data, folds: 4, by: .modulo))
    #expect(result.folds.map(\.pairs) == [60, 60, 60, 60])
    // By hand for the third fold.
    let fold = try data.folds(4, by: .modulo)[2]
    let model = try Trainer(
      model: ModelSettings(.bradleyTerry), settings: Self.training, data: fold.training
    ).run().network
    let pairs = fold.heldOut.pairs.map { RowPair(Int($0.chosen), Int($0.rejected)) }
    let margins = model.margins(pairs, features: data.features)
    let found = data.pairs.indices.filter { data.pairs[$0].prompt % 4 == 2 }.map { result.margins[$0] }
    #expect(found == margins)
    let loss = margins.reduce(0) { $0 + PairLoss().value(score: $1).loss } / Double(margins.count)
    #expect(agree(result.folds[2].loss, loss, relative: 1e-5))
    #expect(result.folds[2].accuracy == Double(margins.filter { $0 > 0 }.count) / 60)
    #expect(result.accuracy.map { $0 > 0.9 } == true)
    #expect(result.lossSpread.map { $0 > 0 } == true)
  }

  @Test func aHeldOutFoldIsMeasuredWithoutTheMarginThatTrainingDemands() throws {
    let data = try #require(Self.data)
    var training = Self.training
    training.loss.margin = .constant(2)
    let result = try #require(
      try CrossValidation.run(
        model: ModelSettings(.bradleyTerry), settings: training, data: data, folds: 2, by: .modulo))
    let losses = result.margins.map { PairLoss().value(score: $0).loss }
    #expect(agree(result.loss, losses.reduce(0, +) / Double(losses.count), relative: 1e-5))
  }

  @Test func aSweepTriesEveryCombinationInOrder() throws {
    let axes = [try SweepAxis("ridge=1,0.01"), try SweepAxis("hidden=0,4,4x3")]
    let sweep = try Sweep(model: ModelSettings(.bradleyTerry), training: Self.training, axes: axes)
    #expect(
      sweep.candidates.map(\.name) == [
        "ridge=1 hidden=0", "ridge=1 hidden=4", "ridge=1 hidden=4x3", "ridge=0.01 hidden=0",
        "ridge=0.01 hidden=4", "ridge=0.01 hidden=4x3",
      ])
    #expect(sweep.candidates[5].model.hidden == [4, 3])
    if case .lbfgs(let settings) = sweep.candidates[0].training.method {
      #expect(settings.ridge == 1)
    } else {
      Issue.record("the method changed")
    }
  }

  @Test func theLeastHeldOutLossIsChosenAndExplained() throws {
    let data = try #require(Self.data)
    let sweep = try Sweep(
      model: ModelSettings(.bradleyTerry), training: Self.training,
      axes: [try SweepAxis("ridge=10,0.01,0.0100001")])
    let table = try sweep.run(data, folds: 4, by: .modulo)
    let losses = table.rows.compactMap { $0.result?.loss }
    #expect(losses.count == 3)
    let best = try #require(table.best)
    #expect(losses[best] == losses.min())
    #expect(best != 0)
    let excess = try #require(table.excess(0))
    #expect(abs(excess.mean - (losses[0] - losses[best])) <= 1e-12)
    #expect(table.explanation.hasPrefix("ridge=0.01"))
    #expect(table.explanation.contains("over 4 folds by prompt, of 3 combinations."))
  }

  @Test func aCombinationThatDivergesIsReportedAndPassedOver() throws {
    let data = try #require(Self.data)
    let steps = StepSettings(rule: .momentum(0.99), schedule: Schedule(.constant), epochs: 30, clip: nil)
    let sweep = try Sweep(
      model: ModelSettings(.general(GeneralSettings(dimension: 4))),
      training: TrainingSettings(method: .steps(steps)), axes: [try SweepAxis("rate=1e30,0.01")])
    let table = try sweep.run(data, folds: 2, by: .modulo)
    #expect(table.rows[0].result == nil)
    #expect(table.rows[0].fault?.contains("diverged") == true)
    #expect(table.best == 1)
    #expect(table.explanation.hasSuffix("1 diverged."))
  }

  @Test func everySettingOfASweepTakesItsValues() throws {
    let general = ModelSettings(.general(GeneralSettings(dimension: 2)))
    let steps = TrainingSettings()
    for text in [
      "rate=0.1", "epochs=3", "batch=16", "decay=0", "clip=none", "clip=2", "warm-up=0.5", "hidden=8",
      "dim=6",
      "tau=0.1", "smoothing=0.2", "margin=0.5", "seed=9",
    ] {
      let sweep = try Sweep(model: general, training: steps, axes: [try SweepAxis(text)])
      let candidate = sweep.candidates[0]
      #expect(candidate.model != general || candidate.training != steps, "\(text)")
    }
    let decomposed = ModelSettings(.decomposed(DecomposedSettings(dimension: 2, penalty: 0)))
    let sweep = try Sweep(model: decomposed, training: steps, axes: [try SweepAxis("penalty=0,1")])
    #expect(sweep.candidates[1].model.head == .decomposed(DecomposedSettings(dimension: 2, penalty: 1)))
  }

  @Test(arguments: [
    "rates=1", "rate", "rate=", "rate=fast", "hidden=4xx", "dim=3", "penalty=1", "tau=0", "smoothing=0.7",
    "ridge=1", "epochs=1.5", "seed=-1", "warm-up=2", "rate=-1",
  ])
  func aSweepThatCannotBeIsRefusedInOneSentence(_ text: String) {
    #expect {
      _ = try Sweep(
        model: ModelSettings(.general(GeneralSettings(dimension: 2))), training: TrainingSettings(),
        axes: [try SweepAxis(text)])
    } throws: { error in
      error is TrainingFault && "\(error)".hasSuffix(".") && !"\(error)".contains("\n")
    }
  }
}
