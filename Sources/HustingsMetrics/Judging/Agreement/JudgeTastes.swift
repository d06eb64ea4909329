import Hustings

/// A judge's liking for what is not quality: the share of pairs, among those that differ in a trait, in which the response
/// that has it is preferred.
public struct JudgeTaste: Sendable, Hashable {
  /// Pairs that differ in the trait.
  public let eligible: Int
  /// Those in which the response with the trait is preferred.
  public let preferring: Int

  /// The share; nil when no pair differs.
  public var share: Double? { eligible == 0 ? nil : Double(preferring) / Double(eligible) }

  /// A pair of responses with the judge's preference.
  public struct Pair: Sendable, Hashable {
    /// The first response.
    public let first: String
    /// The second response.
    public let second: String
    /// Which is preferred.
    public let label: PairLabel

    /// A judged pair.
    public init(first: String, second: String, label: PairLabel) {
      self.first = first
      self.second = second
      self.label = label
    }
  }

  /// The taste for the longer response, in pairs whose lengths differ by more than `margin` code points. A draw is no
  /// preference, and such a pair is left out, as upstream does.
  public static func longer(_ pairs: some Sequence<Pair>, margin: Int = 30) -> JudgeTaste {
    JudgeTaste(pairs) { pair in
      let difference = pair.first.codePointCount - pair.second.codePointCount
      return abs(difference) > margin ? difference > 0 : nil
    }
  }

  /// The taste for lists, in pairs of which exactly one response has a list.
  public static func lists(_ pairs: some Sequence<Pair>, by rule: ListRule) -> JudgeTaste {
    JudgeTaste(pairs) { pair in
      let (first, second) = (rule.hasList(pair.first), rule.hasList(pair.second))
      return first == second ? nil : first
    }
  }

  /// - Parameter trait: whether the first response has the trait, if exactly one has it.
  private init(_ pairs: some Sequence<Pair>, trait: (Pair) -> Bool?) {
    var eligible = 0
    var preferring = 0
    for pair in pairs where pair.label != .tie {
      guard let firstHasIt = trait(pair) else { continue }
      eligible += 1
      if firstHasIt == (pair.label == .first) { preferring += 1 }
    }
    self.eligible = eligible
    self.preferring = preferring
  }
}

/// When AlpacaEval says that a text contains a list. The rule changed once, and the published evaluator table is by the first.
public enum ListRule: String, Sendable, Hashable, CaseIterable {
  /// Anywhere: a bullet (`•` or `*`), or digits or a letter before `.` or `)`, and then a word.
  case anywhere
  /// At the start of a line: a bullet (`•`, `*` or `-`), digits before `.` or `)`, or a letter before them and a blank; with a
  /// word somewhere after it.
  case atLineStart

  /// Whether the text contains a list.
  public func hasList(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    switch self {
    case .anywhere: return scalars.indices.contains { ListRule.listItem(at: $0, in: scalars) }
    case .atLineStart:
      guard let lastWord = scalars.lastIndex(where: \.isPythonWord) else { return false }
      var start = 0
      while start < scalars.count {
        if let end = ListRule.mark(at: start, in: scalars), end <= lastWord { return true }
        guard let next = scalars[start...].firstIndex(of: "\n") else { return false }
        start = next + 1
      }
      return false
    }
  }

  /// A mark, blanks, and a word, from `start` on.
  private static func listItem(at start: Int, in scalars: [Unicode.Scalar]) -> Bool {
    var at = start
    if scalars[at] == "•" || scalars[at] == "*" {
      at += 1
    } else if scalars[at].isPythonDigit || scalars[at].isASCIILetter {
      at += 1
      guard at < scalars.count, scalars[at] == "." || scalars[at] == ")" else { return false }
      at += 1
    } else {
      return false
    }
    while at < scalars.count, scalars[at].isPythonSpace { at += 1 }
    return at < scalars.count && scalars[at].isPythonWord
  }

  /// Where a mark that stands first after `start`, blank space aside, ends; nil when there is none.
  private static func mark(at start: Int, in scalars: [Unicode.Scalar]) -> Int? {
    var at = start
    while at < scalars.count, scalars[at].isPythonSpace { at += 1 }
    guard at < scalars.count else { return nil }
    if ["*", "•", "-"].contains(scalars[at]) { return at + 1 }
    let isLetter = scalars[at].isASCIILetter
    if isLetter {
      at += 1
    } else {
      let digits = at
      while at < scalars.count, scalars[at].isPythonDigit { at += 1 }
      guard at > digits else { return nil }
    }
    guard at < scalars.count, scalars[at] == "." || scalars[at] == ")" else { return nil }
    at += 1
    guard isLetter else { return at }
    return at < scalars.count && scalars[at].isPythonSpace ? at + 1 : nil
  }
}
