/// The kinds of preference model, by what they return.
public enum ModelKind: String, Sendable, Hashable, CaseIterable {
  /// One scalar reward per response.
  case reward
  /// One vector per response, compared by a form of two: skew-symmetric, or the chance that one reward is above another.
  case embedding
  /// A probability per ordered pair.
  case pairwise
  /// A verdict per ordered pair, with no size to it.
  case judge
  /// Responses of its own, which a judge compares with a baseline's.
  case policy
}

/// Who a model is.
public struct ModelCard: Sendable, Hashable {
  /// What people call it. Names take no part in identity.
  public let name: String
  /// What it returns.
  public let kind: ModelKind
  /// The version of the weights or of the recording, in the words of whoever made it.
  public let revision: String
  /// The digest of everything that decides its answers: weights, command or endpoint, adapter version, numeric settings.
  public let fingerprint: Digest
  /// Whether it is one of the trivial rules that every board carries as a floor.
  public let isNull: Bool
  /// Whether it reads texts, so that it has nothing to say where a benchmark has only names. A recording does not.
  public let readsTexts: Bool
  /// Settings worth printing, by name.
  public let settings: [String: String]

  /// A model's card.
  public init(
    name: String, kind: ModelKind, revision: String, fingerprint: Digest, isNull: Bool = false,
    readsTexts: Bool = true, settings: [String: String] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.revision = revision
    self.fingerprint = fingerprint
    self.isNull = isNull
    self.readsTexts = readsTexts
    self.settings = settings
  }
}
