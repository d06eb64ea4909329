import Hustings
import Testing

@Suite struct ExampleTests {
  func example(_ candidates: [Candidate], _ gold: Answer, raters: [String: Answer] = [:]) -> Example {
    Example(id: "x", subset: "s", prompt: Prompt("p"), candidates: candidates, gold: gold, raters: raters)
  }

  @Test(arguments: [("alpha", "beta"), ("beta", "alpha")])
  func thePreferenceFollowsTheCandidateNotItsPlace(better: String, worse: String) throws {
    let example = example([Candidate("A", better), Candidate("B", worse)], .prefers(0, over: 1))
    let a = try #require(example.key.index(named: "A"))
    let b = try #require(example.key.index(named: "B"))
    #expect(example.slate.responses[a].text == better)
    #expect(example.key.gold.margin(a, b) == 1)
    #expect(example.key.index(named: "C") == nil)
  }

  @Test func swappingCandidatesAndAnswerLeavesTheSlateAsItWas() {
    let one = example([Candidate("A", "x"), Candidate("B", "y")], .prefers(0, over: 1))
    let two = example([Candidate("A", "y"), Candidate("B", "x")], .prefers(0, over: 1))
    #expect(one.slate == two.slate)
    #expect(one.key != two.key)
  }

  @Test func equalTextsLoseTheirPreference() {
    let example = example([Candidate("A", "same"), Candidate("B", "same")], .prefers(0, over: 1))
    #expect(example.key.candidates == [0, 0])
    #expect(example.key.gold.matchups.isEmpty)
  }

  @Test func groupsSayNothingWithinAGroup() {
    let candidates = ["a", "b", "c", "d"].map { Candidate($0, $0) }
    let key = example(candidates, .groups(better: [0, 1], worse: [2, 3])).key
    let place = key.candidates
    #expect(key.gold.margin(place[0], place[2]) == 1)
    #expect(key.gold.margin(place[3], place[1]) == -1)
    #expect(key.gold.margin(place[0], place[1]) == nil)
    #expect(key.gold.matchups.count == 4)
  }

  @Test func ratingsOfEqualTextsAreAveraged() {
    let candidates = [Candidate("a", "x"), Candidate("b", "y"), Candidate("c", "x")]
    let key = example(candidates, .ratings([4, 10, 6])).key
    #expect(key.gold.margin(key.candidates[1], key.candidates[0]) == 5)
    #expect(key.candidates[0] == key.candidates[2])
  }

  @Test func ratersKeepTheirNamesAndVotes() {
    let key = example(
      [Candidate("A", "x"), Candidate("B", "y")], .tie(0, 1),
      raters: ["r1": .prefers(0, over: 1), "r2": .prefers(1, over: 0)]
    ).key
    let (a, b) = (key.candidates[0], key.candidates[1])
    #expect(key.gold.margin(a, b) == 0)
    #expect(key.raters["r1"]?.margin(a, b) == 1)
    #expect(key.raters["r2"]?.margin(a, b) == -1)
  }

  @Test func marginsOverCandidatesMoveToTheSlate() {
    let candidates = ["q", "w", "e"].map { Candidate($0, $0) }
    let key = example(candidates, .margins([Matchup(0, 1): 0.25, Matchup(2, 0): -0.5])).key
    #expect(key.gold.margin(key.candidates[0], key.candidates[1]) == 0.25)
    #expect(key.gold.margin(key.candidates[0], key.candidates[2]) == 0.5)
  }

  @Test func itemsOfOnePromptShareACluster() {
    let one = example([Candidate("A", "x"), Candidate("B", "y")], .tie(0, 1))
    let two = example([Candidate("A", "z"), Candidate("B", "y")], .tie(0, 1))
    #expect(one.key.cluster == two.key.cluster)
  }
}
