import Foundation
import Hustings
import HustingsTraining
import Testing

/// What can be known of a population from what its members say: specification tests B1 to B4, worked there with exact
/// fractions and with a population EM in numpy.
@Suite("Identification")
struct IdentificationTests {
  /// A share of the population and the strengths of the responses to it.
  private typealias Mixture = [(share: Double, strengths: [Double])]

  private func probability(_ mixture: Mixture, _ order: [Int], places: Int? = nil) -> Double {
    var total = 0.0
    for part in mixture {
      let scores = order.map { Double.log(part.strengths[$0]) }
      total += part.share * exp(VoteLikelihood().value(scores: scores, places: places).logProbability)
    }
    return total
  }

  private let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
  private let a: Mixture = [(0.5, [4, 2, 1]), (0.5, [1, 2, 4])]
  private let b: Mixture = [(0.5, [4, 1, 1]), (0.5, [1, 4, 4])]
  private let c: Mixture = [(1, [1, 1, 1])]

  @Test func pairsCannotTellThreePopulationsThatTriplesCan() {
    for mixture in [a, b, c] {
      for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        #expect(abs(probability(mixture, [i, j]) - 0.5) < 1e-12)
      }
    }
    check(a, tops: (14, [5, 4, 5]), full: (14, [3, 2, 2, 2, 2, 3]))
    check(b, tops: (36, [14, 11, 11]), full: (36, [7, 7, 4, 7, 4, 7]))
    check(c, tops: (3, [1, 1, 1]), full: (6, [1, 1, 1, 1, 1, 1]))
  }

  /// Probabilities as fractions: a denominator and numerators.
  private func check(_ mixture: Mixture, tops: (Double, [Double]), full: (Double, [Double])) {
    for (first, count) in zip([[0, 1, 2], [1, 0, 2], [2, 0, 1]], tops.1) {
      let found: Double = probability(mixture, first, places: 1)
      #expect(abs(found - count / tops.0) < 1e-12)
    }
    for (order, count) in zip(orders, full.1) {
      let found: Double = probability(mixture, order)
      #expect(abs(found - count / full.0) < 1e-12)
    }
  }

  @Test func askingOneUserTwiceTellsThemApart() {
    let expected = [[0.277778, 0.34, 0.277778], [0.34, 0.34, 0.25], [0.25, 0.25, 0.25]]
    for (mixture, values) in zip([a, b, c], expected) {
      for (pair, value) in zip([[0, 1], [0, 2], [1, 2]], values) {
        var twice = 0.0
        for part in mixture {
          let once = part.strengths[pair[0]] / (part.strengths[pair[0]] + part.strengths[pair[1]])
          twice += part.share * once * once
        }
        #expect(abs(twice - value) < 1e-6)
      }
    }
  }

  @Test func equalMarginsNeedNotBeEven() {
    let third = 1.0 / 3
    let one: Mixture = [(third, [1, 2, 8]), (1 - third, [1, 2, 3])]
    let two: Mixture = [(third, [1, 4, 8]), (1 - third, [2, 3, 6])]
    let pairs: [([Int], Double)] = [([0, 1], third), ([0, 2], 11.0 / 54.0), ([1, 2], third)]
    for (pair, value) in pairs {
      #expect(abs(probability(one, pair) - value) < 1e-12)
      #expect(abs(probability(two, pair) - value) < 1e-12)
    }
    #expect(abs(probability(one, [0, 1, 2], places: 1) - 14.0 / 99.0) < 1e-12)
    #expect(abs(probability(two, [0, 1, 2], places: 1) - 21.0 / 143.0) < 1e-12)
    #expect(abs(probability(one, [1, 0, 2], places: 1) - 28.0 / 99.0) < 1e-12)
    #expect(abs(probability(two, [1, 0, 2], places: 1) - 122.0 / 429.0) < 1e-12)
  }

  @Test func oneMenuIsNotEnoughAndASecondIs() {
    let d: Mixture = [(0.5, [4, 1, 1]), (0.5, [2.0 / 3.0, 1, 1])]
    let e: Mixture = [(100.0 / 151.0, [3, 1, 1]), (51.0 / 151.0, [26.0 / 59.0, 1, 1])]
    let (first, second, third) = (11.0 / 48.0, 17.0 / 120.0, 31.0 / 240.0)
    let values: [Double] = [first, first, second, third, second, third]
    for (order, value) in zip(orders, values) {
      #expect(abs(probability(d, order) - value) < 1e-12)
      #expect(abs(probability(e, order) - value) < 1e-12)
    }
    func squared(_ mixture: Mixture) -> Mixture {
      mixture.map { (share: $0.share, strengths: $0.strengths.map { $0 * $0 }) }
    }
    let apart: [([Int], Double, Double)] = [
      ([0, 1, 2], 0.267677, 0.285867), ([1, 0, 2], 0.089081, 0.079216), ([0, 1], 0.624434, 0.650950),
    ]
    for (order, first, second) in apart {
      #expect(abs(probability(squared(d), order) - first) < 1e-6)
      #expect(abs(probability(squared(e), order) - second) < 1e-6)
    }
  }

  // Menus of three responses with two features each; an annotator for every outcome, who counts its probability.
  private let menus: [[[Double]]] = [
    [[1, 0], [0, 1], [0, 0]], [[1, 1], [-1, 0], [0, 0]], [[2, 0], [1, -1], [0, 0]],
    [[0, 2], [-1, 1], [0, 0]],
    [[0.5, 0.5], [1, -0.5], [0, 0]],
  ]

  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case ranking, best, binary
    var testDescription: String { rawValue }
  }

  private func population(_ kind: Kind, types: [[Double]], shares: [Double]) throws -> (
    VotePanel, LinearScores
  ) {
    var builder = VotePanelBuilder()
    var rows: [Float] = []
    for (number, menu) in menus.enumerated() {
      let place = builder.menu(Prompt("menu \(number)"))
      let responses = menu.indices.map { builder.response(Response("\(number) \($0)"), to: place) }
      rows += menu.joined().map(Float.init)
      let shown: [[Int]] = kind == .binary ? [[0, 1], [0, 2], [1, 2]] : [[0, 1, 2]]
      for items in shown {
        let orders =
          items.count == 2
          ? [items, Array(items.reversed())]
          : kind == .best ? [[0, 1, 2], [1, 0, 2], [2, 0, 1]] : self.orders
        for order in orders {
          let places = kind == .ranking ? 2 : 1
          var chance = 0.0
          for (type, share) in zip(types, shares) {
            let scores = order.map { type[0] * menu[$0][0] + type[1] * menu[$0][1] }
            chance += share * exp(VoteLikelihood().value(scores: scores, places: places).logProbability)
          }
          let annotator = try builder.annotator(
            "\(number) \(order)", weight: chance / Double(menus.count * shown.count))
          try builder.add(
            Vote(placed: (0..<places).map { [$0] }, shown: order.count),
            on: order.map { responses[$0] }, of: place, by: annotator)
        }
      }
    }
    return (
      try builder.build(),
      LinearScores(FeatureMatrix(count: menus.count * 3, denseWidth: 2, dense: rows))
    )
  }

  private func em(
    _ kind: Kind, types: [[Double]], shares: [Double], from start: [[Double]], startShares: [Double],
    steps: Int
  ) throws -> TypeMixture {
    let (panel, family) = try population(kind, types: types, shares: shares)
    let settings = TypeSettings(types: 2, iterations: steps, tolerance: 0, ridge: 0, precision: 1e-11)
    return try TypeSearch(panel, family, settings).run(from: .policies(start, shares: startShares))
  }

  private let opposite = [[1.5, -0.5], [-1.5, 0.5]]

  @Test(arguments: [
    (Kind.ranking, [0.891688, -0.218849, -1.023665, 0.354559], 0.542142, -1.71574140),
    (.best, [0.746141, -0.213323, -0.928508, 0.319970], 0.559107, -1.08182359),
    (.binary, [0.659248, -0.183583, -0.835669, 0.316377], 0.572009, -0.69336885),
  ])
  func oneStepTowardsOppositeTypes(
    kind: Kind, parameters: [Double], share: Double, logLikelihood: Double
  ) throws {
    let mixture = try em(
      kind, types: opposite, shares: [0.5, 0.5], from: [[1, 0], [-0.5, 0.5]], startShares: [0.6, 0.4],
      steps: 1)
    for (value, expected) in zip(mixture.parameters.joined(), parameters) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(abs(mixture.shares[0] - share) < 1e-6)
    #expect(abs(mixture.logLikelihood - logLikelihood) < 1e-8)
  }

  @Test(arguments: [
    (Kind.ranking, [1.499661, -0.499869, -1.500324, 0.500121], 0.500070),
    (.best, [1.400339, -0.472661, -1.637999, 0.557027], 0.525180),
    (.binary, [0.616425, -0.213014, -0.842160, 0.288338], 0.566200),
  ])
  func fiftyStepsRecoverOppositeTypesFromTriplesOnly(kind: Kind, parameters: [Double], share: Double) throws {
    let mixture = try em(
      kind, types: opposite, shares: [0.5, 0.5], from: [[1, 0], [-0.5, 0.5]], startShares: [0.6, 0.4],
      steps: 50)
    for (value, expected) in zip(mixture.parameters.joined(), parameters) {
      #expect(abs(value - expected) < 2e-6)
    }
    #expect(abs(mixture.shares[0] - share) < 2e-6)
    #expect(mixture.largestFall < 1e-12)
  }

  @Test func singlePairsOfOppositeTypesAreNeverExplained() throws {
    let mixture = try em(
      .binary, types: opposite, shares: [0.5, 0.5], from: [[1, 0], [-0.5, 0.5]], startShares: [0.6, 0.4],
      steps: 3000)
    for (value, expected) in zip(mixture.parameters.joined(), [0.5303, -0.2412, -0.5866, 0.2666]) {
      #expect(abs(value - expected) < 1e-3)
    }
    // As likely as the truth, and wrong.
    #expect(abs(mixture.logLikelihood + Double.log(2)) < 1e-5)
    #expect(abs(mixture.parameters[0][0] - 1.5) > 0.9)
  }

  @Test(arguments: [(Kind.binary, -0.6520457429), (.ranking, -1.6614727814)])
  func typesThatAreNoMirrorImagesAreRecoveredFromSinglePairs(kind: Kind, logLikelihood: Double) throws {
    let mixture = try em(
      kind, types: [[1.5, -0.5], [-0.5, 1]], shares: [0.6, 0.4], from: [[1, 0], [0, 0.5]],
      startShares: [0.5, 0.5], steps: 6000)
    for (value, expected) in zip(mixture.parameters.joined(), [1.5, -0.5, -0.5, 1]) {
      #expect(abs(value - expected) < 1e-4)
    }
    #expect(abs(mixture.shares[0] - 0.6) < 1e-4)
    #expect(abs(mixture.logLikelihood - logLikelihood) < 1e-9)
  }
}
