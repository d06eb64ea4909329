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
      let held = (0..<all.count).filter { (all.count - 1 - $0) % folds == fold }
      let kept = (0..<all.count).filter { (all.count - 1 - $0) % folds != fold }
      let training = all.regression(kept)
      var start: [Double]?
      for (place, inverse) in grid.enumerated() {
        guard let fit = training.fit(.lasso(1 / inverse), from: start, tolerance: 1e-7) else { return nil }
        start = fit.coefficients
        scores[place] += all.score(held, fit.coefficients)
      }
    }
    guard let best = scores.max(), let place = scores.firstIndex(of: best) else { return nil }
    return grid[place]
  }

  private func validationRows(_ rows: LengthControlRows) -> ValidationRows? {
    let own = regression(rows, counts: nil)
    let ownTargets = own.places.map { rows.preferences[$0] ?? 0 }
    guard let anchor else { return ValidationRows(rows: own.rows, targets: ownTargets) }
    guard let implied = anchor.impliedPreferences() else { return nil }
    return ValidationRows(
      rows: anchor.rows(withDifficulty: usesDifficulty).joined(with: own.rows), targets: implied + ownTargets)
  }
}

/// Rows with a target each, to be cut into training and held-out parts.
private struct ValidationRows {
  let rows: GLMRows
  let targets: [Double]

  var count: Int { targets.count }

  func regression(_ places: [Int]) -> GLMRows {
    let width = rows.width
    return GLMRows(
      width: width, features: places.flatMap { rows.features[$0 * width..<($0 + 1) * width] },
      targets: places.map { targets[$0] }, weights: places.map { rows.weights[$0] })
  }

  /// The mean of weight · log-likelihood, with probabilities kept 10⁻¹⁵ away from 0 and 1 as upstream does.
  func score(_ places: [Int], _ coefficients: [Double]) -> Double {
    let width = rows.width
    var total = 0.0
    for place in places {
      var eta = 0.0
      for column in 0..<width { eta += rows.features[place * width + column] * coefficients[column] }
      let probability = min(max(1 / (1 + exp(-eta)), 1e-15), 1 - 1e-15)
      let target = targets[place]
      total += rows.weights[place] * (target * log(probability) + (1 - target) * log(1 - probability))
    }
    return total / Double(places.count)
  }
}
