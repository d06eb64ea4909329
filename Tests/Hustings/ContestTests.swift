import Hustings
import Testing

/// Two prompts with a baseline that answers "ab".
private struct Duel: Contest {
  let card: BenchmarkCard
  let metrics: [any Metric] = []
  var seatFirst: Bool?

  init(seatFirst: Bool? = nil, judge: ModelCard? = nil) {
    card = BenchmarkCard(
      name: "duel", version: "duel/1", summary: "", source: "", licence: "", ties: .half,
      failures: .excluded, aggregation: "mean", judge: judge)
    self.seatFirst = seatFirst
  }

  func examples(_ body: (Example) throws -> Void) throws {
    for item in ["1", "2", "3"] {
      try body(
        Example(
          id: item, subset: "all", prompt: Prompt("question \(item)"),
          candidates: [Candidate("baseline", "ab"), Candidate("model", .seat)], gold: .prefers(1, over: 0)))
    }
  }
  func judged(by judge: ModelCard) -> any Contest { Duel(seatFirst: seatFirst, judge: judge) }
  func showsSeatFirst(_ prompt: Prompt) -> Bool? { seatFirst }
  func responses(_ file: String) throws -> ContestResponses {
    ContestResponses(byItem: [:], author: nil, strangers: 0)
  }
  func records(_ file: String) throws -> [ContestRecord] { [] }
}

private struct Length: RewardModel {
  let card = ModelCard(name: "length", kind: .reward, revision: "1", fingerprint: SHA256.digest("length"))
  func rewards(for slates: [Slate]) async throws -> [[Double?]] {
    slates.map { slate in slate.responses.map { Double($0.text.count) } }
  }
}

/// Prefers what it sees first, by log-odds 2.
private struct FirstSeen: PairwiseModel {
  let card = ModelCard(name: "first", kind: .pairwise, revision: "1", fingerprint: SHA256.digest("first"))
  func judgments(for queries: [PairQuery]) async throws -> [Judgment] { queries.map { _ in .margin(2) } }
}

@Suite struct ContestTests {
  private let responses = ["1": Response("abcd"), "2": Response("ab")]

  private func trials(_ entrant: some TraitSource, _ contest: Duel = Duel()) async throws -> [Trial] {
    let examples = try contest.allExamples()
    return zip(examples, try await entrant.answers(to: examples.map(\.slate))).map {
      Trial(key: $0.key, tournament: $1.tournament, traits: $1.traits)
    }
  }

  /// The margin of the seat over the baseline.
  private func margin(_ trial: Trial) -> Double? {
    trial.tournament.margin(trial.key.candidates[1], trial.key.candidates[0])
  }

