import Hustings
import HustingsNumerics
import Testing

@testable import HustingsTraining

/// Sums over who voted what, against the definition.
@Suite struct BallotsTests {
  /// Seven columns: four that are summed side by side and three that are summed one by one.
  private static let width = 7
  private let panel: VotePanel
  private let weights: [Double]

  init() throws {
    var builder = VotePanelBuilder()
    var dice = CounterGenerator(seed: 5, identity: "ballots")
    var weights: [Double] = []
    for annotator in 0..<60 {
      weights.append(0.5 + dice.nextUniform())
      let number = try builder.annotator("\(annotator)", weight: weights[annotator])
      for _ in 0..<annotator % 9 {
        let prompt = dice.nextIndex(below: 5)
        let menu = builder.menu(Prompt("\(prompt)"))
        let places = (0..<3).map { builder.response(Response("\(prompt) \($0)"), to: menu) }
        let order = dice.permutation(3)
        try builder.add(.best(0, of: 2), on: [places[order[0]], places[order[1]]], of: menu, by: number)
      }
    }
    panel = try builder.build()
    self.weights = weights
  }

  private func numbers(_ rows: Int) -> [Double] {
    var dice = CounterGenerator(seed: 6, identity: "values")
    return (0..<rows * Self.width).map { _ in dice.nextNormal() }
  }

  @Test func anAnnotatorsSumIsOverWhatTheyVoted() {
    let values = numbers(panel.patterns.count)
    let sums = Ballots(panel).sumsByAnnotator(values, width: Self.width, workers: 2)
    #expect(sums.count == panel.annotators.count * Self.width)
    for annotator in panel.annotators.indices {
      for column in 0..<Self.width {
        let expected = panel.votes(of: annotator).reduce(0) { $0 + values[Int($1) * Self.width + column] }
        #expect(abs(sums[annotator * Self.width + column] - expected) < 1e-12)
      }
    }
  }

  @Test func aPatternsSumIsOverTheWeightedAnnotatorsWhoVotedIt() {
    let values = numbers(panel.annotators.count)
    let sums = Ballots(panel).sumsByPattern(values, width: Self.width, workers: 2)
    var expected = [Double](repeating: 0, count: panel.patterns.count * Self.width)
    for annotator in panel.annotators.indices {
      for vote in panel.votes(of: annotator) {
        for column in 0..<Self.width {
          expected[Int(vote) * Self.width + column] +=
            weights[annotator] * values[annotator * Self.width + column]
        }
      }
    }
    #expect(sums.count == expected.count)
    for (a, b) in zip(sums, expected) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func theHalvesOfTheVotesAddUpToAllOfThem() {
    let values = numbers(panel.annotators.count)
    let halves = (0..<2).map { half in
      Ballots(panel.picking { _, place, _ in place % 2 == half })
        .sumsByPattern(values, width: Self.width, workers: 1)
    }
    let all = Ballots(panel).sumsByPattern(values, width: Self.width, workers: 1)
    for place in all.indices { #expect(abs(halves[0][place] + halves[1][place] - all[place]) < 1e-12) }
    #expect(halves[0] != halves[1])
  }
}
