/// What an Arena-Hard judge says of answers A and B.
public enum ArenaHardLabel: String, Sendable, Hashable, CaseIterable {
  /// A is significantly better.
  case firstMuchBetter = "A>>B"
  /// A is slightly better.
  case firstBetter = "A>B"
  /// Neither is better.
  case tie = "A=B"
  /// B is slightly better.
  case secondBetter = "B>A"
  /// B is significantly better.
  case secondMuchBetter = "B>>A"

  /// The label as it is spelled, or turned round, which version 2 accepts as well: `A<B`, `A<<B`, `B=A`, `B<A`, `B<<A`.
  public init?(eitherWay text: String) {
    if let label = ArenaHardLabel(rawValue: text) {
      self = label
      return
    }
    switch text {
    case "A<<B": self = .secondMuchBetter
    case "A<B": self = .secondBetter
    case "B=A": self = .tie
    case "B<A": self = .firstBetter
    case "B<<A": self = .firstMuchBetter
    default: return nil
    }
  }

  /// The points of A: 1, ½ or 0.
  public var credit: Double {
    switch self {
    case .firstMuchBetter, .firstBetter: 1
    case .tie: 0.5
    case .secondBetter, .secondMuchBetter: 0
    }
  }

  /// Whether the verdict is a strong one.
  public var isStrong: Bool { self == .firstMuchBetter || self == .secondMuchBetter }
}

/// What came of reading an Arena-Hard judge's reply.
public enum ArenaHardReading: Sendable, Hashable {
  /// A verdict.
  case label(ArenaHardLabel)
  /// No bracketed verdict; version 0.1 then asks once more.
  case missing
  /// Several verdicts that differ.
  case contradictory([String])
  /// A bracketed text that is no label, such as `A>>A`.
  case unknown(String)

  /// The label; nil when there is none.
  public var label: ArenaHardLabel? {
    if case .label(let label) = self { label } else { nil }
  }
}

/// How the versions of Arena-Hard read their judge and count its verdicts.
public enum ArenaHardRule: String, Sendable, Hashable, CaseIterable {
  /// All `[[…]]` must agree. A game without a verdict is dropped by itself.
  case v01 = "0.1"
  /// The last `[[…]]` counts, else the last `[…]`, in upper case. A prompt with a game without a verdict is dropped.
  case v2 = "2"

  /// The verdict in a reply.
  public func reading(of reply: String) -> ArenaHardReading {
    guard let text = spelling(in: reply) else { return .missing }
    switch text {
    case .failure(let contradiction): return .contradictory(contradiction.found)
    case .success(let text):
      let label = self == .v01 ? ArenaHardLabel(rawValue: text) : ArenaHardLabel(eitherWay: text)
      return label.map(ArenaHardReading.label) ?? .unknown(text)
    }
  }

  private struct Contradiction: Error {
    let found: [String]
  }

  private func spelling(in reply: String) -> Result<String, Contradiction>? {
    func isPart(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "A", "B", "<", ">", "=": true
      default: false
      }
    }
    switch self {
    case .v01:
      let runs = BracketedText.runs(in: reply, depth: 2, where: isPart)
      guard let first = runs.first else { return nil }
      let distinct = Set(runs).sorted()
      return distinct.count == 1 ? .success(first) : .failure(Contradiction(found: distinct))
    case .v2:
      let text = reply.uppercased()
      return
        (BracketedText.runs(in: text, depth: 2, where: isPart).last
        ?? BracketedText.runs(in: text, depth: 1, where: isPart).last).map(Result.success)
    }
  }
}
