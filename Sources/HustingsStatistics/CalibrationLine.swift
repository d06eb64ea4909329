import HustingsNumerics

/// The logistic regression of outcomes on stated log-odds: a calibrated model has intercept 0 and slope 1.
///
/// A slope below 1 means overconfidence. Cox, "Two further applications of a model for binary regression"
/// (Biometrika 45, 1958).
public struct CalibrationLine: Sendable, Hashable {
  /// The log-odds of being right where the model was undecided.
  public let intercept: Double
  /// How much of the stated log-odds is real.
  public let slope: Double
  /// The clustered standard error of the intercept.
  public let interceptError: Double
  /// The clustered standard error of the slope.
  public let slopeError: Double
  /// The p-value of intercept 0 and slope 1 together: Wald's test, chi-square with two degrees of freedom.
  public let pValue: Double

  /// A line through folded margins.
  ///
  /// - Returns: nil when the line is not defined: all confidences or outcomes alike, or fewer than two
  ///   clusters.
  public init?(_ items: FoldedMargins, clusters: Clustering) {
    guard
      let fit = LogisticRegression(
        design: items.confidences.map { [1, logit($0)] }, outcomes: items.hits, clusters: clusters, ridge: 0),
      let covariance = fit.clusteredCovariance, let first = fit.standardError(0),
      let second = fit.standardError(1), let factor = Cholesky(covariance, order: 2)
    else { return nil }
    intercept = fit.coefficients[0]
    slope = fit.coefficients[1]
    interceptError = first
    slopeError = second
    let away = [intercept, slope - 1]
    pValue = ChiSquare(degreesOfFreedom: 2).survival(sum(zip(away, factor.solve(away)).map(*)))
  }
}
