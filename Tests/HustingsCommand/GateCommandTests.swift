import Foundation
import Testing

@Suite struct GateCommandTests {
  private static let contract = """
    version: 1
    clauses:
      - benchmark: pairs:pairs.jsonl
        margin: 0.2

    """

  /// A store with two models, `sure` right on 90 % and `guess` on half, and a baseline of `sure`.
  private func bench(_ contract: String = GateCommandTests.contract) throws -> Workbench {
    let bench = try Workbench()
    try bench.writePairs(count: 200)
    try bench.write("hustings.yaml", contract)
    let run = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    let made = try bench.hustings(
      "baseline", "--model", "sure", "--contract", "hustings.yaml", "--out", "base.json", "--store",
      "s.sqlite")
    #expect(made.status == 0, "\(made.errors)")
    return bench
  }

  private func gate(_ bench: Workbench, _ arguments: String...) throws -> Workbench.Result {
    try bench.hustings(["gate", "--baseline", "base.json", "--store", "s.sqlite"] + arguments)
  }

  @Test func theFourVerdictsHaveTheirExitCodes() throws {
    let bench = try bench()
    defer { bench.remove() }
    let pass = try gate(bench, "--candidate", "sure")
    #expect(pass.status == 0 && pass.output.contains("gate PASS"), "\(pass.errors)")
    let fail = try gate(bench, "--candidate", "guess")
    #expect(fail.status == 1 && fail.output.contains("gate FAIL"), "\(fail.errors)")
    try bench.write("narrow.yaml", GateCommandTests.contract.replacing("0.2", with: "0.45"))
    try FileManager.default.removeItem(atPath: bench.path("base.json"))
    _ = try bench.hustings("baseline", "--model", "sure", "--out", "base.json", "--store", "s.sqlite")
    let unsure = try gate(bench, "--contract", "narrow.yaml", "--candidate", "guess", "--no-ledger")
    #expect(unsure.status == 2 && unsure.output.contains("items like these would decide"), "\(unsure.errors)")
    try bench.write("other.yaml", GateCommandTests.contract.replacing("pairs.jsonl", with: "other.jsonl"))
    let invalid = try gate(bench, "--contract", "other.yaml", "--candidate", "guess")
    #expect(invalid.status == 3 && invalid.output.contains("INVALID"), "\(invalid.errors)")
  }

