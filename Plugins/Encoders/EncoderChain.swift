public import Hustings

/// An encoder with steps behind it, as in `hashed+pca:256+standardise`.
public struct EncoderChain: Encoder {
  /// Its name, fingerprint and shape.
  public let card: EncoderCard
  let source: any Encoder
  let steps: [any EncoderStep]

  init(_ source: any Encoder, _ steps: [any EncoderStep]) {
    self.source = source
    self.steps = steps
    let shape =
      steps.last?.shape
      ?? (sparseWidth: source.card.sparseWidth, denseColumns: source.card.denseColumns)
    card = EncoderCard(
      name: ([source.card.name] + steps.map(\.name)).joined(separator: "+"),
      fingerprint: EncoderState(steps.map(\.part)).digest(after: source.card.fingerprint),
      sparseWidth: shape.sparseWidth, denseColumns: shape.denseColumns)
  }

  /// The source's state, then that of every step.
  public var state: EncoderState { EncoderState(source.state.parts + steps.map(\.part)) }

  /// The source's rows, through every step.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    let rows = try await source.encode(passages)
    return steps.reduce(rows) { rows, step in step.apply(to: rows) }
  }
}

extension EncoderState {
  /// The identity of steps behind an encoder of the given identity.
  func digest(after source: Digest) -> Digest {
    var hash = SHA256()
    hash.update(source)
    hash.update(digest)
    return hash.finalize()
  }
}
