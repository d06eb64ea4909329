import Foundation
public import Hustings
import HustingsNumerics

/// Scores from one hidden layer, s = v·tanh(W·φ(x, y) + b): a small neural policy over a prompt's responses.
///
/// Parameters are W [hidden × features], b [hidden], v [hidden]. With v = 0 all scores are 0, and that is the reference.
public struct NeuralScores: ScoreFamily {
  /// One row per response; dense features only.
  public let features: FeatureMatrix
  /// Units of the hidden layer.
  public let hidden: Int

  /// Scores from features.
  public init(_ features: FeatureMatrix, hidden: Int) {
    precondition(features.sparseWidth == 0, "\(features.sparseWidth) sparse features under a hidden layer")
    precondition(hidden > 0, "\(hidden) hidden units")
    self.features = features
    self.hidden = hidden
  }

  /// One row per response.
  public var rowCount: Int { features.count }
  /// Two layers and a bias.
  public var parameterCount: Int { hidden * (features.denseWidth + 2) }
  /// False.
  public var isPerRow: Bool { false }
  /// False.
  public var isConvex: Bool { false }

  /// A random hidden layer under an outer layer of zeros.
  public func reference(seed: UInt64) -> [Double] {
    var parameters = random(seed: seed, scale: 1)
    for unit in 0..<hidden { parameters[hidden * (features.denseWidth + 1) + unit] = 0 }
    return parameters
  }

  /// Normal weights: 1/√inputs in the hidden layer, `scale`/√hidden in the outer one.
  public func random(seed: UInt64, scale: Double) -> [Double] {
    var dice = CounterGenerator(seed: seed, identity: "neural scores")
    let width = features.denseWidth
    let inner = 1 / Double(max(1, width)).squareRoot()
    let outer = scale / Double(hidden).squareRoot()
    return (0..<parameterCount).map { place in
      let value = dice.nextNormal()
      return place < hidden * width ? inner * value : place < hidden * (width + 1) ? 0 : outer * value
    }
  }

  /// s = v·tanh(W·φ + b).
  public func score(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    let outer = parameters + hidden * (features.denseWidth + 1)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: hidden) { units in
      for place in 0..<rows.count {
        fill(units, parameters, rows.lowerBound + place)
        var product = 0.0
        for unit in 0..<hidden { product += outer[unit] * units[unit] }
        scores[place] = product
      }
    }
  }

  /// Back through both layers.
  public func addGradient(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, slopes: UnsafePointer<Double>,
    to gradient: UnsafeMutablePointer<Double>
  ) {
    let width = features.denseWidth
    let outer = hidden * (width + 1)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: hidden) { units in
      for place in 0..<rows.count where slopes[place] != 0 {
        let row = rows.lowerBound + place
        fill(units, parameters, row)
        for unit in 0..<hidden {
          gradient[outer + unit] += slopes[place] * units[unit]
          let inner = slopes[place] * parameters[outer + unit] * (1 - units[unit] * units[unit])
          gradient[hidden * width + unit] += inner
          for i in 0..<width {
            gradient[unit * width + i] += inner * Double(features.dense[row * width + i])
          }
        }
      }
    }
  }

  /// What the features' linear scores have.
  public func sketch(width: Int, seed: UInt64) -> [Float] {
    LinearScores(features).sketch(width: width, seed: seed)
  }

  private func fill(
    _ units: UnsafeMutableBufferPointer<Double>, _ parameters: UnsafePointer<Double>, _ row: Int
  ) {
    let width = features.denseWidth
    for unit in 0..<hidden {
      var sum = parameters[hidden * width + unit]
      for i in 0..<width { sum += parameters[unit * width + i] * Double(features.dense[row * width + i]) }
      units[unit] = tanh(sum)
    }
  }
}
