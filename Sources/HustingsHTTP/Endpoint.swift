import Foundation

/// One model behind one or several servers: paces, spreads and repeats requests until each has its answer.
///
/// A request goes to the least loaded server that is well. The number under way at once adapts to what each server
/// bears, budgets per minute are kept, and a server that fails is left out for a while. Secrets are removed from
/// everything that comes back, so answers and failures may be stored and shown.
///
/// ```swift
/// let endpoint = Endpoint(
///   client: HTTPClient(), bases: [try Address("http://gpu1:8000/v1"), try Address("http://gpu2:8000/v1")],
///   budget: RateBudget(requests: 500))
/// let answer = try await endpoint.send(EndpointCall(identity: "item 7", path: "chat/completions", body: json))
/// try answer.requiringSuccess()
/// ```
public final class Endpoint: Sendable {
  private let client: HTTPClient
  private let bases: [Address]
  private let credentials: [Credential]
  private let headers: Headers
  private let retry: RetryPolicy
  private let time: TimeSource
  private let turnstile: Turnstile
  private let redactor: Redactor
  private let cache: ReplyCache?
  private let observe: (@Sendable (EndpointAttempt) -> Void)?
  private let known = Lock<[String: [HTTPRequest]]>([:])

  /// An endpoint. `observe` is told of every attempt, from whatever task made it.
  public init(
    client: HTTPClient, bases: [Address], credentials: [Credential] = [], headers: Headers = [:],
    retry: RetryPolicy = RetryPolicy(), concurrency: ConcurrencyPolicy = ConcurrencyPolicy(),
    budget: RateBudget = .unlimited, health: HealthPolicy = HealthPolicy(), time: TimeSource = .system,
    cache: ReplyCache? = nil, observe: (@Sendable (EndpointAttempt) -> Void)? = nil
  ) {
    precondition(!bases.isEmpty, "an endpoint without an address")
    self.client = client
    self.bases = bases
    self.credentials = credentials
    self.headers = headers
    self.retry = retry
    self.time = time
    self.cache = cache
    self.observe = observe
    redactor = Redactor(credentials.map(\.secret))
    turnstile = Turnstile(
      Fleet(servers: bases.count, concurrency: concurrency, health: health, budget: budget), time: time)
  }

  /// Requests allowed at once at this moment, for each base address.
  public var allowedAtOnce: [Int] { turnstile.allowed(servers: bases.count) }

  /// Posts a call until it is answered or not worth repeating. Whatever status remains is an answer; without any
  /// answer this throws `HTTPFailure`.
  public nonisolated(nonsending) func send(_ call: EndpointCall) async throws -> HTTPResponse {
    if cache != nil { return try await sendUnlessKept(call) }
    // A call that waits its turn is no more than this: its request is made when it is let in.
    let berth = try await turnstile.enter(tokens: call.tokens, avoiding: nil)
    return try await ask(call, at: berth)
  }

  /// The client's thread as a place for tasks that do little more than send; see `HTTPClient.executor`.
  public var executor: any TaskExecutor { client.executor }

  private nonisolated(nonsending) func sendUnlessKept(_ call: EndpointCall) async throws -> HTTPResponse {
    if let known = try await cache?.find(call) { return known }
    let answer = try await ask(call, at: turnstile.enter(tokens: call.tokens, avoiding: nil))
    if answer.isSuccess { try await cache?.keep(call, answer) }
    return answer
  }

  private nonisolated(nonsending) func ask(_ call: EndpointCall, at first: Berth) async throws -> HTTPResponse
  {
    var berth = first
    var number = 1
    while true {
      let begin = time.now()
      let result = await answer(to: call, at: berth)
      let pause =
        number < retry.attempts && isWorthRepeating(result)
        ? retry.delay(after: number, identity: call.identity) : nil
      observe?(record(call, number, berth, result, took: time.now() - begin, pause: pause))
      guard let pause else {
        if number > 1, case .failure(let error) = result, let failure = error as? HTTPFailure {
          throw HTTPFailure.gaveUp(attempts: number, failure)
        }
        return try result.get()
      }
      try await time.sleep(pause)
      berth = try await turnstile.enter(tokens: call.tokens, avoiding: berth.server)
      number += 1
    }
  }

  private func request(for call: EndpointCall, at server: Int) throws(HTTPFailure) -> HTTPRequest {
    var request = try requests(for: call.path)[server]
    for field in call.headers.fields { request.headers[field.name] = field.value }
    request.bytes = call.bytes
    request.timeouts = call.timeouts
    return request
  }

  /// The requests for a path on each server, in the order of the bases, as far as calls share them.
  private func requests(for path: String) throws(HTTPFailure) -> [HTTPRequest] {
    if let known = known.withLock({ $0[path] }) { return known }
    var fields: Headers = ["Content-Type": "application/json", "Accept": "application/json"]
    for field in headers.fields { fields[field.name] = field.value }
    var all: [HTTPRequest] = []
    for base in bases {
      all.append(
        HTTPRequest(.post, try base.appending(path), headers: fields, credentials: credentials))
    }
    known.withLock { $0[path] = all }
    return all
  }

  /// One attempt, which ends by giving its place back.
  private nonisolated(nonsending) func answer(
    to call: EndpointCall, at berth: Berth
  ) async -> Result<HTTPResponse, any Error> {
    do {
      var response = try await client.send(request(for: call, at: berth.server))
      if !redactor.isEmpty {
        response.bytes = redactor.redact(response.bytes)
        response.headers = redactor.redact(response.headers)
      }
      let notice =
        RateLimitNotice.isAny(in: response.headers)
        ? RateLimitNotice(response.headers, date: time.date()) : RateLimitNotice()
      turnstile.leave(
        berth, verdict(on: response, notice), wait: notice.wait.map { min($0, retry.patience) },
        tokens: call.tokensUsed?(response))
      return .success(response)
    } catch {
      let isServersFault = (error as? HTTPFailure).map(retry.isWorthRepeating) ?? false
      turnstile.leave(berth, isServersFault ? .failed : .abandoned)
      return .failure(error)
    }
  }

  private func verdict(on response: HTTPResponse, _ notice: RateLimitNotice) -> Verdict {
    switch response.status {
    case 429, 529: .overloaded
    case 503 where notice.wait != nil: .overloaded
    case 500...: .failed
    default: .answered
    }
  }

  private func isWorthRepeating(_ result: Result<HTTPResponse, any Error>) -> Bool {
    switch result {
    case .success(let response): retry.isWorthRepeating(response)
    case .failure(let failure as HTTPFailure): retry.isWorthRepeating(failure)
    case .failure: false
    }
  }

  private func record(
    _ call: EndpointCall, _ number: Int, _ berth: Berth, _ result: Result<HTTPResponse, any Error>,
    took duration: Duration, pause: Duration?
  ) -> EndpointAttempt {
    var attempt = EndpointAttempt(
      identity: call.identity, number: number, base: bases[berth.server], duration: duration, pause: pause)
    switch result {
    case .success(let response): attempt.status = response.status
    case .failure(let error): attempt.failure = error as? HTTPFailure
    }
    return attempt
  }
}
