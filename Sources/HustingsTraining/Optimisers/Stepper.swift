import Foundation
import HustingsNumerics

/// cos x.
func cosine(_ x: Double) -> Double { cos(x) }

/// Applies a step rule to a vector of parameters, and keeps what the rule remembers.
final class Stepper {
  /// Parameters given to one worker at a time: few enough that their gradient stays in the first cache from its measuring to its
  /// clearing.
  private static let block = 1 << 12

  private let settings: StepSettings
  private let tensors: [TensorShape]
  private let workers: Int
  let memories: [FloatBuffer]
  /// Steps taken.
  private(set) var step: Int

  init(
    _ settings: StepSettings, _ tensors: [TensorShape], workers: Int, step: Int = 0,
    memories: [[Float]]? = nil
  ) {
    self.settings = settings
    self.tensors = tensors
    self.workers = workers
    self.step = step
    let count = tensors.reduce(0) { $0 + $1.count }
    self.memories =
      memories?.map { FloatBuffer($0) } ?? (0..<settings.rule.memories).map { _ in FloatBuffer(count) }
  }

  /// Moves the parameters along a gradient at step `step` of `total`, and leaves the gradient zero; returns its length, which is
  /// summed in blocks, and the blocks in order.
  func take(_ parameters: FloatBuffer, _ gradient: FloatBuffer, of total: Int) -> Double {
    let count = gradient.count
    let rate = Float(settings.rate * settings.schedule.factor(step: step, of: total))
    step += 1
    var squares = [Double](repeating: 0, count: (count + Stepper.block - 1) / Stepper.block)
    return squares.withUnsafeMutableBufferPointer { squares in
      nonisolated(unsafe) let (this, squares) = (self, squares)
      @Sendable func measure(_ range: Range<Int>) {
        squares[range.lowerBound / Stepper.block] = Elementwise.sumOfSquares(
          range.count, gradient.pointer + range.lowerBound)
      }
      var clip: Float = 1
      if let longest = settings.clip {
        forEachBlock(of: count, size: Stepper.block, workers: workers, measure)
        let length = squares.reduce(0, +).squareRoot()
        if length > longest { clip = Float(longest / length) }
      }
      let move = mover(parameters, gradient, clip: clip, rate: rate)
      forEachBlock(of: count, size: Stepper.block, workers: workers) { range in
        // With nothing to clip, a block is measured and cleared while it is in the cache.
        if this.settings.clip == nil { measure(range) }
        for tensor in this.tensors {
          let part = range.clamped(to: tensor.offset..<tensor.offset + tensor.count)
          if !part.isEmpty { move(part, tensor.decays ? Float(this.settings.decay) : 0) }
        }
        gradient.clear(range)
      }
      return squares.reduce(0, +).squareRoot()
    }
  }

  /// Applies the rule to some parameters, with a decay.
  private func mover(_ parameters: FloatBuffer, _ gradient: FloatBuffer, clip: Float, rate: Float)
    -> @Sendable (Range<Int>, Float) -> Void
  {
    nonisolated(unsafe) let (p, g) = (parameters.pointer, UnsafePointer(gradient.pointer))
    nonisolated(unsafe) let (first, second) = (memories[0].pointer, memories[memories.count - 1].pointer)
    switch settings.rule {
    case .adamW(let beta1, let beta2, let epsilon):
      let corrections = (Float(1 - pow(beta1, Double(step))), Float(1 - pow(beta2, Double(step))))
      return { range, decay in
        let at = range.lowerBound
        OptimiserKernel.adamW(
          range.count, parameters: p + at, gradient: g + at, first: first + at, second: second + at,
          clip: clip,
          rate: rate, betas: (Float(beta1), Float(beta2)), epsilon: Float(epsilon), decay: decay,
          corrections: corrections)
      }
    case .rmsProp(let smoothing, let epsilon):
      return { range, decay in
        let at = range.lowerBound
        OptimiserKernel.rmsProp(
          range.count, parameters: p + at, gradient: g + at, second: first + at, clip: clip, rate: rate,
          smoothing: Float(smoothing), epsilon: Float(epsilon), decay: decay)
      }
    case .momentum(let momentum):
      return { range, decay in
        let at = range.lowerBound
        OptimiserKernel.momentum(
          range.count, parameters: p + at, gradient: g + at, velocity: first + at, clip: clip, rate: rate,
          momentum: Float(momentum), decay: decay)
      }
    }
  }
}
