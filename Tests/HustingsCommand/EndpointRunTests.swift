import Foundation
import HustingsFixtures
import Testing

/// Runs with models behind endpoints and commands, as a user types them.
@Suite struct EndpointRunTests {
  /// A judge that prefers the response with the word `right`, after a wait.
  private func judge(
    milliseconds: Int = 0, usage: String = #"{"prompt_tokens": 100, "completion_tokens": 10}"#
  )
    throws -> ScriptedServer
  {
    try ScriptedServer { request in
      guard request.method == "POST" else { return .text(#"{"data": [{"id": "m"}]}"#) }
      let body = try? JSONSerialization.jsonObject(with: request.body) as? [String: Any]
      let user = (body?["messages"] as? [[String: Any]])?.last?["content"] as? String ?? ""
      let first = user.components(separatedBy: "<response A>").last?.components(separatedBy: "</response A>")
        .first
      let verdict = first?.contains("right") == true ? "A" : "B"
      return ScriptedReply.text(
        #"{"choices": [{"message": {"content": "[[\#(verdict)]]"}}], "usage": \#(usage)}"#
      ).after(milliseconds: milliseconds)
    }
  }

  private func posts(_ server: ScriptedServer) -> Int { server.requests.count { $0.method == "POST" } }

  /// The same when nothing comes any more: what a process has sent before it ended may be read after its end.
  private func settledPosts(_ server: ScriptedServer) -> Int {
    var count = -1
    while count != posts(server) {
      count = posts(server)
      usleep(200_000)
    }
    return count
  }

  private func arguments(_ server: ScriptedServer, _ more: String...) -> [String] {
    [
      "run", "--benchmark", "pairs:pairs.jsonl", "--no-nulls", "--store", "s.sqlite", "--model",
      "openai:m?base-url=\(server.address)/v1&rubric=pairwise-verdict&attempts=1",
    ] + more
  }

  @Test func aJudgeRunsAndItsRepliesAreEnoughForARunElsewhere() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let server = try judge()
    let first = try bench.hustings(arguments(server))
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("m/pairwise-verdict") && first.output.contains("100.00"))
    #expect(first.errors.contains("80 calls answered") && first.errors.contains("no known price"))
    #expect(posts(server) == 80)

    let export = try bench.hustings("export", "--store", "s.sqlite", "--cassette", "c.jsonl")
    #expect(export.status == 0, "\(export.errors)")
    server.stop()
    try FileManager.default.removeItem(atPath: bench.path("s.sqlite"))
    let replay = try bench.hustings(arguments(server, "--cassette", "c.jsonl"))
    #expect(replay.status == 0, "\(replay.errors)")
    #expect(replay.output == first.output)
  }