  @Test func aCheckpointIsNamedByItsFolder() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs(count: 60)
    try bench.write("hustings.yaml", GateCommandTests.contract)
    func train(_ seed: String) throws {
      let trained = try bench.hustings(
        "train", "bt", "--data", "pairs.jsonl", "--encoder", "hashed?bits=8", "--head", "mlp:2", "--epochs",
        "1",
        "--seed", seed, "--out", "models/a", "--store", "s.sqlite")
      #expect(trained.status == 0, "\(trained.errors)")
    }
    try train("0")
    let early = try bench.hustings("show", "checkpoint:models/a", "--store", "s.sqlite")
    #expect(early.status == 3)
    #expect(early.errors.contains("Run it first"))
    let run = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "checkpoint:models/a", "--store", "s.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    let made = try bench.hustings(
      "baseline", "--model", "models/a", "--contract", "hustings.yaml", "--out", "base.json", "--store",
      "s.sqlite")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try gate(bench, "--candidate", "checkpoint:models/a").status == 0)
    for name in ["a", "models/a", "checkpoint:models/a"] {
      let compared = try bench.hustings("compare", name, "null:length", "--store", "s.sqlite")
      #expect(compared.status == 0, "\(compared.errors)")
    }
    try train("1")
    let other = try bench.hustings("show", "models/a", "--store", "s.sqlite")
    #expect(other.status == 3)
    #expect(other.errors.contains("only of another model called a"))
    #expect(
      try bench.hustings("show", "models/b", "--store", "s.sqlite").errors.contains("has no model 'models/b'")
    )
  }

  @Test func aContractEditedAfterTheBaselineIsRefused() throws {
    let bench = try bench()
    defer { bench.remove() }
    try bench.write("hustings.yaml", GateCommandTests.contract.replacing("0.2", with: "0.9"))
    let result = try gate(bench, "--candidate", "guess")
    #expect(result.status == 3)
    #expect(result.output.contains("Raise its version"))
  }

  @Test func looksAreBookedInStoreAndFileOnce() throws {
    let bench = try bench()
    defer { bench.remove() }
    for _ in 0..<2 { _ = try gate(bench, "--candidate", "guess") }
    let file = try bench.read("base.json")
    #expect(file.components(separatedBy: "\"verdict\": \"FAIL\"").count == 2)
    // The same weights run again with another seed: the first verdict stands.
    let again = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#guess", "--store",
      "t.sqlite", "--seed", "5")
    #expect(again.status == 0, "\(again.errors)")
    let result = try bench.hustings(
      "gate", "--baseline", "base.json", "--store", "t.sqlite", "--candidate", "guess", "--format", "json")
    #expect(result.status == 1)
    #expect(result.output.contains("the verdict of an earlier look stands: FAIL"))
  }

  @Test func aPlanIsPrintedBeforeAnythingIsRun() throws {
    let bench = try bench()
    defer { bench.remove() }
    let plan = try bench.hustings("gate", "--baseline", "base.json", "--store", "none.sqlite", "--plan")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("power at 5 % changed"))
    #expect(plan.output.contains("200"))
  }

  @Test func aSequentialGateStopsEarly() throws {
    let bench = try bench()
    defer { bench.remove() }
    let result = try bench.hustings(
      "gate", "--baseline", "base.json", "--store", "new.sqlite", "--sequential", "--draws", "4", "--model",
      "recorded:scores.csv#sure")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("sequential: draw 1 of 4"))
    let runs = try bench.hustings("list", "runs", "--store", "new.sqlite", "--format", "json")
    #expect(runs.output.contains("\"answered\": 50"), "\(runs.output)")
  }

  @Test(arguments: ["junit", "github", "markdown", "json"])
  func everyFormatGoesToAFile(format: String) throws {
    let bench = try bench()
    defer { bench.remove() }
    let result = try gate(bench, "--candidate", "guess", "--format", format, "--out", "gate.out")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(try bench.read("gate.out").contains("FAIL"))
  }

  @Test func certifyPassesANullModelAndRefusesARecording() throws {
    let bench = try bench()
    defer { bench.remove() }
    let passed = try bench.hustings("certify", "null:length", "--store", "s.sqlite")
    #expect(passed.status == 0 && passed.output.contains("certificate PASS"), "\(passed.errors)")
    let refused = try bench.hustings("certify", "recorded:scores.csv#sure", "--store", "s.sqlite")
    #expect(refused.status == 3 && refused.errors.contains("is a recording"))
  }
}

@Suite struct AuditCommandTests {
  @Test func aChangeOfPlaceIsTakenApart() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs(count: 40)
    func run(_ store: String) throws {
      let result = try bench.hustings(
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", store)
      #expect(result.status == 0, "\(result.errors)")
    }
    try run("then.sqlite")
    let made = try bench.hustings("baseline", "--model", "guess", "--out", "b.json", "--store", "then.sqlite")
    #expect(made.status == 0, "\(made.errors)")
    try bench.writePairs(count: 60)
    try run("now.sqlite")
    let result = try bench.hustings("explain-rank", "guess", "--from", "b.json", "--store", "now.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("place 2 then, 2 now"))
    #expect(result.output.contains("20 items are new"))
    let wrong = try bench.hustings("explain-rank", "sure", "--from", "b.json", "--store", "now.sqlite")
    #expect(wrong.status == 3 && wrong.errors.contains("not of sure"))
  }

  @Test func ratingsGiveACurveAndPairsDoNot() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    _ = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#sure", "--store", "s.sqlite")
    let triples = try bench.hustings("audit", "transitivity", "--store", "s.sqlite")
    #expect(triples.status == 3 && triples.errors.contains("compares three responses"))
    let curve = try bench.hustings(
      "audit", "best-of", "--benchmark", "pairs:pairs.jsonl", "--store", "s.sqlite")
    #expect(curve.status == 3 && curve.errors.contains("no ratings of several responses"))
  }

  @Test func everyBenchmarkOfPairsHasItsCounterfactuals() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    let result = try bench.hustings(
      "run", "--benchmark", "counterfactual:pairs:pairs.jsonl", "--model", "null:length", "--store",
      "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    let board = try bench.hustings("leaderboard", "--store", "s.sqlite")
    #expect(board.status == 0 && board.output.contains("attacks"), "\(board.errors)")
  }
}
