import Foundation
import Testing

/// One clear sentence and the right exit code for what can go wrong.
@Suite struct FaultTests {
  @Test(
    arguments: [
      (["leaderboard", "--format", "pdf"], 64, "pdf"),
      (["run", "--benchmark", "judgebnech"], 64, "Did you mean 'judgebench'?"),
      (["run", "--benchmark", "judgebench", "--model", "length"], 64, "'length' is no model"),
      (["run", "--benchmark", "judgebench", "--model", "magic:x"], 64, "no kind of model 'magic:'"),
      (["run", "--benchmark", "judgebench", "--model", "null:lenth"], 64, "no null model 'lenth'"),
      (["run", "--benchmark", "judgebench", "--shard", "two"], 64, "'two' is no shard"),
      (["run", "--benchmark", "pairs:none.jsonl", "--limit", "0"], 64, "--limit"),
      (["run", "--benchmark", "pairs:none.jsonl"], 3, "none.jsonl"),
      (["run", "--benchmark", "judgebench"], 3, "hustings data fetch judgebench"),
      (["leaderboard", "--store", "none.sqlite"], 3, "none.sqlite"),
      (["compare", "a", "b", "--store", "none.sqlite"], 3, "none.sqlite"),
      (["data", "fetch", "jugdebench"], 64, "Did you mean 'judgebench'?"),
      (["data", "verify"], 3, "data fetch"), (["reproduce", "nothing"], 64, "nothing"),
      (["reproduce"], 3, "HUSTINGS_DATA"), (["bogus"], 64, "bogus"),
      (["leaderboard", "--published", "x.csv"], 64, "--definition"),
    ] as [([String], Int32, String)])
  func mistakesAreNamed(arguments: [String], status: Int32, words: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let result = try run(bench, arguments)
    #expect(result.status == status, "\(arguments): \(result.errors)")
    #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
    #expect(!bench.names.contains("none.sqlite"))
  }

  private func run(_ bench: Workbench, _ arguments: [String]) throws -> Workbench.Result {
    switch arguments.count {
    case 1: try bench.hustings(arguments[0])
    case 2: try bench.hustings(arguments[0], arguments[1])
    case 3: try bench.hustings(arguments[0], arguments[1], arguments[2])
    case 4: try bench.hustings(arguments[0], arguments[1], arguments[2], arguments[3])
    default: try bench.hustings(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4])
    }
  }

  private func judged(_ pairs: String, scores: String, _ more: String...) throws -> Workbench.Result {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", pairs)
    try bench.write("scores.csv", scores)
    return more.isEmpty
      ? try bench.hustings(
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv", "--no-nulls")
      : try bench.hustings(
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv", "--no-nulls", more[0])
  }

  private let pairs = """
    {"id": "a", "prompt": "p", "chosen": "x", "rejected": "y"}
    {"id": "b", "prompt": "p", "chosen": "z", "rejected": "w"}

    """

  @Test(arguments: [
    (
      "item,response,reward\na,chosen,1\na,chosen,2\na,rejected,0\nb,chosen,1\nb,rejected,0\n", "scores.csv:3"
    ),
    ("item,response,reward\na,chosen,1\na,rejected,0\n", "--allow-missing"),
    (
      "item,response,reward\na,chosen,1\na,rejected,0\nb,chosen,1\nb,rejected,0\nc,chosen,1\n", "scores.csv:6"
    ),
    ("item,response,reward\na,chosen,1\na,other,0\nb,chosen,1\nb,rejected,0\n", "scores.csv:3"),
    ("item,response,reward\na,chosen,nan\na,rejected,0\nb,chosen,1\nb,rejected,0\n", "scores.csv:2"),
    ("item,response,reward\na,chosen,high\na,rejected,0\nb,chosen,1\nb,rejected,0\n", "scores.csv:2"),
    ("item,response,reward\na,chosen\n", "scores.csv:2"), ("", "scores.csv"),
  ])
  func aFaultyRecordingIsRefusedWithItsPlace(scores: String, words: String) throws {
    let result = try judged(pairs, scores: scores)
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func missingRowsMayBeAllowed() throws {
    let result = try judged(
      pairs, scores: "item,response,reward\na,chosen,1\na,rejected,0\n", "--allow-missing")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(arguments: [
    (
      "{\"id\": \"a\", \"prompt\": \"p\", \"chosen\": \"x\", \"rejected\": \"y\"}\n{\"id\": \"a",
      "pairs.jsonl:2"
    ),
    ("{\"id\": \"a\", \"prompt\": \"p\", \"chosen\": \"x\"}\n", "pairs.jsonl:1"),
    ("{\"id\": \"a\", \"prompt\": \"p\", \"chosen\": 5, \"rejected\": \"y\"}\n", "pairs.jsonl:1"),
    (
      "{\"id\": \"a\", \"prompt\": \"p\", \"chosen\": \"x\", \"rejected\": \"y\"}\n"
        + "{\"id\": \"a\", \"prompt\": \"p\", \"chosen\": \"z\", \"rejected\": \"y\"}\n", "pairs.jsonl:2"
    ), ("", "pairs.jsonl"),
  ])
  func aFaultyBenchmarkIsRefusedWithItsPlace(pairs: String, words: String) throws {
    let result = try judged(pairs, scores: "item,response,reward\na,chosen,1\na,rejected,0\n")
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test func oddButValidTextsAreRead() throws {
    let odd =
      "\u{FEFF}{\"id\": \"a\", \"prompt\": \"p\u{2028}q\", \"chosen\": \"x\", \"rejected\": \"y\"}\r\n"
      + "{\"id\": \"b\", \"prompt\": \"p\", \"chosen\": \"\(String(repeating: "long ", count: 200_000))\", \"rejected\": \"w\"}\r\n"
    let result = try judged(
      odd,
      scores: "\u{FEFF}item,response,reward\r\na,chosen,1\r\na,rejected,0\r\nb,chosen,1\r\nb,rejected,0\r\n")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func bytesThatAreNoTextAreNamed() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("pairs.jsonl", Data([0x7B, 0x22, 0xFF, 0xFE, 0x0A]))
    let result = try bench.hustings("run", "--benchmark", "pairs:pairs.jsonl", "--model", "null:length")
    #expect(result.status == 3)
    #expect(result.errors.contains("pairs.jsonl"))
  }

  @Test func aStoreThatIsNoneIsNotTouched() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    try bench.write("notes.sqlite", "these are my notes")
    let result = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "null:length", "--store", "notes.sqlite")
    #expect(result.status == 3, "\(result.errors)")
    #expect(try bench.read("notes.sqlite") == "these are my notes")
  }

  @Test func aReportThatCannotBeWrittenSaysSo() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    _ = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "null:length", "--store", "s.sqlite")
    let result = try bench.hustings("leaderboard", "--store", "s.sqlite", "--out", "s.sqlite/board.md")
    #expect(result.status == 3, "\(result.errors)")
  }
}
