import Foundation
import Hustings
import HustingsData
import Recipes
import Testing

/// A judge whose log-odds for the response with more letters are always the same.
private struct Steady: PreferenceModel {
  let margin: Double
  var name = "steady"
  var areVerdicts = false
  var isOrdered = false
  /// Added to the log-odds of whoever is presented first.
  var lean = 0.0

  var card: ModelCard {
    ModelCard(
      name: name, kind: areVerdicts ? .judge : .pairwise, revision: "1",
      fingerprint: SHA256.digest("\(self.name) \(margin) \(areVerdicts) \(isOrdered) \(lean)"))
  }

  func judge(_ slates: [Slate]) async throws -> [Tournament] {
    slates.map { slate in
      let lengths = slate.responses.map(\.text.count)
      var judgments: [Matchup: Judgment] = [:]
      for matchup in Matchup.all(among: lengths.count) {
        for matchup in isOrdered || areVerdicts ? [matchup, matchup.swapped] : [matchup] {
          let side = lengths[matchup.first] > lengths[matchup.second] ? 1.0 : -1
          judgments[matchup] =
            margin.isNaN
            ? .absent(Absence(.abstention, "no verdict")) : .margin(side * margin + lean)
        }
      }
      return isOrdered || areVerdicts
        ? Tournament(count: lengths.count, ordered: judgments, areVerdicts: areVerdicts)
        : Tournament(count: lengths.count, symmetric: judgments)
    }
  }
}

/// Rewards by item, written down before.
private struct Written: Recording {
  let rewards: [String: [Double]]
  var card: ModelCard {
    ModelCard(name: "written", kind: .reward, revision: "1", fingerprint: SHA256.digest("written"))
  }

  func matched(to keys: [AnswerKey], allowsMissing: Bool) throws -> any PreferenceModel {
    guard keys.contains(where: { rewards[$0.item] != nil }) else {
      throw DataError.empty(file: "a recording of something else")
    }
    return self
  }

  func judge(_ slates: [Slate]) async throws -> [Tournament] {
    slates.map { slate in
      // Written in the order of texts, which the tests make the order of rewards.
      let order = slate.responses.indices.sorted { slate.responses[$0].text < slate.responses[$1].text }
      var rewards = [Double?](repeating: nil, count: order.count)
      for (place, index) in order.enumerated() { rewards[index] = self.rewards[slate.id]?[place] }
      return Tournament(rewards: rewards)
    }
  }
}

@Suite struct SynthesisTests {
  /// The chosen response is longer by half of the pairs.
  private func pairs(_ count: Int, votes: VoteCount? = nil) -> [PreferencePair] {
    (0..<count).map { number in
      let (long, short) = (Response("a long answer \(number)"), Response("short \(number)"))
      let isLong = number.isMultiple(of: 2)
      return PreferencePair(
        id: "\(number)", subset: "all", prompt: Prompt("\(number)"), chosen: isLong ? long : short,
        rejected: isLong ? short : long, votes: votes)
    }
  }

  private func swapped(_ pairs: [PreferencePair]) -> [PreferencePair] {
    pairs.map {
      PreferencePair(
        id: $0.id, subset: $0.subset, prompt: $0.prompt, chosen: $0.rejected, rejected: $0.chosen,
        votes: $0.votes?.swapped)
    }
  }

  @Test func votesFollowTheJudgesProbability() async throws {
    // σ(1.0986) = .75: of 4,000 draws between 2,890 and 3,110 with probability .9999.
    let synthesis = VoteSynthesis(.repeated, panel: [Steady(margin: 1.0986122886681098)], judges: 10)
    let votes = try await synthesis.votes(pairs(400), slope: 1)
    let longer = votes.enumerated().reduce(0.0) {
      $0 + ($1.offset.isMultiple(of: 2) ? $1.element.chosen : 10 - $1.element.chosen)
    }
    #expect(votes.allSatisfy { $0.valid == 10 })
    #expect((2890...3110).contains(longer))
  }

