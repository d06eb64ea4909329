/// What came of one item. Failures are outcomes of their own and never scored as answers.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
  case win, loss, tie, abstention, invalid, error

  /// The outcome of an absence.
  public init(_ absence: Absence) {
    switch absence.kind {
    case .abstention: self = .abstention
    case .invalid: self = .invalid
    case .error: self = .error
    }
  }

  /// Whether the model answered.
  public var isAnswer: Bool { self == .win || self == .loss || self == .tie }
}
