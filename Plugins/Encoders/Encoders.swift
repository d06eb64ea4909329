public import Hustings

/// The encoders by name, and how to make one from a text or from a stored state.
public enum Encoders {
  /// Every encoder, in the order `hustings list encoders` prints them.
  public static let all: [EncoderPlugin] = [
    HashedEncoder.plugin, TableEncoder.plugin, VectorFileEncoder.plugin, EmbeddingServerEncoder.plugin,
  ]

  /// The names of the steps that may stand behind an encoder.
  public static var steps: [String] { StepKind.all.map(\.kind) }

  /// The encoder that a text names, fitted on training passages.
  ///
  /// - Parameters:
  ///   - text: such as `hashed`, `vectors:embeddings.npz` or `hashed?words=1+pca:256+standardise`.
  ///   - training: passages of the training examples alone; what is held out must not take part.
  public static func fit(
    _ text: String, on training: [Passage], context: EncoderContext, plugins: [EncoderPlugin] = all
  ) async throws -> any Encoder {
    guard let chain = EncoderSpecification.chain(text, steps: steps), let first = chain.first else {
      throw EncoderError.unreadable(text)
    }
    guard let plugin = plugins.first(where: { $0.kind == first.kind }) else {
      throw EncoderError.unknownKind(first.kind, known: plugins.map(\.usage))
    }
    let source = kept(try plugin.fit(first, training, context), plugin, context)
    guard chain.count > 1 else { return source }
    var rows = try await source.encode(training)
    var fitted: [any EncoderStep] = []
    for specification in chain.dropFirst() {
      guard let kind = StepKind.all.first(where: { $0.kind == specification.kind }) else {
        throw EncoderError.unreadable(text)
      }
      guard rows.count > 0 else { throw EncoderError.nothingToFit(kind: kind.kind) }
      let step = try kind.fit(specification, EncoderChain(source, fitted).card, rows, context)
      rows = step.apply(to: rows)
      fitted.append(step)
    }
    return EncoderChain(source, fitted)
  }

  /// The encoder with its rows kept on disk, where the environment says where and they are worth it.
  private static func kept(
    _ encoder: any Encoder, _ plugin: EncoderPlugin, _ context: EncoderContext
  ) -> any Encoder {
    guard plugin.keepsRows, let folder = SegmentFolder.path(context.environment) else { return encoder }
    return CachedEncoder(encoder, folder: folder)
  }

  /// The encoder that a stored state describes.
  public static func restore(
    _ state: EncoderState, context: EncoderContext, plugins: [EncoderPlugin] = all
  ) throws -> any Encoder {
    guard let first = state.parts.first else { throw EncoderError.badState(kind: "", reason: "it is empty") }
    guard let plugin = plugins.first(where: { $0.kind == first.kind }) else {
      throw EncoderError.unknownKind(first.kind, known: plugins.map(\.kind))
    }
    let source = kept(try plugin.restore(first, context), plugin, context)
    let steps = try state.parts.dropFirst().map { part in
      guard let kind = StepKind.all.first(where: { $0.kind == part.kind }) else {
        throw EncoderError.badState(kind: part.kind, reason: "there is no such step")
      }
      return try kind.restore(part)
    }
    return steps.isEmpty ? source : EncoderChain(source, steps)
  }
}
