import EncoderPlugins
import Hustings
import Testing

private func item(_ prompt: String, _ response: String) -> Passage {
  Passage(Prompt(prompt), Response(response))
}

private let context = EncoderContext(seed: 1)

@Suite struct TableEncoderTests {
  @Test func everyItemHasAColumnOfItsOwn() async throws {
    let items = [item("p", "a"), item("p", "b"), item("q", "a"), item("p", "a")]
    let encoder = try TableEncoder(items)
    #expect(encoder.card.sparseWidth == 3)
    let rows = try await encoder.encode(items)
    let sparse = try #require(rows.sparse)
    #expect(sparse.values == [1, 1, 1, 1])
    #expect(sparse.columns[0] == sparse.columns[3])
    #expect(Set(sparse.columns).count == 3)
  }

  @Test func theOrderOfTrainingDoesNotMatter() throws {
    let items = (0..<20).map { item("p", "\($0)") }
    #expect(try TableEncoder(items).card == TableEncoder(items.reversed() + items).card)
  }

  @Test func aPromptAloneIsARowOfZeros() async throws {
    let rows = try await TableEncoder([item("p", "a")]).encode([Passage(Prompt("p"), nil), item("p", "a")])
    #expect(rows.sparse?.offsets == [0, 0, 1])
  }

  @Test func unknownItemsAreRefused() async throws {
    let encoder = try TableEncoder([item("p", "a"), item("p", "b")])
    let error = await #expect(throws: EncoderError.self) { try await encoder.encode([item("q", "a")]) }
    #expect(
      error?.description
        == "table knows 2 items, and 'a' is none of them. Use an encoder that reads texts, such as hashed.")
  }

  @Test func noItemsAreRefused() {
    #expect(throws: EncoderError.nothingToFit(kind: "table")) {
      try TableEncoder([Passage(Prompt("p"), nil)])
    }
  }

  @Test func restoringGivesTheSameRows() async throws {
    let items = [item("p", "a"), item("p", "b"), item("q", "c")]
    let encoder = try await Encoders.fit("table", on: items, context: context)
    let restored = try Encoders.restore(encoder.state, context: context)
    #expect(restored.card == encoder.card)
    #expect(try await restored.encode(items) == encoder.encode(items))
    for text in ["", "zz", "\(items[0].digest.hex) \(items[0].digest.hex)"] {
      let part = EncoderState.Part(kind: "table", settings: ["items": text])
      #expect(throws: EncoderError.self) { try Encoders.restore(EncoderState([part]), context: context) }
    }
  }

  @Test(arguments: ["table:x", "table?x=1"]) func mistakesAreRefused(_ text: String) async {
    await #expect(throws: EncoderError.self) {
      try await Encoders.fit(text, on: [item("p", "a")], context: context)
    }
  }
}
