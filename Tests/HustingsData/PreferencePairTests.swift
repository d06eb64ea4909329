import Foundation
import Hustings
import HustingsData
import Testing

@Suite struct PreferencePairTests {
  private func line(_ pair: PreferencePair) throws -> String { try pair.json.text() }

  @Test func aPlainPairIsPlainText() throws {
    let pair = PreferencePair(
      id: "a", subset: "s", cluster: "c", prompt: Prompt("Why?"), chosen: Response("Because."),
      rejected: Response("\"No\"\n"))
    #expect(
      try line(pair)
        == #"{"id":"a","subset":"s","cluster":"c","prompt":"Why?","chosen":"Because.","rejected":"\"No\"\n"}"#
    )
  }

  @Test func votesAndProbabilityStandWhereTheyAreKnown() throws {
    let pair = PreferencePair(
      id: "a", subset: "s", cluster: "c", prompt: Prompt("p"), chosen: Response("x"), rejected: Response("y"),
      votes: VoteCount(chosen: 7, valid: 10), probability: 0.25)
    #expect(try line(pair).hasSuffix(#""votes":{"chosen":7,"valid":10},"probability":0.25}"#))
    let half = pair.with(votes: VoteCount(chosen: 2.5, valid: 4))
    #expect(try line(half).contains(#""votes":{"chosen":2.5,"valid":4}"#))
    #expect(try !line(pair.with(votes: nil)).contains("votes"))
  }

  @Test func conversationsAreLists() throws {
    let pair = PreferencePair(
      id: "a", subset: "s", cluster: "c",
      prompt: Prompt([Message(.system, "Be brief."), Message(.user, "Hi")]),
      chosen: Response("four", after: [Message(.assistant, "What?"), Message(.user, "2 + 2")]),
      rejected: Response("five"))
    let text = try line(pair)
    #expect(
      text.contains(#""prompt":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]"#))
    #expect(
      text.contains(
        #""chosen":[{"role":"assistant","content":"What?"},{"role":"user","content":"2 + 2"},{"role":"assistant","content":"four"}]"#
      ))
    #expect(text.contains(#""rejected":"five""#))
  }

  @Test func filesHoldOnePairALine() throws {
    let scratch = try Scratch()
    let pairs = (0..<3).map {
      PreferencePair(
        id: "\($0)", subset: "s", prompt: Prompt("p"), chosen: Response("x\n"), rejected: Response("y"))
    }
    let path = scratch.path + "/pairs.jsonl"
    try PairLines.write(pairs, to: path)
    let rows = try JSONLines.read(path)
    #expect(try rows.map { try $0.string("id") } == ["0", "1", "2"])
    #expect(try rows[0].string("chosen") == "x\n")
    #expect(scratch.names == ["pairs.jsonl"])
  }

  @Test func votesAreMeasuredAsThePaperDoes() {
    // Padmakumar et al. 2024: 10/10 → 1; 9/10 → 0.8; 5/10 → 0; 2/10 → 0.6; 2/3 → 1/3; none → no margin.
    for (chosen, valid, agreement) in [
      (10.0, 10, 1.0), (9, 10, 0.8), (5, 10, 0), (2, 10, 0.6), (2, 3, 1.0 / 3),
    ] {
      let votes = VoteCount(chosen: chosen, valid: valid)
      #expect(abs((votes.agreement ?? -1) - agreement) < 1e-12)
      #expect(abs((votes.swapped.agreement ?? -1) - agreement) < 1e-12)
      #expect(abs((votes.share ?? 0) + (votes.swapped.share ?? 0) - 1) < 1e-12)
    }
    #expect(VoteCount(chosen: 0, valid: 0).agreement == nil)
  }
}
