import Foundation
import Hustings
import HustingsFixtures
import HustingsTraining
import Populations
import Testing

/// A file of votes that lives as long as a test.
final class VotesText {
  let path: String

  init(_ lines: [String], extension name: String = "jsonl") throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).\(name)").path
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func line(_ annotator: String, _ answer: String, responses: String = #"["a", "b", "c"]"#) -> String {
    #"{"annotator": "\#(annotator)", "prompt": "q", "responses": \#(responses), \#(answer)}"#
  }
}

@Suite("A file of votes")
struct VotesFileTests {
  private func only(_ answer: String, responses: String = #"["a", "b", "c"]"#) throws -> VotePanel {
    let text = try VotesText([VotesText.line("ann", answer, responses: responses)])
    return try VotesFile(text.path).panel
  }

  @Test(arguments: [
    (#""choice": 1"#, [1, 0, 2], 1), (#""choice": "b""#, [1, 0, 2], 1),
    (#""ranking": [2, 0, 1]"#, [2, 0, 1], 2),
    (#""ranking": ["c"]"#, [2, 0, 1], 1), (#""ranks": [3, 1, 2]"#, [1, 2, 0], 2),
    (#""ranks": [null, 1, null]"#, [1, 0, 2], 1), (#""ranking": [[0, 2], 1]"#, [0, 2, 1], 2),
    (#""ranks": [1, 2, 1]"#, [0, 2, 1], 2),
  ])
  func answersOfEveryKindBecomeOrders(answer: String, rows: [Int32], places: Int32) throws {
    let panel = try only(answer)
    #expect(Array(panel.patterns.rows(of: 0)) == rows)
    #expect(panel.patterns.places[0] == places)
  }

  @Test func twoEqualRanksAreATie() throws {
    let panel = try only(#""ranks": [1, 2, 1]"#)
    #expect(panel.patterns.joins == [true, false, false])
    let pair = try only(#""choice": "tie""#, responses: #"["a", "b"]"#)
    #expect(pair.patterns.joins == [true, false])
    #expect(pair.patterns.places == [2])
  }

  @Test func anEmptyAnswerLeavesRoomForAnother() throws {
    let panel = try only(#""ranking": null, "choice": 1"#)
    #expect(Array(panel.patterns.rows(of: 0)) == [1, 0, 2])
    let fault = try #require(throws: VotesFault.self) { try only(#""ranking": [0, 1], "choice": 1"#) }
    #expect(fault.fault == .twoAnswers("ranking", "choice"))
  }

  @Test func aWeightMayStandOnAnyLineButIsOne() throws {
    func panel(_ first: String, _ second: String) throws -> VotePanel {
      let lines = [first, second].map { VotesText.line("ann", #""choice": 0\#($0)"#) }
      let text = try VotesText(lines)
      return try VotesFile(text.path).panel
    }
    #expect(try panel("", #", "weight": 3"#).weights == [3])
    #expect(try panel("", "").weights == nil)
    let two = try #require(throws: VotesFault.self) { try panel(#", "weight": 2"#, #", "weight": 3"#) }
    #expect(two.fault == .twoWeights(annotator: "ann", 2, 3))
    let negative = try #require(throws: VotesFault.self) { try panel("", #", "weight": -1"#) }
    #expect(negative.fault == .badWeight(annotator: "ann", -1))
    #expect("\(negative)".contains(".jsonl:2"))
  }

  @Test func aHalfIsNoResponse() throws {
    let fault = try #require(throws: (any Error).self) { try only(#""choice": 0.5"#) }
    #expect("\(fault)".contains("a response's position from 0, its name or its text"))
  }

  @Test func responsesMayHaveNames() throws {
    let panel = try only(#""choice": "second""#, responses: #"{"first": "a", "second": "b"}"#)
    #expect(panel.menus[0].responses.map(\.text) == ["a", "b"])
    #expect(Array(panel.patterns.rows(of: 0)) == [1, 0])
    let listed = try only(
      #""choice": "y""#, responses: #"[{"id": "x", "text": "a"}, {"id": "y", "text": "b"}]"#)
    #expect(Array(listed.patterns.rows(of: 0)) == [1, 0])
  }

  @Test func pairsNeedNoListOfResponses() throws {
    let text = try VotesText([#"{"annotator": 7, "prompt": "q", "chosen": "x", "rejected": "y"}"#])
    let panel = try VotesFile(text.path).panel
    #expect(panel.annotators == ["7"])
    #expect(panel.menus[0].responses.map(\.text) == ["x", "y"])
  }

  @Test func equalVotesShareOnePattern() throws {
    let text = try VotesText([
      VotesText.line("ann", #""choice": 0"#), VotesText.line("bob", #""ranking": ["a"]"#),
      VotesText.line("bob", #""choice": 2"#, responses: #"["c", "b", "a"]"#),
    ])
    let panel = try VotesFile(text.path).panel
    #expect(panel.patterns.count == 1)
    #expect(panel.votes == [0, 0, 0])
    #expect(panel.voteOffsets == [0, 1, 3])
  }

  @Test func whoDoesNotAnswerIsKept() throws {
    let text = try VotesText([
      VotesText.line("ann", #""choice": null"#),
      VotesText.line("bob", #""choice": 1"#, responses: #"["a", "b"]"#),
    ])
    let file = try VotesFile(text.path)
    #expect(file.unanswered == 1)
    #expect(file.panel.annotators == ["ann", "bob"])
    #expect(file.panel.votes(of: 0).isEmpty)
  }

  @Test(arguments: [
    (#""choice": 3"#, "response 3 is not among the 3 that were shown"),
    (#""choice": "d""#, "response 'd' is not among the 3"),
    (#""ranking": [0, 0]"#, "placed twice"), (#""ranks": [1, 1, 1]"#, "3 responses share one rank"),
    (#""ranks": [1, 2]"#, "one per response"), (#""choice": "tie""#, "3 responses share one rank"),
    (#""ranking": []"#, "no response is placed"), (#""note": 1"#, "no answer"),
  ])
  func aWrongAnswerIsNamedWithItsLine(answer: String, words: String) throws {
    let text = try VotesText([VotesText.line("ann", #""choice": 0"#), VotesText.line("ann", answer)])
    let error = try #require(throws: (any Error).self) { try VotesFile(text.path) }
    #expect("\(error)".contains(":2"), "\(error)")
    #expect("\(error)".contains(words), "\(error)")
  }

  @Test func aResponseAgainstItselfIsRefused() throws {
    let text = try VotesText([VotesText.line("ann", #""choice": 0"#, responses: #"["a", "a"]"#)])
    let error = try #require(throws: VotesFault.self) { try VotesFile(text.path) }
    #expect(error.fault == .sameResponse(annotator: "ann"))
    #expect("\(error)".contains("compares a response with itself"))
  }

  @Test func oneAnnotatorHasOneGroup() throws {
    let text = try VotesText([
      VotesText.line("ann", #""group": "A", "choice": 0"#),
      VotesText.line("ann", #""group": "B", "choice": 0"#),
    ])
    let error = try #require(throws: VotesFault.self) { try VotesFile(text.path) }
    #expect(error.fault == .twoGroups(annotator: "ann", "A", "B"))
  }

  @Test func featuresAreOnEveryLineAndTheSame() throws {
    let pair = #"["a", "b"]"#
    func file(_ features: [String]) throws -> VotesFile {
      let text = try VotesText(
        features.map { VotesText.line("ann", #"\#($0)"choice": 0"#, responses: pair) })
      return try VotesFile(text.path)
    }
    let good = try file([#""features": [[1, 2], [3, 4]], "#, #""features": [[1, 2], [3, 4]], "#])
    #expect(good.features?.dense == [1, 2, 3, 4])
    #expect(throws: (any Error).self) {
      try file([#""features": [[1, 2], [3, 4]], "#, #""features": [[1, 2], [3, 5]], "#])
    }
    #expect(throws: (any Error).self) { try file([#""features": [[1, 2], [3]], "#]) }
    #expect(throws: (any Error).self) { try file([#""features": [[1, 2]], "#]) }
    #expect(try file([""]).features == nil)
  }

  @Test func anEmptyFileHasNothingToLearnFrom() throws {
    let text = try VotesText([VotesText.line("ann", #""choice": null"#)])
    let error = try #require(throws: VotesFault.self) { try VotesFile(text.path) }
    #expect(error.fault == .noVotes)
  }

  @Test func theDigestIsOfVotesNotOfSpelling() throws {
    let one = try VotesText([VotesText.line("ann", #""choice": 0"#)])
    let same = try VotesText([VotesText.line("ann", #""ranking": ["a"]"#)])
    let other = try VotesText([VotesText.line("ann", #""choice": 1"#)])
    #expect(try VotesFile(one.path).digest == VotesFile(same.path).digest)
    #expect(try VotesFile(one.path).digest != VotesFile(other.path).digest)
  }
}
