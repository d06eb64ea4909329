import Foundation
import Testing

@Suite struct ArenaCommandTests {
  /// b beats a three times out of four, c beats b as often, a and c never met; votes on ten prompts.
  private func votes() -> String {
    (0..<40).map { number in
      let first = number < 20
      let (low, high) = first ? ("a", "b") : ("b", "c")
      let wins = number % 4 != 0
      return "{\"question_id\": \(number % 10), \"model_a\": \"\(low)\", \"model_b\": \"\(high)\", "
        + "\"winner\": \"\(wins ? "model_b" : "model_a")\"}\n"
    }.joined()
  }

  private func table(_ result: Workbench.Result) throws -> (rows: [[String: Any]], notes: [String]) {
    #expect(result.status == 0, "\(result.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    return (try #require(table["rows"] as? [[String: Any]]), table["notes"] as? [String] ?? [])
  }

  @Test func ratingsAreBradleyTerrysAndThePinnedModelStaysWhereItIsPut() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    let rows = try table(
      bench.hustings("arena", "--battles", "v.jsonl", "--anchor", "a=1000", "--format", "json")
    ).rows
    #expect(rows.map { $0["model"] as? String } == ["c", "b", "a"])
    // Along a chain each step is the odds of its own votes: three to one, 400 · log₁₀ 3 points.
    let step: Double = 400 * log10(3)
    for (row, expected) in zip(rows, [1000 + 2 * step, 1000 + step, 1000]) {
      #expect(abs((row["rating"] as? Double ?? 0) - expected) < 1e-4)
    }
    #expect(rows.map { $0["votes"] as? Int } == [20, 40, 20])
  }

  @Test func withoutAnAnchorTheMeanIsAThousand() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    let rows = try table(bench.hustings("arena", "--battles", "v.jsonl", "--format", "json")).rows
    #expect(abs(rows.compactMap { $0["rating"] as? Double }.reduce(0, +) - 3000) < 1e-6)
  }

  @Test func agreementWithAReferenceIsTold() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    try bench.write("r.csv", "model,score,lower,upper\na,1,0.5,1.5\nb,3,2.5,3.5\nc,2,1.6,2.4\nz,9,8,10\n")
    let result = try bench.hustings("arena", "--battles", "v.jsonl", "--reference", "r.csv")
    // a is below both in both tables, and b and c change places: two of three pairs agree.
    #expect(result.output.contains("on 3 models: same order 0.6667"), "\(result.output)\(result.errors)")
  }

  @Test func badVotesAreRefusedWithTheirLine() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    func fails(_ votes: String, _ words: String) throws {
      try bench.write("v.jsonl", votes)
      let result = try bench.hustings("arena", "--battles", "v.jsonl")
      #expect(result.status == 3, "\(result.output)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
    try fails("{\"model_a\": \"a\", \"winner\": \"tie\"}\n", "v.jsonl:1: 'model_a' must say two models")
    try fails("{\"model_a\": \"a\", \"model_b\": \"b\", \"winner\": \"nobody\"}\n", "and not 'nobody'")
    try fails("{\"model_a\": \"a\", \"model_b\": \"b\", \"winner\": \"model_a\"}\n", "No finite ratings")
    try fails("{\"model_a\": \"a\", \"model_b\": \"b\", \"score\": -1}\n", "nothing was measured")
    try bench.write("v.jsonl", self.votes())
    #expect(try bench.hustings("arena", "--battles", "v.jsonl", "--anchor", "z=1").status == 64)
  }
}