  @Test(arguments: VoteEstimator.allCases)
  func swappingTheResponsesComplementsTheVotes(_ estimator: VoteEstimator) async throws {
    let judge = Steady(margin: 0.7, isOrdered: true, lean: 0.4)
    let synthesis = VoteSynthesis(estimator, panel: [judge], judges: 7, exemplars: 2, seed: 3)
    let data = pairs(40, votes: VoteCount(chosen: 3, valid: 4))
    let (there, back) = (
      try await synthesis.votes(data, slope: 1), try await synthesis.votes(swapped(data), slope: 1)
    )
    for (a, b) in zip(there, back) {
      #expect(a.swapped == b)
      #expect(abs((a.agreement ?? 0) - (b.agreement ?? 1)) < 1e-12)
    }
  }

  @Test func theOtherPairsChangeNothing() async throws {
    let synthesis = VoteSynthesis(.repeated, panel: [Steady(margin: 0.3)], judges: 10, seed: 1)
    let all = try await synthesis.votes(pairs(20), slope: 1)
    #expect(try await synthesis.votes(Array(pairs(20)[7...9]), slope: 1) == Array(all[7...9]))
  }

  @Test func countsAreWhatTheJudgeExpects() async throws {
    // 10·σ(ln 3) = 7.5 and 10·σ(-ln 3) = 2.5; two judges count as twenty people.
    let judge = Steady(margin: 1.0986122886681098)
    let votes = try await VoteSynthesis(.count, panel: [judge], judges: 10).votes(pairs(2), slope: 1)
    #expect(votes == [VoteCount(chosen: 7.5, valid: 10), VoteCount(chosen: 2.5, valid: 10)])
    let other = Steady(margin: 0, name: "other")
    let both = try await VoteSynthesis(.count, panel: [judge, other], judges: 10).votes(pairs(1), slope: 1)
    #expect(both == [VoteCount(chosen: 12.5, valid: 20)])
  }

