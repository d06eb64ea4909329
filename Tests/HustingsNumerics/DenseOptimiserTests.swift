import HustingsNumerics
import Testing

/// Two steps of each rule on one parameter that starts at 1 with gradients 0.5 and -0.25, against the rule written out
/// in 64 bits.
@Suite struct DenseOptimiserTests {
  static let gradients = [0.5, -0.25]
  static let (rate, decay, clip) = (0.1, 0.01, 0.5)

  @Test func adamWFollowsItsEquations() {
    var (p, m, v) = (1.0, 0.0, 0.0)
    var (parameter, first, second): ([Float], [Float], [Float]) = ([1], [0], [0])
    for (index, gradient) in Self.gradients.enumerated() {
      let (c1, c2) = index == 0 ? (1 - 0.9, 1 - 0.999) : (1 - 0.81, 1 - 0.998001)
      let g = gradient * Self.clip
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      p = p * (1 - Self.rate * Self.decay) - Self.rate * (m / c1) / ((v / c2).squareRoot() + 1e-8)
      OptimiserKernel.adamW(
        1, parameters: &parameter, gradient: [Float(gradient)], first: &first, second: &second,
        clip: Float(Self.clip), rate: Float(Self.rate), betas: (0.9, 0.999), epsilon: 1e-8,
        decay: Float(Self.decay), corrections: (Float(c1), Float(c2)))
      #expect(abs(Double(parameter[0]) - p) <= 3e-6)
    }
  }

  @Test func rmsPropFollowsItsEquations() {
    var (p, v) = (1.0, 0.0)
    var (parameter, second): ([Float], [Float]) = ([1], [0])
    for gradient in Self.gradients {
      let g = gradient * Self.clip
      v = 0.99 * v + 0.01 * g * g
      p = p * (1 - Self.rate * Self.decay) - Self.rate * g / (v.squareRoot() + 1e-8)
      OptimiserKernel.rmsProp(
        1, parameters: &parameter, gradient: [Float(gradient)], second: &second, clip: Float(Self.clip),
        rate: Float(Self.rate), smoothing: 0.99, epsilon: 1e-8, decay: Float(Self.decay))
      #expect(abs(Double(parameter[0]) - p) <= 3e-6)
    }
  }

  @Test func momentumFollowsItsEquations() {
    var (p, m) = (1.0, 0.0)
    var (parameter, velocity): ([Float], [Float]) = ([1], [0])
    for gradient in Self.gradients {
      m = 0.9 * m + gradient * Self.clip
      p = p * (1 - Self.rate * Self.decay) - Self.rate * m
      OptimiserKernel.momentum(
        1, parameters: &parameter, gradient: [Float(gradient)], velocity: &velocity, clip: Float(Self.clip),
        rate: Float(Self.rate), momentum: 0.9, decay: Float(Self.decay))
      #expect(abs(Double(parameter[0]) - p) <= 1e-6)
    }
  }
}
