import Foundation
import HustingsHTTP

// Queues COUNT calls to an endpoint at URL all at once, CONCURRENCY of them under way at a time, waits for all answers, and
// prints the most memory used as JSON.

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
guard arguments.count == 4, let count = Int(arguments[2]), let concurrency = Int(arguments[3]) else {
  print("usage: queue-memory BASE-URL COUNT CONCURRENCY")
  exit(64)
}
let endpoint = Endpoint(
  client: HTTPClient(ClientSettings(proxy: .direct)), bases: [try Address(arguments[1])], retry: .once,
  concurrency: ConcurrencyPolicy(start: concurrency, ceiling: concurrency))
let before = peakMegabytes()
let start = ContinuousClock.now
try await withThrowingTaskGroup(of: Void.self) { group in
  for number in 0..<count {
    group.addTask {
      let body = Data(
        "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Question \(number)?\"}]}".utf8)
      let call = EndpointCall(identity: "\(number)", path: "chat/completions", body: body)
      try await endpoint.send(call).requiringSuccess()
    }
  }
  try await group.waitForAll()
}
let wall = (ContinuousClock.now - start) / .seconds(1)
print("{\"wall\": \(wall), \"megabytes\": \(peakMegabytes()), \"megabytes_before\": \(before)}")
