/// A judge's preference between the baseline's and a model's response to one prompt, with what the board needs to know.
public struct AlpacaAnnotation: Sendable, Hashable {
  /// The prompt's place in its set.
  public let place: Int
  /// The baseline's response in Unicode code points.
  public let baselineLength: Int
  /// The model's response in Unicode code points.
  public let modelLength: Int
  /// The probability that the model's response is preferred, in [0, 1]; nil when the judge said nothing usable.
  public let preference: Double?
  /// Whether both responses are the same text, which is a draw without asking.
  public let isIdentical: Bool

  /// An annotation of one prompt.
  public init(
    place: Int, baselineLength: Int, modelLength: Int, preference: Double?, isIdentical: Bool = false
  ) {
    self.place = place
    self.baselineLength = baselineLength
    self.modelLength = modelLength
    self.preference = preference
    self.isIdentical = isIdentical
  }
}

/// AlpacaEval's way of writing preferences down.
///
/// On its scale 1 means that the first response is better, 2 the second, and 1.5 neither; between them lies
/// 1 + the probability that the second is better. 0 is an older way to write a draw.
public enum AlpacaPreference {
  /// The probability that the second response is preferred; nil for what is no preference, such as the −1 that stands
  /// for a failure in upstream's caches.
  public static func probability(code: Double?) -> Double? {
    guard let code else { return nil }
    if code == 0 { return 0.5 }
    return (1...2).contains(code) ? code - 1 : nil
  }

  /// The probability that the model's response is preferred, from the judge's reply.
  ///
  /// - Parameter isSwapped: whether the judge was shown the model's response first.
  public static func probability(
    in reply: JudgeReply, parser: ReplyParser, isSwapped: Bool
  ) throws(ReplyFault) -> Double {
    let code = try parser.preference(in: reply)
    guard let probability = probability(code: code) else { throw .notAPreference("\(code)") }
    return isSwapped ? 1 - probability : probability
  }
}
