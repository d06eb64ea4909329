/// Rows of a logistic regression whose targets may lie anywhere in [0, 1].
///
///     L(β) = Σᵢ wᵢ log(1 + exp(xᵢ·β)) − b·β,    b = Σᵢ wᵢ yᵢ xᵢ
///
/// A target y between 0 and 1 means what the row twice would mean: labelled 1 with weight w·y, and labelled 0 with
/// weight w·(1 − y). Targets enter through the moments b alone, so rows whose targets are known only in sum can be
/// used as well. There is no intercept: add a column of ones.
public struct GLMRows: Sendable, Hashable {
  /// Features of a row, and coefficients.
  public let width: Int
  /// Shape [rows][width].
  public let features: [Double]
  /// One per row, not negative.
  public let weights: [Double]
  /// Σᵢ wᵢ yᵢ xᵢ, one number per feature.
  public let moments: [Double]

  /// Rows whose targets are known in sum.
  public init(width: Int, features: [Double], weights: [Double], moments: [Double]) {
    precondition(width > 0, "a regression on \(width) features")
    precondition(
      features.count == width * weights.count,
      "\(features.count) features for \(weights.count) rows of \(width)")
    precondition(moments.count == width, "\(moments.count) moments for \(width) features")
    self.width = width
    self.features = features
    self.weights = weights
    self.moments = moments
  }

  /// Rows with a target each.
  public init(width: Int, features: [Double], targets: [Double], weights: [Double]? = nil) {
    let weights = weights ?? [Double](repeating: 1, count: targets.count)
    precondition(
      targets.count == weights.count, "\(targets.count) targets for \(weights.count) weights")
    precondition(
      features.count == width * targets.count,
      "\(features.count) features for \(targets.count) rows of \(width)")
    var moments = [Double](repeating: 0, count: width)
    for row in 0..<targets.count {
      let share = weights[row] * targets[row]
      for column in 0..<width { moments[column] += share * features[row * width + column] }
    }
    self.init(width: width, features: features, weights: weights, moments: moments)
  }

  /// Rows.
  public var count: Int { weights.count }

  /// The largest size of each feature.
  var spans: [Double] {
    var spans = [Double](repeating: 0, count: width)
    features.withUnsafeBufferPointer { features in
      for row in 0..<count {
        for column in 0..<width { spans[column] = max(spans[column], abs(features[row * width + column])) }
      }
    }
    return spans
  }

  /// These rows and those of `other`.
  public func joined(with other: GLMRows) -> GLMRows {
    precondition(other.width == width, "rows of \(width) joined with rows of \(other.width)")
    return GLMRows(
      width: width, features: features + other.features, weights: weights + other.weights,
      moments: zip(moments, other.moments).map { $0 + $1 })
  }

  /// xᵢ·β for every row.
  public func linearPredictors(_ coefficients: [Double]) -> [Double] {
    precondition(
      coefficients.count == width, "\(coefficients.count) coefficients for \(width) features")
    return (0..<count).map { row in
      var sum = 0.0
      for column in 0..<width { sum += features[row * width + column] * coefficients[column] }
      return sum
    }
  }
}
