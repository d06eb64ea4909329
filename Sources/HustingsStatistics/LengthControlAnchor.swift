/// Rows that hold the length effect to what it is where length alone was changed.
///
/// AlpacaEval adds the baseline's own "be concise" and "be verbose" variants, judged against the baseline, to every fit,
/// with a small weight and without a theta of their own: whatever they win or lose is put down to length and
/// difficulty. Their judgments enter a fit only through two sums, so those suffice.
public struct LengthControlAnchor: Sendable, Hashable {
  /// One row per variant and prompt: tanh(d / s), the difficulty.
  public let lengthTerms: [Double]
  /// The difficulty of each row's prompt.
  public let difficulties: [Double]
  /// The weight of each row; a model's own rows have weight 1.
  public let rowWeight: Double
  /// Σ rowWeight · y · tanh(d / s), with y the probability that the variant is preferred.
  public let lengthMoment: Double
  /// Σ rowWeight · y · difficulty.
  public let difficultyMoment: Double
  /// y of each row; nil when only the two sums are known.
  public let preferences: [Double]?

  /// An anchor whose judgments are known in sum. `variantLengths` has one list per variant.
  public init(
    baselineLengths: [Int], variantLengths: [[Int]], difficulties: [Double], rowWeight: Double,
    lengthMoment: Double, difficultyMoment: Double
  ) {
    let variants = variantLengths.map {
      LengthControlRows(
        baselineLengths: baselineLengths, modelLengths: $0, difficulties: difficulties,
        preferences: [Double?](repeating: nil, count: $0.count))
    }
    lengthTerms = variants.flatMap(\.lengthTerms)
    self.difficulties = variants.flatMap { $0.difficulties ?? [] }
    self.rowWeight = rowWeight
    self.lengthMoment = lengthMoment
    self.difficultyMoment = difficultyMoment
    preferences = nil
  }

  /// An anchor from the judgments themselves, one element per variant; rows without a preference are left out. Sets
  /// without difficulties count them as 0.
  public init(judged variants: [LengthControlRows], rowWeight: Double) {
    var rows: [(length: Double, difficulty: Double, preference: Double)] = []
    for variant in variants {
      for row in 0..<variant.count {
        guard let preference = variant.preferences[row] else { continue }
        rows.append((variant.lengthTerms[row], variant.difficulties?[row] ?? 0, preference))
      }
    }
    lengthTerms = rows.map(\.length)
    difficulties = rows.map(\.difficulty)
    self.rowWeight = rowWeight
    lengthMoment = rows.reduce(0) { $0 + rowWeight * $1.preference * $1.length }
    difficultyMoment = rows.reduce(0) { $0 + rowWeight * $1.preference * $1.difficulty }
    preferences = rows.map(\.preference)
  }

  /// Rows.
  public var count: Int { lengthTerms.count }

  /// The anchor in a regression on (length, difficulty, theta), or on (length, theta).
  func rows(withDifficulty: Bool) -> GLMRows {
    var features: [Double] = []
    features.reserveCapacity((withDifficulty ? 3 : 2) * count)
    for row in 0..<count {
      features.append(lengthTerms[row])
      if withDifficulty { features.append(difficulties[row]) }
      features.append(0)
    }
    return GLMRows(
      width: withDifficulty ? 3 : 2, features: features,
      weights: [Double](repeating: rowWeight, count: count),
      moments: withDifficulty ? [lengthMoment, difficultyMoment, 0] : [lengthMoment, 0])
  }

  /// A preference per row, which cross-validation needs: the known one, or else as likely as the two sums allow, from the
  /// logistic model in length and difficulty that has exactly these sums; nil when no such model exists.
  public func impliedPreferences() -> [Double]? {
    if let preferences { return preferences }
    let both = GLMRows(
      width: 2, features: (0..<count).flatMap { row -> [Double] in [lengthTerms[row], difficulties[row]] },
      weights: [Double](repeating: rowWeight, count: count), moments: [lengthMoment, difficultyMoment])
    guard let fit = both.fit(.unpenalised) else { return nil }
    let weights = LengthControlWeights(lengthTerm: 0, difficulty: 1, theta: 0)
    return weights.predictions(difficulties: both.linearPredictors(fit.coefficients))
  }
}
