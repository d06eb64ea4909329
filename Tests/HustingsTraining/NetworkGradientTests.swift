import Foundation
import Hustings
import HustingsNumerics
import Testing

@testable import HustingsTraining

/// Every head over every body against the same model written out in double precision, and its central differences.
@Suite struct NetworkGradientTests {
  static let heads: [Head] = [
    .bradleyTerry,
    .general(GeneralSettings(dimension: 4)),
    .general(GeneralSettings(dimension: 4, penalty: 0.4)),
    .general(GeneralSettings(dimension: 6, gate: Gate(.softmax, power: .second), penalty: 0.4)),
    .general(GeneralSettings(dimension: 6, normalises: true, gate: Gate(.softmax), start: .random)),
    .general(GeneralSettings(dimension: 4, gate: Gate(.scaledSoftmax, power: .second), start: .random)),
    .general(GeneralSettings(dimension: 2, normalises: true, start: .random)),
    .decomposed(DecomposedSettings(dimension: 4, penalty: 0.3)),
    .decomposed(DecomposedSettings(dimension: 2, normalises: true, gate: Gate(.scaledSoftmax), penalty: 0)),
    .pairwise(PairwiseSettings(order: .both)),
    .pairwise(PairwiseSettings(order: .drawn)),
    .distributional(DistributionSettings(.gaussian)),
    .distributional(DistributionSettings(.categorical(levels: 5, evenness: 0.1))),
  ]
  static let bodies: [([Int], Activation)] = [
    ([], .relu), ([5], .tanh), ([20, 3], .gelu), ([7, 4], .tanh),
  ]

  struct Setup {
    let network: PreferenceNetwork
    let features: FeatureMatrix
    let prompts: FeatureMatrix
    let batch: PairBatch
    let loss = PairLoss(temperature: 0.7, margin: .unsigned(scale: 0.5), smoothing: 0.1)

    init(_ head: Head, _ body: ([Int], Activation), _ kind: Toy.Kind) throws {
      features = Toy.features(kind, rows: 30, columns: 6)
      prompts = Toy.features(.dense, rows: 5, columns: 3)
      let settings = ModelSettings(head, hidden: body.0, activation: body.1)
      var network = try PreferenceNetwork(
        settings, inputs: features.width, promptInputs: 3, temperature: 0.7, seed: 4)
      // Away from the start, where some gradients are zero by symmetry.
      for (index, value) in Toy.numbers(network.parameterCount, "weights").enumerated() {
        network.parameters[index] += 0.3 * value
      }
      self.network = network
      let table = try PairTable(Toy.pairs(16, rows: 30), loss: loss)
      if case .pairwise(let pairwise) = head {
        batch = PairBatch(table, Array(0..<16)[...], order: pairwise.order, seed: 1, epoch: 0)
      } else {
        batch = PairBatch(table, Array(0..<16)[...])
      }
    }

    /// The mean objective of the batch in 64 bits.
    func objective(_ reference: ReferenceNetwork) -> Double {
      var (sum, weight) = (0.0, 0.0)
      for i in 0..<batch.count {
        let parts = reference.score(
          Toy.row(features, batch.first[i]), Toy.row(features, batch.second[i]),
          prompt: Toy.row(prompts, batch.prompt[i]))
        let value = loss.value(
          score: Double(batch.sign?[i] ?? 1) * parts.score, margin: batch.margin.map { Double($0[i]) },
          target: Double(batch.target[i]))
        sum += Double(batch.weight[i]) * value.loss
        let penalty = network.settings.head.penalty
        sum += Double(batch.weight[i]) * penalty * (parts.skew / 0.7) * (parts.skew / 0.7)
        weight += Double(batch.weight[i])
      }
      if case .distributional(let settings) = network.settings.head,
        case .categorical(let levels, let evenness) = settings.kind
      {
        var mean = [Double](repeating: 0, count: levels)
        for i in 0..<batch.count {
          for row in [batch.first[i], batch.second[i]] {
            let shares = ReferenceNetwork.shares(reference.outputs(Toy.row(features, row)))
            for level in 0..<levels { mean[level] += Double(batch.weight[i]) * shares[level] / (2 * weight) }
          }
        }
        sum += weight * evenness * mean.reduce(0) { $0 + $1 * Foundation.log($1) }
      }
      return sum / weight
    }

