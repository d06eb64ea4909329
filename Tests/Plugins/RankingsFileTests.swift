import Foundation
import Hustings
import HustingsMetrics
import HustingsTesting
import Testing

@Suite struct RankingsFileTests {
  private func rankings(_ rows: [String]) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    let path = try scratch.write("r.jsonl", rows.joined(separator: "\n") + "\n")
    return (Kept(try benchmark("rankings", root: "/nowhere", argument: path), in: scratch), scratch)
  }

  @Test func ranksRankingAndRatingsSayTheSame() throws {
    let (rankings, _) = try rankings([
      #"{"prompt": "p", "responses": ["a", "b", "c"], "ranks": [2, 1, 3]}"#,
      #"{"prompt": "p", "responses": ["a", "b", "c"], "ranking": [1, 0, 2]}"#,
      #"{"prompt": "p", "responses": ["a", "b", "c"], "ratings": [5, 9, -1], "id": "x", "cluster": 7}"#,
    ])
    let examples = try rankings.allExamples()
    #expect(examples.map(\.id) == ["0", "1", "x"])
    #expect(examples[2].key.cluster == "7")
    for example in examples {
      let places = try ["0", "1", "2"].map { try #require(example.key.index(named: $0)) }
      for (i, j) in [(1, 0), (0, 2), (1, 2)] {
        #expect(try #require(example.key.gold.margin(places[i], places[j])) > 0)
      }
    }
    #expect(try BenchmarkLaws.violations(of: rankings) == [])
  }

  /// Item 1 has 3 pairs, of which b > a and b > c are right and a, c are a tie: 2.5. Item 2 has 2 pairs, for a and b share
  /// a rank, and both are wrong. (2.5 + 0) / 5. The taus are 2/√(3·2) and, against the key (−1, −1, −2), −2/√(2·2).
  @Test func pairsCountAlikeAndItemsByTheirPairs() async throws {
    let (rankings, _) = try rankings([
      #"{"prompt": "p", "responses": ["a", "b", "c"], "ranks": [2, 1, 3]}"#,
      #"{"prompt": "q", "responses": ["d", "e", "f"], "ranks": [1, 1, 2]}"#,
    ])
    let model = Favourites(rewards: ["a": 1, "b": 2, "c": 1, "d": 0, "e": 0, "f": 1])
    let trials = try await trials(model, on: rankings.allExamples())
    try expectEqual(rankings.value("accuracy", trials), 0.5)
    try expectEqual(rankings.value("Kendall tau-b", trials), (2 / 6.0.squareRoot() - 1) / 2)
    // scipy 1.17.1: spearmanr([1, 2, 1], [-2, -1, -3]) = 0.866…, spearmanr([0, 0, 1], [-1, -1, -2]) = -1.
    try expectEqual(rankings.value("Spearman rho", trials), (0.75.squareRoot() - 1) / 2)
  }

  @Test(arguments: [
    (
      #"{"prompt": "p", "responses": ["a", "b"], "ranks": [1]}"#,
      "r.jsonl:1: 'ranks' is a list of 1, but must be a list of 2, one per response."
    ),
    (
      #"{"prompt": "p", "responses": ["a", "b"], "ranking": [1, 2]}"#,
      "r.jsonl:1: 'ranking' is [1, 2], but must be each position from 0 to 1 once."
    ),
    (#"{"prompt": "p", "responses": ["a", "b"]}"#, "r.jsonl:1: 'ranking' is missing."),
    (
      #"{"prompt": "p", "responses": ["a", "b"], "ranks": [1, "second"]}"#,
      "r.jsonl:1: 'ranks[1]' must be a number, but is a string."
    ),
    (
      #"{"prompt": "p", "responses": ["a", "b"], "ratings": [1, NaN]}"#,
      "r.jsonl:1: 'ratings[1]' is NaN, which is not a number."
    ),
  ]) func badRowsSayWhatIsWrong(_ row: String, _ beginning: String) throws {
    let (rankings, scratch) = try rankings([row])
    let complaint = sentence { try rankings.examples { _ in } }.replacingOccurrences(
      of: scratch.path + "/", with: "")
    #expect(complaint.hasPrefix(beginning), "\(complaint)")
  }
}
