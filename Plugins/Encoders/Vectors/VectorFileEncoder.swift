public import Hustings
import HustingsData

/// Precomputed embeddings, found by the SHA-256 of a text's UTF-8 bytes.
///
/// With `key=response`, the default, the text is the response; with `key=passage` it is the prompt's text, a blank line
/// and the response. A prompt alone is found by its own text. A response with turns of its own is its turns' contents and
/// its text, a blank line between them.
public struct VectorFileEncoder: Encoder {
  /// Which text a row stands for.
  public enum Key: String, Sendable, Hashable, CaseIterable {
    /// The response alone.
    case response
    /// The prompt, a blank line and the response.
    case passage
  }

  /// Its name, fingerprint and shape.
  public let card: EncoderCard
  private let file: VectorFile
  private let key: Key
  private let digest: Digest

  /// The vectors in an `.npy`, `.npz` or `.safetensors` file.
  public init(path: String, key: Key = .response) throws {
    file = try VectorFile(path)
    self.key = key
    // The vectors and their keys are the identity, not the bytes of the file: the same vectors in another format are the
    // same encoder.
    var hash = SHA256()
    hash.update(UInt64(file.width))
    for (digest, row) in file.places.sorted(by: { $0.key < $1.key }) {
      hash.update(digest)
      file.vectors[row * file.width..<(row + 1) * file.width].withUnsafeBytes { hash.update($0) }
    }
    digest = hash.finalize()
    let state = VectorFileEncoder.state(digest, key, path)
    card = EncoderCard(
      name: key == .response ? "vectors:\(path)" : "vectors:\(path)?key=\(key.rawValue)",
      fingerprint: state.digest, sparseWidth: 0,
      denseColumns: (1...file.width).map { "vector.\($0)" })
  }

  /// One row per passage, in order.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    var dense: [Float] = []
    dense.reserveLargeCapacity(passages.count * file.width)
    for passage in passages {
      let text = VectorFileEncoder.text(of: passage, key)
      let digest = SHA256.digest(text)
      guard let row = file.places[digest] else {
        throw EncoderError.missingVector(file: file.path, digest: digest.hex, text: text)
      }
      dense += file.vectors[row * file.width..<(row + 1) * file.width]
    }
    return FeatureMatrix(count: passages.count, denseWidth: file.width, dense: dense)
  }

  /// The text whose digest is the key of a passage.
  public static func text(of passage: Passage, _ key: Key) -> String {
    guard let response = passage.response else { return passage.prompt.text }
    let answer = (response.turns.map(\.content) + [response.text]).joined(separator: "\n\n")
    return key == .response ? answer : passage.prompt.text + "\n\n" + answer
  }

  /// The digest of the vectors, and where they were found.
  public var state: EncoderState { VectorFileEncoder.state(digest, key, file.path) }

  private static func state(_ digest: Digest, _ key: Key, _ path: String) -> EncoderState {
    EncoderState([
      EncoderState.Part(
        kind: "vectors", settings: ["vectors": digest.hex, "key": key.rawValue], hints: ["path": path])
    ])
  }

  /// `vectors:FILE` on the command line.
  public static let plugin = EncoderPlugin(
    kind: "vectors", usage: "vectors:FILE", summary: "precomputed embeddings, by the SHA-256 of each text",
    fit: { specification, _, context in
      guard !specification.argument.isEmpty else {
        throw EncoderError.missingArgument(kind: "vectors", usage: "vectors:embeddings.npz")
      }
      var reader = SettingReader(kind: "vectors", specification.options)
      let name = reader.text("key") ?? Key.response.rawValue
      try reader.finish()
      guard let key = Key(rawValue: name) else {
        throw EncoderError.badSetting(
          kind: "vectors", name: "key", text: name, expected: "response or passage")
      }
      return try VectorFileEncoder(path: context.path(specification.argument), key: key)
    },
    restore: { part, context in
      guard let path = part.hints["path"], let expected = part.settings["vectors"],
        let key = part.settings["key"].flatMap({ Key(rawValue: $0) })
      else {
        throw EncoderError.badState(kind: "vectors", reason: "its file or key is missing")
      }
      let encoder = try VectorFileEncoder(path: context.path(path), key: key)
      guard encoder.digest.hex == expected else {
        throw EncoderError.changedFile(file: path, expected: expected, found: encoder.digest.hex)
      }
      return encoder
    })
}
