import Hustings
import HustingsNumerics
import Testing

@testable import HustingsTraining

/// A model with random weights over random features.
private func random(_ head: Head, hidden: [Int] = [6], temperature: Double = 0.8) throws -> PreferenceNetwork
{
  var network = try PreferenceNetwork(
    ModelSettings(head, hidden: hidden, activation: .tanh), inputs: 5, promptInputs: 3,
    temperature: temperature,
    seed: 1)
  for (index, value) in Toy.numbers(network.parameterCount, "weights").enumerated() {
    network.parameters[index] = value
  }
  return network
}

private let features = Toy.features(.dense, rows: 12, columns: 5)
private let prompts = Toy.features(.dense, rows: 4, columns: 3)

@Suite struct HeadTests {
  @Test(arguments: [1, 3, 7, 0, -2])
  func anOddDimensionIsRefusedInOneSentence(_ dimension: Int) {
    for head in [
      Head.general(GeneralSettings(dimension: dimension)),
      .decomposed(DecomposedSettings(dimension: dimension, penalty: 0)),
    ] {
      #expect(throws: TrainingFault.oddDimension(dimension)) { try ModelSettings(head).check() }
    }
    #expect("\(TrainingFault.oddDimension(3))".contains("even"))
  }

  @Test func aPenaltyNeedsAPlaneThatIsBradleyTerry() throws {
    for head in [
      GeneralSettings(dimension: 4, normalises: true, penalty: 1),
      GeneralSettings(dimension: 4, start: .random, penalty: 1), GeneralSettings(dimension: 4, penalty: -1),
    ] {
      #expect(throws: TrainingFault.self) { try ModelSettings(.general(head)).check() }
    }
    try ModelSettings(.general(GeneralSettings(dimension: 4, penalty: 1))).check()
  }