  @Test func verdictsAreVotesInAlternatingOrders() async throws {
    // Always for whoever is presented first: half of ten votes go to each.
    let biased = Steady(margin: 0.5, areVerdicts: true, lean: 1)
    let votes = try await VoteSynthesis(.repeated, panel: [biased], judges: 10).votes(pairs(3), slope: 1)
    #expect(votes.allSatisfy { $0 == VoteCount(chosen: 5, valid: 10) })
    await #expect(throws: SynthesisError.noSize(judge: "steady", estimator: .count)) {
      try await VoteSynthesis(.count, panel: [biased], judges: 10).votes(pairs(3), slope: 1)
    }
  }

  @Test func panelMembersTakeTurnsAndAbstentionsAreNoVotes() async throws {
    let sure = Steady(margin: 1, name: "sure", areVerdicts: true)
    let mute = Steady(margin: .nan, name: "mute", areVerdicts: true)
    let votes = try await VoteSynthesis(.repeated, panel: [sure, mute], judges: 10).votes(pairs(2), slope: 1)
    #expect(votes == [VoteCount(chosen: 5, valid: 5), VoteCount(chosen: 0, valid: 5)])
    let none = try await VoteSynthesis(.repeated, panel: [mute], judges: 3).votes(pairs(1), slope: 1)
    #expect(none[0].share == nil)
    let tied = Steady(margin: 0, areVerdicts: true)
    let halves = try await VoteSynthesis(.repeated, panel: [tied], judges: 3).votes(pairs(1), slope: 1)
    #expect(halves == [VoteCount(chosen: 1.5, valid: 3)])
  }

  @Test func calibrationFindsTheScaleOfPeople() async throws {
    // People split 3 to 1 where the judge says ±4·ln 3: a slope of 1/4, less what the prior pulls towards 1.
    let judge = Steady(margin: 4 * 1.0986122886681098)
    let data = (0..<1000).map { number in
      let (long, short) = (Response("a long answer \(number)"), Response("short \(number)"))
      return PreferencePair(
        id: "\(number)", subset: "all", prompt: Prompt("\(number)"), chosen: long, rejected: short,
        votes: VoteCount(chosen: 3, valid: 4))
    }
    let synthesis = VoteSynthesis(.calibrated, panel: [judge], judges: 8, exemplars: 900)
    let parts = try synthesis.parts(data)
    #expect(parts.exemplars == Array(0..<900) && parts.asked == Array(900..<1000))
    let slope = try await synthesis.slope(parts.exemplars.map { data[$0] })
    #expect(abs(slope - 0.25) < 1e-3)
    let votes = try await synthesis.votes(parts.asked.map { data[$0] }, slope: slope)
    #expect(votes.allSatisfy { $0 == VoteCount(chosen: 6, valid: 8) })
    #expect(throws: SynthesisError.tooFewExemplars(found: 0, needed: 4)) {
      try VoteSynthesis(.calibrated, panel: [judge], judges: 8).parts(pairs(10))
    }
  }

  @Test func aJournalKeepsWhatWasVotedAndForgetsALineThatWasCutOff() throws {
    let scratch = try Scratch()
    let (out, identity) = ("\(scratch.path)/votes.jsonl", SHA256.digest("this"))
    var journal = try VoteJournal(beside: out, identity: identity)
    try journal.add([(0, VoteCount(chosen: 2.5, valid: 3)), (4, VoteCount(chosen: 0, valid: 0))])
    try scratch.edit("votes.jsonl.partial") { $0 += "7 1.0 1" }
    var again = try VoteJournal(beside: out, identity: identity)
    #expect(again.votes == [0: VoteCount(chosen: 2.5, valid: 3), 4: VoteCount(chosen: 0, valid: 0)])
    try again.add([(8, VoteCount(chosen: 1, valid: 1))])
    #expect(try VoteJournal(beside: out, identity: identity).votes.count == 3)
    #expect(throws: SynthesisError.otherJournal(file: "\(out).partial")) {
      try VoteJournal(beside: out, identity: SHA256.digest("that"))
    }
    try again.remove()
    #expect(!scratch.has("votes.jsonl.partial"))
  }

  @Test func aLineSaysVotesMarginsAndSigns() throws {
    // Heterogeneity: 9 of 10 against the label is a margin of .8 and a signed one of -.8; no vote has neither.
    let pair = pairs(1)[0]
    let text = try pair.line(of: VoteCount(chosen: 1, valid: 10), by: .count).text()
    #expect(text.contains(#""votes":{"chosen":1,"valid":10}"#))
    #expect(text.contains(#""margin":0.8"#) && text.contains(#""signed_margin":-0.8"#))
    #expect(try !pair.line(of: VoteCount(chosen: 0, valid: 0), by: .count).text().contains("margin"))
  }

  @Test func aRecordingVotesOnThePairsOfItsItems() async throws {
    let examples = (0..<2).map { number in
      Example(
        id: "item \(number)", subset: "all", prompt: Prompt("\(number)?"),
        candidates: ["a", "b", "c"].map { Candidate($0, "\($0) \(number)") }, gold: .prefers(0, over: 1))
    }
    let recording = Written(rewards: ["item 0": [2, 0.5, 1]])
    let judge = try RecordedPairs(recording, of: examples)
    func slate(_ prompt: Int, _ responses: [String]) -> Slate {
      Slate(id: "any", prompt: Prompt("\(prompt)?"), responses: responses.map { Response("\($0) \(prompt)") })
    }
    func margin(_ slate: Slate, _ first: String, _ second: String) async throws -> Double? {
      let tournament = try #require(try await judge.judge([slate]).first)
      let places = [first, second].map { name in
        slate.responses.firstIndex { $0.text.hasPrefix(name) } ?? 0
      }
      return tournament.margin(places[0], places[1])
    }
    #expect(try await margin(slate(0, ["a", "b"]), "a", "b") == 1.5)
    #expect(try await margin(slate(0, ["c", "b"]), "b", "c") == -0.5)
    #expect(try await margin(slate(0, ["a", "b", "c"]), "c", "a") == -1)
    // Not in the recording, and in no item.
    #expect(try await margin(slate(1, ["a", "b"]), "a", "b") == nil)
    #expect(try await margin(slate(0, ["a", "z"]), "a", "z") == nil)
    #expect(throws: (any Error).self) { try RecordedPairs(recording, of: [examples[1]]) }
  }
}
