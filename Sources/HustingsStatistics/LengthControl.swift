import Foundation

/// How strongly a length-controlled fit is held towards zero.
public enum LengthControlStrength: Sendable, Hashable {
  /// Not at all.
  case unpenalised
  /// |φ| + |ψ| + |θ| + C · (log-loss) with this C.
  case given(Double)
  /// The C of the grid with the best held-out log-loss over the folds, the first of equals.
  case chosen(grid: [Double], folds: Int)

  /// As AlpacaEval chooses: ten values from 10⁻⁴ to 10⁴, evenly spaced on a logarithmic scale, and five folds.
  public static let alpacaEval = LengthControlStrength.chosen(
    grid: (0..<10).map { pow(10, -4 + 8 * Double($0) / 9) }, folds: 5)
}

/// A fitted length-controlled comparison with the baseline.
public struct LengthControlFit: Sendable, Hashable {
  /// The model's weights.
  public let weights: LengthControlWeights
  /// The inverse penalty used; nil when there was none.
  public let inverseStrength: Double?
  /// The length-controlled win rate, a share.
  public let winRate: Double
  /// AlpacaEval's "standard error" (see `LengthControlWeights.spread`), a share; nil with fewer than two rows.
  public let spread: Double?
}

/// The length-controlled win rate of AlpacaEval 2: a logistic model of the judge's preference, read off at equal length.
///
/// Dubois, Galambosi, Liang and Hashimoto, "Length-controlled AlpacaEval: a simple way to debias automatic evaluators"
/// (COLM 2024). The optimum is exact; upstream's solver (liblinear, tolerance 10⁻⁴) stops within 0.02 points of it.
public struct LengthControl: Sendable {
  /// The length-gamed baselines; nil to do without.
  public let anchor: LengthControlAnchor?
  /// Whether prompts' difficulties enter.
  public let usesDifficulty: Bool
  /// The anchor's preferences, known or implied (see `LengthControlAnchor.impliedPreferences`).
  let implied: [Double]?

  /// Length control with the given parts.
  public init(anchor: LengthControlAnchor?, usesDifficulty: Bool) {
    self.anchor = anchor
    implied = anchor?.impliedPreferences()
    self.usesDifficulty = usesDifficulty
  }

  /// Fits one model; nil when its rows have no finite optimum, as when it wins everything and nothing holds it back.
  ///
  /// Rows without a preference are left out of the fit but not of the prediction, as upstream does.
  public func fit(_ rows: LengthControlRows, strength: LengthControlStrength) -> LengthControlFit? {
    precondition(!usesDifficulty || rows.difficulties != nil, "rows without difficulties")
    let inverse: Double?
    switch strength {
    case .unpenalised: inverse = nil
    case .given(let value): inverse = value
    case .chosen(let grid, let folds):
      guard let best = bestInverseStrength(rows, grid: grid, folds: folds) else { return nil }
      inverse = best
    }
    guard let weights = weights(rows, inverseStrength: inverse, counts: nil, start: nil) else { return nil }
    let difficulties = difficulties(of: rows)
    return weights.winRate(difficulties: difficulties).map {
      LengthControlFit(
        weights: weights, inverseStrength: inverse, winRate: $0,
        spread: weights.spread(difficulties: difficulties))
    }
  }

  /// The win rate refitted on resampled rows: its sampling error, which upstream's number is not.
  ///
  /// Each replicate draws as many rows as there are, with replacement; the anchor stays. The replicates are the same for
  /// a seed on any machine.
  public func bootstrap(
    _ rows: LengthControlRows, inverseStrength: Double?, replicates: Int, seed: UInt64
  ) -> BootstrapDistribution? {
    guard let whole = weights(rows, inverseStrength: inverseStrength, counts: nil, start: nil) else {
      return nil
    }
    let difficulties = difficulties(of: rows)
    guard let estimate = whole.winRate(difficulties: difficulties) else { return nil }
    let draws = resampled(rows, replicates: replicates, seed: seed) { counts in
      guard
        let weights = weights(rows, inverseStrength: inverseStrength, counts: counts, start: whole)
      else { return nil }
      let predictions = weights.predictions(difficulties: difficulties)
      return zip(predictions, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(rows.count)
    }
    let defined = draws.compactMap { $0 }
    return BootstrapDistribution(
      estimate: estimate, replicates: defined, undefinedCount: draws.count - defined.count, leaveOneOut: [])
  }
}

// MARK: The regression

extension LengthControl {
  /// Difficulties for prediction; all 0 where they do not enter.
  func difficulties(of rows: LengthControlRows) -> [Double] {
    usesDifficulty ? rows.difficulties ?? [] : [Double](repeating: 0, count: rows.count)
  }

  /// The rows of the regression that have a preference, with their places in `rows`.
  func regression(_ rows: LengthControlRows, counts: [UInt32]?) -> (rows: GLMRows, places: [Int]) {
    let places = (0..<rows.count).filter { rows.preferences[$0] != nil }
    var features: [Double] = []
    features.reserveCapacity(places.count * 3)
    for place in places {
      features.append(rows.lengthTerms[place])
      if usesDifficulty, let difficulties = rows.difficulties { features.append(difficulties[place]) }
      features.append(1)
    }
    let regression = GLMRows(
      width: usesDifficulty ? 3 : 2, features: features,
      targets: places.map { rows.preferences[$0] ?? 0 },
      weights: counts.map { counts in places.map { Double(counts[$0]) } })
    return (regression, places)
  }

  func weights(
    _ rows: LengthControlRows, inverseStrength: Double?, counts: [UInt32]?, start: LengthControlWeights?
  ) -> LengthControlWeights? {
    var all = regression(rows, counts: counts).rows
    if let anchor { all = anchor.rows(withDifficulty: usesDifficulty).joined(with: all) }
    let penalty = inverseStrength.map { GLMPenalty.lasso(1 / $0) } ?? .unpenalised
    let coefficients = start.map {
      usesDifficulty ? [$0.lengthTerm, $0.difficulty, $0.theta] : [$0.lengthTerm, $0.theta]
    }
    return all.fit(penalty, from: coefficients).map { self.weights($0.coefficients) }
  }

  func weights(_ coefficients: [Double]) -> LengthControlWeights {
    LengthControlWeights(
      lengthTerm: coefficients[0], difficulty: usesDifficulty ? coefficients[1] : 0,
      theta: coefficients[coefficients.count - 1])
  }
}
