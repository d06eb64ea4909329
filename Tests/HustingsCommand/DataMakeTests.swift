import Foundation
import Testing

@Suite struct DataMakeTests {
  @Test func pairsToTrainOnAreWrittenAndCounted() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let made = try bench.hustings("data", "make", "subjectivity:pairs=40,labels=2", "--out", "votes.jsonl")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("80 pairs"))
    let lines = try bench.read("votes.jsonl").split(separator: "\n")
    #expect(lines.count == 80)
    #expect(lines.allSatisfy { $0.contains("\"votes\"") && $0.contains("\"probability\"") })
    // The file is one that pairs:FILE reads.
    let run = try bench.hustings(
      "run", "--benchmark", "pairs:votes.jsonl", "--model", "null:length", "--no-nulls", "--store", "s.sqlite"
    )
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func theSeedIsTheOptionsOrTheBenchmarks() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    for (file, arguments) in [
      ("a", ["subjectivity:pairs=8"]), ("b", ["subjectivity:pairs=8", "--seed", "5"]),
      ("c", ["subjectivity:pairs=8,seed=5"]),
    ] {
      let made = try bench.hustings(["data", "make", "--out", file] + arguments)
      #expect(made.status == 0, "\(made.errors)")
    }
    #expect(try bench.read("a") != bench.read("b"))
    #expect(try bench.read("b") == bench.read("c"))
  }

  @Test(arguments: [
    (["judgebench"], 64, "'judgebench' has no pairs of its own to train on. Choose one of cycles"),
    (["subjectivity:pairs=many"], 64, "pairs=many is no setting of subjectivity."),
    (["population"], 3, "alpaca_eval2"),
  ]) func mistakesGetOneSentenceAndNoFile(_ arguments: [String], _ status: Int, _ sentence: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let made = try bench.hustings(["data", "make", "--out", "x.jsonl"] + arguments)
    #expect(Int(made.status) == status)
    #expect(made.errors.contains(sentence))
    #expect(!bench.names.contains("x.jsonl"))
  }
}
