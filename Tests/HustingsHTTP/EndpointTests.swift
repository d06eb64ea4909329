import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

@Suite struct EndpointTests {
  /// Collects attempts in the order they ended.
  private final class Log: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [EndpointAttempt] = []
    var attempts: [EndpointAttempt] { lock.withLock { list } }
    func add(_ attempt: EndpointAttempt) { lock.withLock { list.append(attempt) } }
  }

  private func endpoint(
    _ bases: [String], time: ManualTime = ManualTime(), credentials: [Credential] = [], attempts: Int = 5,
    concurrency: ConcurrencyPolicy = ConcurrencyPolicy(), budget: RateBudget = .unlimited, log: Log = Log(),
    cache: ReplyCache? = nil
  ) throws -> Endpoint {
    Endpoint(
      client: Local.client(), bases: try bases.map { try Address($0) }, credentials: credentials,
      retry: RetryPolicy(attempts: attempts), concurrency: concurrency, budget: budget, time: time.source,
      cache: cache, observe: { log.add($0) })
  }

  private func call(_ identity: String = "item", tokens: Int = 0) -> EndpointCall {
    EndpointCall(identity: identity, path: "chat", body: Data("\"\(identity)\"".utf8), tokens: tokens)
  }

  @Test func aCallIsPostedBelowTheBase() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    let answer = try await endpoint([server.address + "/v1/"]).send(call())
    #expect(answer.status == 200)
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/v1/chat")
    #expect(request.header("Content-Type") == "application/json")
    #expect(request.body == Data("\"item\"".utf8))
  }

  @Test func aRetryAfterInSecondsIsKept() async throws {
    let server = try ScriptedServer {
      $0.number == 0 ? .text("slow down", 429, [("Retry-After", "17")]) : .text("{}")
    }
    let time = ManualTime()
    #expect(try await endpoint([server.address], time: time).send(call()).status == 200)
    #expect(server.requests.count == 2)
    #expect(time.now >= .seconds(17) && time.now <= .seconds(19))
  }

  @Test func aRetryAfterDateIsKept() async throws {
    // The clock stands at 08:49:37.
    let server = try ScriptedServer {
      $0.number == 0 ? .status(503, [("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT")]) : .text("{}")
    }
    let time = ManualTime()
    #expect(try await endpoint([server.address], time: time).send(call()).status == 200)
    #expect(time.now >= .seconds(60) && time.now <= .seconds(62))
  }

  @Test func aWaitBeyondPatienceIsCapped() async throws {
    let server = try ScriptedServer {
      $0.number == 0 ? .status(429, [("Retry-After", "86400")]) : .text("{}")
    }
    let time = ManualTime()
    _ = try await endpoint([server.address], time: time).send(call())
    #expect(time.now >= .seconds(120) && time.now < .seconds(123))
  }

  @Test func anExhaustedRateWindowHoldsTheNextCallBack() async throws {
    let server = try ScriptedServer { _ in
      .text("{}", 200, [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "1m30s")])
    }
    let time = ManualTime()
    let endpoint = try endpoint([server.address], time: time)
    _ = try await endpoint.send(call("a"))
    #expect(time.now == .zero)
    _ = try await endpoint.send(call("b"))
    #expect(time.now == .seconds(90))
  }

  @Test func withoutAWordFromTheServerTheWaitsAreThePolicys() async throws {
    let server = try ScriptedServer { $0.number < 3 ? .status(429) : .text("{}") }
    let time = ManualTime()
    let log = Log()
    _ = try await endpoint([server.address], time: time, log: log).send(call("x"))
    let policy = RetryPolicy(attempts: 5)
    let expected = (1...3).map { policy.delay(after: $0, identity: "x") }
    #expect(log.attempts.map(\.pause) == expected.map { Optional($0) } + [nil])
    #expect(log.attempts.map(\.status) == [429, 429, 429, 200])
    #expect(log.attempts.map(\.number) == [1, 2, 3, 4])
    #expect(time.sleeps == expected)
  }

  @Test func aBurstOfServerErrorsPasses() async throws {
    let statuses = [500, 502, 504, 529]
    let server = try ScriptedServer { $0.number < 4 ? .status(statuses[$0.number]) : .text("{}") }
    #expect(try await endpoint([server.address]).send(call()).status == 200)
    #expect(server.requests.count == 5)
  }

  @Test func theLastAnswerIsReturnedWhenAttemptsRunOut() async throws {
    let server = try ScriptedServer { .text("attempt \($0.number)", 500) }
    let answer = try await endpoint([server.address], attempts: 3).send(call())
    #expect(answer.status == 500)
    #expect(String(decoding: answer.body, as: UTF8.self) == "attempt 2")
    #expect(server.requests.count == 3)
  }

  @Test func brokenConnectionsAreRepeatedAndTheEndIsSaid() async throws {
    let server = try ScriptedServer { $0.number < 2 ? .cut(Data(count: 99), after: 9) : .text("{}") }
    #expect(try await endpoint([server.address]).send(call()).status == 200)
    let dead = try ClosedPort()
    let failure = await Local.failure { try await endpoint([dead.address], attempts: 3).send(call()) }
    let address = try Address(dead.address + "/chat")
    #expect(failure == .gaveUp(attempts: 3, .unreachable(address, detail: "connection refused")))
    #expect(failure?.description.hasSuffix("This was attempt 3, the last one.") == true)
  }

  @Test func whatRepeatingCannotChangeIsNotRepeated() async throws {
    for status in [400, 401, 403, 404, 422] {
      let server = try ScriptedServer { _ in .text("no", status) }
      #expect(try await endpoint([server.address]).send(call()).status == status)
      #expect(server.requests.count == 1)
    }
  }

  @Test func noSecretComesBack() async throws {
    let key = "sk-very-secret-0123456789"
    let server = try ScriptedServer { request in
      .text("{\"error\": \"bad key \(key)\"}", 401, [("X-Echo", request.header("Authorization") ?? "")])
    }
    let secret = try Secret(value: key, source: "KEY")
    let answer = try await endpoint([server.address], credentials: [.bearer(secret)]).send(call())
    #expect(server.requests.first?.header("Authorization") == "Bearer \(key)")
    #expect(answer.headers["X-Echo"] == "Bearer [redacted KEY]")
    #expect(String(decoding: answer.body, as: UTF8.self) == "{\"error\": \"bad key [redacted KEY]\"}")
    let failure = await Local.failure { try answer.requiringSuccess() }
    #expect(failure?.description.contains(key) == false)
  }

  @Test func anOverloadedServerIsAskedLessAtOnce() async throws {
    let server = try ScriptedServer { $0.number < 8 ? .status(529) : .text("{}") }
    // Enough attempts for one call to meet all the refusals.
    let endpoint = try endpoint(
      [server.address], attempts: 9, concurrency: ConcurrencyPolicy(start: 8, ceiling: 8))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<8 { group.addTask { try await endpoint.send(call("\(index)")).status } }
      for try await status in group { #expect(status == 200) }
    }
    #expect(endpoint.allowedAtOnce[0] < 8)
  }

  @Test func aBudgetSpreadsCallsOverMinutes() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    let time = ManualTime()
    let endpoint = try endpoint([server.address], time: time, budget: RateBudget(requests: 3))
    for index in 0..<10 { _ = try await endpoint.send(call("\(index)")) }
    #expect(time.now == .seconds(180))
  }

  @Test func tokensUsedCorrectTheEstimate() async throws {
    let server = try ScriptedServer { _ in .text("{\"used\": 10}") }
    let time = ManualTime()
    let endpoint = try endpoint([server.address], time: time, budget: RateBudget(tokens: 100))
    for index in 0..<9 {
      _ = try await endpoint.send(
        EndpointCall(
          identity: "\(index)", path: "chat", body: Data("{}".utf8), tokens: 20, tokensUsed: { _ in 10 }))
    }
    #expect(time.now == .zero)
    _ = try await endpoint.send(call("last", tokens: 20))
    #expect(time.now == .seconds(60))
  }

  @Test func aDeadServersShareGoesToTheOthers() async throws {
    let servers = try (0..<2).map { _ in try ScriptedServer { _ in .text("{}") } }
    let dead = try ClosedPort()
    let log = Log()
    let endpoint = try endpoint([dead.address] + servers.map(\.address), log: log)
    for index in 0..<60 { #expect(try await endpoint.send(call("\(index)")).status == 200) }
    #expect(servers.reduce(0) { $0 + $1.requests.count } == 60)
    #expect(log.attempts.filter { $0.failure != nil }.allSatisfy { $0.base.text.hasPrefix(dead.address) })
  }

  @Test func aServerThatDiesAndComesBackIsUsedAgain() async throws {
    let isDown = Toggle()
    let lazarus = try ScriptedServer { _ in isDown.isOn ? .dropped : .text("{}") }
    let steady = try ScriptedServer { _ in .text("{}") }
    let time = ManualTime()
    let endpoint = try endpoint([lazarus.address, steady.address], time: time)
    isDown.isOn = true
    for index in 0..<20 { #expect(try await endpoint.send(call("down \(index)")).status == 200) }
    let whileDown = lazarus.requests.count
    #expect(whileDown < 20)
    isDown.isOn = false
    time.advance(by: .seconds(120))
    for index in 0..<20 { #expect(try await endpoint.send(call("up \(index)")).status == 200) }
    #expect(lazarus.requests.count >= whileDown + 9)
  }

  @Test func aFailingServerIsLeftForAnotherAtTheNextAttempt() async throws {
    let bad = try ScriptedServer { _ in .status(500) }
    let good = try ScriptedServer { _ in .text("{}") }
    let endpoint = try endpoint([bad.address, good.address])
    for index in 0..<4 { #expect(try await endpoint.send(call("\(index)")).status == 200) }
    #expect(good.requests.count == 4)
  }

  @Test func hundredsOfCallsAllFinishWhateverHappens() async throws {
    // Every third answer is a fault of another kind; the rest echo the body.
    let server = try ScriptedServer { request in
      switch request.number % 9 {
      case 0: .status(429)
      case 3: .dropped
      case 6: .cut(Data(count: 50), after: 5)
      default: .status(200, [], request.body)
      }
    }
    let endpoint = try endpoint(
      [server.address], attempts: 50, concurrency: ConcurrencyPolicy(start: 16, ceiling: 32))
    let answers = try await withThrowingTaskGroup(of: (Int, Data).self) { group in
      for index in 0..<400 { group.addTask { (index, try await endpoint.send(call("\(index)")).body) } }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(answers.count == 400)
    #expect(answers.allSatisfy { $0.value == Data("\"\($0.key)\"".utf8) })
  }

  @Test func cancelledCallsGiveTheirPlacesBack() async throws {
    let server = try ScriptedServer { $0.body == Data("\"last\"".utf8) ? .text("{}") : .silent }
    let endpoint = try endpoint([server.address], concurrency: ConcurrencyPolicy(start: 4, ceiling: 4))
    let tasks = (0..<100).map { index in
      Task { () -> Bool in
        do {
          _ = try await endpoint.send(call("\(index)"))
          return false
        } catch { return error is CancellationError }
      }
    }
    while server.requests.count < 4 { try await Task.sleep(for: .milliseconds(1)) }
    for task in tasks { task.cancel() }
    for task in tasks { #expect(await task.value) }
    #expect(try await endpoint.send(call("last")).status == 200)
  }

  @Test func whatIsKeptIsNotAskedAgain() async throws {
    let key = "sk-very-secret-0123456789"
    let server = try ScriptedServer { request in
      request.body == Data("\"bad\"".utf8) ? .text("{}", 404) : .text("\(key) \(request.number)")
    }
    let shelf = Shelf()
    let endpoint = try endpoint(
      [server.address], credentials: [.bearer(try Secret(value: key, source: "KEY"))],
      cache: ReplyCache(find: { await shelf.find($0.identity) }, keep: { await shelf.keep($0.identity, $1) }))
    for _ in 0..<2 {
      let answer = try await endpoint.send(call("good"))
      #expect(String(decoding: answer.body, as: UTF8.self) == "[redacted KEY] 0")
    }
    #expect(server.requests.count == 1)
    // A refusal is not kept: the next run may be luckier.
    for _ in 0..<2 { #expect(try await endpoint.send(call("bad")).status == 404) }
    #expect(server.requests.count == 3)
    #expect(await shelf.names == ["good"])
  }

  private actor Shelf {
    private var answers: [String: HTTPResponse] = [:]
    var names: [String] { answers.keys.sorted() }
    func find(_ name: String) -> HTTPResponse? { answers[name] }
    func keep(_ name: String, _ answer: HTTPResponse) { answers[name] = answer }
  }
}
