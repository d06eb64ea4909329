/// Why there is no answer.
public struct Absence: Sendable, Hashable {
  /// The three ways of not answering, which are never scored as answers.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The model declined or said nothing usable.
    case abstention
    /// The model returned something that is no reward: NaN, an infinity, the wrong shape.
    case invalid
    /// The model could not be asked: a time-out, a crash, a refused connection.
    case error
  }

  /// Which of the three.
  public let kind: Kind
  /// What happened, with the unusable reply itself where there was one.
  public let reason: String

  /// An absence with its reason.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}

/// What a model said of one matchup.
public enum Judgment: Sendable, Hashable {
  /// Log-odds that the first response is preferred to the second; negative means the second is preferred.
  /// A judge that only names a winner has margins of +1, 0 and -1: their sign is meant, not their size.
  case margin(Double)
  /// Nothing, and why.
  case absent(Absence)

  /// A judgment from log-odds; anything but a finite number is invalid.
  public init(logOdds: Double) {
    self =
      logOdds.isFinite
      ? .margin(logOdds) : .absent(Absence(.invalid, "the margin is \(logOdds), which is no finite number"))
  }

  /// The log-odds, or nil for an absence.
  public var logOdds: Double? {
    if case .margin(let value) = self { value } else { nil }
  }

  /// The absence, or nil for a margin.
  public var absence: Absence? {
    if case .absent(let absence) = self { absence } else { nil }
  }

  /// The same judgment told of the swapped matchup.
  public var negated: Judgment {
    if case .margin(let value) = self { .margin(0 - value) } else { self }
  }
}
