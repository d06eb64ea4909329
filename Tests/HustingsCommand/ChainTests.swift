import Foundation
import Testing

@Suite struct ChainTests {
  private func ran() throws -> Workbench {
    let bench = try Workbench()
    try bench.writePairs()
    let result = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    return bench
  }

  @Test func aRunPrintsEveryModelAndTheNulls() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let result = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite")
    #expect(result.status == 0)
    for word in ["sure", "guess", "null:length", "null:random", "90.00", "50.00"] {
      #expect(result.output.contains(word), "\(word) in \(result.output)")
    }
  }

  @Test func theSameRunAgainJudgesNothingAndSaysSo() throws {
    let bench = try ran()
    defer { bench.remove() }
    let again = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite")
    #expect(again.status == 0)
    #expect(again.output.contains("nothing was judged again"))
  }

  @Test(arguments: ["table", "markdown", "csv", "json", "html", "latex"])
  func leaderboardsAreTheSameBytesEachTimeAndNeedNoData(format: String) throws {
    let bench = try ran()
    defer { bench.remove() }
    try FileManager.default.removeItem(atPath: bench.path("pairs.jsonl"))
    try FileManager.default.removeItem(atPath: bench.path("scores.csv"))
    let one = try bench.hustings("leaderboard", "--store", "s.sqlite", "--format", format)
    let other = try bench.hustings("leaderboard", "--store", "s.sqlite", "--format", format, "--out", "board")
    #expect(one.status == 0, "\(one.errors)")
    #expect(other.output.isEmpty)
    #expect(try bench.read("board") == one.output)
    #expect(one.output.contains("sure"))
  }

  @Test func compareTellsTheDifferenceAndTheFlips() throws {
    let bench = try ran()
    defer { bench.remove() }
    let result = try bench.hustings(
      "compare", "guess", "sure", "--store", "s.sqlite", "--flips", "3", "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    let parts = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    let lines = try #require(parts[0]["rows"] as? [[String: Any]])
    #expect(lines.count == 3)
    #expect(lines[0]["difference"] as? Double == 0.4)
    // guess is right on even numbers, sure on all but 0, 10, 20, 30.
    #expect(lines[0]["only_baseline"] as? Int == 4)
    #expect(lines[0]["only_candidate"] as? Int == 20)
    let flips = try #require(parts[1]["rows"] as? [[String: Any]])
    #expect(flips.count == 3)
    #expect(Set(flips.compactMap { $0["item"] as? String }).isSubset(of: ["q0", "q10", "q20", "q30"]))
  }

  @Test func differentItemsAreNotCompared() throws {
    let bench = try ran()
    defer { bench.remove() }
    _ = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--limit", "10", "--model", "recorded:scores.csv#sure",
      "--no-nulls", "--store", "other.sqlite")
    _ = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#guess", "--no-nulls",
      "--store",
      "other.sqlite")
    let result = try bench.hustings("compare", "sure", "guess", "--store", "other.sqlite")
    #expect(result.status == 3)
    #expect(result.errors.contains("one has 10 items and the other 40"))
  }

  @Test func exportNeedsNoneOfOurCodeToRead() throws {
    let bench = try ran()
    defer { bench.remove() }
    let lines = try bench.hustings("export", "--store", "s.sqlite", "--model", "sure").output.split(
      separator: "\n")
    #expect(lines.count == 40)
    let row = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(row["item"] as? String == "q0")
    #expect(abs(row["log_odds"] as? Double ?? 0) == 1)
    let csv = try bench.hustings("export", "--store", "s.sqlite", "--format", "csv", "--out", "m.csv")
    #expect(csv.status == 0)
    #expect(try bench.read("m.csv").hasPrefix("run,benchmark,model,item,"))
  }

  @Test func showTellsEverythingOfAModel() throws {
    let bench = try ran()
    defer { bench.remove() }
    let result = try bench.hustings("show", "sure", "--store", "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    for word in ["fingerprint", "accuracy", "wilson", "finished"] { #expect(result.output.contains(word)) }
  }

  @Test func shardsAreMergedIntoOneRun() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    for shard in ["1/2", "2/2"] {
      let result = try bench.hustings(
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#sure", "--no-nulls",
        "--shard",
        shard, "--store", "\(shard.prefix(1)).sqlite")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("not finished"))
    }
    #expect(try bench.hustings("merge", "1.sqlite", "2.sqlite", "--store", "all.sqlite").status == 0)
    let board = try bench.hustings("leaderboard", "--store", "all.sqlite", "--format", "csv")
    #expect(board.output.contains("sure,0.9,"), "\(board.output)")
  }

  @Test func theDemoRunsOnItsOwnData() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let result = try bench.hustings("demo", "--out", "demo", "--iterations", "2")
    #expect(result.status == 0, "\(result.errors)")
    let boards = try bench.read("demo/leaderboard.md")
    for word in ["bt", "bt-margin", "pairpm", "gpm", "cycles", "subjectivity"] {
      #expect(boards.contains(word))
    }
    #expect(result.output.contains("hustings compare"))
  }
}
