import Foundation
import HustingsStatistics

// Answers one timed bootstrap per line of input; `bootstrap.py` asks, in turn with numpy.
//
//   bootstrap-speed DATA REPLICATES shared|byKind|automatic [THREADS]
//
// DATA: text, one item per line: cluster number, candidate, baseline. Each answer: nanoseconds of wall time, of
// processor time on all threads, estimate, standard error, low, high.

let arguments = CommandLine.arguments
guard arguments.count >= 4, let replicates = Int(arguments[2]),
  let text = try? String(contentsOfFile: arguments[1], encoding: .utf8)
else {
  FileHandle.standardError.write(Data("usage: bootstrap-speed DATA REPLICATES DRAWS [THREADS]\n".utf8))
  exit(64)
}
let draws: ClusterBootstrap.Draws =
  switch arguments[3] {
  case "byKind": .byKind
  case "automatic": .automatic
  default: .shared
  }
let workers = arguments.count > 4 ? Int(arguments[4]) : nil
let rows = text.split(separator: "\n").map { $0.split(separator: " ") }
let clusters = Clustering(labels: rows.map { Int($0[0]) ?? 0 })
let candidate = rows.map { Double($0[1]) ?? 0 }
let baseline = rows.map { Double($0[2]) ?? 0 }

/// Processor time of all threads since the program began, in nanoseconds.
func processorTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
}

var seed: UInt64 = 0
while readLine() != nil {
  seed += 1
  let clock = ContinuousClock()
  let start = clock.now
  let before = processorTime()
  let bootstrap = ClusterBootstrap(
    columns: [candidate, baseline], clusters: clusters, replicates: replicates, seed: seed, draws: draws,
    workers: workers)
  let difference = bootstrap?.difference(0, minus: 1)
  let interval = difference?.interval(level: 0.95, method: .percentile)
  let error = difference?.standardError
  let elapsed = clock.now - start
  let processor = processorTime() - before
  let parts = elapsed.components
  let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
  if let difference, let interval, let error {
    print(nanoseconds, processor, difference.estimate, error, interval.low, interval.high)
    fflush(nil)
  }
}
