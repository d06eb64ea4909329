import Foundation
import HustingsNumerics
import Testing

private let points: [Float] =
  stride(from: -20, through: 20, by: 0.137).map { Float($0) } + [0, -0.0, 1e-6, -1e-6, 80, -80]

private func relative(_ a: Float, _ b: Double) -> Double {
  abs(Double(a) - b) / max(abs(b), 1e-30)
}

@Suite struct DenseElementwiseTests {
  /// The 64-bit functions of the C library are the reference; a result may be off by three units in the last place.
  static let tolerance = 3.6e-7

  @Test func logSigmoidAndSoftplusAgreeWithTheLibraryInDoublePrecision() {
    let (value, slope) = (Elementwise.logSigmoid(points), Elementwise.logSigmoidSlope(points))
    let (plus, sigma) = (Elementwise.softplus(points), Elementwise.logistic(points))
    for (index, point) in points.enumerated() {
      let x = Double(point)
      #expect(relative(value[index], -(max(-x, 0) + log1p(exp(-abs(x))))) <= Self.tolerance, "at \(x)")
      #expect(relative(slope[index], 1 / (1 + exp(x))) <= Self.tolerance, "at \(x)")
      #expect(relative(plus[index], max(x, 0) + log1p(exp(-abs(x)))) <= Self.tolerance, "at \(x)")
      #expect(relative(sigma[index], 1 / (1 + exp(-x))) <= Self.tolerance, "at \(x)")
    }
  }

  @Test func theExponentialAgreesWithTheLibraryInDoublePrecision() {
    let value = Elementwise.exp(points)
    for (index, point) in points.enumerated() {
      #expect(relative(value[index], exp(Double(point))) <= Self.tolerance, "at \(point)")
    }
  }

  @Test func sumsAndDifferencesAreExactInWholeNumbers() {
    let a = (0..<37).map { 3 * Float($0) }
    let b = (0..<37).map { 50 - Float($0) }
    var sum = [Float](repeating: 7, count: 37)
    var difference = [Float](repeating: -7, count: 37)
    Elementwise.sumAndDifference(37, a, b, into: &sum, &difference)
    let (once, apart) = ((0..<37).map { 2 * Float($0) + 50 }, (0..<37).map { 4 * Float($0) - 50 })
    #expect(sum == once)
    #expect(difference == apart)
    Elementwise.sumAndDifference(37, a, b, into: &sum, &difference, adding: true)
    #expect(sum == once.map { 2 * $0 })
    #expect(difference == apart.map { 2 * $0 })
  }

  @Test func halfSumsAreThoseOfTheRowsPickedByTurns() {
    // Row r holds 10r and 10r + 2 in a stored row of three.
    let stored = (0..<4).flatMap { [Float(10 * $0), Float(10 * $0 + 2), .nan] }
    let picks: [Int32] = [3, 0, 1, 1]
    var (sums, differences) = ([Float](repeating: 0, count: 4), [Float](repeating: 9, count: 4))
    stored.withUnsafeBufferPointer { stored in
      guard let base = stored.baseAddress else { return }
      picks.withUnsafeBufferPointer {
        Elementwise.halfSums(
          RowPick(base, stride: 3, index: $0.baseAddress, count: 4), inner: 2, into: &sums, &differences)
      }
    }
    #expect(sums == [15, 17, 10, 12])
    #expect(differences == [15, 15, 0, 0])
  }

