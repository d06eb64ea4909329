public import Foundation

/// One request to a model, whichever server takes it.
public struct EndpointCall: Sendable {
  /// What the call is for; the same identity waits the same spans between attempts in every run.
  public var identity: String { parts.identity }
  /// What follows the base address, such as `chat/completions`.
  public var path: String { parts.path }
  /// What is posted.
  public var bytes: [UInt8] { parts.makeBody() }
  /// Fields beside the endpoint's own.
  public var headers: Headers { parts.special?.headers ?? [:] }
  /// The estimate counted against the token budget.
  public var tokens: Int { parts.tokens }
  /// Reads from the answer how many tokens were used, to correct the estimate; nil keeps it.
  public var tokensUsed: (@Sendable (HTTPResponse) -> Int?)? { parts.special?.tokensUsed }
  /// Limits for each attempt; nil takes the client's.
  public var timeouts: Timeouts? { parts.special?.timeouts }

  /// Held in one place: a task that waits has a copy of its call in each function it is in.
  private final class Parts: Sendable {
    let identity: String
    let path: String
    let tokens: Int
    let makeBody: @Sendable () -> [UInt8]
    let special: Special?

    init(
      identity: String, path: String, tokens: Int, special: Special?,
      makeBody: @escaping @Sendable () -> [UInt8]
    ) {
      self.identity = identity
      self.path = path
      self.tokens = tokens
      self.special = special
      self.makeBody = makeBody
    }
  }

  /// What most calls have not.
  private final class Special: Sendable {
    let headers: Headers
    let tokensUsed: (@Sendable (HTTPResponse) -> Int?)?
    let timeouts: Timeouts?

    init(_ headers: Headers, _ tokensUsed: (@Sendable (HTTPResponse) -> Int?)?, _ timeouts: Timeouts?) {
      self.headers = headers
      self.tokensUsed = tokensUsed
      self.timeouts = timeouts
    }
  }

  private let parts: Parts

  /// A call.
  public init(
    identity: String, path: String, body: Data, headers: Headers = [:], tokens: Int = 0,
    tokensUsed: (@Sendable (HTTPResponse) -> Int?)? = nil, timeouts: Timeouts? = nil
  ) {
    let bytes = Array(body)
    self.init(
      identity: identity, path: path, headers: headers, tokens: tokens, tokensUsed: tokensUsed,
      timeouts: timeouts, making: { bytes })
  }

  /// A call whose body is made when it is let in, and once more for each further attempt, so that very many may wait. It has to
  /// be the same each time.
  public init(
    identity: String, path: String, headers: Headers = [:], tokens: Int = 0,
    tokensUsed: (@Sendable (HTTPResponse) -> Int?)? = nil, timeouts: Timeouts? = nil,
    making body: @escaping @Sendable () -> [UInt8]
  ) {
    precondition(tokens >= 0, "an estimate of \(tokens) tokens")
    let isSpecial = !headers.fields.isEmpty || tokensUsed != nil || timeouts != nil
    parts = Parts(
      identity: identity, path: path, tokens: tokens,
      special: isSpecial ? Special(headers, tokensUsed, timeouts) : nil, makeBody: body)
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
