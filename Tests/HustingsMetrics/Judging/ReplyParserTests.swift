import Foundation
import HustingsMetrics
import Testing

@Suite struct ReplyValueTests {
  @Test func jsonIsReadStrictly() {
    #expect(
      ReplyValue(json: #" {"a": [1, -2.5e1, true, null, "x\u00e9\ud83d\ude00"]} "#)
        == .object(["a": .list([.number(1), .number(-25), .flag(true), .null, .text("xé😀")])]))
    for text in [
      "", "{", "[1,]", "{'a': 1}", "01", "1.", "+1", "True", "[1] 2", "\"\n\"", #""\ud800""#, ".5",
    ] {
      #expect(ReplyValue(json: text) == nil, "\(text)")
    }
  }

  @Test func pythonLiteralsAreReadAsPythonReadsThem() {
    #expect(ReplyValue(pythonLiteral: "True") == .flag(true))
    #expect(
      ReplyValue(pythonLiteral: " (True, 1, 'False') ") == .list([.flag(true), .number(1), .text("False")]))
    #expect(ReplyValue(pythonLiteral: "(1)") == .number(1))
    #expect(ReplyValue(pythonLiteral: "(1,)") == .list([.number(1)]))
    #expect(ReplyValue(pythonLiteral: "1, 2") == .list([.number(1), .number(2)]))
    #expect(ReplyValue(pythonLiteral: "[1, 2,]") == .list([.number(1), .number(2)]))
    #expect(ReplyValue(pythonLiteral: "{1, 2}") == .list([.number(1), .number(2)]))
    #expect(
      ReplyValue(pythonLiteral: #"{'a': "it's", 'b': None,}"#) == .object(["a": .text("it's"), "b": .null]))
    #expect(ReplyValue(pythonLiteral: "'''a\nb'''") == .text("a\nb"))
    #expect(ReplyValue(pythonLiteral: #"'\x41\n\q'"#) == .text("A\n\\q"))
    for text in ["", "true", "null", "name", "[1, 2", "'a\nb'", "1 2", "f()"] {
      #expect(ReplyValue(pythonLiteral: text) == nil, "\(text)")
    }
  }

  @Test func deepNestingIsRefusedAndNotFollowed() {
    #expect(ReplyValue(json: String(repeating: "[", count: 100_000)) == nil)
    #expect(ReplyValue(json: String(repeating: "[", count: 150) + String(repeating: "]", count: 150)) != nil)
  }
}

@Suite struct ReplyParserTests {
  private let ranking = ReplyParser.ranking(model: "model_1")

  private func codes(_ parser: ReplyParser, _ text: String, count: Int = 1) -> [Double?]? {
    try? parser.preferences(in: .text(text), count: count)
  }

  // The examples of upstream's own documentation (completion_parsers.py).

