import HustingsNumerics

/// Proper scores of margins, where a margin is the log-odds a model gave to the answer that is right.
public enum MarginScores {
  /// mean log(1 + exp(-m)), the Bradley–Terry loss, in nats; nil for no margins.
  public static func logLoss(_ margins: [Double]) -> Double? {
    Descriptive.mean(margins.map { softplus(-$0) })
  }

  /// mean (1 - σ(m))²; nil for no margins. Guessing gives 1/4.
  public static func brier(_ margins: [Double]) -> Double? {
    Descriptive.mean(
      margins.map { margin in
        let miss = logistic(-margin)
        return miss * miss
      })
  }

  /// How sure the model was of the side it took, and whether that side was right.
  ///
  /// The right side is always the positive one, so calibration is judged after folding: confidence σ(|m| /
  /// T), hit 1 for m > 0, ½ for a tie, 0 for m < 0.
  public static func folded(_ margins: [Double], temperature: Double) -> FoldedMargins {
    precondition(temperature > 0, "a temperature of \(temperature)")
    return FoldedMargins(
      confidences: margins.map { logistic($0.magnitude / temperature) },
      hits: margins.map { $0 > 0 ? 1 : $0 < 0 ? 0 : 0.5 })
  }
}

/// Confidences in [½, 1] with their outcomes: 1 right, ½ tied, 0 wrong.
public struct FoldedMargins: Sendable, Hashable {
  /// How sure the model was of the side it took.
  public let confidences: [Double]
  /// Whether that side was right.
  public let hits: [Double]

  /// Confidences and outcomes, item by item.
  public init(confidences: [Double], hits: [Double]) {
    precondition(confidences.count == hits.count, "\(confidences.count) confidences, \(hits.count) hits")
    self.confidences = confidences
    self.hits = hits
  }

  /// mean (c - h)²; nil for no items.
  public var brier: Double? {
    Descriptive.mean(zip(confidences, hits).map { ($0 - $1) * ($0 - $1) })
  }
}
