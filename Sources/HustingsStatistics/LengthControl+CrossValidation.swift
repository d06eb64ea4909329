import Foundation

extension LengthControl {
  /// The C of the grid whose fits predict held-out rows best.
  ///
  /// As upstream: anchor rows come first, then the model's; folds are dealt out one by one from the last row on (which is
  /// what scikit-learn's GroupKFold does with groups of equal size); a fold's score is the mean over its rows of weight ·
  /// log-likelihood; and the C with the best mean score over folds wins, the smallest of equals. Anchor rows whose
  /// judgments are known in sum only take part with the preferences those sums imply.
  func bestInverseStrength(_ rows: LengthControlRows, grid: [Double], folds: Int) -> Double? {
    precondition(!grid.isEmpty && folds > 1, "\(grid.count) strengths, \(folds) folds")
    guard let all = validationRows(rows), all.count >= folds else { return nil }
    var scores = [Double](repeating: 0, count: grid.count)
    for fold in 0..<folds {
      let held = all.part { (all.count - 1 - $0) % folds == fold }
      let training = all.part { (all.count - 1 - $0) % folds != fold }
      let surface = GLMSurface(training.regression)
      let validation = HeldOutRows(held)
      var start: [Double]?
      for (place, inverse) in grid.enumerated() {
        // Steps shrink quadratically: after a last one below 1e-5 what is left is below 1e-9.
        guard let fit = surface.fit(.lasso(1 / inverse), from: start, tolerance: 1e-5) else { return nil }
        start = fit.coefficients
        scores[place] += validation.score(fit.coefficients)
      }
    }
    guard let best = scores.max(), let place = scores.firstIndex(of: best) else { return nil }
    return grid[place]
  }

  private func validationRows(_ rows: LengthControlRows) -> ValidationRows? {
    let own = regression(rows, counts: nil)
    let ownTargets = own.places.map { rows.preferences[$0] ?? 0 }
    guard let anchor else { return ValidationRows(rows: own.rows, targets: ownTargets) }
    guard let implied else { return nil }
    return ValidationRows(
      rows: anchor.rows(withDifficulty: usesDifficulty).joined(with: own.rows), targets: implied + ownTargets)
  }
}

/// Rows with a target each, to be cut into training and held-out parts.
private struct ValidationRows {
  let rows: GLMRows
  let targets: [Double]

  var count: Int { targets.count }
  var regression: GLMRows {
    GLMRows(width: rows.width, features: rows.features, targets: targets, weights: rows.weights)
  }

  /// The rows whose places fulfil the condition.
  func part(_ isIncluded: (Int) -> Bool) -> ValidationRows {
    let width = rows.width
    var features: [Double] = []
    var weights: [Double] = []
    var kept: [Double] = []
    features.reserveCapacity(rows.features.count)
    for place in 0..<count where isIncluded(place) {
      for column in 0..<width { features.append(rows.features[place * width + column]) }
      weights.append(rows.weights[place])
      kept.append(targets[place])
    }
    return ValidationRows(
      rows: GLMRows(width: width, features: features, weights: weights, moments: rows.moments), targets: kept)
  }
}

/// Held-out rows, by which fits are scored.
private struct HeldOutRows {
  private let rows: GLMRows
  private let targets: [Double]
  private let surface: GLMSurface
  /// The largest size of each feature.
  private let reach: [Double]

  init(_ held: ValidationRows) {
    rows = held.regression
    targets = held.targets
    surface = GLMSurface(rows)
    var reach = [Double](repeating: 0, count: rows.width)
    for (place, feature) in rows.features.enumerated() {
      reach[place % rows.width] = max(reach[place % rows.width], abs(feature))
    }
    self.reach = reach
  }

  /// The mean of weight · log-likelihood, with probabilities kept 10⁻¹⁵ away from 0 and 1 as upstream does.
  func score(_ coefficients: [Double]) -> Double {
    // Probabilities of log-odds below 34 need no keeping away, and the likelihood is then minus the loss.
    guard zip(reach, coefficients).reduce(0, { $0 + $1.0 * abs($1.1) }) > 34 else {
      return -surface.curvature(at: coefficients).loss / Double(rows.count)
    }
    var total = 0.0
    for (place, eta) in rows.linearPredictors(coefficients).enumerated() {
      let probability = min(max(1 / (1 + exp(-eta)), 1e-15), 1 - 1e-15)
      let target = targets[place]
      total += rows.weights[place] * (target * log(probability) + (1 - target) * log(1 - probability))
    }
    return total / Double(targets.count)
  }
}
