import Foundation
import HustingsNumerics
import Testing

@Suite struct RootFindingTests {
  @Test func rootsOfClosedFormsAreFound() throws {
    let two = try #require(root(between: 0, and: 2, tolerance: 0) { $0 * $0 - 2 })
    #expect(close(two, 2.0.squareRoot(), relative: 1e-15))
    let fixed = try #require(root(between: 0, and: 1, tolerance: 0) { cos($0) - $0 })
    // The Dottie number.
    #expect(close(fixed, 0.7390851332151607, relative: 1e-15))
    let cube = try #require(root(between: -4, and: 9, tolerance: 0) { $0 * $0 * $0 })
    #expect(abs(cube) < 1e-100)
    let steep = try #require(root(between: 0, and: 60, tolerance: 0) { exp($0) - 1e20 })
    #expect(close(steep, log(1e20), relative: 1e-14))
  }

  @Test func anEndThatIsARootIsReturned() {
    #expect(root(between: 0, and: 1, tolerance: 0) { $0 } == 0)
    #expect(root(between: -1, and: 0, tolerance: 0) { $0 } == 0)
  }

  @Test func equalSignsHaveNoBracketedRoot() {
    #expect(root(between: 1, and: 2, tolerance: 0) { $0 } == nil)
  }

  @Test func aJumpIsFoundWhereItIs() throws {
    let jump = try #require(root(between: 0, and: 1, tolerance: 0) { $0 < 0.3 ? -1 : 1 })
    #expect(close(jump, 0.3, relative: 1e-14))
  }
}

@Suite struct CholeskyTests {
  @Test func solvingGivesBackTheRightSide() throws {
    let matrix: [Double] = [4, 2, 0.6, 2, 5, 1.5, 0.6, 1.5, 3]
    let factor = try #require(Cholesky(matrix, order: 3))
    let x = factor.solve([1, -2, 0.5])
    for row in 0..<3 {
      let back = (0..<3).reduce(0) { $0 + matrix[row * 3 + $1] * x[$1] }
      #expect(close(back, [1, -2, 0.5][row], relative: 1e-14, absolute: 1e-15))
    }
  }

  @Test func theInverseOfATwoByTwoMatchesCramer() throws {
    let inverse = try #require(Cholesky([2, 1, 1, 3], order: 2)).inverse()
    for (value, expected) in zip(inverse, [0.6, -0.2, -0.2, 0.4]) { #expect(close(value, expected)) }
  }

  @Test func whatIsNotPositiveDefiniteIsRefused() {
    #expect(Cholesky([1, 2, 2, 1], order: 2) == nil)
    #expect(Cholesky([1, 1, 1, 1], order: 2) == nil)
    #expect(Cholesky([0], order: 1) == nil)
    #expect(Cholesky([], order: 0) != nil)
  }
}
