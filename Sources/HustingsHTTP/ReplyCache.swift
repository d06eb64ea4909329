/// Where an endpoint looks before it asks, and puts what it was answered.
///
/// What makes two calls the same is the cache's own affair; it should take in the address of the model, the path and
/// the body. Only successes are kept, after secrets were removed from them.
public struct ReplyCache: Sendable {
  /// The kept answer to a call; nil when there is none.
  public var find: @Sendable (EndpointCall) async throws -> HTTPResponse?
  /// Keeps an answer.
  public var keep: @Sendable (EndpointCall, HTTPResponse) async throws -> Void

  /// A cache of one's own.
  public init(
    find: @escaping @Sendable (EndpointCall) async throws -> HTTPResponse?,
    keep: @escaping @Sendable (EndpointCall, HTTPResponse) async throws -> Void
  ) {
    self.find = find
    self.keep = keep
  }
}
