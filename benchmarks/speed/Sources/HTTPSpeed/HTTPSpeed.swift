import Foundation
import HustingsHTTP

/// Posts COUNT bodies of 2 KB to URL, CONCURRENCY at a time, and prints wall and processor seconds as JSON. A first,
/// untimed share opens the connections.
@main struct HTTPSpeed {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[2]), let concurrency = Int(arguments[3]) else {
      print("usage: http-speed URL COUNT CONCURRENCY")
      exit(64)
    }
    let client = HTTPClient(ClientSettings(proxy: .direct))
    let request = HTTPRequest(
      .post, try Address(arguments[1]), headers: ["Content-Type": "application/json"],
      body: Data(String(repeating: "x", count: 2_048).utf8))
    try await post(request, client, count: 2 * concurrency, concurrency: concurrency)
    let processor = processorSeconds()
    let start = ContinuousClock.now
    try await post(request, client, count: count, concurrency: concurrency)
    let wall = (ContinuousClock.now - start) / .seconds(1)
    print("{\"wall\": \(wall), \"processor\": \(processorSeconds() - processor)}")
  }

  private static func post(
    _ request: HTTPRequest, _ client: HTTPClient, count: Int, concurrency: Int
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<count {
        if index >= concurrency { try await group.next() }
        group.addTask(executorPreference: client.executor) {
          try await client.send(request).requiringSuccess()
        }
      }
      try await group.waitForAll()
    }
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
