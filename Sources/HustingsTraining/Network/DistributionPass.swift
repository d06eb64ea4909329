import HustingsNumerics

/// Scores of pairs of reward distributions, and what their slopes give the outputs of each response.
final class DistributionPass {
  private let settings: DistributionSettings
  private let scratch: FloatBuffer
  /// Derivatives of one score by the outputs of both responses.
  private let own: FloatBuffer
  private let mean: FloatBuffer

  init(_ settings: DistributionSettings) {
    self.settings = settings
    scratch = FloatBuffer(4 * settings.width)
    own = FloatBuffer(2 * settings.width)
    mean = FloatBuffer(settings.width)
  }

  /// scores[n] from outputs[·×width].
  func forward(
    _ outputs: UnsafePointer<Float>, _ first: [Int32], _ second: [Int32],
    into scores: UnsafeMutablePointer<Float>
  ) {
    let width = settings.width
    for pair in first.indices {
      scores[pair] = settings.score(
        outputs + Int(first[pair]) * width, outputs + Int(second[pair]) * width, scratch: scratch.pointer)
    }
  }

  /// Adds to slopes[·×width] by outputs what slopes[n] by scores make of it.
  func backward(
    _ outputs: UnsafePointer<Float>, _ first: [Int32], _ second: [Int32], slopes: UnsafePointer<Float>,
    to outputSlopes: UnsafeMutablePointer<Float>
  ) {
    let width = settings.width
    let (a, b) = (own.pointer, own.pointer + width)
    for pair in first.indices {
      let (i, j) = (Int(first[pair]) * width, Int(second[pair]) * width)
      _ = settings.score(outputs + i, outputs + j, scratch: scratch.pointer, slopes: (a, b))
      Elementwise.add(width, slopes[pair], a, to: outputSlopes + i)
      Elementwise.add(width, slopes[pair], b, to: outputSlopes + j)
    }
  }

  /// What uneven levels cost a batch: evenness·Σ p̄·log p̄ times the batch's weight, p̄ the mean distribution of its responses by
  /// weight. Its slopes, times `factor`, are added to slopes[·×width].
  func addEvenness(
    _ outputs: UnsafePointer<Float>, _ first: [Int32], _ second: [Int32], weights: [Float], factor: Float,
    to outputSlopes: UnsafeMutablePointer<Float>
  ) -> Double {
    let (width, evenness) = (settings.width, settings.evenness)
    let total = 2 * weights.reduce(0, +)
    guard evenness > 0, total > 0 else { return 0 }
    let p = scratch.pointer
    mean.clear()
    for (rows, weights) in [(first, weights), (second, weights)] {
      for (row, weight) in zip(rows, weights) {
        DistributionSettings.softmax(width, outputs + Int(row) * width, into: p)
        Elementwise.add(width, weight / total, p, to: mean.pointer)
      }
    }
    var entropy = 0.0
    let slopes = scratch.pointer + width
    for level in 0..<width {
      let share = max(mean.pointer[level], 1e-30)
      entropy += Double(share) * Double(Float.log(share))
      slopes[level] = Float.log(share) + 1
    }
    // The batch weighs half of `total`, and so does each response of its share of the mean.
    let scale = factor * Float(evenness) / 2
    for (rows, weights) in [(first, weights), (second, weights)] {
      for (row, weight) in zip(rows, weights) {
        let place = Int(row) * width
        DistributionSettings.softmax(width, outputs + place, into: p)
        DistributionSettings.throughSoftmax(width, p, slopes, into: own.pointer)
        Elementwise.add(width, scale * weight, own.pointer, to: outputSlopes + place)
      }
    }
    return evenness * entropy * Double(total) / 2
  }
}
