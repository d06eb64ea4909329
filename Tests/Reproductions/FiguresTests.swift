import Reproductions
import Testing

@Suite struct FiguresTests {
  @Test func leavesHaveTheirPathsAndAnOrder() {
    let figures = Figures.object([
      "b": .list([.number(1), .object(["x": .text("y")])]), "a": .missing, "c": .list([]),
    ])
    #expect(figures.leaves.map(\.path) == ["a", "b / 0", "b / 1 / x", "c"])
  }

  @Test func theLongestPrefixDecidesTheTolerance() {
    let tolerance = Reproduction.Tolerance(
      absolute: 1e-9, relative: 1e-12, exceptions: ["a": 0.5, "a / b": 0.01])
    #expect(tolerance.limit(at: "a / c", expected: 1) == 0.5)
    #expect(tolerance.limit(at: "a / b / d", expected: 1) == 0.01)
    #expect(tolerance.limit(at: "z", expected: 1_000) == 1e-9 + 1e-9)
  }
}
