import Foundation

/// Sends requests, any number at a time, over connections that are kept and shared.
///
/// All transfers run on one thread of their own; a waiting task costs no thread. Cancelling the task cancels the
/// transfer. Any status is an answer, so a 404 returns; failing to get an answer throws `HTTPFailure`.
///
/// ```swift
/// let client = HTTPClient()
/// let answer = try await client.send(HTTPRequest(.get, Address("http://localhost:8000/health")))
/// ```
public final class HTTPClient: Sendable {
  /// How this client connects.
  public let settings: ClientSettings
  private let loop = CurlLoop()

  /// Starts a client; its thread ends with the last reference to it.
  public init(_ settings: ClientSettings = ClientSettings()) {
    self.settings = settings
  }

  deinit { loop.stop() }

  /// Ends every transfer with `HTTPFailure.closed` and refuses new ones.
  public func shutDown() { loop.stop() }

  /// The client's own thread as a place for tasks that do little more than send: what they do before and after a request
  /// wakes no other thread. It is no place for long computations, which would keep all requests waiting.
  public var executor: any TaskExecutor { loop }

  /// Sends a request and follows redirects as `Redirect` allows. The total limit covers all of them together.
  public nonisolated(nonsending) func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try await send(request, into: nil)
  }

  nonisolated(nonsending) func send(_ request: HTTPRequest, into sink: (any BodySink)?) async throws
    -> HTTPResponse
  {
    let limits = request.timeouts ?? settings.timeouts
    let start = ContinuousClock.now
    var current = request
    var timeouts = limits
    var hops = 0
    while true {
      try Task.checkCancellation()
      let response = try await loop.perform(
        loop.transfer(current, settings: settings, timeouts: timeouts, sink: sink))
      guard let next = try Redirect.next(after: response, to: current) else { return response }
      hops += 1
      guard hops <= settings.maximumRedirects else {
        throw HTTPFailure.tooManyRedirects(next.address, limit: settings.maximumRedirects)
      }
      if let total = limits.total {
        let left = total - (ContinuousClock.now - start)
        guard left > .zero else { throw HTTPFailure.totalTimeout(request.address, limit: total) }
        timeouts.total = left
      }
      current = next
    }
  }
}
