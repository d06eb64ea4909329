public import Hustings

/// A rule too simple to be a model: what a reward model must beat before its number means anything.
public struct NullModel: RewardModel {
  /// Who it is.
  public let card: ModelCard
  private let reward: @Sendable (Prompt, Response) -> Double

  /// A rule that reads a prompt and one of its responses.
  ///
  /// - Parameter version: raised whenever the rule gives other numbers than before.
  public init(
    _ name: String, version: String, seed: UInt64? = nil, readsTexts: Bool = true,
    reward: @escaping @Sendable (Prompt, Response) -> Double
  ) {
    var identity = SHA256()
    identity.updateFramed("null")
    identity.updateFramed(name)
    identity.updateFramed(version)
    if let seed { identity.update(seed) }
    card = ModelCard(
      name: "null:\(name)", kind: .reward, revision: version, fingerprint: identity.finalize(), isNull: true,
      readsTexts: readsTexts, settings: seed.map { ["seed": String($0)] } ?? [:])
    self.reward = reward
  }

  /// The rule, response by response.
  public func rewards(for slates: [Slate]) async throws -> [[Double?]] {
    slates.map { slate in slate.responses.map { reward(slate.prompt, $0) } }
  }
}

extension NullModel {
  /// Every null model, for a given seed.
  public static func all(seed: UInt64) -> [NullModel] {
    [.length, .shorter, .bytes, .markdown, .overlap, .random(seed: seed)]
  }

  /// Prefers the longer response, in Unicode scalars.
  public static let length = NullModel("length", version: "1") { _, response in
    Double(response.text.codePointCount)
  }

  /// Prefers the shorter response, in Unicode scalars.
  public static let shorter = NullModel("shorter", version: "1") { _, response in
    -Double(response.text.codePointCount)
  }

  /// Prefers the longer response, in UTF-8 bytes.
  public static let bytes = NullModel("bytes", version: "1") { _, response in
    Double(response.text.utf8.count)
  }

  /// Prefers the response with more markdown: asterisks and number signs.
  public static let markdown = NullModel("markdown", version: "1") { _, response in
    Double(response.text.utf8.count { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "#") })
  }

  /// Prefers the response that uses more of the prompt's words: the share of the prompt's distinct words that occur in it,
  /// words being runs of letters and digits without regard to case. A prompt without words gives 0.
  public static let overlap = NullModel("overlap", version: "1") { prompt, response in
    let asked = Set(words(in: prompt.text))
    guard !asked.isEmpty else { return 0 }
    return Double(asked.intersection(words(in: response.text)).count) / Double(asked.count)
  }

  /// Prefers at random: a uniform number that depends on the seed, the prompt and the response, and on nothing else.
  public static func random(seed: UInt64) -> NullModel {
    NullModel("random", version: "1", seed: seed, readsTexts: false) { prompt, response in
      var hash = SHA256()
      hash.update(seed)
      hash.update(prompt.digest)
      hash.update(response.digest)
      return Double(hash.finalize().words.0 >> 11) * 0x1p-53
    }
  }

  private static func words(in text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
}

extension NullModel {
  /// `null:NAME` on the command line.
  public static let plugin = ModelPlugin(
    scheme: "null", usage: "null:length",
    summary: "trivial rules every board carries: length, shorter, bytes, markdown, overlap, random"
  ) { specification, context in
    let all = NullModel.all(seed: context.seed)
    if specification.argument == "*" { return all }
    guard let model = all.first(where: { $0.card.name == "null:\(specification.argument)" }) else {
      throw UnknownNullModel(name: specification.argument, known: all.map(\.card.name))
    }
    return [model]
  }
}

/// A null model that does not exist was named.
public struct UnknownNullModel: Error, CustomStringConvertible {
  /// What was asked for.
  public let name: String
  /// What there is.
  public let known: [String]

  /// One sentence: what, and what there is instead.
  public var description: String {
    "There is no null model '\(name)'. Choose one of \(known.joined(separator: ", ")), or null:* for all."
  }
}
