import Testing

@testable import HustingsTraining

/// Solves of a quadratic bowl whose axes differ in steepness, which has its least value where every axis says.
@Suite struct LBFGSTests {
  private static let steepness = (0..<30).map { 1 + Double($0 * $0) / 20 }
  private let solver = LBFGS(settings: LBFGSSettings(iterations: 200, tolerance: 1e-9), leastGain: 0)

  /// ½·Σ steepness·(x - centre)², and how often it is asked.
  private func solve(_ centre: Double, from start: [Double], knowing curvature: LBFGS.Curvature = .init())
    -> (descent: LBFGS.Descent, readings: Int)
  {
    var descent = LBFGS.Descent(solver, from: start, knowing: curvature)
    var readings = 0
    while let point = descent.wanted {
      readings += 1
      let gradient = zip(point, Self.steepness).map { $1 * ($0 - centre) }
      let value = zip(point, gradient).reduce(0) { $0 + ($1.0 - centre) * $1.1 / 2 }
      _ = descent.take(value, gradient)
    }
    return (descent, readings)
  }

  @Test func whatOneSolveLearntSavesTheNextReadings() {
    let start = [Double](repeating: 0, count: 30)
    let first = solve(1, from: start)
    let cold = solve(1.1, from: first.descent.x)
    let warm = solve(1.1, from: first.descent.x, knowing: first.descent.curvature)
    for x in [cold, warm].flatMap(\.descent.x) { #expect(abs(x - 1.1) < 1e-8) }
    #expect(warm.readings < cold.readings)
  }

  /// Steps on a bowl a million times as steep say that a tiny step is enough here; the solve finds out and ends at the same place.
  @Test func whatDoesNotHoldAnyMoreDoesNoHarm() {
    var other = LBFGS.Descent(solver, from: [Double](repeating: 0, count: 30))
    while let point = other.wanted {
      let gradient = zip(point, Self.steepness.reversed()).map { 1e6 * $1 * ($0 - 3) }
      _ = other.take(zip(point, gradient).reduce(0) { $0 + ($1.0 - 3) * $1.1 / 2 }, gradient)
    }
    let found = solve(1, from: [Double](repeating: 0, count: 30), knowing: other.curvature)
    for x in found.descent.x { #expect(abs(x - 1) < 1e-8) }
  }
}
