public import Hustings
import HustingsNumerics

/// Scores that are linear in features, s = w·φ(x, y): a log-linear policy over a prompt's responses.
public struct LinearScores: ScoreFamily {
  /// One row per response.
  public let features: FeatureMatrix
  /// Whether products are made in 32 bits, for which there are kernels, or in 64.
  let isLarge: Bool

  /// Scores from features.
  public init(_ features: FeatureMatrix) {
    self.features = features
    isLarge = features.count * features.denseWidth > 1 << 18
  }

  /// One row per response.
  public var rowCount: Int { features.count }
  /// One weight per feature, sparse ones first.
  public var parameterCount: Int { features.width }
  /// False.
  public var isPerRow: Bool { false }
  /// True.
  public var isConvex: Bool { true }

  /// Zeros.
  public func reference(seed: UInt64) -> [Double] { [Double](repeating: 0, count: features.width) }

  /// Normal weights of a standard deviation.
  public func random(seed: UInt64, scale: Double) -> [Double] {
    var dice = CounterGenerator(seed: seed, identity: "linear scores")
    return (0..<features.width).map { _ in scale * dice.nextNormal() }
  }

  /// s = w·φ.
  public func score(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    let (width, shift) = (features.denseWidth, features.sparseWidth)
    features.dense.withUnsafeBufferPointer { dense in
      guard let dense = dense.baseAddress, width > 0 else {
        return scores.update(repeating: 0, count: rows.count)
      }
      if isLarge {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width + rows.count) { work in
          guard let weights = work.baseAddress else { return }
          let products = weights + width
          for i in 0..<width { weights[i] = Float(parameters[shift + i]) }
          MatrixProduct.dots(
            RowPick(dense + rows.lowerBound * width, stride: width, count: rows.count), inner: width,
            with: weights, outputs: 1, into: products)
          for place in 0..<rows.count { scores[place] = Double(products[place]) }
        }
      } else {
        for place in 0..<rows.count {
          let row = dense + (rows.lowerBound + place) * width
          var product = 0.0
          for i in 0..<width { product += parameters[shift + i] * Double(row[i]) }
          scores[place] = product
        }
      }
    }
    guard let sparse = features.sparse else { return }
    for place in 0..<rows.count {
      let row = rows.lowerBound + place
      for at in Int(sparse.offsets[row])..<Int(sparse.offsets[row + 1]) {
        scores[place] += parameters[Int(sparse.columns[at])] * Double(sparse.values[at])
      }
    }
  }

  /// Σ slope·φ.
  public func addGradient(
    _ parameters: UnsafePointer<Double>, rows: Range<Int>, slopes: UnsafePointer<Double>,
    to gradient: UnsafeMutablePointer<Double>
  ) {
    let (width, shift) = (features.denseWidth, features.sparseWidth)
    features.dense.withUnsafeBufferPointer { dense in
      guard let dense = dense.baseAddress, width > 0 else { return }
      if isLarge {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width + rows.count) { work in
          guard let sums = work.baseAddress else { return }
          let small = sums + width
          sums.update(repeating: 0, count: width)
          for place in 0..<rows.count { small[place] = Float(slopes[place]) }
          MatrixProduct.addOuter(
            small, outputs: 1,
            RowPick(dense + rows.lowerBound * width, stride: width, count: rows.count), inner: width,
            into: sums)
          for i in 0..<width { gradient[shift + i] += Double(sums[i]) }
        }
      } else {
        for place in 0..<rows.count where slopes[place] != 0 {
          let row = dense + (rows.lowerBound + place) * width
          for i in 0..<width { gradient[shift + i] += slopes[place] * Double(row[i]) }
        }
      }
    }
    guard let sparse = features.sparse else { return }
    for place in 0..<rows.count {
      let row = rows.lowerBound + place
      for at in Int(sparse.offsets[row])..<Int(sparse.offsets[row + 1]) {
        gradient[Int(sparse.columns[at])] += slopes[place] * Double(sparse.values[at])
      }
    }
  }

  /// Features, mixed by random weights where there are more than `width` of them.
  public func sketch(width: Int, seed: UInt64) -> [Float] {
    var dice = CounterGenerator(seed: seed, identity: "sketch of features")
    let inputs = features.width
    let mix = (0..<inputs * width).map { place -> Float in
      inputs <= width
        ? (place / width == place % width ? 1 : 0)
        : (dice.next() & 1 == 1 ? 1 : -1) / Float(width).squareRoot()
    }
    var sketch = [Float](repeating: 0, count: rowCount * width)
    for row in 0..<rowCount {
      func add(_ value: Float, _ column: Int) {
        guard value != 0 else { return }
        for i in 0..<width { sketch[row * width + i] += value * mix[column * width + i] }
      }
      if let sparse = features.sparse {
        for at in Int(sparse.offsets[row])..<Int(sparse.offsets[row + 1]) {
          add(sparse.values[at], Int(sparse.columns[at]))
        }
      }
      for i in 0..<features.denseWidth {
        add(features.dense[row * features.denseWidth + i], features.sparseWidth + i)
      }
    }
    return sketch
  }
}
