import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining
import Testing

/// Items as rows of the unit matrix: a linear model has a number of its own for each.
private func items(_ count: Int) -> FeatureMatrix {
  FeatureMatrix(
    count: count, denseWidth: count, dense: (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 })
}

/// Each pair (i, j) as a prompt of its own, i chosen.
private func table(_ wins: [(Int, Int)], items count: Int) throws -> EncodedDataset {
  try EncodedDataset(
    features: items(count),
    pairs: wins.enumerated().map { EncodedPair(chosen: $1.0, rejected: $1.1, prompt: $0) })
}

private func cycle(_ n: Int) -> [(Int, Int)] { (0..<n).map { ($0, ($0 + 1) % n) } }

/// Noisy comparisons of rows by a known linear reward.
private func linear(_ count: Int, kind: Toy.Kind = .dense, seed: UInt64 = 1) throws -> EncodedDataset {
  let features = Toy.features(kind, rows: 200, columns: 5)
  let truth: [Double] = (0..<features.width).map { sin(Double($0) + 1) }
  var generator = CounterGenerator(seed: seed, identity: "linear")
  let pairs = (0..<count).map { index in
    let a = generator.nextIndex(below: 200)
    let b = (a + 1 + generator.nextIndex(below: 199)) % 200
    let gap = zip(Toy.row(features, Int32(a)), Toy.row(features, Int32(b))).map { $0 - $1 }
    let z = zip(gap, truth).reduce(0) { $0 + $1.0 * $1.1 }
    let first = generator.nextUniform() < 1 / (1 + exp(-z))
    return EncodedPair(chosen: first ? a : b, rejected: first ? b : a, prompt: index)
  }
  return try EncodedDataset(features: features, pairs: pairs)
}

private func train(
  _ head: Head, _ data: EncodedDataset, hidden: [Int] = [], heldOut: EncodedDataset? = nil,
  loss: PairLoss = PairLoss(),
  steps: StepSettings = StepSettings(rate: 0.05, epochs: 200, batch: 64, decay: 0),
  seed: UInt64 = 3, workers: Int = 1
) throws -> TrainingResult {
  try Trainer(
    model: ModelSettings(head, hidden: hidden),
    settings: TrainingSettings(loss: loss, method: .steps(steps), seed: seed), data: data, heldOut: heldOut,
    workers: workers
  ).run()
}

/// The share of pairs whose chosen response has a margin above 0.
private func accuracy(_ network: PreferenceNetwork, _ data: EncodedDataset) -> Double {
  let pairs = data.pairs.map { RowPair(Int($0.chosen), Int($0.rejected), prompt: Int($0.prompt)) }
  let margins = network.margins(pairs, features: data.features, prompts: data.prompts)
  return Double(margins.filter { $0 > 0 }.count) / Double(margins.count)
}

@Suite struct TrainerTests {
  static let rules: [StepRule] = [.adamW, .rmsProp, .momentum(0.9)]

