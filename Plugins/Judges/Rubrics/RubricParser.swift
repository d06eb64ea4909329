import Foundation
public import Hustings
public import HustingsMetrics

/// How a rubric understands its judge's replies.
public enum RubricParser: Sendable, Hashable, CustomStringConvertible {
  /// The first of `[[A]]`, `[[B]]` and `[[C]]`, in that order, that occurs anywhere (MT-Bench).
  case containment
  /// Two ratings `[[8,7]]`, equal within 0.1 (MT-Bench).
  case twoRatings
  /// One rating `[[7]]` or `[7]` (MT-Bench).
  case rating
  /// Five labels from `A>>B` to `B>>A` (Arena-Hard). A strong one has a margin of 3, the weight upstream gives it.
  case fiveLabels(ArenaHardRule)
  /// A preference between 1, the first is better, and 2 (AlpacaEval).
  case preference(ReplyParser)
  /// Log-probabilities of two labels at the first or last token of the answer.
  case labels(LabelRule)
  /// The labels of all responses, best first: a JSON list, or `[[2]] > [[1]] = [[3]]`.
  case order

  /// Two labels among the likeliest tokens.
  public struct LabelRule: Sendable, Hashable {
    /// What the judge writes when the first response is better; several spellings count together.
    public let first: [String]
    /// What it writes when the second is better.
    public let second: [String]
    /// Whether the last token of the answer is read rather than the first.
    public let readsLast: Bool
    /// Whether a label that is not among the listed tokens has probability 0, as AlpacaEval has it. Otherwise it counts as
    /// likely as the least likely listed one, which is the most it can be.
    public let missingIsZero: Bool

    /// A rule for two labels.
    public init(first: [String], second: [String], readsLast: Bool, missingIsZero: Bool) {
      self.first = first
      self.second = second
      self.readsLast = readsLast
      self.missingIsZero = missingIsZero
    }
  }

  /// What decides how replies are read, for identities.
  public var description: String {
    switch self {
    case .containment: "containment"
    case .twoRatings: "two-ratings"
    case .rating: "rating"
    case .fiveLabels(let rule): "five-labels \(rule.rawValue)"
    case .preference(let parser): "preference \(parser)"
    case .labels(let rule):
      "labels \(rule.first) \(rule.second) \(rule.readsLast ? "last" : "first") \(rule.missingIsZero ? "zero" : "least")"
    case .order: "order"
    }
  }

  /// The judgment in a reply about two responses.
  public func judgment(in reply: JudgeReply) -> Judgment {
    switch self {
    case .containment: return MTBenchReply.verdict(in: reply.plain).judgment
    case .twoRatings: return MTBenchReply.verdict(byRatingsIn: reply.plain).judgment
    case .fiveLabels(let rule):
      switch rule.reading(of: reply.plain).label {
      case .firstMuchBetter?: return .margin(3)
      case .firstBetter?: return .margin(1)
      case .tie?: return .margin(0)
      case .secondBetter?: return .margin(-1)
      case .secondMuchBetter?: return .margin(-3)
      case nil: return Verdict.unreadable(reply.plain).judgment
      }
    case .preference(let parser):
      do {
        guard let preference = try parser.preferences(in: reply).first ?? nil else {
          return Verdict.unreadable(reply.plain).judgment
        }
        return Self.judgment(preference: preference, isGraded: parser.isGraded)
      } catch {
        return .absent(Absence(.abstention, "\(error) It says: \(reply.plain)"))
      }
    case .labels(let rule): return rule.judgment(in: reply)
    case .rating, .order: return Verdict.unreadable(reply.plain).judgment
    }
  }

  /// Whether a reply has not come to its verdict, so that a judge may be asked to go on. Verdicts that contradict each other are
  /// not asked about again.
  func isUnfinished(_ reply: JudgeReply) -> Bool {
    switch self {
    case .fiveLabels(let rule): rule.reading(of: reply.plain) == .missing
    case .containment, .twoRatings: judgment(in: reply).logOdds == nil
    case .rating: rating(in: reply) == nil
    case .preference, .labels, .order: false
    }
  }

  /// Log-odds from a preference between 1 and 2 where its size means something, else a verdict.
  private static func judgment(preference: Double, isGraded: Bool) -> Judgment {
    if preference == 0 || preference == 1.5 { return .margin(0) }
    guard isGraded else { return preference < 1.5 ? .margin(1) : .margin(-1) }
    let first = min(max(2 - preference, 0x1p-53), 1 - 0x1p-53)
    return Judgment(logOdds: log(first) - log1p(-first))
  }