    func run(workers: Int) -> (sums: BatchSums, gradient: [Float]) {
      let engine = PairEngine(
        network.shape, loss, features: features, prompts: prompts, pairs: batch.count,
        arithmetic: .tiles, workers: workers)
      var gradient = [Float](repeating: 0, count: network.parameterCount)
      let sums = engine.run(batch, parameters: network.parameters, gradient: &gradient)
      return (sums, gradient)
    }
  }

  @Test(arguments: heads, [0, 1, 2, 3])
  func lossAndGradientAreThoseOfTheModelInDoublePrecision(_ head: Head, _ body: Int) throws {
    for kind in Toy.Kind.allCases {
      let setup = try Setup(head, Self.bodies[body], kind)
      let (sums, gradient) = setup.run(workers: 1)
      var reference = ReferenceNetwork(setup.network)
      #expect(agree(sums.meanObjective, setup.objective(reference), relative: 1e-5))
      // A few parameters of every tensor.
      for tensor in setup.network.shape.tensors {
        for index in stride(from: 0, to: tensor.count, by: max(1, tensor.count / 6)) {
          let here = reference.tensors[tensor.name]?[index] ?? 0
          let step = 1e-5
          reference.tensors[tensor.name]?[index] = here + step
          let up = setup.objective(reference)
          reference.tensors[tensor.name]?[index] = here - step
          let down = setup.objective(reference)
          reference.tensors[tensor.name]?[index] = here
          let slope = (up - down) / (2 * step)
          let found = Double(gradient[tensor.offset + index])
          #expect(
            abs(found - slope) <= 2e-5 * max(1, abs(slope)),
            "\(kind) \(tensor.name)[\(index)]: \(found), by differences \(slope)")
        }
      }
    }
  }

  @Test(arguments: heads)
  func theNumberOfWorkersChangesNoBitOfAGradient(_ head: Head) throws {
    for kind in Toy.Kind.allCases {
      let features = Toy.features(kind, rows: 900, columns: 40)
      let network = try PreferenceNetwork(
        ModelSettings(head, hidden: [24]), inputs: features.width, promptInputs: 3, seed: 2)
      let table = try PairTable(Toy.pairs(700, rows: 900), loss: PairLoss())
      let positions = Array(0..<700)[...]
      let batch: PairBatch =
        if case .pairwise(let pairwise) = head {
          PairBatch(table, positions, order: pairwise.order, seed: 1, epoch: 0)
        } else {
          PairBatch(table, positions)
        }
      func gradient(_ workers: Int) -> [Float] {
        let engine = PairEngine(
          network.shape, PairLoss(), features: features, prompts: Toy.features(.dense, rows: 5, columns: 3),
          pairs: batch.count, arithmetic: .tiles, workers: workers)
        var gradient = [Float](repeating: 0, count: network.parameterCount)
        _ = engine.run(batch, parameters: network.parameters, gradient: &gradient)
        return gradient
      }
      let one = gradient(1)
      #expect(one == gradient(2))
      #expect(one == gradient(5))
    }
  }

  /// W₁a + W₂b and W₁b + W₂a by sums and differences of a and b, beside the same by halves of the first layer.
  @Test(arguments: [Arithmetic.tiles, .fused], [[40], [24, 6]])
  func foldingBothOrdersChangesNoScoreAndNoSlope(_ arithmetic: Arithmetic, _ hidden: [Int]) throws {
    let features = Toy.features(.dense, rows: 900, columns: 70)
    let network = try PreferenceNetwork(
      ModelSettings(.pairwise(PairwiseSettings(order: .both)), hidden: hidden, activation: .gelu),
      inputs: 70, seed: 3)
    let table = try PairTable(Toy.pairs(150, rows: 900), loss: PairLoss())
    var batch = PairBatch(table, Array(0..<150)[...], order: .both, seed: 1, epoch: 0)
    func run() -> (scores: [Float], sums: BatchSums, gradient: [Float]) {
      let engine = PairEngine(
        network.shape, PairLoss(), features: features, prompts: nil, pairs: 150,
        arithmetic: arithmetic, workers: 2)
      // What is there stays, as batches of a full solve add up.
      var gradient = [Float](repeating: 1, count: network.parameterCount)
      let sums = engine.run(batch, parameters: network.parameters, gradient: &gradient)
      #expect(engine.isFolded == batch.hasBothOrders)
      return (Array(UnsafeBufferPointer(start: engine.scores, count: batch.count)), sums, gradient)
    }
    let folded = run()
    batch.hasBothOrders = false
    let halved = run()
    #expect(agree(folded.sums.loss, halved.sums.loss, relative: 1e-6))
    for (a, b) in zip(folded.scores, halved.scores) { #expect(abs(a - b) <= 2e-5) }
    for (a, b) in zip(folded.gradient, halved.gradient) { #expect(abs(a - b) <= 1e-5) }
    #expect(halved.gradient.contains { abs($0 - 1) > 0.01 })
  }

  @Test
  func responsesInManyPairsAreReadOnce() throws {
    let network = try PreferenceNetwork(
      ModelSettings(.pairwise(PairwiseSettings(order: .both)), hidden: [40]), inputs: 6, seed: 3)
    let table = try PairTable(Toy.pairs(100, rows: 12), loss: PairLoss())
    let batch = PairBatch(table, Array(0..<100)[...], order: .both, seed: 1, epoch: 0)
    let engine = PairEngine(
      network.shape, PairLoss(), features: Toy.features(.dense, rows: 12, columns: 6), prompts: nil,
      pairs: 100, arithmetic: .fused, workers: 1)
    var gradient = [Float](repeating: 0, count: network.parameterCount)
    _ = engine.run(batch, parameters: network.parameters, gradient: &gradient)
    #expect(!engine.isFolded)
  }

  @Test(arguments: heads)
  func marginsAreTheReferencesScoresOverTheTemperature(_ head: Head) throws {
    let setup = try Setup(head, ([5], .tanh), .mixed)
    let pairs = (0..<25).map { RowPair($0, ($0 * 7 + 3) % 30, prompt: $0 % 5) }.filter {
      $0.first != $0.second
    }
    let margins = setup.network.margins(pairs, features: setup.features, prompts: setup.prompts)
    let reference = ReferenceNetwork(setup.network)
    for (pair, margin) in zip(pairs, margins) {
      let (a, b) = (Toy.row(setup.features, pair.first), Toy.row(setup.features, pair.second))
      let prompt = Toy.row(setup.prompts, pair.prompt)
      let there = reference.score(a, b, prompt: prompt).score
      let back = reference.score(b, a, prompt: prompt).score
      #expect(abs(margin - (there - back) / 2 / 0.7) <= 1e-4)
    }
    // Either order gives the same answer, negated.
    let swapped = setup.network.margins(
      pairs.map(\.swapped), features: setup.features, prompts: setup.prompts)
    #expect(zip(margins, swapped).allSatisfy { $0 == -$1 })
  }

  @Test func outputsAndScalesAreWhatMarginsAreMadeOf() throws {
    let head = Head.general(
      GeneralSettings(dimension: 4, normalises: true, gate: Gate(.softmax), start: .random))
    let setup = try Setup(head, ([5], .relu), .dense)
    let rows = (0..<Int32(30)).map { $0 }
    let outputs = try #require(setup.network.outputs(of: rows, features: setup.features, workers: 2))
    let scales = try #require(setup.network.planeScales(of: [2], prompts: setup.prompts))
    let form = try #require(head.form)
    let parts = form.parts(Array(outputs[row: 3]), Array(outputs[row: 8]), scales: scales.values)
    let margin = setup.network.margins(
      [RowPair(3, 8, prompt: 2)], features: setup.features, prompts: setup.prompts)[0]
    #expect(abs(Double(parts.skew) / 0.7 - margin) <= 1e-5)
    #expect(abs(scales.values.reduce(0, +) - 1) <= 1e-6)
    #expect(setup.network.rewards(of: rows, features: setup.features) == nil)
  }
}
