import Foundation
import HustingsNumerics

/// The value, slope and curvature of a logistic regression's loss at one point.
///
///     L = Σ w log(1 + exp(η)) − b·β     ∇L = Σ w p x − b     ∇²L = Σ w p (1 − p) x xᵀ,    p = σ(η), η = x·β
struct GLMCurvature {
  /// Nil when it was not asked for.
  let loss: Double?
  /// Shape [width].
  let gradient: [Double]
  /// Shape [width][width].
  let hessian: [Double]
}

/// The loss of a regression as a function of its coefficients, laid out to be looked at in many points.
struct GLMSurface {
  private enum Layout {
    case narrow([LogisticColumns])
    case wide(GLMRows)
  }

  let width: Int
  let count: Int
  private let moments: [Double]
  private let layout: Layout
  /// The largest size of each feature.
  private let spans: [Double]

  init(_ rows: GLMRows) {
    if rows.width > LogisticColumns.widest {
      self.init(
        width: rows.width, count: rows.count, moments: rows.moments, spans: rows.spans, layout: .wide(rows))
    } else {
      self.init([GLMPart(rows)])
    }
  }

  /// The loss over the rows of one part or several.
  init(_ parts: [GLMPart]) {
    precondition(!parts.isEmpty, "a regression on no part")
    let rest = parts.dropFirst()
    self.init(
      width: parts[0].columns.width, count: parts.reduce(0) { $0 + $1.count },
      moments: rest.reduce(parts[0].moments) { zip($0, $1.moments).map { $0 + $1 } },
      spans: rest.reduce(parts[0].spans) { zip($0, $1.spans).map { max($0, $1) } },
      layout: .narrow(parts.map(\.columns)))
  }

  private init(width: Int, count: Int, moments: [Double], spans: [Double], layout: Layout) {
    self.width = width
    self.count = count
    self.moments = moments
    self.spans = spans
    self.layout = layout
  }

  /// More than any row's log-odds change when the coefficients move so.
  func change(along direction: [Double]) -> Double {
    zip(spans, direction).reduce(0) { $0 + $1.0 * abs($1.1) }
  }

  /// The loss and its derivatives at a point.
  func curvature(at coefficients: [Double], withLoss: Bool = true) -> GLMCurvature {
    switch layout {
    case .narrow(let parts):
      let sums = LogisticColumns.sums(over: parts, width: width, at: coefficients, withLoss: withLoss)
      return GLMCurvature(
        loss: sums.softplus.map { zip(moments, coefficients).reduce($0) { $0 - $1.0 * $1.1 } },
        gradient: zip(sums.slope, moments).map { $0 - $1 }, hessian: sums.curvature)
    case .wide(let rows): return GLMSurface.curvature(rows, at: coefficients)
    }
  }

  /// The loss at a point.
  func loss(at coefficients: [Double]) -> Double { curvature(at: coefficients).loss ?? .infinity }

  private static func curvature(_ rows: GLMRows, at coefficients: [Double]) -> GLMCurvature {
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
    return GLMCurvature(loss: loss, gradient: gradient, hessian: hessian)
  }
}

/// Some rows of a regression on few features, made ready once to take part in several regressions.
struct GLMPart: Sendable {
  let count: Int
  let moments: [Double]
  let spans: [Double]
  let columns: LogisticColumns

  init(_ rows: GLMRows) {
    count = rows.count
    moments = rows.moments
    spans = rows.spans
    columns = LogisticColumns(width: rows.width, features: rows.features, weights: rows.weights)
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
