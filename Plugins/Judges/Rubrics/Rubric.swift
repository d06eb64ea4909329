public import Hustings
public import HustingsData

/// How a judge is asked and understood: a prompt, a parser and parameters, from a folder.
///
/// A folder of one's own holds `rubric.json` and the prompt it names; docs/judges.md says what stands in it. Folders of
/// AlpacaEval, FastChat and Arena-Hard are read as they are.
public struct Rubric: Sendable, Hashable {
  /// What one call is about.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Two responses, and a verdict on them.
    case pairwise
    /// Two responses, and how likely each of two labels is.
    case logprobs
    /// One response, and a number.
    case rating
    /// All responses of a prompt, put in order.
    case ranking
  }

  /// Its name.
  public let name: String
  /// One sentence: what it asks for.
  public let summary: String
  /// What one call is about.
  public let kind: Kind
  /// The turns sent, with places to fill.
  public let prompt: [PromptTemplate]
  /// How replies are understood.
  public let parser: RubricParser
  /// Members of the request beside model and prompt.
  public let parameters: JSONObject
  /// The turns sent in the place of `prompt` where a question is of another kind.
  public var others: [Occasion: [PromptTemplate]] = [:]

  /// What is said to a judge whose reply holds no verdict, in the same conversation; nil to let it be.
  public var continuation: String?

  /// What kind of question it is.
  public struct Occasion: Sendable, Hashable {
    /// Whether there is a reference answer to it.
    public let isGuided: Bool
    /// Whether the responses are conversations of several turns.
    public let hasSeveralTurns: Bool

    /// A kind of question.
    public init(isGuided: Bool, hasSeveralTurns: Bool) {
      self.isGuided = isGuided
      self.hasSeveralTurns = hasSeveralTurns
    }

    /// Kinds that have prompts of their own, in an order.
    static let special = [(true, false), (false, true), (true, true)].map {
      Occasion(isGuided: $0.0, hasSeveralTurns: $0.1)
    }
  }

  /// The turns for a kind of question: its own, or else those of the nearest kind, a reference answer first.
  public func prompt(for occasion: Occasion) -> [PromptTemplate] {
    if others.isEmpty { return prompt }
    if let own = others[occasion] { return own }
    if occasion.isGuided, let guided = others[Occasion(isGuided: true, hasSeveralTurns: false)] {
      return guided
    }
    guard occasion.hasSeveralTurns else { return prompt }
    return others[Occasion(isGuided: false, hasSeveralTurns: true)] ?? prompt
  }

  /// Whether a reference answer is of any use to it.
  public var takesReference: Bool { needsReference || others.keys.contains(where: \.isGuided) }

  /// Whether the prompt has a place for a reference answer.
  public var needsReference: Bool { prompt.contains(where: \.needsReference) }

  /// The identity of the prompt, which replies are kept under.
  public var templateDigest: Digest {
    var hash = SHA256()
    for turn in prompt {
      hash.updateFramed(turn.role.name)
      hash.updateFramed(turn.text)
      hash.updateFramed(turn.style.rawValue)
    }
    for (place, occasion) in Occasion.special.enumerated() {
      for turn in others[occasion] ?? [] {
        hash.updateFramed("\(place) \(turn.role.name) \(turn.style.rawValue)")
        hash.updateFramed(turn.text)
      }
    }
    return hash.finalize()
  }

  /// The identity of everything in it, names apart.
  public var digest: Digest {
    var hash = SHA256()
    hash.updateFramed("rubric/1")
    hash.updateFramed(kind.rawValue)
    hash.update(templateDigest)
    hash.updateFramed(parser.description)
    hash.updateFramed((try? JSONValue.object(parameters).text(.canonical)) ?? "")
    if let continuation { hash.updateFramed("continuation \(continuation)") }
    return hash.finalize()
  }
}

/// What can be wrong with a rubric.
public enum RubricFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such rubric, built in or on disk.
  case unknown(String, known: [String], nearest: String?)
  /// A folder holds nothing that is known to be a rubric.
  case nothingThere(String)
  /// A file holds several, and none was selected.
  case several(file: String, names: [String])
  /// What stands there cannot be used.
  case unusable(file: String, reason: String)

  /// One sentence or two.
  public var description: String {
    switch self {
    case .unknown(let name, let known, let nearest):
      "There is no rubric '\(name)', and no such folder."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "") + " Built in are \(known.joined(separator: ", "))."
    case .nothingThere(let folder):
      "\(folder) holds no rubric.json, no configs.yaml of AlpacaEval, no judge_prompts.jsonl of FastChat and no "
        + "configuration of Arena-Hard. See docs/judges.md."
    case .several(let file, let names):
      "\(file) holds several rubrics. Select one by writing #NAME behind it, of \(names.joined(separator: ", "))."
    case .unusable(let file, let reason): "\(file) cannot be used as a rubric: \(reason)"
    }
  }
}
