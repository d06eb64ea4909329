import Foundation

/// What length control sees of one model on one set of prompts, in the order of its annotations.
///
/// The length term of a row is tanh(d / s), where d is the length of the baseline's response minus that of the model's,
/// in Unicode code points, and s the standard deviation of d over the model's rows (divisor n − 1, not centred).
public struct LengthControlRows: Sendable, Hashable {
  /// tanh(d / s) per row.
  public let lengthTerms: [Double]
  /// How hard each prompt is to win; nil when the set comes without difficulties.
  public let difficulties: [Double]?
  /// The probability that the model's response is preferred, in [0, 1]; nil where the judge gave none.
  public let preferences: [Double?]

  /// Rows from the lengths of the responses.
  public init(
    baselineLengths: [Int], modelLengths: [Int], difficulties: [Double]?, preferences: [Double?]
  ) {
    precondition(
      baselineLengths.count == modelLengths.count,
      "\(baselineLengths.count) baseline lengths, \(modelLengths.count) model lengths")
    let differences = zip(baselineLengths, modelLengths).map { Double($0 - $1) }
    let spread = Descriptive.standardDeviation(differences, divisor: .sample) ?? 0
    // Without any spread there is nothing to standardise by, and no length effect to be told from the rest.
    self.init(
      lengthTerms: differences.map { spread > 0 ? tanh($0 / spread) : 0 }, difficulties: difficulties,
      preferences: preferences)
  }

  /// Rows whose length terms are known.
  public init(lengthTerms: [Double], difficulties: [Double]?, preferences: [Double?]) {
    precondition(
      lengthTerms.count == preferences.count,
      "\(lengthTerms.count) length terms, \(preferences.count) preferences")
    if let difficulties {
      precondition(
        difficulties.count == preferences.count,
        "\(difficulties.count) difficulties, \(preferences.count) preferences")
    }
    self.lengthTerms = lengthTerms
    self.difficulties = difficulties
    self.preferences = preferences
  }

  /// Rows.
  public var count: Int { preferences.count }

  /// The rows at the given places, in that order.
  public func rows(_ places: [Int]) -> LengthControlRows {
    LengthControlRows(
      lengthTerms: places.map { lengthTerms[$0] },
      difficulties: difficulties.map { all in places.map { all[$0] } },
      preferences: places.map { preferences[$0] })
  }
}

/// A model's place in the logistic model of length control.
///
/// P(model preferred) = σ(lengthTerm · tanh(d / s) + difficulty · (the prompt's difficulty) + theta).
public struct LengthControlWeights: Sendable, Hashable {
  /// The effect of length; negative when longer responses win.
  public let lengthTerm: Double
  /// How strongly the model's success follows the prompts' difficulty; 0 where difficulties are not used.
  public let difficulty: Double
  /// The log-odds of winning on a prompt of difficulty 0 at equal length.
  public let theta: Double

  /// A model's weights.
  public init(lengthTerm: Double, difficulty: Double, theta: Double) {
    self.lengthTerm = lengthTerm
    self.difficulty = difficulty
    self.theta = theta
  }

  /// The baseline against itself: no effect of anything.
  public static let baseline = LengthControlWeights(lengthTerm: 0, difficulty: 0, theta: 0)

  /// The probability of winning each prompt at equal length.
  public func predictions(difficulties: [Double]) -> [Double] {
    difficulties.map { 1 / (1 + exp(-(theta + difficulty * $0))) }
  }

  /// The length-controlled win rate, a share: the mean probability of winning with the length term set to 0.
  public func winRate(difficulties: [Double]) -> Double? {
    Descriptive.mean(predictions(difficulties: difficulties))
  }

  /// What AlpacaEval prints as the standard error: the spread of the predictions over √n. It says how prompts differ in
  /// difficulty, not how far the rate may be off; for that see `LengthControl.bootstrap`.
  public func spread(difficulties: [Double]) -> Double? {
    Descriptive.standardDeviation(predictions(difficulties: difficulties), divisor: .sample).map {
      $0 / Double(difficulties.count).squareRoot()
    }
  }

  /// The length-controlled win rate against a model other than the baseline both were fitted against.
  public func winRate(against other: LengthControlWeights, difficulties: [Double]) -> Double? {
    LengthControlWeights(
      lengthTerm: 0, difficulty: difficulty - other.difficulty, theta: theta - other.theta
    ).winRate(difficulties: difficulties)
  }
}
