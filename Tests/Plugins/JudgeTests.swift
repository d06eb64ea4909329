import Foundation
import Hustings
import HustingsEndpoints
import HustingsFixtures
import HustingsTesting
import Testing

@testable import JudgePlugins

@Suite struct JudgeTests {
  private func judge(
    _ server: ScriptedServer, _ settings: String = "rubric=pairwise-verdict", shelf: ReplyShelf? = nil,
    meter: CallMeter = CallMeter(), price: TokenPrice? = nil, variables: [String: String] = [:]
  ) async throws -> any PreferenceModel {
    try await networkModels(
      "openai:my-model?base-url=\(server.address)/v1&attempts=3&\(settings)", shelf: shelf, meter: meter,
      price: price, variables: variables)[0]
  }

  @Test func everyPairIsAskedInBothOrders() async throws {
    let server = try JudgeServer.longer()
    let model = try await judge(server)
    let slates = (0..<20).map { pair($0) }
    let answers = try await model.judge(slates)
    #expect(server.calls.count == 40)
    for (slate, answer) in zip(slates, answers) {
      let long = try slate.place("quite")
      #expect(answer.judgment(Matchup(long, 1 - long)) == .margin(1))
      #expect(answer.judgment(Matchup(1 - long, long)) == .margin(-1))
      #expect(answer.areVerdicts)
    }
    #expect(model.card.kind == .judge)
    #expect(model.card.name == "my-model/pairwise-verdict")
  }

  @Test func oneOrderIsAskedWhenTheUserSaysSo() async throws {
    let server = try JudgeServer.longer()
    let answer = try await judge(server, "orders=one").judge([pair()])[0]
    #expect(server.calls.count == 1)
    #expect(answer.matchups.count == 1)
  }

  @Test func theLawsHold() async throws {
    let server = try JudgeServer.longer()
    let model = try await judge(server)
    #expect(try await ModelLaws.violations(of: model, on: ModelLaws.slates) == [])
  }

  @Test func theRequestIsAsTheRubricAndTheUserSay() async throws {
    let server = try JudgeServer.longer()
    _ = try await judge(
      server, "rubric=pairwise-verdict&temperature=0.5&max-tokens=77&seed=3&body.top_k=5&body.mode=fast"
    )
    .judge([pair(7)])
    let request = try #require(server.calls.first)
    #expect(request.target == "/v1/chat/completions")
    #expect(request.header("Authorization") == nil)
    let asked = JudgeServer.Asked(request)
    #expect(asked.body["model"] as? String == "my-model")
    #expect(asked.body["temperature"] as? Double == 0.5)
    #expect(asked.body["max_tokens"] as? Int == 77)
    #expect(asked.body["seed"] as? Int == 3)
    #expect(asked.body["top_k"] as? Int == 5)
    #expect(asked.body["mode"] as? String == "fast")
    #expect(asked.part("prompt") == "Question 7?")
    #expect(asked.system.contains("[[A]]"))
  }

  @Test func anUnreadableReplyIsAnAbstentionWithItsText() async throws {
    let server = try JudgeServer.start { _, _ in JudgeServer.chat("I would rather not say.") }
    let answer = try await judge(server).judge([pair()])[0]
    let absence = try #require(answer.absence(0, 1))
    #expect(absence.kind == .abstention)
    #expect(absence.reason.contains("I would rather not say."))
  }

  @Test func logProbabilitiesBecomeLogOdds() async throws {
    let server = try JudgeServer.start { _, asked in
      // P(A) = 0.6 and P(B) = 0.2, whichever is shown first; " A" adds to A.
      let tokens =
        #"{"token": "A", "logprob": -0.916290731874155}, {"token": "B", "logprob": -1.6094379124341003}, {"token": " A", "logprob": -1.6094379124341003}"#
      return .text(
        #"{"choices": [{"message": {"content": "A"}, "logprobs": {"content": [{"token": "A", "logprob": -0.916290731874155, "top_logprobs": [\#(tokens)]}]}}]}"#
      )
    }
    let model = try await judge(server, "rubric=pairwise-logprobs")
    let answer = try await model.judge([pair()])[0]
    // log(0.6 / 0.2)
    let margin = try #require(answer.judgment(Matchup(0, 1))?.logOdds)
    #expect(abs(margin - 1.0986122886681098) < 1e-12)
    #expect(!answer.areVerdicts)
    #expect(model.card.kind == .pairwise)
    #expect(JudgeServer.Asked(try #require(server.calls.first)).body["top_logprobs"] as? Int == 20)
  }