  /// Whether margins have a size.
  public var isGraded: Bool {
    switch self {
    case .labels: true
    case .preference(let parser): parser.isGraded
    default: false
    }
  }

  /// Whether verdicts may be strong ones, with a margin of 3.
  var hasStrengths: Bool { if case .fiveLabels = self { true } else { false } }

  /// The rating in a reply about one response.
  public func rating(in reply: JudgeReply) -> Double? {
    switch self {
    case .rating: MTBenchReply.rating(in: reply.plain)
    case .preference(let parser): (try? parser.preferences(in: reply).first) ?? nil
    default: nil
    }
  }

  /// The places of `count` responses, 0 for the best, from a reply that names them from 1; nil when any is missing, named twice
  /// or unknown.
  public func ranks(in reply: JudgeReply, count: Int) -> [Int]? {
    guard self == .order else { return nil }
    return RankedLabels.ranks(in: reply.plain, count: count)
  }
}

extension RubricParser.LabelRule {
  /// Log-odds of the first label against the second, from the probabilities of the tokens listed.
  func judgment(in reply: JudgeReply) -> Judgment {
    guard case .tokens(let positions) = reply, let choices = readsLast ? positions.last : positions.first
    else {
      return .absent(
        Absence(.abstention, "the reply holds no log-probabilities; it says: \(reply.plain)"))
    }
    let (a, b) = (weight(of: first, in: choices), weight(of: second, in: choices))
    guard a != nil || b != nil else {
      let seen = choices.choices.map { "'\($0.token)'" }.joined(separator: ", ")
      return .absent(Absence(.abstention, "none of the labels is among the likeliest tokens \(seen)"))
    }
    let least = choices.choices.map(\.logProbability).filter(\.isFinite).min() ?? 0
    // Log-odds of 40 are a probability of 1 in double precision.
    let margin = 40.0
    guard let a else { return Judgment(logOdds: missingIsZero ? -margin : min(0, least - (b ?? least))) }
    guard let b else { return Judgment(logOdds: missingIsZero ? margin : max(0, a - least)) }
    return Judgment(logOdds: a - b)
  }

  /// The log of the summed probability of a label's spellings; nil when none is listed.
  private func weight(of spellings: [String], in choices: TokenChoices) -> Double? {
    let known = choices.choices.filter { choice in
      choice.logProbability.isFinite && spellings.contains(choice.token)
    }
    guard let top = known.map(\.logProbability).max() else { return nil }
    return top + log(known.reduce(0) { $0 + exp($1.logProbability - top) })
  }
}

extension JudgeReply {
  /// The reply as text, as far as it is one; for log-probabilities the likeliest tokens.
  var plain: String {
    switch self {
    case .text(let text): text
    case .value(let value): "\(value)"
    case .tokens(let positions):
      positions.map { $0.choices.max { $0.logProbability < $1.logProbability }?.token ?? "" }.joined()
    }
  }
}

extension ReplyParser {
  /// Whether preferences between 1 and 2 are degrees rather than verdicts.
  var isGraded: Bool {
    switch self {
    case .logProbability(let rule): !rule.isBinarized
    case .pipeline(let parsers): parsers.contains(where: \.isGraded)
    default: false
    }
  }
}

/// Reads an order of numbered responses.
enum RankedLabels {
  /// Places from 0; equal ones are tied. The last line or list that is a whole order counts.
  static func ranks(in text: String, count: Int) -> [Int]? {
    for line in text.split(whereSeparator: \.isNewline).reversed() {
      if let ranks = order(in: line, count: count) { return ranks }
    }
    return order(in: text[...], count: count)
  }

  /// `2 > 1 = 3`, `[2, 1, 3]`, or either with brackets round each number and words in front.
  private static func order(in text: Substring, count: Int) -> [Int]? {
    var ranks = [Int?](repeating: nil, count: count)
    var place = 0
    var seen = 0
    var isFirst = true
    var ties = false
    var digits = ""
    func flush(_ ranks: inout [Int?]) -> Bool {
      guard !digits.isEmpty else { return true }
      defer { digits = "" }
      guard let number = Int(digits), (1...count).contains(number), ranks[number - 1] == nil else {
        return false
      }
      if !isFirst, !ties { place = seen }
      isFirst = false
      ties = false
      ranks[number - 1] = place
      seen += 1
      return true
    }
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      if !flush(&ranks) { return nil }
      if character == "=" { ties = true }
    }
    guard flush(&ranks), seen == count else { return nil }
    return ranks.compactMap { $0 }
  }
}
