import Hustings
import Testing

/// Contests in which everybody meets everybody else.
@Suite struct FieldTests {
  /// Counts how often it is asked, and prefers the longer response.
  private actor Asked {
    private(set) var slates = 0
    func add(_ count: Int) { slates += count }
  }

  private struct Longer: PairwiseJudge {
    let card = ModelCard(name: "longer", kind: .judge, revision: "1", fingerprint: SHA256.digest("longer"))
    let asked = Asked()
    func verdicts(for queries: [PairQuery]) async throws -> [Verdict] {
      await asked.add(queries.count)
      return queries.map { query in
        let (first, second) = (query.first.text, query.second.text)
        if first.contains("?") || second.contains("?") { return .unreadable("what?") }
        return first.count == second.count ? .first : first.count > second.count ? .first : .second
      }
    }
  }

  private struct Length: RewardModel {
    let card = ModelCard(name: "length", kind: .reward, revision: "1", fingerprint: SHA256.digest("length"))
    func rewards(for slates: [Slate]) async throws -> [[Double?]] {
      slates.map { slate in slate.responses.map { Double($0.text.count) } }
    }
  }

  private let slates = ["1", "2", "3"].map {
    Slate(id: $0, prompt: Prompt("question \($0)"), responses: [.seat])
  }

  private func members(_ texts: [String: [String?]]) -> [Field.Member] {
    texts.sorted { $0.key < $1.key }.map { name, texts in
      Field.Member(
        name: name,
        responses: Dictionary(
          uniqueKeysWithValues: texts.enumerated().compactMap { number, text in
            text.map { ("\(number + 1)", Response($0)) }
          }))
    }
  }

  private func answers(_ members: [Field.Member], _ judge: any PreferenceModel) async throws
    -> [[ModelAnswer]]
  {
    try await Field(members, judge: judge).entrants.asyncMap { try await $0.answers(to: slates) }
  }

  private func counts(_ answer: ModelAnswer) -> [Double?] {
    [Trait.wins, Trait.losses, Trait.ties, Trait.unreadable].map { answer.traits[$0]?.first ?? nil }
  }

  private let three: [String: [String?]] = [
    "a": ["aaaa", "aa", "same"], "b": ["bb", "bb", "same"], "c": ["ccc", "?", nil],
  ]

  @Test func everyPairingCountsForBothSides() async throws {
    let told = try await answers(members(three), Longer())
    // First prompt: a beats c beats b. Second: a and b are of one length, so that the judge takes whichever it sees first, and c
    // cannot be judged. Third: the same text, and c has none.
    #expect(told[0].map(counts) == [[2, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]])
    #expect(told[1].map(counts) == [[0, 2, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]])
    #expect(told[2].map(counts) == [[1, 1, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]])
    #expect(told[0].map { $0.tournament.rewards?[0] } == [1, 0.5, 0.5])
    #expect(told[2][1].tournament.absences[0]?.reason.contains("no readable verdict") == true)
    #expect(told[2][2].tournament.absences[0]?.reason == "c has no response to this prompt")
    #expect(told[0].map { $0.traits[Trait.agreements]?[0] } == [2, 1, 1])
  }

  @Test func aPairIsAskedOnceAndCountedOnce() async throws {
    let judge = Longer()
    let told = try await answers(members(three), judge)
    let queries = told.joined().reduce(0) { $0 + ($1.traits[Trait.queries]?[0] ?? 0) }
    // Three pairs in two orders on each of the first two prompts; the same text is asked of nobody.
    #expect(queries == 12)
    #expect(await judge.asked.slates == 12)
  }

  @Test func aRewardModelIsAskedOncePerResponse() async throws {
    let told = try await answers(members(three), Length())
    #expect(told[0].map(counts)[0] == [2, 0, 0, 0])
    #expect(told.map { $0[0].traits[Trait.queries]?[0] } == [1, 1, 1])
    #expect(told[0][0].traits[Trait.agreements] == nil)
  }

  @Test func aPairThatCouldNotBeAskedLeavesThePromptOpen() async throws {
    struct Broken: PairwiseModel {
      let card = ModelCard(name: "b", kind: .pairwise, revision: "1", fingerprint: SHA256.digest("b"))
      func judgments(for queries: [PairQuery]) async throws -> [Judgment] {
        queries.map { $0.second.text == "bb" ? .absent(Absence(.error, "gone")) : .margin(1) }
      }
    }
    let told = try await answers(members(three), Broken())
    for model in 0..<2 {
      #expect(told[model][0].tournament.absences[0] == Absence(.error, "gone"))
    }
  }

  @Test func aFieldIsToldByNamesAndWhatTheyWrote() {
    let field = Field(members(three), judge: Length())
    #expect(field.names.count == 3 && field.names[0].hasPrefix("a ("))
    var other = three
    other["b"] = ["bb", "bb", "changed"]
    #expect(Field(members(other), judge: Length()).names != field.names)
    #expect(field.entrants.map(\.itemsPerSlate) == [0, 0, 0])
  }

  @Test func gamesComeToAResult() {
    func games(_ first: Judgment, _ second: Judgment) -> Tournament {
      Tournament(count: 2, ordered: [Matchup(0, 1): first, Matchup(1, 0): second], areVerdicts: true)
    }
    let gone = Judgment.absent(Absence(.abstention, "x"))
    #expect(games(.margin(1), .margin(-1)).resultOfGames(0, 1) == .margin(1))
    #expect(games(.margin(1), .margin(-1)).resultOfGames(1, 0) == .margin(-1))
    #expect(games(.margin(1), .margin(1)).resultOfGames(0, 1) == .margin(0))
    #expect(games(.margin(1), .margin(0)).resultOfGames(0, 1) == .margin(0))
    #expect(games(.margin(1), gone).resultOfGames(0, 1) == gone)
    #expect(games(.margin(1), .margin(-1)).gamesAgree(0, 1) == true)
    #expect(games(.margin(1), .margin(1)).gamesAgree(0, 1) == false)
    #expect(games(gone, gone).gamesAgree(0, 1) == true && games(gone, .margin(0)).gamesAgree(0, 1) == false)
    let reward = Tournament(rewards: [1, 3])
    #expect(reward.resultOfGames(0, 1) == .margin(-1) && reward.gamesAgree(0, 1) == nil)
  }
}

extension Array where Element: Sendable {
  fileprivate func asyncMap<T: Sendable>(_ body: (Element) async throws -> T) async rethrows -> [T] {
    var all: [T] = []
    for element in self { all.append(try await body(element)) }
    return all
  }
}