  @Test(arguments: Activation.allCases)
  func activationsHaveTheirDefinitionAndDerivative(_ activation: Activation) {
    func definition(_ z: Double) -> Double {
      switch activation {
      case .relu: max(0, z)
      case .tanh: tanh(z)
      case .gelu: 0.5 * z * (1 + tanh((2 / Double.pi).squareRoot() * (z + 0.044715 * z * z * z)))
      }
    }
    let xs = points.filter { abs($0) < 8 && abs($0) > 1e-3 }
    let bias: [Float] = [0.25, -0.5]
    var x = xs.flatMap { [$0, $0] }
    var y = x
    Elementwise.activate(activation, rows: xs.count, columns: 2, bias: bias, x: &x, y: &y)
    let output = activation == .gelu ? y : x
    var slope = [Float](repeating: 1, count: x.count)
    Elementwise.backward(activation, x.count, x: x, slope: &slope)
    for (row, point) in xs.enumerated() {
      for column in 0..<2 {
        let z = Double(point + bias[column])
        #expect(abs(Double(output[2 * row + column]) - definition(z)) <= 1e-6 * max(1, abs(z)), "at \(z)")
        let step = 1e-5
        if activation == .relu, abs(z) < 2 * step { continue }
        let derivative = (definition(z + step) - definition(z - step)) / (2 * step)
        #expect(abs(Double(slope[2 * row + column]) - derivative) <= 2e-6, "at \(z)")
      }
    }
  }

  @Test func reluKeepsNotANumber() {
    var x: [Float] = [.nan, -1, 2]
    var y = x
    Elementwise.activate(.relu, rows: 1, columns: 3, bias: [0, 0, 0], x: &x, y: &y)
    #expect(x[0].isNaN)
    #expect(Array(x[1...]) == [0, 2])
  }

  @Test func theLogisticLossIsCrossEntropyOfTheShiftedAndScaledScore() {
    let score: [Float] = [0.3, -2, 5, 0, 12]
    let margin: [Float] = [0.1, 0, 1, -0.5, 0]
    let target: [Float] = [1, 0.25, 0, 0.5, 1]
    let weight: [Float] = [1, 2, 0.5, 1, 1]
    var (loss, slope) = ([Float](repeating: 0, count: 5), [Float](repeating: 0, count: 5))
    Elementwise.logisticLoss(
      5, score: score, margin: margin, target: target, commonTarget: 1, weight: weight, tau: 0.5,
      loss: &loss, slope: &slope)
    for i in 0..<5 {
      let z = (Double(score[i]) - Double(margin[i])) / 0.5
      let (p, w) = (Double(target[i]), Double(weight[i]))
      let expected = w * (p * log1p(exp(-z)) + (1 - p) * (z + log1p(exp(-z))))
      #expect(relative(loss[i], expected) <= 1e-6)
      #expect(relative(slope[i], w * ((1 - p) - 1 / (1 + exp(z))) / 0.5) <= 1e-6)
    }
    Elementwise.logisticLoss(
      5, score: score, margin: nil, target: nil, commonTarget: 1, weight: nil, tau: 1, loss: &loss,
      slope: &slope)
    let plain = Elementwise.logSigmoid(score)
    for i in 0..<5 { #expect(relative(loss[i], -Double(plain[i])) <= 1e-6) }
  }

  @Test func reductionsAgreeWithDoublePrecision() {
    let x = (0..<1001).map { Float(sin(Double($0))) }
    #expect(abs(Elementwise.sum(1001, x) - x.reduce(0) { $0 + Double($1) }) <= 1e-12)
    let squares = x.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(Elementwise.sumOfSquares(1001, x) - squares) <= 1e-10)
    var sums: [Float] = [1, 0, 0]
    Elementwise.addColumnSums(rows: 2, columns: 3, x: [1, 2, 3, 4, 5, 6], to: &sums)
    #expect(sums == [6, 7, 9])
  }

  @Test func normalisedRowsHaveNormOneAndAZeroRowStaysZero() {
    var matrix = Matrix([[3, 4], [0, 0], [-1, 1]])
    Elementwise.normaliseRows(&matrix)
    #expect(matrix.values[0...1] == [0.6, 0.8])
    #expect(matrix.values[2...3] == [0, 0])
    #expect(abs(matrix[2, 0] + 0.5.squareRoot().asFloat) <= 1e-7)
  }

  @Test func softmaxRowsAreSharesOfTheScale() {
    var x: [Float] = [0, log(3), 100, 100]
    Elementwise.softmaxRows(rows: 2, columns: 2, sharpness: 1, scale: 2, x: &x)
    for (value, expected) in zip(x, [0.5, 1.5, 1, 1]) { #expect(abs(Double(value) - expected) <= 1e-6) }
  }
}

extension Double {
  fileprivate var asFloat: Float { Float(self) }
}
