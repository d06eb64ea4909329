import Foundation
import HustingsNumerics

/// The value, slope and curvature of a logistic regression's loss at one point.
///
///     L = Σ w log(1 + exp(η)) − b·β     ∇L = Σ w p x − b     ∇²L = Σ w p (1 − p) x xᵀ,    p = σ(η), η = x·β
struct GLMCurvature {
  let loss: Double
  /// Shape [width].
  let gradient: [Double]
  /// Shape [width][width].
  let hessian: [Double]

  init(_ rows: GLMRows, at coefficients: [Double]) {
    if rows.width <= 4 {
      self.init(narrow: rows, at: coefficients)
    } else {
      self.init(wide: rows, at: coefficients)
    }
  }

  private init(wide rows: GLMRows, at coefficients: [Double]) {
    let width = rows.width
    var loss = 0.0
    var gradient = rows.moments.map(-)
    var hessian = [Double](repeating: 0, count: width * width)
    for (moment, coefficient) in zip(rows.moments, coefficients) { loss -= moment * coefficient }
    for row in 0..<rows.count {
      let first = row * width
      var eta = 0.0
      for column in 0..<width { eta += rows.features[first + column] * coefficients[column] }
      let point = LogisticPoint(eta)
      let weight = rows.weights[row]
      loss += weight * point.softplus
      let slope = weight * point.probability
      let curvature = weight * point.variance
      for column in 0..<width {
        let value = rows.features[first + column]
        gradient[column] += slope * value
        // Rows of arena designs are mostly zeros.
        guard value != 0 else { continue }
        let scaled = curvature * value
        for other in 0...column { hessian[column * width + other] += scaled * rows.features[first + other] }
      }
    }
    for column in 0..<width {
      for other in 0..<column { hessian[other * width + column] = hessian[column * width + other] }
    }
    self.loss = loss
    self.gradient = gradient
    self.hessian = hessian
  }

  /// Up to four features fit one vector register.
  private init(narrow rows: GLMRows, at coefficients: [Double]) {
    let width = rows.width
    func padded(_ values: some RandomAccessCollection<Double>) -> SIMD4<Double> {
      var vector = SIMD4<Double>()
      for (column, value) in values.enumerated() { vector[column] = value }
      return vector
    }
    let beta = padded(coefficients)
    let moments = padded(rows.moments)
    var loss = -(moments * beta).sum()
    var gradient = -moments
    var hessian = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
    rows.features.withUnsafeBufferPointer { features in
      for (row, weight) in rows.weights.enumerated() {
        let first = row * width
        var x = SIMD4<Double>()
        for column in 0..<width { x[column] = features[first + column] }
        let point = LogisticPoint((x * beta).sum())
        loss += weight * point.softplus
        gradient += (weight * point.probability) * x
        let scaled = (weight * point.variance) * x
        hessian.0 += scaled * x.x
        hessian.1 += scaled * x.y
        hessian.2 += scaled * x.z
        hessian.3 += scaled * x.w
      }
    }
    let columns = [hessian.0, hessian.1, hessian.2, hessian.3]
    self.loss = loss
    self.gradient = (0..<width).map { gradient[$0] }
    self.hessian = (0..<width * width).map { columns[$0 / width][$0 % width] }
  }
}

/// The logistic function and its relatives at one point, from one exponential.
private struct LogisticPoint {
  let probability: Double
  /// p (1 − p).
  let variance: Double
  /// log(1 + exp(η)).
  let softplus: Double

  init(_ eta: Double) {
    let e = exp(-abs(eta))
    let inverse = 1 / (1 + e)
    probability = eta >= 0 ? inverse : e * inverse
    variance = e * inverse * inverse
    softplus = max(eta, 0) + log1p(e)
  }
}
