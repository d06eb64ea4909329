import Foundation
import Hustings
import HustingsNumerics

extension PrincipalComponents {
  /// The components of the training rows.
  init(fitting settings: Settings, on rows: FeatureMatrix, kept: [String]) throws {
    guard rows.count > 0 else { throw EncoderError.nothingToFit(kind: "pca") }
    let block = ComponentBlock(rows, settings)
    // More components than rows or columns would have no variance.
    let count = min(settings.components, block.width, rows.count)
    let mean = block.mean
    let components =
      block.width <= PrincipalComponents.exactWidth
      ? try PrincipalComponents.exact(block, mean: mean, count: count)
      : try PrincipalComponents.iterated(block, mean: mean, count: count, settings)
    self.init(settings, width: block.width, mean: mean, components: components, kept: kept)
  }

  private static func exact(_ block: ComponentBlock, mean: [Float], count: Int) throws -> [Float] {
    guard let eigen = SymmetricEigen(block.covariance(mean: mean), order: block.width) else {
      throw EncoderError.notFinite(step: "pca")
    }
    return eigen.vectors.prefix(count * block.width).map { Float($0) }
  }

  private static func iterated(_ block: ComponentBlock, mean: [Float], count: Int, _ settings: Settings)
    throws
    -> [Float]
  {
    let width = block.width
    let directions = min(count + surplus, width, block.count)
    // Basis vectors are rows, [directions × width], so that each is contiguous.
    var generator = CounterGenerator(seed: settings.seed, identity: "pca")
    var basis = (0..<directions * width).map { _ in Float(generator.nextNormal()) }
    orthonormalise(&basis, width: width)
    var scores: [Float] = []
    for round in 0...settings.rounds {
      scores = centredScores(block, mean: mean, basis: basis, directions: directions)
      if round == settings.rounds { break }
      // Rows of the result are the columns of (X − m)ᵀ·scores; the scores' columns add up to 0, so m drops out.
      basis = transposed(
        block.transposedTimes(scores, columns: directions, workers: nil), rows: width, columns: directions)
      guard basis.allSatisfy(\.isFinite) else { throw EncoderError.notFinite(step: "pca") }
      orthonormalise(&basis, width: width)
    }
    var gram = [Double](repeating: 0, count: directions * directions)
    for row in 0..<block.count {
      for i in 0..<directions {
        let value = Double(scores[row * directions + i])
        for j in 0...i { gram[i * directions + j] += value * Double(scores[row * directions + j]) }
      }
    }
    guard let eigen = SymmetricEigen(gram, order: directions) else {
      throw EncoderError.notFinite(step: "pca")
    }
    var components = [Float](repeating: 0, count: count * width)
    for row in 0..<count {
      var sums = [Double](repeating: 0, count: width)
      for direction in 0..<directions {
        let weight = eigen.vectors[row * directions + direction]
        for column in 0..<width { sums[column] += weight * Double(basis[direction * width + column]) }
      }
      let lead = sums.max { abs($0) < abs($1) } ?? 0
      for column in 0..<width {
        components[row * width + column] = Float(lead < 0 ? 0 - sums[column] : sums[column])
      }
    }
    return components
  }

  /// (X − m)·basisᵀ: [count × directions].
  private static func centredScores(_ block: ComponentBlock, mean: [Float], basis: [Float], directions: Int)
    -> [Float]
  {
    let weights = transposed(basis, rows: directions, columns: block.width)
    var scores = block.times(weights, columns: directions, workers: nil)
    // The mean of the scores is the score of the mean, without the rounding of two different sums.
    var sums = [Double](repeating: 0, count: directions)
    for row in 0..<block.count {
      for column in 0..<directions { sums[column] += Double(scores[row * directions + column]) }
    }
    let centre = sums.map { Float($0 / Double(block.count)) }
    for row in 0..<block.count {
      for column in 0..<directions { scores[row * directions + column] -= centre[column] }
    }
    return scores
  }

  private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    Matrix(rows: rows, columns: columns, values: values).transposed.values
  }

  /// Gram and Schmidt, twice, on rows of the given width. A row that the others explain becomes 0.
  private static func orthonormalise(_ rows: inout [Float], width: Int) {
    rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for row in 0..<rows.count / width {
        let own = base + row * width
        let before = MatrixProduct.dot(own, own, width)
        for _ in 0..<2 {
          for other in 0..<row {
            let overlap = MatrixProduct.dot(own, base + other * width, width)
            Elementwise.add(width, 0 - overlap, base + other * width, to: own)
          }
        }
        let size = MatrixProduct.dot(own, own, width)
        // What is left of a row that lies in the span of the others is rounding.
        let factor = size > 1e-10 * before ? 1 / size.squareRoot() : 0
        for column in 0..<width { own[column] *= factor }
      }
    }
  }
}
