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
      let (training, held) = all.split(fold, of: folds)
      let surface = GLMSurface(training.regression)
      let validation = HeldOutRows(held)
      var start: [Double]?
      for (place, inverse) in grid.enumerated() {
        // Steps shrink quadratically: after a last one below 1e-4 what is left is about 1e-8.
        guard let fit = surface.minimum(.lasso(1 / inverse), from: start, tolerance: 1e-4) else { return nil }
        start = fit.point
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

/// Rows with a target each, to be cut into training and held-out parts.
private struct ValidationRows {
  let rows: GLMRows
  let targets: [Double]

  var count: Int { targets.count }
  var regression: GLMRows {
    GLMRows(width: rows.width, features: rows.features, targets: targets, weights: rows.weights)
  }

  /// The rows outside and inside a fold, which are dealt out from the last row on.
  func split(_ fold: Int, of folds: Int) -> (training: ValidationRows, held: ValidationRows) {
    var training = Picked(width: rows.width, capacity: count)
    var held = Picked(width: rows.width, capacity: count / folds + 1)
    for place in 0..<count {
      if (count - 1 - place) % folds == fold {
        held.append(self, place)
      } else {
        training.append(self, place)
      }
    }
    return (training.rows, held.rows)
  }

  private struct Picked {
    let width: Int
    var features: [Double] = []
    var weights: [Double] = []
    var targets: [Double] = []

    init(width: Int, capacity: Int) {
      self.width = width
      features.reserveCapacity(width * capacity)
      weights.reserveCapacity(capacity)
      targets.reserveCapacity(capacity)
    }

    mutating func append(_ all: ValidationRows, _ place: Int) {
      for column in place * width..<(place + 1) * width { features.append(all.rows.features[column]) }
      weights.append(all.rows.weights[place])
      targets.append(all.targets[place])
    }

    var rows: ValidationRows {
      ValidationRows(
        rows: GLMRows(
          width: width, features: features, weights: weights, moments: [Double](repeating: 0, count: width)),
        targets: targets)
    }
  }
}

/// Held-out rows, by which fits are scored.
private struct HeldOutRows {
  private let rows: GLMRows
  private let targets: [Double]
  private let surface: GLMSurface

  init(_ held: ValidationRows) {
    rows = held.regression
    targets = held.targets
    surface = GLMSurface(rows)
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
