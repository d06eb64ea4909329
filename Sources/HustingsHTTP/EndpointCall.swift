public import Foundation

/// One request to a model, whichever server takes it.
public struct EndpointCall: Sendable {
  /// What the call is for; the same identity waits the same spans between attempts in every run.
  public var identity: String
  /// What follows the base address, such as `chat/completions`.
  public var path: String
  /// What is posted.
  public var body: Data
  /// Fields beside the endpoint's own.
  public var headers: Headers
  /// The estimate counted against the token budget.
  public var tokens: Int
  /// Reads from the answer how many tokens were used, to correct the estimate; nil keeps it.
  public var tokensUsed: (@Sendable (HTTPResponse) -> Int?)?
  /// Limits for each attempt; nil takes the client's.
  public var timeouts: Timeouts?

  /// A call.
  public init(
    identity: String, path: String, body: Data, headers: Headers = [:], tokens: Int = 0,
    tokensUsed: (@Sendable (HTTPResponse) -> Int?)? = nil, timeouts: Timeouts? = nil
  ) {
    precondition(tokens >= 0, "an estimate of \(tokens) tokens")
    self.identity = identity
    self.path = path
    self.body = body
    self.headers = headers
    self.tokens = tokens
    self.tokensUsed = tokensUsed
    self.timeouts = timeouts
  }
}

/// One attempt at a call, for logs and stored runs. It holds no secret.
public struct EndpointAttempt: Sendable, Equatable {
  /// The call's identity.
  public var identity: String
  /// Its place among the call's attempts, from 1.
  public var number: Int
  /// The base address it went to.
  public var base: Address
  /// The status answered; nil without an answer.
  public var status: Int?
  /// Why there was no answer; nil when there was one, or when the attempt was cancelled.
  public var failure: HTTPFailure?
  /// How long it took.
  public var duration: Duration
  /// How long the call waits before the next attempt; nil when this was the last.
  public var pause: Duration?
}