  @Test func completionsTakeOneTextAndTheirOwnKindOfLogProbabilities() async throws {
    let server = try JudgeServer.start { _, _ in
      .text(
        #"{"choices": [{"text": "A", "logprobs": {"tokens": ["A"], "top_logprobs": [{"A": -0.1, "B": -2.4}]}}]}"#
      )
    }
    let answer = try await judge(server, "rubric=pairwise-logprobs&api=completions").judge([pair()])[0]
    #expect(answer.judgment(Matchup(0, 1)) == .margin(2.3))
    let request = try #require(server.calls.first)
    #expect(request.target == "/v1/completions")
    let body = JudgeServer.Asked(request).body
    #expect(body["logprobs"] as? Int == 20)
    #expect((body["prompt"] as? String)?.contains("Question 0?") == true)
    #expect(body["messages"] == nil)
  }

  @Test func ratingsAreRewards() async throws {
    let server = try JudgeServer.start { _, asked in
      JudgeServer.chat("Fine. [[\(asked.part("response").hasPrefix("short") ? "3" : "8.5")]]")
    }
    let model = try await judge(server, "rubric=rating")
    let slate = pair()
    let answer = try await model.judge([slate])[0]
    #expect(server.calls.count == 2)
    #expect(answer.rewards?[try slate.place("short")] == 3)
    #expect(answer.rewards?[try slate.place("quite")] == 8.5)
    #expect(model.card.kind == .reward)
  }

  @Test func aRankingIsShownForwardsAndBackwardsAndPutBackInPlace() async throws {
    let server = try JudgeServer.start { _, asked in
      // Best is the text with the higher number in it, wherever it is shown.
      let shown = (1...3).map { asked.part("response \($0)") }
      let order = (1...3).sorted { shown[$0 - 1] > shown[$1 - 1] }
      return JudgeServer.chat("So.\n\(order.map(String.init).joined(separator: " > "))")
    }
    let slate = Slate(
      id: "x", prompt: Prompt("?"), responses: ["text 1", "text 2", "text 3"].map { Response($0) })
    let answer = try await judge(server, "rubric=ranking").judge([slate])[0]
    #expect(server.calls.count == 2)
    for i in 0..<3 {
      for j in 0..<3 where i != j {
        let better = slate.responses[i].text > slate.responses[j].text
        #expect(answer.judgment(Matchup(i, j)) == .margin(better ? 1 : -1))
      }
    }
  }