  @Test func aGateNeedsPromptFeatures() {
    let head = Head.general(GeneralSettings(dimension: 4, gate: Gate(.softmax)))
    #expect(throws: TrainingFault.noPromptFeatures) {
      try PreferenceNetwork(ModelSettings(head), inputs: 5, seed: 1)
    }
  }

  /// Whatever the body says, the first plane at the start is (r, 1), and r alone decides.
  @Test func aGeneralModelStartsAsBradleyTerry() throws {
    let settings = ModelSettings(.general(GeneralSettings(dimension: 2)), hidden: [6])
    let network = try PreferenceNetwork(settings, inputs: 5, seed: 1)
    let rows = (0..<Int32(12)).map { $0 }
    let outputs = try #require(network.outputs(of: rows, features: features))
    let pairs = [RowPair(0, 5), RowPair(7, 2), RowPair(11, 3)]
    for (pair, margin) in zip(pairs, network.margins(pairs, features: features)) {
      let (a, b) = (Int(pair.first), Int(pair.second))
      #expect(outputs[a, 1] == 1)
      #expect(abs(margin - Double(outputs[a, 0] - outputs[b, 0])) <= 1e-6)
      #expect(abs(margin) > 1e-4)
    }
  }

  @Test func aLinearGeneralModelStartsIndifferentInItsFirstPlane() throws {
    let settings = ModelSettings(.general(GeneralSettings(dimension: 4)))
    let network = try PreferenceNetwork(settings, inputs: 5, seed: 1)
    let outputs = try #require(network.outputs(of: [0, 1], features: features))
    #expect(outputs[0, 0] == 0)
    #expect(outputs[0, 1] == 1)
    #expect(outputs[0, 2] != 0)
  }

  @Test func startsArePureFunctionsOfTheSeed() throws {
    for head in NetworkGradientTests.heads {
      let settings = ModelSettings(head, hidden: [4])
      let a = try PreferenceNetwork(settings, inputs: 5, promptInputs: 3, seed: 1)
      #expect(try PreferenceNetwork(settings, inputs: 5, promptInputs: 3, seed: 1) == a)
      #expect(try PreferenceNetwork(settings, inputs: 5, promptInputs: 3, seed: 2) != a)
    }
  }

  @Test(arguments: NetworkGradientTests.heads)
  func onlyAModelThatReadsPairsDependsOnTheOrder(_ head: Head) throws {
    let network = try random(head)
    let pairs = (0..<11).map { RowPair($0, $0 + 1, prompt: $0 % 4) }
    let report = try #require(network.swapReport(pairs, features: features, prompts: prompts))
    if case .pairwise = head {
      // By the definition, pair by pair.
      let there = network.presentedMargins(pairs, features: features)
      let back = network.presentedMargins(pairs.map(\.swapped), features: features)
      let errors = zip(there, back).map { abs(logistic($0) + logistic($1) - 1) }
      #expect(abs(report.error - errors.reduce(0, +) / 11) <= 1e-12)
      #expect(report.error > 0.01)
      #expect(report.flipRate == Double(zip(there, back).filter { $0 * $1 > 0 }.count) / 11)
    } else {
      #expect(report.error <= 1e-15)
      #expect(report.flipRate == 0)
    }
    #expect(network.swapReport([], features: features) == nil)
  }

  /// The split against its definition: rewards are row means of the table of margins, the rest is what they leave.
  @Test(arguments: NetworkGradientTests.heads)
  func marginsSplitIntoRewardsAndCycles(_ head: Head) throws {
    let network = try random(head)
    let rows = (0..<Int32(12)).map { $0 }
    let scales = network.planeScales(of: [1], prompts: prompts)?.values.map(Double.init)
    guard let split = network.marginSplit(of: rows, features: features, scales: scales) else {
      #expect(network.settings.head.form == nil)
      return
    }
    let all = rows.flatMap { i in rows.map { RowPair(Int(i), Int($0), prompt: 1) } }
    let margins = network.margins(all, features: features, prompts: prompts)
    let means = (0..<12).map { i in (0..<12).reduce(0) { $0 + margins[12 * i + $1] } / 12 }
    var (total, left) = (0.0, 0.0)
    for i in 0..<12 {
      #expect(abs(split.rewards[i] - means[i]) <= 1e-4)
      for j in 0..<12 {
        let margin = margins[12 * i + j]
        total += margin * margin / 144
        left += (margin - means[i] + means[j]) * (margin - means[i] + means[j]) / 144
      }
    }
    #expect(agree(split.total, total, relative: 1e-4))
    #expect(abs(split.cyclic - left) <= 1e-4 * total)
    if head == .bradleyTerry { #expect(split.cyclicShare == 0) }
  }

  @Test func aGeneralModelThatIsBradleyTerryInDisguiseHasNoCycles() throws {
    let settings = ModelSettings(.general(GeneralSettings(dimension: 2)))
    var network = try PreferenceNetwork(settings, inputs: 5, seed: 1)
    for (index, tensor) in network.shape.tensors.enumerated() where index == 0 {
      for input in 0..<5 { network.parameters[tensor.offset + 2 * input] = Float(input) - 2 }
    }
    let split = try #require(network.marginSplit(of: (0..<Int32(12)).map { $0 }, features: features))
    #expect(split.total > 1)
    #expect(split.cyclicShare.map { $0 < 1e-9 } == true)
  }

  @Test(arguments: NetworkGradientTests.heads)
  func judgingGivesTheModelsOwnKindOfTournament(_ head: Head) throws {
    let network = try random(head)
    let slates = [
      EncodedSlate(responses: [3, 0, 7], prompt: 2), EncodedSlate(responses: [1, nil], prompt: 0),
      EncodedSlate(responses: [5], prompt: 1),
    ]
    let tournaments = network.judge(slates, features: features, prompts: prompts)
    #expect(tournaments.map(\.count) == [3, 2, 1])
    let expected = network.margins(
      [RowPair(3, 0, prompt: 2), RowPair(3, 7, prompt: 2), RowPair(0, 7, prompt: 2)], features: features,
      prompts: prompts)
    for (matchup, margin) in zip([(0, 1), (0, 2), (1, 2)], expected) {
      let found = try #require(tournaments[0].margin(matchup.0, matchup.1))
      #expect(abs(found - margin) <= 1e-5)
    }
    #expect(tournaments[0].isOrdered == (network.kind == .pairwise))
    #expect((tournaments[0].rewards != nil) == (network.kind == .reward))
    // What has no encoding has no margin, not a margin of 0.
    #expect(tournaments[1].margin(0, 1) == nil)
    #expect(tournaments[1].absence(0, 1)?.kind == .abstention)
  }
}
