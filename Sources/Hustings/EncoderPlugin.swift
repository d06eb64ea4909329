/// A kind of encoder that can be named on the command line, as in `--encoder hashed`.
public struct EncoderPlugin: Sendable {
  /// The word that names it, which also stands in the state of a fitted encoder.
  public let kind: String
  /// How to write it, such as `vectors:FILE`.
  public let usage: String
  /// One sentence: what its rows are.
  public let summary: String
  /// Whether its rows are worth keeping on disk: not when they are read from there in any case.
  public let keepsRows: Bool
  /// The encoder of a specification, fitted on the passages of the training examples where it has anything to fit.
  public let fit:
    @Sendable (EncoderSpecification, _ training: [Passage], EncoderContext) throws -> any Encoder
  /// The encoder that a state describes.
  public let restore: @Sendable (EncoderState.Part, EncoderContext) throws -> any Encoder

  /// A kind of encoder.
  public init(
    kind: String, usage: String, summary: String, keepsRows: Bool = false,
    fit: @escaping @Sendable (EncoderSpecification, [Passage], EncoderContext) throws -> any Encoder,
    restore: @escaping @Sendable (EncoderState.Part, EncoderContext) throws -> any Encoder
  ) {
    self.kind = kind
    self.usage = usage
    self.summary = summary
    self.keepsRows = keepsRows
    self.fit = fit
    self.restore = restore
  }
}

/// What the outside world lends to an encoder plugin.
public struct EncoderContext: Sendable {
  /// The path of a file that a user named: as written when that exists, else below the data root.
  public let path: @Sendable (String) -> String
  /// The seed, for encoders that draw anything at random.
  public let seed: UInt64
  /// The variables of the environment, where keys are read from.
  public let environment: [String: String]

  /// A context.
  public init(
    seed: UInt64, environment: [String: String] = [:],
    path: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.path = path
    self.seed = seed
    self.environment = environment
  }
}

/// An encoder as one string, `kind:argument?name=value&name=value`, with steps behind it, as in `hashed+pca:256`.
public struct EncoderSpecification: Sendable, Hashable, CustomStringConvertible {
  /// Which plugin or step.
  public let kind: String
  /// What stands behind the colon: a file, a number; empty when there is none.
  public let argument: String
  /// Settings by name.
  public let options: [String: String]
  /// The string as written.
  public let description: String

  /// The parts of one encoder or step; nil when a setting has no `=` or no kind is named.
  public init?(_ text: String) {
    description = text
    var rest = text[...]
    var options: [String: String] = [:]
    if let mark = rest.lastIndex(of: "?"), rest[mark...].contains("=") {
      for pair in rest[rest.index(after: mark)...].split(separator: "&") {
        guard let equals = pair.firstIndex(of: "=") else { return nil }
        options[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      rest = rest[..<mark]
    }
    let colon = rest.firstIndex(of: ":")
    kind = String(rest[..<(colon ?? rest.endIndex)])
    argument = colon.map { String(rest[rest.index(after: $0)...]) } ?? ""
    self.options = options
    if kind.isEmpty { return nil }
  }

  /// A source and its steps, separated by `+`; a `+` counts only in front of the name of a step, so that file names may hold
  /// one. Nil when a part cannot be read.
  public static func chain(_ text: String, steps: [String]) -> [EncoderSpecification]? {
    var parts: [Substring] = []
    var start = text.startIndex
    for place in text.indices where text[place] == "+" {
      let name = text[text.index(after: place)...].prefix { $0.isLetter || $0.isNumber || $0 == "-" }
      guard steps.contains(String(name)) else { continue }
      parts.append(text[start..<place])
      start = text.index(after: place)
    }
    parts.append(text[start...])
    let chain = parts.compactMap { EncoderSpecification(String($0)) }
    return chain.count == parts.count ? chain : nil
  }
}
