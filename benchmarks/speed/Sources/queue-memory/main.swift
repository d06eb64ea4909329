import Foundation
import HustingsHTTP

// Queues COUNT different calls to an endpoint at URL all at once, CONCURRENCY of them under way at a time, waits for all
// answers, and prints the most memory used as JSON. Each call is a task of its own with a judge's question of BYTES bytes in two
// responses. No two calls share a body: each body is made when its call is let in, from what the task holds, its number.

func peakMegabytes() -> Double {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1_024
  #else
    getrusage(RUSAGE_SELF, &usage)
    return Double(usage.ru_maxrss) / 1_048_576
  #endif
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[2]), let concurrency = Int(arguments[3]),
  let bytes = Int(arguments[4])
else {
  print("usage: queue-memory BASE-URL COUNT CONCURRENCY BYTES")
  exit(64)
}
let filling = String(repeating: "x", count: bytes / 2)

@Sendable func question(_ number: Int) -> [UInt8] {
  Array(
    """
    {"messages": [{"content": "Question \(number)?\\n\\n\(filling)a\(number)\\n\\n\(filling)b\(number)", \
    "role": "user"}], "model": "m"}
    """.utf8)
}

let endpoint = Endpoint(
  client: HTTPClient(ClientSettings(proxy: .direct)), bases: [try Address(arguments[1])], retry: .once,
  concurrency: ConcurrencyPolicy(start: concurrency, ceiling: concurrency))
let before = peakMegabytes()
let start = ContinuousClock.now
try await withThrowingTaskGroup(of: Void.self) { group in
  for number in 0..<count {
    group.addTask {
      try await endpoint.send(
        EndpointCall(identity: "\(number)", path: "chat/completions") { question(number) }
      ).requiringSuccess()
    }
  }
  try await group.waitForAll()
}
let wall = (ContinuousClock.now - start) / .seconds(1)
print("{\"wall\": \(wall), \"megabytes\": \(peakMegabytes()), \"megabytes_before\": \(before)}")
