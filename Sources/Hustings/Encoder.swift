/// What an encoder reads: a prompt with one response to it, or a prompt alone.
public struct Passage: Sendable, Hashable {
  /// What was asked.
  public let prompt: Prompt
  /// The response; nil where the prompt alone is meant, as by a gate that must not see responses.
  public let response: Response?

  /// A prompt with a response to it, or alone.
  public init(_ prompt: Prompt, _ response: Response?) {
    self.prompt = prompt
    self.response = response
  }

  /// The identity of the passage: a digest of its prompt and response.
  public var digest: Digest {
    var hash = SHA256()
    hash.update(prompt.digest)
    if let response { hash.update(response.digest) }
    return hash.finalize()
  }
}

/// Who an encoder is, and the shape of its rows.
public struct EncoderCard: Sendable, Hashable {
  /// How the encoder is written on the command line, such as `hashed+pca:256`.
  public let name: String
  /// The digest of everything that decides its rows: settings, fitted state, version of the code.
  public let fingerprint: Digest
  /// How many sparse columns a row has; 0 when it has none.
  public let sparseWidth: Int
  /// The names of the dense columns, in order; a column without a meaning of its own is named by its number.
  public let denseColumns: [String]

  /// How many dense columns a row has.
  public var denseWidth: Int { denseColumns.count }

  /// An encoder's card.
  public init(name: String, fingerprint: Digest, sparseWidth: Int, denseColumns: [String]) {
    self.name = name
    self.fingerprint = fingerprint
    self.sparseWidth = sparseWidth
    self.denseColumns = denseColumns
  }
}

/// Turns texts into rows of numbers.
///
/// A row depends on its passage alone: the other passages of a call, their order and the number of threads change nothing,
/// and the same passage gives the same bytes every time.
public protocol Encoder: Sendable {
  /// Who it is.
  var card: EncoderCard { get }
  /// Everything that is needed to make it again, for a checkpoint.
  var state: EncoderState { get }
  /// One row per passage, in order.
  func encode(_ passages: [Passage]) async throws -> FeatureMatrix
}