  @Test(arguments: rules)
  func everyRuleFindsTheOptimumThatNewtonFinds(_ rule: StepRule) throws {
    let data = try linear(2000)
    let exact = try Trainer(
      model: ModelSettings(.bradleyTerry),
      settings: TrainingSettings(method: .newton(NewtonSettings(ridge: 0))), data: data
    ).run()
    let rate = if case .momentum = rule { 0.2 } else { 0.02 }
    let steps = StepSettings(
      rule: rule, rate: rate, schedule: Schedule(.cosine), epochs: 60, batch: 200, decay: 0, clip: nil)
    let found = try train(.bradleyTerry, data, steps: steps)
    for (a, b) in zip(found.network.parameters, exact.network.parameters) { #expect(abs(a - b) <= 0.01) }
  }

  @Test(arguments: Toy.Kind.allCases)
  func newtonAndQuasiNewtonAgreeAndTheirGradientIsZero(_ kind: Toy.Kind) throws {
    let data = try linear(1500, kind: kind)
    func solve(_ method: TrainingSettings.Method) throws -> TrainingResult {
      try Trainer(
        model: ModelSettings(.bradleyTerry), settings: TrainingSettings(method: method), data: data,
        workers: 2
      ).run()
    }
    let newton = try solve(.newton(NewtonSettings(ridge: 1e-3)))
    let quasi = try solve(.lbfgs(LBFGSSettings(ridge: 1e-3)))
    for (a, b) in zip(newton.network.parameters, quasi.network.parameters) { #expect(abs(a - b) <= 2e-4) }

    // At the optimum Σ (p - σ(z))·d/n = ridge·w, in double precision from the definition.
    let w = newton.network.parameters.map(Double.init)
    var slope = w.map { 1e-3 * $0 }
    for pair in data.pairs {
      let d = zip(Toy.row(data.features, pair.chosen), Toy.row(data.features, pair.rejected)).map { $0 - $1 }
      let z = zip(d, w).reduce(0) { $0 + $1.0 * $1.1 }
      for i in d.indices { slope[i] -= d[i] / (1 + exp(z)) / Double(data.pairs.count) }
    }
    #expect(slope.allSatisfy { abs($0) <= 1e-7 })
  }

  @Test(arguments: [3, 4, 5, 7])
  func aGeneralModelOrdersACycleAndNoScalarDoes(_ n: Int) throws {
    let data = try table(cycle(n), items: n)
    let general = try train(.general(GeneralSettings(dimension: 4)), data)
    #expect(accuracy(general.network, data) == 1)
    let scalar = try train(.bradleyTerry, data)
    #expect(accuracy(scalar.network, data) <= Double(n - 1) / Double(n))
    // On a cycle no scalar has a lower loss than equal rewards.
    #expect(scalar.curve.last.map { $0.trainingLoss >= log(2) - 1e-6 } == true)
    let decomposed = try train(.decomposed(DecomposedSettings(dimension: 2, penalty: 0)), data)
    #expect(accuracy(decomposed.network, data) == 1)
  }

  /// An item that beats every member of a 3-cycle: directions in one plane cannot, two planes can.
  @Test func aCycleUnderADominantItemNeedsFourDimensions() throws {
    let wins = cycle(3) + (0..<3).map { (3, $0) }
    let data = try table(wins, items: 4)
    for seed in [1, 2, 3] as [UInt64] {
      for start in [PlaneStart.random, .bradleyTerry] {
        let two = try train(.general(GeneralSettings(dimension: 2, start: start)), data, seed: seed)
        #expect(accuracy(two.network, data) < 1)
        let four = try train(.general(GeneralSettings(dimension: 4, start: start)), data, seed: seed)
        #expect(accuracy(four.network, data) == 1)
      }
    }
  }

  /// A penalty on what planes add to a reward leaves the sign of what no reward can say, and Bradley–Terry where it is large.
  @Test func aPenaltyKeepsCyclesAndALargeOneLeavesBradleyTerry() throws {
    func solve(_ head: Head, _ data: EncodedDataset) throws -> PreferenceNetwork {
      try Trainer(
        model: ModelSettings(head),
        settings: TrainingSettings(
          method: .lbfgs(LBFGSSettings(ridge: 0.001, iterations: 500)), seed: 3), data: data
      ).run().network
    }
    func general(_ penalty: Double) -> Head { .general(GeneralSettings(dimension: 4, penalty: penalty)) }
    let ring = try table(cycle(5), items: 5)
    #expect(try accuracy(solve(general(0.5), ring), ring) == 1)
    let data = try linear(300)
    let pairs = data.pairs.map { RowPair(Int($0.chosen), Int($0.rejected), prompt: Int($0.prompt)) }
    let scalar = try solve(.bradleyTerry, data).margins(pairs, features: data.features)
    let held = try solve(general(1e4), data).margins(pairs, features: data.features)
    let free = try solve(general(0), data).margins(pairs, features: data.features)
    func distance(_ margins: [Double]) -> Double { zip(margins, scalar).map { abs($0 - $1) }.max() ?? 0 }
    // The solver stops when 32-bit sums show no more gain, some thousandths of a margin from the end.
    let largest = scalar.map(abs).max() ?? 0
    #expect(distance(held) < 0.01 * largest, "\(distance(held)) of \(largest)")
    #expect(distance(free) > 0.1 * largest, "\(distance(free)) of \(largest)")
  }

  @Test(arguments: [PairwiseSettings.Order.both, .drawn])
  func aPairwiseModelOrdersACycle(_ order: PairwiseSettings.Order) throws {
    let data = try table(cycle(3), items: 3)
    let result = try train(.pairwise(PairwiseSettings(order: order)), data, hidden: [16])
    #expect(accuracy(result.network, data) == 1)
  }

  @Test(arguments: NetworkGradientTests.heads)
  func theNumberOfWorkersAndInterruptionsChangeNoBit(_ head: Head) throws {
    let features = Toy.features(.mixed, rows: 60, columns: 4)
    let all = try EncodedDataset(
      features: features, prompts: Toy.features(.dense, rows: 5, columns: 3), pairs: Toy.pairs(300, rows: 60))
    let parts = try all.folds(5, by: .modulo)[0]
    func trainer(_ workers: Int) throws -> Trainer {
      try Trainer(
        model: ModelSettings(head, hidden: [6]),
        settings: TrainingSettings(
          loss: PairLoss(temperature: 0.5, margin: .signed(scale: 1)),
          method: .steps(StepSettings(rate: 0.01, epochs: 4, batch: 50, clip: 0.5)), seed: 9),
        data: parts.training, heldOut: parts.heldOut, workers: workers)
    }
    let whole = try trainer(1).run()
    #expect(try trainer(3).run() == whole)

    let stopped = try trainer(2).stoppedAtEveryReport()
    #expect(stopped.states.count > 10)
    #expect(stopped.result == whole)
  }

  @Test(arguments: [
    (Head.bradleyTerry, TrainingSettings.Method.newton(NewtonSettings(ridge: 1e-3))),
    (.bradleyTerry, .lbfgs(LBFGSSettings(ridge: 1e-3, memory: 3))),
    (
      .decomposed(DecomposedSettings(dimension: 2, penalty: 0.1)),
      .lbfgs(LBFGSSettings(ridge: 1e-3, iterations: 25))
    ),
  ])
  func aSolveStoppedAfterEveryIterationEndsTheSame(
    _ head: Head, _ method: TrainingSettings.Method
  ) throws {
    let all = try EncodedDataset(
      features: Toy.features(.mixed, rows: 60, columns: 8), pairs: Toy.pairs(300, rows: 60))
    let parts = try all.folds(5, by: .modulo)[0]
    let trainer = try Trainer(
      model: ModelSettings(head), settings: TrainingSettings(method: method, seed: 9), data: parts.training,
      heldOut: parts.heldOut)
    let whole = try trainer.run()
    let (result, states) = try trainer.stoppedAtEveryReport()
    #expect(states.count >= 2 && whole.curve.count == states.count + 1)
    #expect(states.map(\.step) == Array(1...states.count))
    #expect(result == whole)
    for state in states {
      let read = try TrainerState(json: state.json, tensors: state.tensors, solveVectors: state.solveVectors)
      #expect(read == state)
    }
    var damaged = states[0]
    damaged.solveVectors["point"] = [1]
    #expect(throws: TrainingFault.otherRun(what: "its number of weights differs")) {
      try trainer.run(from: damaged, clock: { 0 })
    }
  }

  @Test func aSolveWhoseVectorsDoNotFitIsRefused() throws {
    let trainer = try Trainer(
      model: ModelSettings(.bradleyTerry),
      settings: TrainingSettings(method: .lbfgs(LBFGSSettings(ridge: 1e-3))), data: linear(100))
    let state = try trainer.stopped(at: 3)
    for name in ["gradient", "change.0"] {
      var damaged = state
      damaged.solveVectors[name] = nil
      #expect(throws: TrainingFault.otherRun(what: "its vectors are not those of a solve")) {
        try trainer.run(from: damaged, clock: { 0 })
      }
    }
  }

