import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

/// What is kept from request to request must not show in the next one.
@Suite struct ReusedHandleTests {
  @Test func requestsOneAfterTheOtherSendTheirOwnBodies() async throws {
    let server = try ScriptedServer { .text(String(decoding: $0.body, as: UTF8.self)) }
    let client = Local.client()
    for text in ["first", "", "a longer third", "4"] {
      let answer = try await client.send(Local.post(server, "/same", text))
      #expect(String(decoding: answer.body, as: UTF8.self) == text)
    }
  }

  @Test func bodiesOfAllSizesTakeTurns() async throws {
    let server = try ScriptedServer { .text(String(decoding: $0.body, as: UTF8.self)) }
    let client = Local.client()
    for size in [10, 5_000, 100, 300_000, 65_536, 0, 70_000, 3] {
      let text = String(repeating: "\(size % 7)", count: size)
      let answer = try await client.send(Local.post(server, "/same", text))
      #expect(String(decoding: answer.body, as: UTF8.self) == text)
    }
  }

  @Test func queriesAndEscapesOfAnAddressArriveEveryTime() async throws {
    let server = try ScriptedServer { .text($0.target) }
    let client = Local.client()
    for target in ["/a%20b/c?d=e%2F&f", "/a%20b/c?d=e%2F&f", "/", "/a%20b/c?d=e%2F&f"] {
      let answer = try await client.send(Local.post(server, target))
      #expect(String(decoding: answer.body, as: UTF8.self) == target)
    }
  }

  @Test func fieldsAndSecretsOfOneRequestAreNotSentWithTheNext() async throws {
    let server = try ScriptedServer { _ in .text("{}") }
    let client = Local.client()
    let plain = try Local.post(server)
    var adorned = plain
    adorned.headers["X-Run"] = "7"
    adorned.credentials = [.bearer(try Secret(value: "abcdefgh", source: "A"))]
    var other = plain
    other.credentials = [.bearer(try Secret(value: "ijklmnop", source: "A"))]
    for request in [plain, adorned, other, adorned, plain] { _ = try await client.send(request) }
    #expect(server.requests.map { $0.header("X-Run") } == [nil, "7", nil, "7", nil])
    let seen = server.requests.map { $0.header("Authorization") }
    #expect(seen == [nil, "Bearer abcdefgh", "Bearer ijklmnop", "Bearer abcdefgh", nil])
  }

  @Test func methodsTakeTurnsOnOneConnection() async throws {
    let server = try ScriptedServer { .text("\($0.method) \($0.body.count)") }
    let client = Local.client()
    var said: [String] = []
    for request in [
      try Local.post(server, "/", "123"), try Local.get(server), try Local.post(server, "/", "12345"),
    ] {
      said.append(String(decoding: try await client.send(request).body, as: UTF8.self))
    }
    #expect(said == ["POST 3", "GET 0", "POST 5"])
  }

  @Test func aFailureLeavesNothingToTheNextRequest() async throws {
    let server = try ScriptedServer { $0.number == 0 ? .silent : .text("late, but there") }
    let client = Local.client()
    var request = try Local.post(server)
    request.timeouts = Timeouts(total: .milliseconds(50))
    let failure = await Local.failure { try await client.send(request) }
    #expect(failure == .totalTimeout(request.address, limit: .milliseconds(50)))
    request.timeouts = nil
    #expect(try await client.send(request).status == 200)
  }
}

@Suite struct LoopExecutorTests {
  @Test func tasksOnTheClientsThreadSendAndComputeThere() async throws {
    let server = try ScriptedServer { .text(String(decoding: $0.body, as: UTF8.self)) }
    let client = Local.client()
    let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<200 {
        let request = try Local.post(server, "/", String(repeating: "x", count: index))
        group.addTask(executorPreference: client.executor) {
          let first = try await client.send(request).body.count
          await Task.yield()
          return try await client.send(request).body.count + first
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(lengths.sorted() == (0..<200).map { 2 * $0 })
  }

  @Test func tasksOfAClientThatShutsDownEnd() async throws {
    let server = try ScriptedServer { _ in .silent }
    let client = Local.client(timeouts: Timeouts(total: nil))
    let request = try Local.get(server)
    let tasks = (0..<50).map { _ in
      Task(executorPreference: client.executor) {
        await Local.failure { try await client.send(request) }
      }
    }
    while server.requests.count < 50 { await Task.yield() }
    client.shutDown()
    for task in tasks { #expect(await task.value == .closed) }
    // The thread is gone or about to go; whoever prefers it gets through all the same.
    for _ in 0..<50 {
      let late = Task(executorPreference: client.executor) {
        await Task.yield()
        return await Local.failure { try await client.send(request) }
      }
      #expect(await late.value == .closed)
    }
  }

  @Test func cancellingOnTheClientsThreadEndsTheWait() async throws {
    let server = try ScriptedServer { _ in .silent }
    let client = Local.client(timeouts: Timeouts(total: nil))
    let request = try Local.get(server)
    let tasks = (0..<100).map { _ in
      Task(executorPreference: client.executor) {
        do {
          _ = try await client.send(request)
          return false
        } catch { return error is CancellationError }
      }
    }
    for task in tasks { task.cancel() }
    for task in tasks { #expect(await task.value) }
  }
}

@Suite struct LateBodyTests {
  /// Counts how many bodies were made.
  private final class Count: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0
    var value: Int { lock.withLock { number } }
    func add() { lock.withLock { number += 1 } }
  }

  @Test func aWaitingCallHasNoBodyYet() async throws {
    let gate = Gate()
    let server = try ScriptedServer { _ in
      ScriptedReply([.pass(gate)] + ScriptedReply.text("{}").steps)
    }
    let endpoint = Endpoint(
      client: Local.client(), bases: [try Address(server.address)],
      concurrency: ConcurrencyPolicy(start: 2, ceiling: 2))
    let made = Count()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<20 {
        group.addTask {
          let call = EndpointCall(identity: "\(index)", path: "chat") {
            made.add()
            return Array("\(index)".utf8)
          }
          try await endpoint.send(call).requiringSuccess()
        }
      }
      while server.requests.count < 2 { await Task.yield() }
      #expect(made.value == 2)
      gate.open()
      try await group.waitForAll()
    }
    #expect(made.value == 20)
    let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(Set(bodies) == Set((0..<20).map { "\($0)" }))
  }

  @Test func everyAttemptHasTheSameBody() async throws {
    let server = try ScriptedServer { $0.number < 2 ? .status(500) : .text("{}") }
    let endpoint = Endpoint(
      client: Local.client(), bases: [try Address(server.address)],
      retry: RetryPolicy(attempts: 3, base: .zero, cap: .zero))
    let call = EndpointCall(identity: "a", path: "chat") { Array("the question".utf8) }
    #expect(try await endpoint.send(call).status == 200)
    #expect(server.requests.map { String(decoding: $0.body, as: UTF8.self) }.count == 3)
    #expect(Set(server.requests.map(\.body)) == [Data("the question".utf8)])
  }
}
