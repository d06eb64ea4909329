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
    guard let all = validationRows(rows), all.targets.count >= folds else { return nil }
    let dealt = all.folds(folds)
    let parts = dealt.map { GLMPart($0.rows) }
    var scores = [Double](repeating: 0, count: grid.count)
    for fold in 0..<folds {
      var descent = GLMDescent(GLMSurface(Array(parts[..<fold] + parts[(fold + 1)...])))
      let validation = HeldOutRows(dealt[fold], GLMSurface([parts[fold]]))
      for (place, inverse) in grid.enumerated() {
        // Steps shrink quadratically: after a last one below 1e-4 what is left is about 1e-8.
        guard let fit = descent.minimum(.lasso(1 / inverse), tolerance: 1e-4) else { return nil }
        scores[place] += validation.score(fit.point)
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

/// Rows with a target each, to be dealt into folds.
private struct ValidationRows {
  let rows: GLMRows
  let targets: [Double]

  /// The rows of each fold, which are dealt out from the last row on.
  func folds(_ count: Int) -> [ValidationRows] {
    let (width, last) = (rows.width, targets.count - 1)
    return (0..<count).map { fold in
      var features: [Double] = []
      var weights: [Double] = []
      var own: [Double] = []
      let places = stride(from: (last - fold) % count, through: last - fold, by: count)
      features.reserveCapacity(width * (last / count + 1))
      weights.reserveCapacity(last / count + 1)
      own.reserveCapacity(last / count + 1)
      for place in places {
        features += rows.features[place * width..<(place + 1) * width]
        weights.append(rows.weights[place])
        own.append(targets[place])
      }
      return ValidationRows(
        rows: GLMRows(width: width, features: features, targets: own, weights: weights), targets: own)
    }
  }
}

/// Held-out rows, by which fits are scored.
private struct HeldOutRows {
  private let rows: GLMRows
  private let targets: [Double]
  private let surface: GLMSurface

  init(_ held: ValidationRows, _ surface: GLMSurface) {
    rows = held.rows
    targets = held.targets
    self.surface = surface
  }

  /// The mean of weight · log-likelihood, with probabilities kept 10⁻¹⁵ away from 0 and 1 as upstream does.
  func score(_ coefficients: [Double]) -> Double {
    // Probabilities of log-odds below 34 need no keeping away, and the likelihood is then minus the loss.
    guard surface.change(along: coefficients) > 34 else {
      return -surface.loss(at: coefficients) / Double(rows.count)
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