  @Test func aStateOfAnotherRunIsRefused() throws {
    let data = try linear(100)
    func trainer(_ seed: UInt64) throws -> Trainer {
      try Trainer(
        model: ModelSettings(.bradleyTerry), settings: TrainingSettings(seed: seed), data: data)
    }
    let state = try trainer(1).stopped(at: 1)
    #expect(throws: TrainingFault.otherRun(what: "its settings or pairs differ")) {
      try trainer(2).run(from: state, clock: { 0 })
    }
  }

  @Test func divergenceIsReportedAndLeavesNoModel() throws {
    let data = try linear(200)
    let steps = StepSettings(
      rule: .momentum(0.99), rate: 1e30, schedule: Schedule(.constant), epochs: 50, batch: 20, decay: 0,
      clip: nil)
    #expect {
      try train(.general(GeneralSettings(dimension: 4)), data, steps: steps)
    } throws: { error in
      guard case TrainingFault.diverged(let step, _) = error else { return false }
      return step > 0 && "\(error)".contains("no model was kept")
    }
  }

  @Test func aMarginOfZeroTrainsThePlainModelBitForBit() throws {
    var data = try linear(300)
    let plain = try train(.bradleyTerry, data)
    data = try EncodedDataset(
      features: data.features,
      pairs: data.pairs.map {
        var pair = $0
        pair.share = 0.5
        return pair
      })
    let zero = try train(.bradleyTerry, data, loss: PairLoss(margin: .unsigned(scale: 1)))
    #expect(zero.network.parameters == plain.network.parameters)
  }

  @Test func trainingStopsEarlyAndKeepsTheBestEpoch() throws {
    // Thirty pairs with random labels: there is nothing to learn that holds elsewhere.
    let features = Toy.features(.dense, rows: 60, columns: 30)
    let data = try EncodedDataset(
      features: features,
      pairs: (0..<30).map { EncodedPair(chosen: 2 * $0, rejected: 2 * $0 + 1, prompt: $0) })
    let parts = try data.split(holdingOut: 0.3, seed: 1)
    let steps = StepSettings(rate: 0.05, epochs: 500, batch: 10, decay: 0, patience: 5)
    let result = try train(.bradleyTerry, parts.training, hidden: [8], heldOut: parts.heldOut, steps: steps)
    let losses = result.curve.compactMap(\.heldOutLoss)
    #expect(result.curve.count < 500)
    #expect(losses.count == result.curve.count)
    #expect(result.epoch == losses.count - 5)
    #expect(losses.min() == losses[result.epoch - 1])
  }

  @Test func progressTellsSpeedAndTimeLeftByTheGivenClock() throws {
    let data = try linear(100)
    var time = 0.0
    var last: TrainingProgress?
    let settings = TrainingSettings(method: .steps(StepSettings(epochs: 10, batch: 50)))
    _ = try Trainer(model: ModelSettings(.bradleyTerry), settings: settings, data: data).run(
      clock: {
        time += 1
        return time
      },
      onProgress: { progress in
        // The clock is read once per report, so a step takes a second.
        #expect(progress.pairsPerSecond.map { abs($0 - 50) < 1e-9 } == true)
        #expect(progress.secondsLeft.map { abs($0 - Double(20 - progress.step)) < 1e-9 } == true)
        last = progress
        return true
      })
    #expect(last?.step == 20)
    #expect(last?.steps == 20)
    #expect(last?.epoch == 10)
  }

  @Test func aSoftLabelIsLearnedAsAProbability() throws {
    let data = try EncodedDataset(
      features: items(4),
      pairs: [
        EncodedPair(chosen: 0, rejected: 1, prompt: 0, target: 0.8),
        EncodedPair(chosen: 2, rejected: 3, prompt: 1, target: 0.4),
      ])
    let result = try train(.bradleyTerry, data)
    let margins = result.network.margins([RowPair(0, 1), RowPair(2, 3)], features: data.features)
    #expect(abs(margins[0] - log(4)) <= 1e-3)
    #expect(abs(margins[1] - log(0.4 / 0.6)) <= 1e-3)
  }

  @Test func tiesPullRewardsTogether() throws {
    let data = try EncodedDataset(
      features: items(2),
      pairs: [
        EncodedPair(chosen: 0, rejected: 1, prompt: 0, weight: 3),
        EncodedPair(chosen: 0, rejected: 1, prompt: 1, tie: 1),
      ])
    // Davidson: weights 3 : 0 : 1 of win, loss and tie are met where e^(z/2)/ν = 3 as far as a loss allows; the slope is 0.
    let loss = PairLoss(.ties(.davidson(strength: 1)))
    let result = try train(.bradleyTerry, data, loss: loss)
    let z = result.network.margins([RowPair(0, 1)], features: data.features)[0]
    let slope = 3 * loss.value(score: z).slope + loss.value(score: z, tie: 1).slope
    #expect(abs(slope) <= 1e-2)
  }
}
