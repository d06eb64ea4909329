import Foundation
import Hustings
import HustingsStore
import JudgePlugins

// Judges COUNT pairs of BYTES bytes through an endpoint at URL, CONCURRENCY at a time, looks for each reply in the file STORE
// before it is asked for and keeps it there, and prints wall and processor seconds and the most memory used as JSON. A first,
// untimed share opens the connections.

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

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

func slates(_ range: Range<Int>, bytes: Int) -> [Slate] {
  let filling = String(repeating: "x", count: bytes / 2)
  return range.map { number in
    Slate(
      id: "\(number)", prompt: Prompt("Question \(number)?"),
      responses: [Response("\(filling)a\(number)"), Response("\(filling)b\(number)")])
  }
}

@Sendable func shelved(_ reply: Reply) -> ReplyShelf.Reply {
  ReplyShelf.Reply(endpoint: reply.endpoint, model: reply.model, body: Array(reply.body))
}

let arguments = CommandLine.arguments
guard arguments.count == 6, let count = Int(arguments[2]), let concurrency = Int(arguments[3]),
  let bytes = Int(arguments[4]),
  let specification = ModelSpecification(
    "openai:m?base-url=\(arguments[1])&orders=one&concurrency=\(concurrency)&attempts=1")
else {
  print("usage: judge-speed BASE-URL COUNT CONCURRENCY BYTES STORE")
  exit(64)
}
let ledger = try ReplyLedger(Store(at: URL(fileURLWithPath: arguments[5]), mode: .create))
let shelf = ReplyShelf(
  isOffline: false, find: { try ledger.reply(to: $0).map(shelved) },
  latest: { try ledger.latestReply(of: $0).map(shelved) },
  keep: { key, reply in
    try await ledger.keep(
      Reply(endpoint: reply.endpoint, model: reply.model, body: Data(reply.body), createdAt: Date()), to: key)
  })
let context = ModelContext(seed: 0, environment: ["no_proxy": "*"], replies: shelf, path: { $0 })
guard let model = try await OpenAIJudge.plugin.make(specification, context).first else { exit(70) }
_ = try await model.judge(slates(0..<2 * concurrency, bytes: bytes))
let work = slates(1_000_000..<1_000_000 + count, bytes: bytes)
let processor = processorSeconds()
let start = ContinuousClock.now
let answers = try await model.judge(work)
let wall = (ContinuousClock.now - start) / .seconds(1)
let spent = processorSeconds() - processor
guard answers.allSatisfy({ $0.margin(0, 1) != nil }) else {
  print("some answers are missing: \(answers.first?.absence(0, 1)?.reason ?? "")")
  exit(70)
}
print("{\"wall\": \(wall), \"processor\": \(spent), \"megabytes\": \(peakMegabytes())}")