  @Test func referencesAreShownAndTheirLackIsAnAbstention() async throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "references.jsonl", #"{"prompt": "Question 1?", "reference": "forty-two"}"# + "\n")
    let server = try JudgeServer.longer()
    let model = try await judge(server, "rubric=reference-verdict&references=\(file)")
    let answers = try await model.judge([pair(1), pair(2)])
    #expect(answers[0].margin(0, 1) != nil)
    #expect(answers[1].absence(0, 1)?.reason.contains("no reference") == true)
    #expect(server.calls.count == 2)
    #expect(JudgeServer.Asked(server.calls[0]).part("reference") == "forty-two")
  }

  @Test func aPanelDecidesByMajorityOrAverage() async throws {
    let server = try JudgeServer.start { _, asked in
      let aIsLong = asked.part("response A").count > asked.part("response B").count
      // Two prefer the longer response, one the shorter.
      let wantsLong = asked.body["model"] as? String != "c"
      return JudgeServer.chat(aIsLong == wantsLong ? "[[A]]" : "[[B]]")
    }
    let slate = pair()
    let long = try slate.place("quite")
    for (rule, margin) in [("majority", 1.0), ("average", 0.6931471805599453)] {
      let panel = try await networkModels(
        "openai:a,b,c?base-url=\(server.address)/v1&pool=\(rule)")
      #expect(panel.count == 1)
      let found = try #require(try await panel[0].judge([slate])[0].margin(long, 1 - long))
      // The average of 1, 1 and 0 is 2/3, whose log-odds are log 2.
      #expect(abs(found - margin) < 1e-12, "\(rule)")
    }
  }

  @Test func aStrongVerdictOnAPanelCountsThreeTimes() async throws {
    // Of the longer response one judge thinks very highly, and two think a little less.
    let server = try JudgeServer.start { _, asked in
      let aIsLong =
        asked.user.range(of: "quite").map { asked.user[..<$0.lowerBound].contains("short") } != true
      switch asked.body["model"] as? String {
      case "a": return JudgeServer.chat(aIsLong ? "[[A>>B]]" : "[[B>>A]]")
      case "b": return JudgeServer.chat(aIsLong ? "[[B>A]]" : "[[A>B]]")
      default: return JudgeServer.chat("[[A=B]]")
      }
    }
    let slate = pair()
    let long = try slate.place("quite")
    let panel = try await networkModels(
      "openai:a,b,c?base-url=\(server.address)/v1&rubric=arena-hard&pool=majority")[0]
    let answer = try await panel.countedAnswers(to: [slate]) { _ in nil }[0]
    // Three votes against one and a tie, in both orders.
    #expect(answer.tournament.judgment(Matchup(long, 1 - long)) == .margin(1))
    #expect(answer.tournament.judgment(Matchup(1 - long, long)) == .margin(-1))
    #expect(answer.traits[Trait.rows] == [5, 5])
    #expect(answer.traits[Trait.rowsTied] == [1, 1])
    #expect(answer.traits[Trait.rowsFirst]?[long] == 3 && answer.traits[Trait.rowsFirst]?[1 - long] == 1)
  }

  @Test func repeatsAreAskedSeparatelyAndVotedOn() async throws {
    let server = try JudgeServer.start { request, _ in
      JudgeServer.chat(request.number % 3 == 0 ? "[[B]]" : "[[A]]")
    }
    let shelf = MemoryShelf()
    let model = try await judge(server, "repeats=3&orders=one&concurrency=1", shelf: shelf.shelf())
    let answer = try await model.judge([pair()])[0]
    #expect(server.calls.count == 3)
    #expect(shelf.count == 3)
    #expect(answer.judgment(Matchup(0, 1)) == .margin(1))
  }

  @Test func aJudgeThatComesToNoVerdictIsAskedOnceToGoOn() async throws {
    // Three turns of a conversation are the first question's and the reply; what is asked last says that it goes on.
    let server = try JudgeServer.start { _, asked in
      let turns = asked.body["messages"] as? [[String: Any]] ?? []
      guard turns.count > 2 else { return JudgeServer.chat("Both have merits.") }
      return JudgeServer.chat(
        turns[2]["content"] as? String == "Both have merits." && asked.user.hasPrefix("Go on")
          ? "So [[B>>A]]" : "[[A>B]]")
    }
    let shelf = MemoryShelf()
    let model = try await judge(
      server, "rubric=arena-hard-0.1&orders=one", shelf: shelf.shelf(), price: TokenPrice(input: 1, output: 1)
    )
    let answer = try #require(try await (model as? any TraitSource)?.answers(to: [pair()])[0])
    #expect(answer.tournament.judgment(Matchup(0, 1)) == .margin(-3))
    #expect(server.calls.count == 2)
    #expect(answer.traits[Trait.queries] == [2, 0])
    // 2 × (100 + 10) tokens at a dollar a million.
    #expect(abs((answer.traits[Trait.cost]?[0] ?? 0) - 220e-6) < 1e-12)
    // Each is kept by itself, and a rubric that asks once finds the first among the kept replies.
    #expect(shelf.count == 2)
    let again = try await judge(
      server, "rubric=arena-hard-0.1&orders=one", shelf: shelf.shelf(isOffline: true))
    #expect(try await again.judge([pair()])[0] == answer.tournament)
    let once = try await judge(server, "rubric=arena-hard&orders=one", shelf: shelf.shelf(isOffline: true))
    let absence = try #require(try await once.judge([pair()])[0].absence(0, 1))
    #expect(absence.kind == .abstention && absence.reason.contains("Both have merits."))
    #expect(server.calls.count == 2)
  }

  @Test func twoRepliesWithoutAVerdictAreOneAbstentionWithBothTexts() async throws {
    let server = try JudgeServer.start { _, asked in
      JudgeServer.chat((asked.body["messages"] as? [Any] ?? []).count > 2 ? "Still thinking." : "Thinking.")
    }
    let answer = try await judge(server, "rubric=arena-hard-0.1&orders=one").judge([pair()])[0]
    #expect(answer.absence(0, 1)?.reason.contains("Thinking.\nStill thinking.") == true)
    #expect(server.calls.count == 2)
  }

  @Test func verdictsThatContradictAreNotAskedAboutAgain() async throws {
    let server = try JudgeServer.start { _, _ in JudgeServer.chat("[[A>B]] or [[B>A]]") }
    let answer = try await judge(server, "rubric=arena-hard-0.1&orders=one").judge([pair()])[0]
    #expect(answer.absence(0, 1)?.kind == .abstention)
    #expect(server.calls.count == 1)
  }

  @Test func completionsGoOnInOneText() async throws {
    let server = try JudgeServer.start { _, asked in
      let text = asked.body["prompt"] as? String ?? ""
      return .text(
        #"{"choices": [{"text": "\#(text.contains("Hmm.\n\nGo on") ? "[[A>B]]" : "Hmm.")"}]}"#)
    }
    let model = try await judge(server, "rubric=arena-hard-0.1&orders=one&api=completions")
    #expect(try await model.judge([pair()])[0].judgment(Matchup(0, 1)) == .margin(1))
  }

  /// The queries and the cost of one answer.
  private func expense(_ model: any PreferenceModel, _ slate: Slate = pair()) async throws -> (
    Double, Double?
  ) {
    let traits = try await model.countedAnswers(to: [slate])[0].traits
    func sum(_ name: String) -> Double? { traits[name].map { $0.reduce(0) { $0 + ($1 ?? 0) } } }
    return (try #require(sum(Trait.queries)), sum(Trait.cost))
  }

  @Test(
    arguments: [
      ("rubric=pairwise-verdict", 2), ("rubric=pairwise-verdict&repeats=3", 6), ("orders=one", 1),
      ("rubric=rating", 2), ("rubric=ranking", 2),
    ])
  func questionsAndWhatTheyCostAreCountedAsTheyAreAsked(settings: String, queries: Int) async throws {
    let server = try JudgeServer.start { _, _ in JudgeServer.chat("[[A]] [[7]]", tokens: (100, 10)) }
    let shelf = MemoryShelf()
    let model = try await judge(
      server, settings, shelf: shelf.shelf(), price: TokenPrice(input: 2, output: 50))
    let (asked, cost) = try await expense(model)
    #expect(asked == Double(queries) && server.calls.count == queries)
    // (100 · 2 + 10 · 50) / 10⁶ a question.
    #expect(abs((cost ?? 0) - 700e-6 * Double(queries)) < 1e-12)
    // What was kept cost the same, as it was paid for once.
    let kept = try await judge(
      server, settings, shelf: shelf.shelf(isOffline: true), price: TokenPrice(input: 2, output: 50))
    let (again, sum) = try await expense(kept)
    #expect(again == asked && sum == cost && server.calls.count == queries)
  }

  @Test func withoutAPriceThereIsNoCost() async throws {
    let server = try JudgeServer.longer()
    let (queries, cost) = try await expense(try await judge(server))
    #expect(queries == 2 && cost == nil)
  }

  @Test func aPanelCountsTheQuestionsOfAllItsMembers() async throws {
    let server = try JudgeServer.longer()
    let panel = try await networkModels(
      "openai:a,b,c?base-url=\(server.address)/v1&pool=majority", price: TokenPrice(input: 1, output: 1))[0]
    let (queries, cost) = try await expense(panel)
    #expect(queries == 6 && server.calls.count == 6)
    #expect(abs((cost ?? 0) - 660e-6) < 1e-12)
  }

  @Test func aJudgeShowsFirstWhatItIsToldTo() async throws {
    let server = try JudgeServer.longer()
    let slate = pair()
    for model in [
      try await judge(server),
      try await networkModels("openai:a,b?base-url=\(server.address)/v1&pool=majority")[0],
    ] {
      let answer = try await model.countedAnswers(to: [slate]) { _ in Matchup(1, 0) }[0]
      #expect(answer.tournament.matchups == [Matchup(1, 0)])
    }
    #expect(server.calls.count == 3)
    #expect(server.calls.allSatisfy { JudgeServer.Asked($0).part("response A") == slate.responses[1].text })
  }

  @Test func whatFillsAPlaceIsNotSearchedForPlaces() async throws {
    let server = try JudgeServer.longer()
    let slate = Slate(
      id: "x", prompt: Prompt("Say {answer_a}"),
      responses: [Response("{answer_b} {prompt}"), Response("plain")])
    _ = try await judge(server, "orders=one").judge([slate])
    let asked = JudgeServer.Asked(try #require(server.calls.first))
    #expect(asked.part("prompt") == "Say {answer_a}")
    #expect(asked.user.contains("{answer_b} {prompt}"))
  }
}
