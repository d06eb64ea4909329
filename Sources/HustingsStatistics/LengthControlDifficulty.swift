import Foundation
import HustingsNumerics

/// How hard each prompt of a set is to win against the baseline, estimated from several models' judgments.
///
///     P(model m preferred on prompt i) = σ(φ_m · tanh(d / s) + δᵢ + θ_m)
///
/// minimises the log-loss plus ridge / 2 · Σ δᵢ² over all φ, θ and δ together; δ is then shifted to be 0 on the first
/// prompt, as AlpacaEval's is. A low δ means that few models win the prompt.
public struct LengthControlDifficulty: Sendable, Hashable {
  /// δ, one per prompt, 0 for the first.
  public let values: [Double]
  /// φ and θ of each model, with the prompts' difficulty at full strength (weight 1).
  public let weights: [LengthControlWeights]

  /// Estimates the difficulties from models judged on the same prompts in the same order.
  ///
  /// - Parameters:
  ///   - models: each model's rows; a nil preference is a prompt the model was not judged on.
  ///   - ridge: keeps the difficulty of a prompt that every model wins, or loses, finite; more than 0.
  /// - Returns: nil without models or prompts, or when no finite optimum exists.
  public init?(estimatedFrom models: [LengthControlRows], ridge: Double) {
    precondition(ridge > 0, "a ridge of \(ridge), which leaves difficulties undetermined")
    guard let prompts = models.first?.count, prompts > 0 else { return nil }
    for model in models {
      precondition(model.count == prompts, "models with \(prompts) and \(model.count) prompts")
    }
    var point = DifficultyPoint(
      shared: [Double](repeating: 0, count: 2 * models.count), prompts: [Double](repeating: 0, count: prompts)
    )
    var here = DifficultyCurvature(models, ridge: ridge, at: point)
    for _ in 0..<200 {
      guard let step = here.newtonStep() else { return nil }
      let reach = (step.shared + step.prompts).reduce(0) { max($0, abs($1)) }
      var share = 1.0
      while true {
        let trial = point.moved(step, share)
        let there = DifficultyCurvature(models, ridge: ridge, at: trial)
        if there.objective <= here.objective * (1 + 1e-13) {
          (point, here) = (trial, there)
          break
        }
        share /= 2
        if share < 1e-12 { return nil }
      }
      if reach < 1e-9 {
        let first = point.prompts[0]
        values = point.prompts.map { $0 - first }
        weights = models.indices.map {
          LengthControlWeights(
            lengthTerm: point.shared[2 * $0], difficulty: 1, theta: point.shared[2 * $0 + 1] + first)
        }
        return
      }
    }
    return nil
  }
}

private struct DifficultyPoint {
  /// φ and θ, model by model.
  var shared: [Double]
  /// δ.
  var prompts: [Double]

  func moved(_ step: DifficultyPoint, _ share: Double) -> DifficultyPoint {
    DifficultyPoint(
      shared: zip(shared, step.shared).map { $0 + share * $1 },
      prompts: zip(prompts, step.prompts).map { $0 + share * $1 })
  }
}

/// Slope and curvature of the joint loss. The curvature in δ alone is diagonal, which is what makes the step cheap.
private struct DifficultyCurvature {
  var objective = 0.0
  var slope: DifficultyPoint
  /// Shape [2 · models][2 · models], blocks of two on the diagonal.
  var shared: [Double]
  /// Shape [2 · models][prompts].
  var mixed: [Double]
  /// Shape [prompts].
  var prompts: [Double]

  init(_ models: [LengthControlRows], ridge: Double, at point: DifficultyPoint) {
    let width = point.shared.count
    let count = point.prompts.count
    slope = DifficultyPoint(
      shared: [Double](repeating: 0, count: width), prompts: point.prompts.map { ridge * $0 })
    shared = [Double](repeating: 0, count: width * width)
    mixed = [Double](repeating: 0, count: width * count)
    prompts = [Double](repeating: ridge, count: count)
    for value in point.prompts { objective += ridge / 2 * value * value }
    for (number, model) in models.enumerated() {
      let first = 2 * number
      for prompt in 0..<count {
        guard let preference = model.preferences[prompt] else { continue }
        let x = model.lengthTerms[prompt]
        let eta = point.shared[first] * x + point.shared[first + 1] + point.prompts[prompt]
        let probability = logistic(eta)
        objective += softplus(eta) - preference * eta
        let error = probability - preference
        let curvature = probability * (1 - probability)
        slope.shared[first] += error * x
        slope.shared[first + 1] += error
        slope.prompts[prompt] += error
        shared[first * width + first] += curvature * x * x
        shared[first * width + first + 1] += curvature * x
        shared[(first + 1) * width + first] += curvature * x
        shared[(first + 1) * width + first + 1] += curvature
        mixed[first * count + prompt] += curvature * x
        mixed[(first + 1) * count + prompt] += curvature
        prompts[prompt] += curvature
      }
    }
  }

  /// -H⁻¹ · slope, with δ eliminated first (Schur complement).
  func newtonStep() -> DifficultyPoint? {
    let width = slope.shared.count
    let count = prompts.count
    var reduced = shared
    var right = slope.shared
    for row in 0..<width {
      for prompt in 0..<count {
        let ratio = mixed[row * count + prompt] / prompts[prompt]
        right[row] -= ratio * slope.prompts[prompt]
        for column in 0...row { reduced[row * width + column] -= ratio * mixed[column * count + prompt] }
      }
    }
    for row in 0..<width {
      for column in 0..<row { reduced[column * width + row] = reduced[row * width + column] }
    }
    guard let step = Cholesky(reduced, order: width)?.solve(right).map(-) else { return nil }
    let promptStep = (0..<count).map { prompt in
      var pull = -slope.prompts[prompt]
      for row in 0..<width { pull -= mixed[row * count + prompt] * step[row] }
      return pull / prompts[prompt]
    }
    return DifficultyPoint(shared: step, prompts: promptStep)
  }
}
