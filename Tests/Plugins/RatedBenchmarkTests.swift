import Foundation
import Hustings
import HustingsMetrics
import HustingsTesting
import Testing

@Suite struct SQuALITYTests {
  private static func answer(_ system: String, _ ratings: [(String, Double)]) -> String {
    let reviews = ratings.map { #"{"worker_id": "\#($0.0)", "overall-rating": \#($0.1)}"# }
    return #""\#(system)": {"response": "\#(system) says", "reviews": [\#(reviews.joined(separator: ", "))]}"#
  }

  @Test func keyIsTheMeanOverRaters() async throws {
    let scratch = try Scratch()
    let answers = [
      Self.answer("bart", [("2", 10), ("8", 20)]), Self.answer("bart-dpr", [("2", 30), ("8", 0)]),
      Self.answer("human", [("2", 90), ("8", 100)]),
    ]
    try scratch.write(
      "squality/all-responses.jsonl",
      #"{"passage-id": "77", "questions": {"0": {\#(answers.joined(separator: ", "))}, "1": {\#(answers.joined(separator: ", "))}}}"#
        + "\n")
    let squality = try benchmark("squality", root: scratch.path)
    #expect(try BenchmarkLaws.violations(of: squality) == [])
    let examples = try squality.allExamples()
    #expect(examples.map(\.id) == ["77/0", "77/1"])
    #expect(examples.map(\.key.cluster) == ["77", "77"])
    // bart and bart-dpr share the mean 15, so two pairs are left; the model has one of them right.
    let model = Favourites(rewards: ["bart says": 3, "bart-dpr says": 1, "human says": 2])
    let trials = try await trials(model, on: examples)
    try expectEqual(squality.value("accuracy", trials), 0.5)
    try expectEqual(squality.value("rating of the best of 3", trials), 15)
    try expectEqual(squality.value("rating of human", trials), 95)
    let rater = try #require(examples[0].key.raters["8"]?.rewards)
    #expect(Set(rater.compactMap { $0 }) == [20, 0, 100])
  }
}

@Suite struct WMT23Tests {
  private let header = "segment,doc,doc_segment,system,rater,mqm_penalty\n"

  @Test func ratingIsTheNegativePenalty() async throws {
    let scratch = try Scratch()
    try scratch.write(
      "wmt23_sxs_ende/mqm.csv",
      header + """
        1,d1,1,X,r1,0.0
        1,d1,1,X,r2,2.0
        1,d1,1,Y,r1,5.0
        1,d1,1,Y,r2,5.0
        2,d1,2,X,r1,1.0
        2,d1,2,Y,r1,1.0

        """)
    let wmt = try benchmark("wmt23-sxs", root: scratch.path)
    #expect(wmt.card.content == .names)
    #expect(try BenchmarkLaws.violations(of: wmt) == [])
    let examples = try wmt.allExamples()
    #expect(examples.map(\.id) == ["1", "2"])
    #expect(examples.map(\.key.cluster) == ["d1", "d1"])
    let trials = try await trials(Favourites(rewards: ["X": 1, "Y": 0]), on: examples)
    try expectEqual(wmt.value("accuracy", trials), 1)
    try expectEqual(wmt.value("rating of the best of 10", trials), -1)
    try expectEqual(wmt.value("rating of one at random", trials), (-3 - 1) / 2)
    try expectEqual(wmt.value("Kendall tau-b", trials), 1)
  }

  @Test func aRaterRatesASystemOnce() throws {
    let scratch = try Scratch()
    try scratch.write("wmt23_sxs_ende/mqm.csv", header + "1,d,1,X,r1,0.0\n1,d,1,X,r1,1.0\n")
    let wmt = try benchmark("wmt23-sxs", root: scratch.path)
    #expect(
      sentence { try wmt.examples { _ in } }
        == "\(scratch.path)/wmt23_sxs_ende/mqm.csv:3: the rater 'r1' has rated 'X' of the item '1' already. "
        + "Remove one of the rows.")
    try scratch.write("wmt23_sxs_ende/mqm.csv", header + "1,d,1,X,r1,much\n")
    #expect(
      sentence { try wmt.examples { _ in } }.contains("mqm.csv:2: the column 'mqm_penalty' holds 'much'"))
  }
}

@Suite struct BestOf16Tests {
  private static let pick = "pick:OpenAssistant/reward-model-deberta-v3-large-v2"

  private func bestOf16(_ rows: [(preferences: [Double], pick: String, extra: String)]) throws -> (
    any Benchmark, Scratch
  ) {
    let scratch = try Scratch()
    let header =
      ["prompt_index", "dataset"] + (0...10).map { "pref_\($0)" } + (0...15).map { "len_\($0)" }
      + [Self.pick, "pref_of_deberta_pick"]
    let lines = rows.enumerated().map { index, row in
      (["\(index)", "koala"] + row.preferences.map { "\($0)" } + (0...15).map { "\(100 + $0 % 12)" }
        + [row.pick, row.extra]).joined(separator: ",")
    }
    try scratch.write(
      "bon_alpaca_tulu/preferences.csv",
      ([header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n")
    return (Kept(try benchmark("best-of-16", root: scratch.path), in: scratch), scratch)
  }

  /// Preferences 1.0, 1.1 … 2.0: candidate k is worth k/10. Candidate 13 is known because it was picked.
  @Test func picksAreWorthTheirPreferenceLessOne() async throws {
    let preferences = (0...10).map { 1 + Double($0) / 10 }
    let (bestOf16, scratch) = try bestOf16([(preferences, "3", "1.3"), (preferences, "13", "1.75")])
    let examples = try bestOf16.allExamples()
    #expect(try BenchmarkLaws.violations(of: bestOf16) == [])
    let file = "\(scratch.path)/bon_alpaca_tulu/preferences.csv"
    let picked = try #require(
      recorded("\(file)#OpenAssistant/reward-model-deberta-v3-large-v2", on: examples).first)
    let picks = try await trials(picked, on: examples)
    try expectEqual(bestOf16.value("win rate of the pick", picks), (0.3 + 0.75) / 2)
    // A pick says nothing of what would have been picked among fewer candidates.
    #expect(try bestOf16.value("win rate of the best of 2 of 11, first of equals", picks) == nil)
    // Lengths 100…111, 100…103: candidate 11 is longest of all and was never judged; 10 is longest of the judged.
    let length = try await trials(try #require(recorded("\(file)#len", on: examples).first), on: examples)
    #expect(try bestOf16.value("win rate of the pick", length) == nil)
    try expectEqual(bestOf16.value("win rate of the best of 11", length), 1)
    // The larger of two of 1…n drawn without replacement is 2(n + 1)/3 on average: 8 for n = 11, candidate 7.
    try expectEqual(bestOf16.value("win rate of the best of 2 of 11, first of equals", length), 0.7)
    try expectEqual(bestOf16.value("win rate of candidate 4", length), 0.4)
  }

  @Test func picksMustBeCandidates() throws {
    let (bestOf16, scratch) = try bestOf16([(Array(repeating: 1.5, count: 11), "16", "1.3")])
    #expect(
      sentence { try bestOf16.examples { _ in } }
        == "\(scratch.path)/bon_alpaca_tulu/preferences.csv:2: the column '\(Self.pick)' names the candidate '16', "
        + "but there are 16, '0' to '15'. Correct it.")
  }
}