  @Test func noTextTakesTheSeat() {
    for text in ["", "seat", "\0"] { #expect(Response(text) != .seat) }
  }

  @Test func aRewardModelComparesTheSeatWithTheBaseline() async throws {
    let entrant = Entrant(name: "m", responses: responses, judge: Length(), contest: Duel())
    let trials = try await trials(entrant)
    #expect(margin(trials[0]) == 2)
    #expect(trials[0].queries == 2)
  }

  @Test func equalTextsAreADrawThatNobodyIsAskedAbout() async throws {
    let trials = try await trials(
      Entrant(name: "m", responses: responses, judge: FirstSeen(), contest: Duel()))
    #expect(margin(trials[1]) == 0)
    #expect(trials[1].queries == 0)
  }

  @Test func aPromptWithoutAResponseIsAnAbstention() async throws {
    let trials = try await trials(Entrant(name: "m", responses: responses, judge: Length(), contest: Duel()))
    #expect(margin(trials[2]) == nil)
    let (seat, baseline) = (trials[2].key.candidates[1], trials[2].key.candidates[0])
    #expect(trials[2].tournament.absence(seat, baseline)?.kind == .abstention)
    #expect(trials[2].traits[Trait.length]?[seat] == .some(nil))
    #expect(trials[2].traits[Trait.length]?[baseline] == 2)
    #expect(trials[2].queries == 0)
  }

  @Test func aPairwiseJudgeIsAskedInBothOrdersUnlessTheContestSaysOtherwise() async throws {
    let both = try await trials(Entrant(name: "m", responses: responses, judge: FirstSeen(), contest: Duel()))
    #expect(margin(both[0]) == 0)
    #expect(both[0].queries == 2)
    for seatFirst in [true, false] {
      let contest = Duel(seatFirst: seatFirst)
      let one = try await trials(
        Entrant(name: "m", responses: responses, judge: FirstSeen(), contest: contest), contest)
      #expect(margin(one[0]) == (seatFirst ? 2 : -2))
      #expect(one[0].queries == 1)
      #expect(one[0].tournament.matchups.count == 1)
    }
  }

  @Test func anEntrantIsWhatItWroteAndNotItsNameOrItsJudge() {
    let one = Entrant(name: "a", responses: responses, judge: Length(), contest: Duel())
    let other = Entrant(name: "b", responses: responses, judge: FirstSeen(), contest: Duel())
    #expect(one.card.fingerprint == other.card.fingerprint)
    let third = Entrant(name: "a", responses: ["1": Response("abcd")], judge: Length(), contest: Duel())
    #expect(one.card.fingerprint != third.card.fingerprint)
  }

  @Test func recordsOfOneResponseAreToldApartByTheirRatings() {
    func entrant(_ rating: Double) -> RecordedEntrant {
      let entry = ContestRecord.Entry(tournament: Tournament(rewards: [rating]), traits: [:])
      return RecordedEntrant(
        name: "m",
        record: ContestRecord(judge: Length().card, author: nil, entries: ["1": entry], warnings: []))
    }
    #expect(entrant(7).card.fingerprint == entrant(7).card.fingerprint)
    #expect(entrant(7).card.fingerprint != entrant(8).card.fingerprint)
  }

  @Test func aRecordIsToldOfTheSlatesOwnOrder() async throws {
    let entry = ContestRecord.Entry(
      tournament: Tournament(count: 2, ordered: [Matchup(1, 0): .margin(0.5)]),
      traits: [Trait.length: [2, 4], Trait.queries: [0, 1], Trait.cost: [0, 0.25]])
    let record = ContestRecord(judge: Length().card, author: "m", entries: ["1": entry], warnings: [])
    let trials = try await trials(RecordedEntrant(name: "m", record: record))
    let (baseline, seat) = (trials[0].key.candidates[0], trials[0].key.candidates[1])
    #expect(trials[0].tournament.matchups == [Matchup(seat, baseline)])
    #expect(margin(trials[0]) == 0.5)
    #expect(trials[0].traits[Trait.length]?[seat] == 4)
    #expect(trials[0].queries == 1 && trials[0].cost == 0.25)
    #expect(margin(trials[1]) == nil)
    #expect(trials[1].queries == 0)
  }

  @Test func movingATournamentMovesItsMargins() {
    let rewards = Tournament(rewards: [3, nil, 1]).moved(to: [2, 0, 1], count: 3)
    #expect(rewards.margin(2, 1) == 2)
    #expect(rewards.absence(0, 1) != nil)
    let symmetric = Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(3)]).moved(to: [1, 0], count: 2)
    #expect(symmetric.margin(1, 0) == 3)
    #expect(!symmetric.isOrdered)
    let verdicts = Tournament(count: 2, ordered: [Matchup(0, 1): .margin(1)], areVerdicts: true)
      .moved(to: [1, 0], count: 2)
    #expect(verdicts.areVerdicts && verdicts.judgment(Matchup(1, 0)) == .margin(1))
  }

  @Test func scalarsAndEmbeddingsPayPerResponseAndJudgesPerOrderedPair() {
    let key = AnswerKey(
      item: "i", subset: "", cluster: "", names: [], candidates: [], gold: Tournament(rewards: []))
    func queries(_ tournament: Tournament) -> Int { Trial(key: key, tournament: tournament).queries }
    #expect(queries(Tournament(rewards: [1, 2, 3])) == 3)
    #expect(queries(Tournament(count: 2, symmetric: [Matchup(0, 1): .margin(1)])) == 2)
    #expect(
      queries(Tournament(count: 2, ordered: [Matchup(0, 1): .margin(1), Matchup(1, 0): .margin(1)])) == 2)
    #expect(queries(Tournament(count: 2, symmetric: [:])) == 0)
  }
}

@Suite struct BenchmarkSpecificationTests {
  @Test func aBenchmarkStringHasANameAnArgumentAndSettings() throws {
    let full = try #require(BenchmarkSpecification("alpaca-eval:a?b.json?c=2.5&orders=seeded"))
    #expect(full.name == "alpaca-eval")
    #expect(full.argument == "a?b.json")
    #expect(full.settings == ["c": "2.5", "orders": "seeded"])
    #expect(full.title == "alpaca-eval:a?b.json")
    let plain = try #require(BenchmarkSpecification("judgebench"))
    #expect(plain.argument == nil && plain.settings.isEmpty)
    #expect(BenchmarkSpecification("x?a=1&b") == nil)
  }
}