  @Test func offlineSaysWhatIsMissing() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let server = try judge()
    _ = try bench.hustings(arguments(server, "--limit", "10"))
    let before = server.requests.count
    let result = try bench.hustings(arguments(server, "--offline"))
    #expect(result.status == 3)
    #expect(result.errors.contains("60 replies were never kept, 20 were"), "\(result.errors)")
    #expect(server.requests.count == before)
  }

  @Test func theCostLimitStopsCleanlyAndTheSameCommandGoesOn() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    try bench.write("prices.json", #"{"m": {"input": 10, "output": 100}}"#)
    let server = try judge()
    let model =
      "openai:m?base-url=\(server.address)/v1&rubric=pairwise-verdict&max-tokens=10"
    // A call costs 0.002 dollars and 0.004 at most, so 0.05 dollars are enough for some 23 of the 80.
    func run(_ more: String...) throws -> Workbench.Result {
      try bench.hustings(
        [
          "run", "--benchmark", "pairs:pairs.jsonl", "--no-nulls", "--store", "s.sqlite", "--model", model,
          "--prices",
          "prices.json",
        ] + more)
    }
    let stopped = try run("--max-cost", "0.05")
    #expect(stopped.status == 2, "\(stopped.errors)")
    #expect(stopped.errors.contains("Stopped at --max-cost 0.05"))
    let spent = posts(server)
    #expect(spent > 5 && spent <= 25)
    let finished = try run()
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(posts(server) == 80)
    #expect(finished.output.contains("100.00"))
  }

  /// A run of 80 calls that got a signal after some 30 of them.
  private struct Stopped {
    let process: Process
    let said: String
    /// How many calls the server was asked, and how many of their answers are kept.
    let asked: Int
    let kept: Int
  }

  private func stop(_ bench: Workbench, _ server: ScriptedServer, by signal: Int32) throws -> Stopped {
    let process = Process()
    process.executableURL = Workbench.executable
    process.currentDirectoryURL = bench.folder
    process.arguments = arguments(server).map {
      $0.replacingOccurrences(of: "attempts=1", with: "attempts=1&concurrency=4")
    }
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    while posts(server) < 30, process.isRunning { usleep(2_000) }
    kill(process.processIdentifier, signal)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let asked = settledPosts(server)
    let export = try bench.hustings("export", "--store", "s.sqlite", "--cassette", "c.jsonl")
    #expect(export.status == 0, "\(export.errors)")
    let kept = try bench.read("c.jsonl").split(separator: "\n").count - 2
    #expect(asked < 80)
    #expect(kept >= 20)
    return Stopped(process: process, said: said, asked: asked, kept: kept)
  }

  /// The same command again asks what was not answered, and nothing else.
  private func goOn(_ bench: Workbench, _ server: ScriptedServer, after stopped: Stopped) throws {
    let rest = try bench.hustings(arguments(server))
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(posts(server) - stopped.asked == 80 - stopped.kept)
    #expect(rest.errors.contains("\(stopped.kept) from kept replies"), "\(rest.errors)")
  }

  @Test func aRunThatWasKilledRepeatsNoFinishedCall() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let server = try judge(milliseconds: 100)
    try goOn(bench, server, after: stop(bench, server, by: SIGKILL))
  }

  @Test func ctrlCSaysWhatIsKeptAndTheSameCommandGoesOn() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let server = try judge(milliseconds: 100)
    let stopped = try stop(bench, server, by: SIGINT)
    #expect(stopped.process.terminationReason == .exit && stopped.process.terminationStatus == 130)
    #expect(
      stopped.said.hasSuffix(
        "Stopped. \(stopped.kept) replies that came are kept in s.sqlite: run the same command again to go on.\n"
      ),
      "\(stopped.said)")
    try goOn(bench, server, after: stopped)
  }

  @Test func aKeyIsInNoFileAndNoMessage() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs(count: 4)
    let server = try ScriptedServer { request in
      request.method == "GET"
        ? .text(#"{"data": [{"id": "m"}]}"#)
        : .text(
          #"{"choices": [{"message": {"content": "\#(request.header("Authorization") ?? "") [[A]]"}}]}"#)
    }
    let key = "secret-0123456789abcdef"
    let model = "openai:m?base-url=\(server.address)/v1&key-env=MY_KEY"
    let result = try bench.hustings(
      ["run", "--benchmark", "pairs:pairs.jsonl", "--store", "s.sqlite", "--model", model],
      environment: ["MY_KEY": key])
    #expect(result.status == 0, "\(result.errors)")
    #expect(!(result.output + result.errors).contains(key))
    for name in bench.names where name.hasPrefix("s.sqlite") {
      let bytes = try Data(contentsOf: bench.folder.appendingPathComponent(name))
      #expect(bytes.range(of: Data(key.utf8)) == nil, "\(name)")
    }
  }

  @Test func aServerThatDiesAndReturnsLosesNothing() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs(count: 10)
    let server = try ScriptedServer { request in
      guard request.method == "POST" else { return .text(#"{"data": [{"id": "m"}]}"#) }
      return (3..<8).contains(request.number)
        ? .dropped : .text(#"{"choices": [{"message": {"content": "[[A]]"}}]}"#)
    }
    let model = "openai:m?base-url=\(server.address)/v1"
    let result = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--no-nulls", "--store", "s.sqlite", "--model", model)
    #expect(result.status == 0, "\(result.errors)")
    #expect(posts(server) == 25)
  }

  @Test func aCommandIsAModelAndAnotherABenchmark() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "model.sh",
      #"""
      while read -r line; do
        case "$line" in
          *'"hello"'*) echo '{"type": "hello", "protocol": 1, "kind": "reward", "name": "shell"}';;
          *'"batch"'*) for id in $(echo "$line" | grep -o '"id":[0-9]*' | cut -d: -f2); do echo "{\"id\": $id, \"rewards\": [1, 0]}"; done;;
        esac
      done
      """#)
    try bench.write(
      "benchmark.sh",
      #"""
      for i in 1 2 3 4 5 6; do echo "{\"id\": \"$i\", \"prompt\": \"$i?\", \"chosen\": \"yes $i\", \"rejected\": \"no $i\"}"; done
      echo '{"type": "end", "count": 6}'
      """#)
    let result = try bench.hustings(
      "run", "--benchmark", "exec:sh benchmark.sh", "--model", "exec:sh model.sh", "--no-nulls", "--store",
      "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("6 items") && result.output.contains("shell"))
    let board = try bench.hustings("leaderboard", "--store", "s.sqlite")
    #expect(board.status == 0, "\(board.errors)")
    let broken = try bench.hustings(
      "run", "--benchmark", "exec:sh benchmark.sh; exit 3", "--model", "null:length", "--store", "s.sqlite")
    #expect(broken.status == 3)
    #expect(broken.errors.contains("exit code 3"))
  }
}
