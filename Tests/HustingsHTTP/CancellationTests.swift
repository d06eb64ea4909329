import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

@Suite struct CancellationTests {
  private static func isCancelled(_ client: HTTPClient, _ request: HTTPRequest) async -> Bool {
    do {
      _ = try await client.send(request)
      return false
    } catch {
      return error is CancellationError
    }
  }

  @Test func tasksCancelledAtOnceEndAtOnce() async throws {
    // Without care a cancellation that comes before the request is handed in is lost, and the task waits for ever:
    // this server never answers and there is no time limit.
    let server = try ScriptedServer { _ in .silent }
    let client = Local.client(timeouts: Timeouts(total: nil))
    let request = try Local.get(server)
    let tasks = (0..<500).map { _ in Task { await Self.isCancelled(client, request) } }
    for task in tasks { task.cancel() }
    for task in tasks { #expect(await task.value) }
  }

  @Test func tasksCancelledAtAnyMomentEnd() async throws {
    let server = try ScriptedServer { _ in .silent }
    let client = Local.client(timeouts: Timeouts(total: nil))
    let request = try Local.get(server)
    // Delays from 0 to 5 ms in a fixed order that visits all of them: 37 is coprime to 300.
    let tasks = (0..<300).map { index in
      (Task { await Self.isCancelled(client, request) }, Duration.microseconds((index * 37 % 300) * 17))
    }
    await withTaskGroup(of: Void.self) { group in
      for (task, delay) in tasks {
        group.addTask {
          try? await Task.sleep(for: delay)
          task.cancel()
        }
      }
    }
    for (task, _) in tasks { #expect(await task.value) }
  }

  @Test func aCancelledTransferLeavesTheOthersAlone() async throws {
    let gate = Gate()
    let server = try ScriptedServer { request in
      request.target == "/wait"
        ? .silent : ScriptedReply([.pass(gate)] + ScriptedReply.text("{}").steps)
    }
    let client = Local.client()
    let lost = try Local.get(server, "/wait")
    let kept = try Local.get(server, "/kept")
    let cancelled = Task { await Self.isCancelled(client, lost) }
    let finished = Task { try await client.send(kept).status }
    while server.requests.count < 2 { await Task.yield() }
    cancelled.cancel()
    #expect(await cancelled.value)
    gate.open()
    #expect(try await finished.value == 200)
  }

  @Test func theClientWorksOnAfterManyCancellations() async throws {
    let server = try ScriptedServer { $0.target == "/ok" ? .text("{}") : .silent }
    let client = Local.client()
    let silent = try Local.get(server, "/silent")
    let tasks = (0..<50).map { _ in Task { await Self.isCancelled(client, silent) } }
    for task in tasks { task.cancel() }
    for task in tasks { _ = await task.value }
    #expect(try await client.send(Local.get(server, "/ok")).status == 200)
  }

  @Test func aThousandRequestsAreInFlightTogether() async throws {
    let count = 1_000
    // Nobody is answered before all have arrived.
    let gate = Gate(opensAt: count)
    let server = try ScriptedServer { request in
      ScriptedReply([.pass(gate)] + ScriptedReply.text("\(request.target)").steps)
    }
    let client = Local.client()
    let address = server.address
    let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for index in 0..<count {
        group.addTask {
          let request = HTTPRequest(.post, try Address("\(address)/\(index)"), body: Data("\(index)".utf8))
          return (index, String(decoding: try await client.send(request).body, as: UTF8.self))
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(answers.count == count)
    #expect(answers.allSatisfy { $0.value == "/\($0.key)" })
    #expect(server.connections == count)
  }
}