  @Test func patternsGiveTheirValuesInTheOrderOfTheText() {
    let letters = ReplyParser.patterns([.init(#"\n\(a\)"#, means: 1), .init(#"\n\(b\)"#, means: 2)])
    let text =
      "\n(b)\n\n### Best output for example 8:\n(a)\n\n### Best output for example 9:\n(b)\n\n### Best"
      + " output for example 10:\n(a)\n\n### Best output for example 11:\n(a)"
    #expect(codes(letters, text, count: 5) == [2, 1, 2, 1, 1])
    #expect(codes(letters, text, count: 4) == nil)
    let insensitive = ReplyParser.patterns([
      .init(#"(?i)output \(a\)"#, means: 1), .init(#"(?i)output \(b\)"#, means: 2),
    ])
    #expect(codes(insensitive, "I prefer OUTPUT (B).") == [2])
    #expect(codes(insensitive, "") == nil)
  }

  @Test func aPatternAnchoredAtTheStartMatchesAfterEachCut() {
    let anchored = ReplyParser.patterns([.init(#"(?:^|\n) ?a"#, means: 1), .init(#"(?:^|\n) ?b"#, means: 2)])
    #expect(codes(anchored, "a b", count: 2) == [1, 2])
  }

  @Test func twoScoresOnTheFirstLineDecide() {
    #expect(codes(.twoScores, "1 7\n ...") == [2])
    #expect(codes(.twoScores, "7 1\n more text") == [1])
    #expect(codes(.twoScores, "1 1\n ...") == [0])
    #expect(codes(.twoScores, "Both are good.\n7 1") == nil)
  }

  @Test func rankingsNameTheRankOfOneModel() {
    #expect(codes(ranking, "[{'model': 'model_1', 'rank': 1}, {'model': 'model_2', 'rank': 2}]") == [1])
    #expect(codes(ranking, "[{'model': 'model_1', 'rank': 2}, {'model': 'model_2', 'rank': 1}]") == [2])
    #expect(codes(ranking, "[{'model': 'model_1', 'rank': 3}, {'model': 'model_2', 'rank': 1}]") == nil)
    #expect(codes(ranking, "[{'model': 'model_2', 'rank': 1}]") == nil)
    #expect(codes(ranking, "model_1 is better") == nil)
  }

  @Test func jsonIsReadFromAFenceOrTheWholeReply() {
    let integer = ReplyParser.json(key: "integer")
    #expect(
      codes(integer, "blah ```json\n{\"short_explanation\": \"that is why\", \"integer\": 1}```") == [1])
    #expect(codes(integer, #"{"integer": 2}"#) == [2])
    #expect(codes(integer, #"[{"integer": 2}, {"integer": 1}]"#, count: 2) == [2, 1])
    #expect(codes(integer, "```json\n{\"integer\": 1}") == nil)
    #expect(codes(integer, #"{"other": 1}"#) == nil)
  }

  @Test func literalsGiveTheirElements() {
    #expect(codes(.literal, "True") == [1])
    #expect(codes(.literal, "[1, 2, 1.5]", count: 3) == [1, 2, 1.5])
    #expect(codes(.literal, "(1, 2)") == nil)
  }

  @Test func replacementsStandForTexts() {
    #expect(codes(.replaced(["True": .number(1)], otherwise: nil), "True") == [1])
    #expect(codes(.replaced(["True": .number(1)], otherwise: nil), "False") == nil)
    #expect(codes(.replaced(["True": .number(1)], otherwise: .number(2)), "False") == [2])
  }

  @Test func pipelinesHandOnWhatTheyFind() {
    let pipeline = ReplyParser.pipeline([.json(key: "rank"), .ranking(model: "model_1")])
    let text = #"{"ex": "...", "rank": [{"model": "model_1", "rank": 1}, {"model": "model_2", "rank": 2}]}"#
    #expect(codes(pipeline, text) == [1])
    let parsed = ReplyValue(json: text)
    #expect(parsed.flatMap { try? pipeline.preference(in: .value($0)) } == 1)
  }

  // MARK: Labels

  private func tokens(_ pairs: [(String, Double)]) -> TokenChoices {
    TokenChoices(pairs.map { .init($0.0, logProbability: $0.1) })
  }

  private func labels(binary: Bool = false, _ position: ReplyParser.LabelProbability.Position = .each)
    -> ReplyParser
  {
    .logProbability(.init(first: "m", labels: ["m", "M"], isBinarized: binary, position: position))
  }

  @Test func theShareOfALabelIsItsShareOfTheProbability() throws {
    let reply = JudgeReply.tokens([tokens([("M", log(0.3)), ("Both", log(0.5)), ("m", log(0.1))])])
    #expect(abs(try labels().preference(in: reply) - 1.75) < 1e-15)
    #expect(try labels(binary: true).preference(in: reply) == 2)
  }

  @Test func aLabelThatIsNotListedHasProbabilityZero() throws {
    #expect(try labels().preference(in: .tokens([tokens([("m", -0.1)])])) == 1)
    #expect(try labels().preference(in: .tokens([tokens([("M", -0.1)])])) == 2)
    #expect(throws: ReplyFault.noLabel(["m", "M"])) {
      try labels().preference(in: .tokens([tokens([("The", -0.1)])]))
    }
  }

  @Test func equalLabelsAreExactlyADraw() throws {
    for value in [-0.7, -3.25, -17.125] {
      #expect(try labels().preference(in: .tokens([tokens([("m", value), ("M", value)])])) == 1.5)
    }
  }

  @Test func afterReasoningTheLastTokenCounts() throws {
    let reply = JudgeReply.tokens([tokens([("m", -0.01)]), tokens([("M", -0.01)])])
    #expect(try labels(.last).preference(in: reply) == 2)
    #expect(try labels().preferences(in: reply, count: 2) == [1, 2])
  }

  @Test func aFaultSaysWhatIsWrong() {
    #expect(throws: ReplyFault.empty) { try ranking.preference(in: .text("")) }
    #expect(throws: ReplyFault.wrongKind(expected: "log-probabilities")) {
      try labels().preference(in: .text("m"))
    }
    #expect(throws: ReplyFault.wrongCount(found: 0, expected: 1)) {
      try ReplyParser.patterns([.init("x", means: 1)]).preference(in: .text("y"))
    }
    #expect(
      ReplyFault.wrongCount(found: 1, expected: 4).description
        == "The reply holds 1 preference where 4 were asked for.")
    #expect(throws: ReplyFault.notAPreference("3.0")) { try ReplyParser.literal.preference(in: .text("3")) }
  }
}
