import Hustings
import HustingsNumerics

/// Settings of an exact solve of linear Bradley–Terry.
public struct NewtonSettings: Sendable, Hashable, Codable {
  /// Half of this times the sum of squared weights is added to the mean loss; above 0 where data can be separated.
  public var ridge: Double
  /// Most iterations.
  public var iterations: Int
  /// The solve ends when the longest element of the gradient is below this.
  public var tolerance: Double

  /// Settings of a solve.
  public init(ridge: Double = 1e-4, iterations: Int = 50, tolerance: Double = 1e-10) {
    self.ridge = ridge
    self.iterations = iterations
    self.tolerance = tolerance
  }

  func check() throws {
    guard ridge >= 0, ridge.isFinite else {
      throw TrainingFault.badSetting(name: "the ridge", value: "\(ridge)", allowed: "0 or more")
    }
    guard iterations > 0, tolerance > 0 else {
      throw TrainingFault.badSetting(
        name: "the solver's iterations or tolerance", value: "\(iterations), \(tolerance)", allowed: "above 0"
      )
    }
  }
}

/// The one best weight vector of linear Bradley–Terry with a logistic loss, by Newton's method.
///
/// With d the difference of a pair's features, z = (w·d - m)/τ and weights c that sum to 1, the objective is
/// Σ c·L(z) + ½·ridge·w·w, its gradient Σ c·(σ(z) - p)/τ·d + ridge·w and its curvature Σ c·σ(z)σ(-z)/τ²·ddᵀ + ridge. The
/// gradient is summed in 64 bits, the curvature in 32: that decides how fast, not where, the iteration ends.
struct NewtonSolve {
  /// Features beyond which the curvature would not fit.
  static let widest = 8192
  private static let block = 1024

  let settings: NewtonSettings
  let features: FeatureMatrix
  let table: PairTable
  let loss: PairLoss
  let workers: Int

  /// The weights, and whether `onIteration` said to stop before they were found.
  ///
  /// - Parameters:
  ///   - start: the weights after `done` iterations, to go on from; nil for 0.
  func solve(
    from start: [Double]? = nil, after done: Int = 0, onIteration: (LBFGS.Iteration) -> Bool
  ) throws -> (weights: [Double], isStopped: Bool) {
    let width = features.width
    guard loss.isLogistic else { throw TrainingFault.notConvex }
    guard width <= NewtonSolve.widest else {
      throw TrainingFault.tooWide(columns: width, most: NewtonSolve.widest)
    }
    var weights = start ?? [Double](repeating: 0, count: width)
    var here = evaluate(weights)
    for number in done + 1...max(done + 1, settings.iterations) {
      guard let factor = Cholesky(here.curvature, order: width) else {
        throw TrainingFault.notPositiveDefinite(row: 0)
      }
      let direction = factor.solve(here.gradient)
      let gain = zip(direction, here.gradient).reduce(0) { $0 + $1.0 * $1.1 }
      // Halve the step until it descends; from 0 a full one nearly always does.
      var step = 1.0
      var next = weights
      var there = here
      repeat {
        next = zip(weights, direction).map { $0 - step * $1 }
        there = evaluate(next)
        step /= 2
      } while !(there.value <= here.value - 1e-4 * step * gain) && step > 1e-6
      let settled = !(there.value < here.value)
      if !settled { (weights, here) = (next, there) }
      let steepest = here.gradient.reduce(0) { max($0, abs($1)) }
      let goesOn = onIteration(LBFGS.Iteration(number: number, value: here.value, steepest: steepest))
      if settled || steepest <= settings.tolerance { break }
      if !goesOn, number < settings.iterations { return (weights, true) }
    }
    return (weights, false)
  }

  private struct Evaluation {
    var value: Double
    var gradient: [Double]
    var curvature: [Double]
  }

  private func evaluate(_ weights: [Double]) -> Evaluation {
    let width = weights.count
    let total = table.weight.reduce(0) { $0 + Double($1) }
    var value = 0.5 * settings.ridge * weights.reduce(0) { $0 + $1 * $1 }
    var gradient = weights.map { settings.ridge * $0 }
    var curvature = [Float](repeating: 0, count: width * width)
    var differences = [Float](repeating: 0, count: NewtonSolve.block * width)
    let packed = PackedPair(.tiles)
    for start in stride(from: 0, to: table.count, by: NewtonSolve.block) {
      let pairs = start..<min(table.count, start + NewtonSolve.block)
      for pair in pairs {
        let row = (pair - start) * width
        fill(&differences, row, pair)
        var z = 0.0
        for i in 0..<width { z += weights[i] * Double(differences[row + i]) }
        let share = Double(table.weight[pair]) / total
        let part = loss.value(
          score: z, margin: table.margin.map { Double($0[pair]) }, target: Double(table.target[pair]))
        value += share * part.loss
        let slope = share * part.slope
        for i in 0..<width { gradient[i] += slope * Double(differences[row + i]) }
        let probability = Double.sigmoid(
          (z - (table.margin.map { Double($0[pair]) } ?? 0)) / loss.temperature)
        let root = Float(
          (share * probability * (1 - probability)).squareRoot() / loss.temperature)
        for i in 0..<width { differences[row + i] *= root }
      }
      addSquare(differences, pairs.count, width, packed, to: &curvature)
    }
    var wide = curvature.map(Double.init)
    for i in 0..<width { wide[i * width + i] += settings.ridge }
    return Evaluation(value: value, gradient: gradient, curvature: wide)
  }

  private func fill(_ differences: inout [Float], _ row: Int, _ pair: Int) {
    let (a, b) = (Int(table.chosen[pair]), Int(table.rejected[pair]))
    let width = features.width
    for i in 0..<width { differences[row + i] = 0 }
    let shift = row + features.sparseWidth
    for i in 0..<features.denseWidth {
      differences[shift + i] =
        features.dense[a * features.denseWidth + i] - features.dense[b * features.denseWidth + i]
    }
    guard let sparse = features.sparse else { return }
    for (response, sign) in [(a, Float(1)), (b, -1)] {
      for place in Int(sparse.offsets[response])..<Int(sparse.offsets[response + 1]) {
        differences[row + Int(sparse.columns[place])] += sign * sparse.values[place]
      }
    }
  }

  private func addSquare(
    _ rows: [Float], _ count: Int, _ width: Int, _ packed: PackedPair, to square: inout [Float]
  ) {
    rows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      MatrixProduct.transposedRows(
        RowPick(base, stride: width, count: count), width: width, times: base, outer: width, into: &square,
        adding: true, using: packed, workers: workers)
    }
  }
}
