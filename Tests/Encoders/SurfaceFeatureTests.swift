import Hustings
import Testing

@testable import EncoderPlugins

/// The surface of a text, by name; counts as counts again, not as ln(1 + count).
private func surface(_ text: String) -> [SurfaceFeature: Double] {
  let reading = TextReading()
  reading.read(text, surface: true)
  var row: [Float] = []
  SurfaceReader().append(reading, to: &row)
  return Dictionary(uniqueKeysWithValues: zip(SurfaceFeature.allCases, row.map(Double.init)))
}

private func counts(_ text: String, _ feature: SurfaceFeature) -> Int {
  Int((exponential(surface(text)[feature] ?? -1) - 1).rounded())
}

/// eˣ by its series, so that the test does not use the function it checks.
private func exponential(_ x: Double) -> Double {
  var sum = 1.0
  var term = 1.0
  for n in 1..<80 {
    term *= x / Double(n)
    sum += term
  }
  return sum
}

@Suite struct SurfaceFeatureTests {
  static let page = """
    # Fruits

    Here are *some* fruits: **apple**, "pear" & plum!

    * one
    - two
    1. three
    2) four

    ```swift
    let x = 1
    ```
    See https://example.org/a?b=c or ask me. Are you sure?
    """

  @Test(arguments: [
    (SurfaceFeature.headers, 1), (.bullets, 2), (.numbered, 2), (.bold, 1), (.fences, 1), (.links, 1),
    (.questions, 2), (.exclamations, 1), (.colons, 2), (.quotes, 2), (.lines, 10), (.paragraphs, 4),
    (.sentences, 3),
  ]) func marksAreCounted(_ feature: SurfaceFeature, _ count: Int) {
    // Counted by hand. The stops of "1." and of "example.org" end no sentence of their own, except "1." before a space.
    #expect(counts(SurfaceFeatureTests.page, feature) == (feature == .sentences ? count + 1 : count))
  }

  @Test func charactersAreScalars() {
    #expect(counts("e\u{301}👍🏽", .characters) == 4)
    #expect(counts("", .characters) == 0)
  }

  @Test(arguments: [("The cat's 3 mats", 5), ("", 0), ("a_b c-d", 3), ("日本 語", 2)])
  func wordsAreRunsOfLettersAndDigits(_ text: String, _ count: Int) {
    #expect(counts(text, .words) == count)
  }

  @Test func sharesAreOfAllCharacters() throws {
    let found = surface("AB c1é!")
    #expect(try abs(#require(found[.capitals]) - 2.0 / 7) < 1e-6)
    #expect(try abs(#require(found[.digits]) - 1.0 / 7) < 1e-6)
    #expect(try abs(#require(found[.punctuation]) - 1.0 / 7) < 1e-6)
    #expect(try abs(#require(found[.foreign]) - 1.0 / 7) < 1e-6)
  }

  @Test func wordsHaveLengthAndVariety() throws {
    let found = surface("the cat and the dog and the cow and")
    #expect(try abs(#require(found[.wordLength]) - 3) < 1e-6)
    #expect(try abs(#require(found[.variety]) - 5.0 / 9) < 1e-6)
    // "and the" repeats but no run of three does.
    #expect(counts("the cat and the dog and the cow and", .repetition) == 1)
    #expect(counts("a b c d a b c", .repetition) == 2)
    #expect(counts("a b", .repetition) == 0)
  }

  @Test func personsAreShares() throws {
    let found = surface("I think my plan suits you, and your friends")
    #expect(try abs(#require(found[.firstPerson]) - 2.0 / 9) < 1e-6)
    #expect(try abs(#require(found[.secondPerson]) - 2.0 / 9) < 1e-6)
  }

  @Test(arguments: [
    ("I'm sorry, but I can't help.", 2), ("I’m sorry", 1), ("As an AI language model, I cannot.", 3),
    ("Sure! Here it is.", 0), ("That is ILLEGAL", 1), ("sorry", 0), ("i am not", 0),
  ]) func refusalsAreCounted(_ text: String, _ count: Int) { #expect(counts(text, .refusals) == count) }

  @Test(arguments: [("Done.", 1.0), ("Done", 0), ("Really?  \n", 1), ("", 0), ("1)", 0)])
  func stopsAtTheEnd(_ text: String, _ value: Double) { #expect(surface(text)[.stops] == value) }

  @Test(arguments: [("", 1.0), ("...", 1), ("a", 0)]) func emptiness(_ text: String, _ value: Double) {
    #expect(surface(text)[.empty] == value)
  }

  @Test func everyFeatureOfEveryTextIsFinite() {
    for text in [
      "", "\u{0}", "\n\n\n", "***", "```", String(repeating: "ab ", count: 9_000), "👩‍👩‍👧", "\u{FEFF}x",
    ] {
      #expect(surface(text).values.allSatisfy { $0.isFinite })
    }
  }

  @Test func sharedWordsAreOverlap() throws {
    let prompt = TextReading()
    prompt.read("Name three red fruits, please?", surface: true)
    let response = TextReading()
    response.read("Red fruits: red apple, red plum", surface: true)
    let reader = SharedReader()
    reader.read(prompt: prompt)
    var row: [Float] = []
    reader.append(prompt: prompt, response: response, to: &row)
    let found = Dictionary(uniqueKeysWithValues: zip(SharedFeature.allCases, row.map(Double.init)))
    #expect(try abs(#require(found[.promptUsed]) - 2.0 / 5) < 1e-6)
    #expect(try abs(#require(found[.responseKnown]) - 2.0 / 4) < 1e-6)
    #expect(try abs(#require(found[.echoed]) - 4.0 / 6) < 1e-6)
    #expect(found[.firstEchoed] == 1)
    // ln 7 - ln 6, ln 7 · ln 6, ln 7 and its square.
    #expect(try abs(#require(found[.lengthRatio]) - 0.154151) < 1e-5)
    #expect(try abs(#require(found[.lengthByLength]) - 3.486600) < 1e-5)
    #expect(try abs(#require(found[.lengthIfAsked]) - 1.945910) < 1e-5)
    #expect(try abs(#require(found[.lengthSquared]) - 3.786566) < 1e-5)
  }
}
