/// One candidate answer to a prompt.
public struct Response: Sendable, Hashable {
  /// The answer itself: the last assistant turn. Where a benchmark has no texts, the name of whoever wrote it.
  public let text: String
  /// Turns between the shared prompt and the answer that this response alone has; nearly always empty.
  public let turns: [Message]
  /// The identity of the response: a digest of its turns and text. Slates are ordered by it.
  public let digest: Digest

  /// An answer, after turns of its own if it has any.
  public init(_ text: String, after turns: [Message] = []) {
    self.text = text
    self.turns = turns
    var hash = SHA256()
    if !turns.isEmpty { Prompt.feed(turns, to: &hash) }
    hash.updateFramed(text)
    digest = hash.finalize()
  }

  /// Two responses are the same when their digests are.
  public static func == (a: Response, b: Response) -> Bool { a.digest == b.digest }

  /// Feeds the digest.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
