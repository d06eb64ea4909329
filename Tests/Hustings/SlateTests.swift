import Hustings
import Testing

@Suite struct SlateTests {
  let texts = ["one", "two", "three", "four"]

  @Test func theOrderOfResponsesSaysNothing() {
    let prompt = Prompt("Count.")
    let reference = Slate(id: "s", prompt: prompt, responses: texts.map { Response($0) })
    for shift in texts.indices {
      let rotated = texts[shift...] + texts[..<shift]
      #expect(Slate(id: "s", prompt: prompt, responses: rotated.map { Response($0) }) == reference)
    }
    #expect(reference.responses.map(\.digest) == reference.responses.map(\.digest).sorted())
  }

  @Test func equalTextsStandOnce() {
    let slate = Slate(
      id: "s", prompt: Prompt("p"), responses: [Response("a"), Response("b"), Response("a")])
    #expect(slate.responses.count == 2)
  }

  @Test func turnsOfItsOwnMakeAResponseDifferent() {
    #expect(Response("a") != Response("a", after: [Message(.user, "b")]))
    #expect(Response("a", after: [Message(.user, "b")]) != Response("a", after: [Message(.assistant, "b")]))
  }

  @Test func promptsDifferByRoleAndByBoundary() {
    #expect(Prompt([Message(.user, "ab")]) != Prompt([Message(.system, "ab")]))
    #expect(
      Prompt([Message(.user, "a"), Message(.user, "b")]) != Prompt([Message(.user, "a\n\nb")]))
    #expect(Prompt("a") == Prompt([Message(.user, "a")]))
  }

  @Test func theContentDigestForgetsTheName() {
    let a = Slate(id: "1", prompt: Prompt("p"), responses: [Response("a"), Response("b")])
    let b = Slate(id: "2", prompt: Prompt("p"), responses: [Response("b"), Response("a")])
    #expect(a.contentDigest == b.contentDigest)
  }

  @Test func allMatchupsAreEveryPairOnce() {
    #expect(Matchup.all(among: 4).count == 6)
    #expect(Matchup.all(among: 1).isEmpty)
    #expect(Matchup.all(among: 0).isEmpty)
    #expect(Set(Matchup.all(among: 5)).count == 10)
  }

  @Test func rolesKeepTheirNames() {
    for name in ["system", "user", "assistant", "tool"] { #expect(Role(name).name == name) }
    #expect(Role("human") == .user)
  }
}
