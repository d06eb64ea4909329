import Foundation
import Hustings
import HustingsTraining
import Testing

@Suite("Choosing for value")
struct ValuedChoiceTests {
  @Test func theBestFeatureIsFound() {
    // Two prompts with three candidates; the value is the first feature, the second is noise.
    let rows: [Float] = [0, 1, 1, 0, 0.5, 0.5, 1, 0, 0, 0, 0.2, 1]
    let values = stride(from: 0, to: rows.count, by: 2).map { Double(rows[$0]) }
    let family = LinearScores(FeatureMatrix(count: 6, denseWidth: 2, dense: rows))
    let choice = ValuedChoice(family, menus: [0..<3, 3..<6], values: values, ridge: 1e-5)
    #expect(choice.parameters[0] > 3)
    #expect(choice.value > 0.98)
  }

  @Test func anEvenPolicyIsKeptWhereNothingIsToBeGained() {
    let family = LinearScores(FeatureMatrix(count: 3, denseWidth: 1, dense: [1, 2, 3]))
    let choice = ValuedChoice(family, menus: [0..<3], values: [0.4, 0.4, 0.4], ridge: 0.1)
    #expect(choice.parameters == [0])
    #expect(abs(choice.value - 0.4) < 1e-12)
  }

  @Test func aTableIsFoundToo() {
    let choice = ValuedChoice(TableScores(rows: 3), menus: [0..<3], values: [0, 1, 0], ridge: 1e-6)
    #expect(choice.value > 0.99)
  }
}
