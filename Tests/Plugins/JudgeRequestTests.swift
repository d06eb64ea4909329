import Hustings
import HustingsData
import HustingsFixtures
import Testing

@testable import JudgePlugins

@Suite struct JudgeRequestTests {
  private let turns = [
    JudgeTurn(role: .system, text: "Say \"A\" or \\B\\.\u{1}\t\r\n"),
    JudgeTurn(role: .user, text: "你好, 🗳️ or é?\n"),
    JudgeTurn(role: .assistant, text: ""),
  ]

  /// Kept replies are found by the digest of these bytes, which have to stay what they were.
  @Test func aBodyIsTheCanonicalJSONOfItsMembers() throws {
    let members: [(String, JSONValue)] = [
      ("temperature", 0.5), ("max_tokens", 1_024), ("a", ["z": 1, "b": nil]), ("stop", ["x", "y"]),
    ]
    let parameters = JSONObject(members)
    let written = try JudgeRequest(model: "m/1", parameters: parameters, usesCompletions: false).body(turns)
    var whole = parameters
    whole["model"] = .string("m/1")
    whole["messages"] = JSONValue.array(
      turns.map { turn -> JSONValue in
        ["role": .string(turn.role.name), "content": .string(turn.text)]
      })
    #expect(written == (try JSONValue.object(whole).encoded(.canonical)))
  }

  @Test func completionsHaveOneText() throws {
    let parameters = JSONObject([("logprobs", .bool(true)), ("top_logprobs", .integer(7))])
    let written = try JudgeRequest(model: "m", parameters: parameters, usesCompletions: true).body(turns)
    let whole: JSONValue = [
      "model": "m", "logprobs": 7, "prompt": .string(turns.map(\.text).joined(separator: "\n\n")),
    ]
    #expect(written == (try whole.encoded(.canonical)))
  }

  @Test func aParameterMayStandInThePlaceOfTheTurnsOrTheModel() throws {
    let parameters = JSONObject([("messages", .string("none")), ("model", .string("other"))])
    let written = try JudgeRequest(model: "m", parameters: parameters, usesCompletions: false).body(turns)
    #expect(String(decoding: written, as: UTF8.self) == #"{"messages":"none","model":"other"}"#)
  }

  @Test func whatJSONCannotWriteIsRefused() {
    let parameters = JSONObject([("temperature", .double(.infinity))])
    #expect(throws: DataError.self) {
      try JudgeRequest(model: "m", parameters: parameters, usesCompletions: false)
    }
  }

  @Test func everyByteOfATextIsEscapedAsJSONAsks() {
    for byte in UInt8(0)..<128 {
      for length in 0..<20 {
        let text =
          String(repeating: "x", count: length) + String(UnicodeScalar(byte))
          + String(repeating: "y", count: 9)
        var bytes: [UInt8] = []
        bytes.appendJSON(text)
        let node = try? JSONNode.parse(bytes, name: "text")
        #expect(node?.value == .string(text))
        #expect(bytes.allSatisfy { $0 >= 0x20 })
      }
    }
  }
}

@Suite struct SharedQuestionTests {
  @Test func whoWaitsForAnInterruptedAskerAsksHimself() async throws {
    let gate = Gate()
    let server = try JudgeServer.start { request, _ in
      ScriptedReply([.pass(gate)] + JudgeServer.chat("[[A]]").steps)
    }
    let model = try await networkModels(
      "openai:my-model?base-url=\(server.address)/v1&attempts=1&orders=one")[0]
    let first = Task { try await model.judge([pair()]) }
    while server.calls.count < 1 { await Task.yield() }
    let second = Task { try await model.judge([pair()]) }
    try await Task.sleep(for: .milliseconds(50))
    first.cancel()
    _ = await first.result
    gate.open()
    #expect(try await second.value[0].judgment(Matchup(0, 1)) == .margin(1))
  }
}
