import Foundation
import Testing

/// Votes, types, policies and arenas as a user types them.
@Suite struct PopulationCommandTests {
  /// Two kinds of people: half want the first feature, half the second. Everybody votes on every prompt.
  private func votes(annotators: Int = 8, prompts: Int = 12) -> String {
    var lines = ""
    for annotator in 0..<annotators {
      for prompt in 0..<prompts {
        let kind = annotator % 2
        // Now and then somebody errs.
        let choice = (annotator * 7 + prompt * 5) % 11 == 0 ? 1 - kind : kind
        lines +=
          "{\"annotator\": \"a\(annotator)\", \"prompt\": \"p\(prompt)\", \"responses\": [\"short\", \"rather longer\"], "
          + "\"choice\": \(choice), \"features\": [[1, 0], [0, \(1 + 0.1 * Double(prompt % 3))]]}\n"
      }
    }
    return lines
  }

  private func rows(_ result: Workbench.Result) throws -> [[String: Any]] {
    #expect(result.status == 0, "\(result.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    return try #require(table["rows"] as? [[String: Any]])
  }

  @Test func typesAreFoundCombinedJudgedAndRecorded() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    let found = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--restarts", "2", "--out", "models/em")
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("It never fell."))
    let fair = try bench.hustings(
      "train", "minmax", "--policies", "models/em", "--weights", "1,1", "--out", "models/fair")
    #expect(fair.status == 0, "\(fair.errors)")
    let arena = try bench.hustings(
      "run", "--benchmark", "policy-arena", "--policy", "models/em#0", "--policy", "models/fair", "--judge",
      "null:length")
    #expect(arena.status == 0, "\(arena.errors)")
    #expect(arena.output.contains("von Neumann winner"))
    let board = try rows(bench.hustings("leaderboard", "--format", "json"))
    #expect(Set(board.compactMap { $0["model"] as? String }) == ["models/em#0", "models/fair", "reference"])
    let shown = try bench.hustings("show", "models/fair")
    #expect(shown.output.contains("wins over the reference"))
    #expect(try bench.hustings("export", "--benchmark", "policy-arena").output.contains("models/fair"))
    #expect(try bench.hustings("report", "--out", "site").status == 0)
    // The same arena again is answered from the store, and is the same board.
    let again = try bench.hustings(
      "run", "--benchmark", "policy-arena", "--policy", "models/em#0", "--policy", "models/fair", "--judge",
      "null:length")
    #expect(again.output == arena.output)
  }

  @Test func policiesAreNamedOnceAndByNumber() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    #expect(
      try bench.hustings(
        "train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--restarts", "2", "--out", "em"
      ).status == 0)
    let arena = ["run", "--benchmark", "policy-arena", "--judge", "null:length", "--policy", "em"]
    let whole = try bench.hustings(arena)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.output.contains("em#0") && whole.output.contains("em#1"))
    let twice = try bench.hustings(arena + ["--policy", "em#1"])
    #expect(twice.status == 64)
    #expect(twice.errors.contains("em#1 is named twice"))
    let same = try bench.hustings("train", "minmax", "--policies", "em", "--out", "em")
    #expect(same.status == 3)
    #expect(same.errors.contains("em holds the policies that are read"))
    try bench.write("file", "")
    let blocked = try bench.hustings("train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--out", "file")
    #expect(blocked.status == 3)
    #expect(blocked.errors.contains("file cannot be written"))
  }

  @Test func groupsAreServedAlikeWhereThereAreTwo() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    func grouped(_ name: (Int) -> String) -> String {
      votes().split(separator: "\n").map { line in
        let number = line.dropFirst(#"{"annotator": "a"#.count).prefix { $0.isNumber }
        return line.dropLast() + #", "group": "\#(name(Int(number) ?? 0))"}"#
      }.joined(separator: "\n")
    }
    try bench.write("v.jsonl", grouped { $0.isMultiple(of: 2) ? "even" : "odd" })
    let rows = try rows(
      bench.hustings("train", "group-robust", "--data", "v.jsonl", "--out", "robust", "--format", "json"))
    let losses = rows.compactMap { $0["mean_loss_group_robust"] as? Double }
    try #require(losses.count == 2)
    #expect(rows.compactMap { $0["group"] as? String } == ["even", "odd"])
    #expect(abs(losses[0] - losses[1]) < 0.01)
    try bench.write("one.jsonl", grouped { _ in "all" })
    let one = try bench.hustings("train", "group-robust", "--data", "one.jsonl", "--out", "one")
    #expect(one.status == 3)
    #expect(one.errors.contains("names one group, 'all'"))
  }

  @Test func crossFittedTypesSettle() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes(annotators: 12))
    let found = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "1..2", "--restarts", "2", "--cross-fit", "--out",
      "em")
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("It settled."))
  }

  @Test func aFewAnswersOfSomebodyNewTellTheirType() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    let found = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--restarts", "2", "--start", "clusters",
      "--out",
      "em")
    #expect(found.status == 0, "\(found.errors)")
    let new = (0..<4).map { prompt in
      "{\"annotator\": \"new\", \"prompt\": \"p\(prompt)\", \"responses\": [\"short\", \"rather longer\"], \"choice\": 1}\n"
    }.joined()
    try bench.write("new.jsonl", votes(annotators: 2) + new)
    let people = try rows(
      bench.hustings("identify", "--data", "new.jsonl", "--policies", "em", "--format", "json"))
    let likeliest = Dictionary(
      uniqueKeysWithValues: people.map {
        ($0["annotator"] as? String ?? "", $0["likeliest"] as? String ?? "")
      })
    #expect(likeliest["new"] == likeliest["a1"])
    #expect(likeliest["a0"] != likeliest["a1"])
    // Nothing in common with the policies.
    try bench.write(
      "other.jsonl",
      "{\"annotator\": \"x\", \"prompt\": \"q\", \"responses\": [\"s\", \"t\"], \"choice\": 1}\n")
    let other = try bench.hustings("identify", "--data", "other.jsonl", "--policies", "em")
    #expect(other.status == 3)
    #expect(other.errors.contains("None of the votes"))
  }

  @Test func givenTypesAreWhereTheSearchBegins() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes())
    try bench.write(
      "types.csv", "annotator,type\n" + (0..<8).map { "a\($0),\($0 % 2 + 1)\n" }.joined())
    let found = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--start", "given:types.csv", "--out", "em")
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("from given"))
    let three = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "3", "--start", "given:types.csv", "--out", "em")
    #expect(three.status == 64)
    try bench.write("few.csv", "annotator,type\na0,1\na1,2\n")
    let few = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--start", "given:few.csv", "--out", "em")
    #expect(few.status == 3)
    #expect(few.errors.contains("'a2'"))
  }

  @Test(arguments: ["dpo", "cdpo", "robust-dpo", "ipo", "kto", "simpo", "orpo"])
  func everyObjectiveTrainsAPolicyAndReportsKL(_ objective: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes(annotators: 4))
    let found = try bench.hustings(
      "train", "policy", "--objective", objective, "--data", "v.jsonl", "--out", "p")
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("KL from reference"))
    let card = try bench.read("p/card.json")
    #expect(card.contains("\"kl\""))
    #expect(!card.lowercased().contains("nan"))
  }

  @Test(arguments: ["sppo", "gpo", "nash-md"]) func gamesAreSentToTheirRecipe(_ objective: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes(annotators: 2))
    let found = try bench.hustings(
      "train", "policy", "--objective", objective, "--data", "v.jsonl", "--out", "p")
    #expect(found.status == 64)
    #expect(found.errors.contains("train gpo --rule \(objective)"))
  }

  /// Each line is refused with its place, in one sentence, and leaves no folder behind.
  @Test(arguments: [
    ("\"responses\": [\"x\", \"x\"], \"choice\": 0", "itself"),
    ("\"responses\": [\"x\", \"y\", \"z\"], \"ranking\": [0, 7]", "not among the 3"),
    ("\"responses\": [\"x\", \"y\", \"z\"], \"ranking\": [0, 0]", "twice"),
    ("\"responses\": [\"x\", \"y\", \"z\"], \"ranks\": [1, 1, 1]", "share one rank"),
    ("\"responses\": [\"x\", \"y\"], \"choice\": null", "no vote"),
    ("\"responses\": [\"x\", \"y\"], \"choice\": 0, \"weight\": -1", "weight"),
  ])
  func badVotesAreRefusedInASentence(_ line: String, _ word: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", "{\"annotator\": \"a\", \"prompt\": \"p\", \(line)}\n")
    for recipe in [["em-dpo", "--types", "1"], ["policy"]] {
      var arguments = ["train"] + recipe
      arguments += ["--data", "v.jsonl", "--out", "m"]
      let found = try bench.hustings(arguments)
      #expect(found.status == 3)
      #expect(found.errors.contains(word), "\(found.errors)")
      #expect(!bench.has("m/card.json"))
    }
  }

  @Test func moreTypesThanAnnotatorsAreRefused() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes(annotators: 2))
    let found = try bench.hustings("train", "em-dpo", "--data", "v.jsonl", "--types", "3", "--out", "m")
    #expect(found.status == 3)
    #expect(found.errors.contains("2 annotators"))
  }

  /// Somebody who contradicts themselves and somebody who says nothing are taken by their word: the likelihood is of chances.
  @Test func contradictionsAndSilenceLeaveFiniteCheckpoints() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let line = "{\"annotator\": \"c\", \"prompt\": \"p0\", \"responses\": [\"short\", \"rather longer\"], "
    try bench.write(
      "v.jsonl",
      votes(annotators: 4) + line + "\"choice\": 0}\n" + line + "\"choice\": 1}\n"
        + line.replacing("\"c\"", with: "\"silent\"") + "\"choice\": null}\n")
    let found = try bench.hustings(
      "train", "em-dpo", "--data", "v.jsonl", "--types", "2", "--restarts", "2", "--policy", "table", "--out",
      "m")
    #expect(found.status == 0, "\(found.errors)")
    for file in ["card.json", "table.jsonl", "annotators.csv", "trace.csv"] {
      #expect(!(try bench.read("m/\(file)")).lowercased().contains("nan"))
    }
    #expect(try bench.read("m/annotators.csv").contains("silent,0,"))
  }

  @Test func aJudgeThatAbstainsIsRefusedWithItsPrompt() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("v.jsonl", votes(annotators: 4))
    try bench.write(
      "judge.sh",
      """
      while read -r line; do
        case "$line" in
          *hello*) echo '{"type": "hello", "protocol": 1, "kind": "reward", "name": "mute"}' ;;
          *batch*) printf '%s' "$line" | grep -o '"id": *[0-9]*' | sed 's/.*/{&, "rewards": [null, null]}/' ;;
        esac
      done
      """)
    let trained = try bench.hustings("train", "policy", "--data", "v.jsonl", "--out", "p")
    #expect(trained.status == 0)
    let found = try bench.hustings(
      "run", "--benchmark", "policy-arena", "--policy", "p", "--judge", "exec:sh judge.sh")
    #expect(found.status == 3)
    #expect(found.errors.contains("prompt 1"), "\(found.errors)")
  }
}
