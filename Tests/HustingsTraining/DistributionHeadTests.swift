import Foundation
import Hustings
import HustingsNumerics
import Testing

@testable import HustingsTraining

@Suite struct DistributionHeadTests {
  static let kinds: [DistributionSettings] = [
    DistributionSettings(.gaussian), DistributionSettings(.categorical(levels: 2, evenness: 0)),
    DistributionSettings(.categorical(levels: 10, evenness: 0.1)),
  ]

  /// The score and its derivatives by the outputs of both responses.
  private func value(
    _ settings: DistributionSettings, _ a: [Double], _ b: [Double]
  ) -> (score: Double, a: [Double], b: [Double]) {
    var scratch = [Double](repeating: 0, count: 4 * settings.width)
    var (first, second) = (
      [Double](repeating: 0, count: settings.width), [Double](repeating: 0, count: settings.width)
    )
    let score = scratch.withUnsafeMutableBufferPointer { scratch in
      first.withUnsafeMutableBufferPointer { first in
        second.withUnsafeMutableBufferPointer { second -> Double? in
          guard let work = scratch.baseAddress, let x = first.baseAddress, let y = second.baseAddress else {
            return nil
          }
          return settings.score(a, b, scratch: work, slopes: (x, y))
        }
      }
    }
    return (score ?? .nan, first, second)
  }

  private func outputs(_ settings: DistributionSettings, _ name: String) -> [Double] {
    Toy.numbers(settings.width, name).map { 2 * Double($0) }
  }

  @Test(arguments: kinds) func theGradientIsThatOfCentralDifferences(_ settings: DistributionSettings) {
    let (a, b) = (outputs(settings, "a"), outputs(settings, "b"))
    let found = value(settings, a, b)
    for place in 0..<settings.width {
      for isFirst in [true, false] {
        func moved(_ step: Double) -> Double {
          var (x, y) = (a, b)
          if isFirst { x[place] += step } else { y[place] += step }
          return ReferenceNetwork.distributionScore(settings, x, y)
        }
        let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
        #expect(abs((isFirst ? found.a : found.b)[place] - slope) < 1e-7)
      }
    }
  }

  @Test(arguments: kinds) func swappingTwoResponsesNegatesTheScore(_ settings: DistributionSettings) {
    let (a, b) = (outputs(settings, "a"), outputs(settings, "b"))
    #expect(abs(value(settings, a, b).score + value(settings, b, a).score) < 1e-12)
    #expect(value(settings, a, a).score == 0)
  }

  /// √(2π)·(μ_a - μ_b)/√(σ_a² + σ_b²) with spreads of 1, where h = 0.
  @Test func aGaussianScoreIsTheGapOverTheSpreadOfTheDifference() {
    let settings = DistributionSettings(.gaussian)
    let expected = (2 * Double.pi).squareRoot() * 0.5 / 2.0.squareRoot()
    #expect(abs(value(settings, [0.8, 0], [0.3, 0]).score - expected) < 1e-5)
    // A response that people disagree about says less.
    #expect(value(settings, [0.8, 3], [0.3, 0]).score < expected / 2)
  }

  /// With shares (¾, ¼) and (¼, ¾) of two levels, P(a > b) = 1/16 + ½·(3/16 + 3/16) = ¼.
  @Test func aCategoricalScoreIsTheLogOddsOfStandingHigher() {
    let settings = DistributionSettings(.categorical(levels: 2, evenness: 0))
    let (low, high) = ([log(3.0), 0], [0, log(3.0)])
    #expect(abs(value(settings, low, high).score - log(1.0 / 3)) < 1e-12)
    #expect(abs(value(settings, high, low).score - log(3)) < 1e-12)
  }

  @Test func outputsOfAnySizeGiveFiniteScoresAndSlopes() {
    for settings in Self.kinds {
      for size in [50.0, 500, 1e6] {
        let a = (0..<settings.width).map { $0 == 0 ? size : -size }
        let found = value(settings, a, a.map { -$0 })
        #expect(found.score.isFinite)
        let slopes = found.a + found.b
        #expect(slopes.filter { !$0.isFinite }.isEmpty)
      }
    }
  }

  @Test func settingsThatCannotBeAreRefused() {
    for (levels, evenness) in [(1, 0.0), (10, -1), (10, .nan)] {
      let settings = DistributionSettings(.categorical(levels: levels, evenness: evenness))
      #expect(throws: TrainingFault.self) { try ModelSettings(.distributional(settings)).check() }
    }
  }

  @Test func aDistributionHasTheMeanAndDeviationOfItsLevels() {
    let levels = RewardDistribution(
      DistributionSettings(.categorical(levels: 3, evenness: 0)), outputs: [log(1.0), log(2.0), log(1.0)])
    #expect(abs(levels.mean - 0.5) < 1e-12)
    #expect(abs(levels.deviation - 0.125.squareRoot()) < 1e-12)
    #expect(levels.shares?.map { ($0 * 1e9).rounded() / 1e9 } == [0.25, 0.5, 0.25])
    let gaussian = RewardDistribution(DistributionSettings(.gaussian), outputs: [0.7, 0])
    #expect(gaussian.mean == 0.7)
    #expect(abs(gaussian.deviation - 1) < 1e-12)
    #expect(gaussian.shares == nil)
  }

  /// Half of the people want feature 0 and half do not; all want feature 1. A spread tells the first from a response that is liked
  /// as much by everybody, which one reward per response cannot.
  @Test func whatPeopleDisagreeAboutHasTheLargerSpread() throws {
    // Rows: 0 contested, 1 plain, 2 good. Votes: contested against plain 50:50, good against plain 90:10,
    // good against contested 65:35.
    let features = FeatureMatrix(
      count: 3, denseWidth: 3, dense: [1, 0, 0, 0, 1, 0, 0, 0, 1])
    func pair(_ a: Int, _ b: Int, _ share: Float) -> EncodedPair {
      EncodedPair(chosen: a, rejected: b, prompt: 0, target: share)
    }
    let data = try EncodedDataset(
      features: features, pairs: [pair(0, 1, 0.5), pair(2, 1, 0.9), pair(2, 0, 0.65)])
    let trained = try Trainer(
      model: ModelSettings(.distributional(DistributionSettings(.gaussian))),
      settings: TrainingSettings(method: .lbfgs(LBFGSSettings(ridge: 1e-4, iterations: 500))), data: data
    ).run()
    let found = try #require(trained.network.distributions(of: [0, 1, 2], features: features))
    #expect(found[0].deviation > 2 * found[1].deviation)
    let margins = trained.network.margins([RowPair(0, 1), RowPair(2, 1), RowPair(2, 0)], features: features)
    #expect(abs(margins[0]) < 0.05)
    #expect(abs(margins[1] - log(9)) < 0.1)
    #expect(abs(margins[2] - log(0.65 / 0.35)) < 0.1)
    #expect(trained.network.rewards(of: [0], features: features) == nil)
  }
}
