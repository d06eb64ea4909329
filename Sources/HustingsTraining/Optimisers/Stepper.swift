import Foundation
import HustingsNumerics

/// cos x.
func cosine(_ x: Double) -> Double { cos(x) }

/// Applies a step rule to a vector of parameters, and keeps what the rule remembers.
final class Stepper {
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

  /// Moves the parameters along a gradient at step `step` of `total`; returns the gradient's length.
  func take(_ parameters: FloatBuffer, _ gradient: FloatBuffer, of total: Int) -> Double {
    let length = squares(gradient).squareRoot()
    var clip: Float = 1
    if let longest = settings.clip, length > longest { clip = Float(longest / length) }
    let rate = Float(settings.rate * settings.schedule.factor(step: step, of: total))
    step += 1
    for tensor in tensors {
      let decay = tensor.decays ? Float(settings.decay) : 0
      move(tensor.offset, tensor.count, parameters, gradient, clip: clip, rate: rate, decay: decay)
    }
    return length
  }

  /// Σ gᵢ², summed in blocks, and the blocks in order.
  private func squares(_ gradient: FloatBuffer) -> Double {
    let size = 1 << 15
    var sums = [Double](repeating: 0, count: (gradient.count + size - 1) / size)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      forEachBlock(of: gradient.count, size: size, workers: workers) { range in
        sums[range.lowerBound / size] = Elementwise.sumOfSquares(
          range.count, gradient.pointer + range.lowerBound)
      }
    }
    return sums.reduce(0, +)
  }

  private func move(
    _ at: Int, _ count: Int, _ parameters: FloatBuffer, _ gradient: FloatBuffer, clip: Float, rate: Float,
    decay: Float
  ) {
    let (p, g) = (parameters.pointer + at, UnsafePointer(gradient.pointer + at))
    let first = memories[0].pointer + at
    switch settings.rule {
    case .adamW(let beta1, let beta2, let epsilon):
      let corrections = (Float(1 - pow(beta1, Double(step))), Float(1 - pow(beta2, Double(step))))
      OptimiserKernel.adamW(
        count, parameters: p, gradient: g, first: first, second: memories[1].pointer + at, clip: clip,
        rate: rate, betas: (Float(beta1), Float(beta2)), epsilon: Float(epsilon), decay: decay,
        corrections: corrections, workers: workers)
    case .rmsProp(let smoothing, let epsilon):
      OptimiserKernel.rmsProp(
        count, parameters: p, gradient: g, second: first, clip: clip, rate: rate, smoothing: Float(smoothing),
        epsilon: Float(epsilon), decay: decay, workers: workers)
    case .momentum(let momentum):
      OptimiserKernel.momentum(
        count, parameters: p, gradient: g, velocity: first, clip: clip, rate: rate,
        momentum: Float(momentum), decay: decay, workers: workers)
    }
  }
}
