import Foundation
import Hustings
import HustingsNumerics
import Testing

@testable import HustingsTraining

/// Votes on enough rows of enough features that products are made in 32 bits.
@Suite struct BinaryVotesTests {
  private let panel: VotePanel
  private let family: LinearScores
  private let weights: [[Double]]
  /// The same, pattern by pattern.
  private let small: FloatBuffer
  private let parameters: [[Double]]

  init() throws {
    var builder = VotePanelBuilder()
    var dice = CounterGenerator(seed: 3, identity: "votes")
    for annotator in 0..<40 {
      let number = try builder.annotator("\(annotator)")
      for _ in 0..<30 {
        let prompt = dice.nextIndex(below: 300)
        let menu = builder.menu(Prompt("\(prompt)"))
        let places = (0..<4).map { builder.response(Response("\(prompt) \($0)"), to: menu) }
        let order = dice.permutation(4)
        try builder.add(.best(0, of: 2), on: [places[order[0]], places[order[1]]], of: menu, by: number)
      }
    }
    let built = try builder.build()
    panel = built
    let width = 300
    family = LinearScores(
      FeatureMatrix(
        count: built.rowCount, denseWidth: width,
        dense: (0..<built.rowCount * width).map { _ in Float(0.1 * dice.nextNormal()) }))
    weights = (0..<3).map { _ in (0..<built.patterns.count).map { _ in dice.nextUniform() } }
    let weights = weights
    small = FloatBuffer(
      (0..<built.patterns.count).flatMap { pattern in weights.map { Float($0[pattern]) } })
    parameters = (0..<3).map { _ in (0..<width).map { _ in dice.nextNormal() } }
  }

  @Test func severalPoliciesAtOnceAreWhatEachIsAlone() throws {
    let votes = try #require(BinaryVotes(panel, family, VoteLikelihood(), ridge: 0.5))
    let objective = VoteObjective(panel, family, VoteLikelihood(), ridge: 0.5)
    let totals = weights.map { $0.reduce(0, +) }
    let found = votes.evaluate(parameters, weights: small.pointer, totals: totals, workers: 2)
    for policy in 0..<3 {
      let alone = weights[policy].withUnsafeBufferPointer { weights in
        weights.baseAddress.map {
          objective.evaluate(parameters[policy], weights: $0, total: totals[policy], workers: 1)
        }
      }
      let expected = try #require(alone)
      #expect(abs(found[policy].value - expected.value) < 1e-6)
      for (a, b) in zip(found[policy].gradient, expected.gradient) { #expect(abs(a - b) < 1e-6) }
    }
    let logs = votes.logProbabilities(parameters, workers: 2)
    for policy in 0..<3 {
      for (pattern, log) in objective.logProbabilities(parameters[policy], workers: 1).enumerated() {
        #expect(abs(logs[pattern * 3 + policy] - log) < 1e-5 * max(1, abs(log)))
      }
    }
  }

  @Test func threadsChangeNoBit() throws {
    let votes = try #require(BinaryVotes(panel, family, VoteLikelihood(), ridge: 0.5))
    func found(_ workers: Int) -> [[Double]] {
      votes.evaluate(parameters, weights: small.pointer, totals: [1, 2, 3], workers: workers)
        .map { [$0.value] + $0.gradient }
    }
    #expect(found(1) == found(2))
    #expect(found(1) == found(5))
  }

  @Test func otherVotesAndPoliciesAreLeftToTheGeneralLikelihood() throws {
    #expect(BinaryVotes(panel, family, VoteLikelihood(tieStrength: 1), ridge: 0) == nil)
    let short = LinearScores(
      FeatureMatrix(
        count: panel.rowCount, denseWidth: 2, dense: [Float](repeating: 1, count: 2 * panel.rowCount)))
    #expect(BinaryVotes(panel, short, VoteLikelihood(), ridge: 0) == nil)
    var builder = VotePanelBuilder()
    let annotator = try builder.annotator("a")
    let menu = builder.menu(Prompt("p"))
    let places = (0..<3).map { builder.response(Response("\($0)"), to: menu) }
    try builder.add(Vote(placed: [[0], [1], [2]], shown: 3), on: places, of: menu, by: annotator)
    let ranking = try builder.build()
    let wide = LinearScores(
      FeatureMatrix(count: 3, denseWidth: 100_000, dense: [Float](repeating: 0, count: 300_000)))
    #expect(BinaryVotes(ranking, wide, VoteLikelihood(), ridge: 0) == nil)
  }

  /// EM over types whose maximisations share readings ends where the same maximised one by one does.
  @Test func emRisesAndKeepsItsBitsOnAnyNumberOfThreads() throws {
    let settings = TypeSettings(types: 2, iterations: 6, ridge: 1, precision: 1e-6, seed: 1)
    let one = try TypeSearch(panel, family, settings, workers: 1).run(from: .clusters(seed: 1))
    let two = try TypeSearch(panel, family, settings, workers: 2).run(from: .clusters(seed: 1))
    #expect(one.parameters == two.parameters)
    #expect(one.largestFall < 1e-6)
  }
}
