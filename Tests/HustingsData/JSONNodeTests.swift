import HustingsData
import Testing

/// Fields by name, and the sentences for those that are not as they should be.
@Suite struct JSONNodeTests {
  let document = """
    {
      "name": "set",
      "score": 1.5, "count": 3, "whole": 4.0, "flag": true, "gap": null,
      "turns": [
        {"role": "user", "content": "hi"},
        {"role": 7,
         "content": "there"}
      ],
      "numbers": [1, 2.5, NaN], "words": ["a", "b"],
      "bad": NaN
    }
    """

  func root() throws -> JSONNode { try JSONNode.parse(document, name: "set.json") }

  @Test func fieldsAreReadByNameAndType() throws {
    let root = try root()
    #expect(try root.string("name") == "set")
    #expect(try root.double("score") == 1.5)
    #expect(try root.double("count") == 3)
    #expect(try root.integer("count") == 3)
    #expect(try root.integer("whole") == 4)
    #expect(try root.bool("flag"))
    #expect(try root.strings("words") == ["a", "b"])
    #expect(try root.array("turns").map { try $0.string("content") } == ["hi", "there"])
    #expect(try root.first(of: "turns")?.string("content") == "hi")
    #expect(try root.first(of: "turns")?.node("content").path == "turns[0].content")
    #expect(try JSONNode.parse("{\"a\": []}", name: "x").first(of: "a") == nil)
    #expect(try root.members().map(\.key).first == "name")
    #expect(try root.node("gap").isNull)
    #expect(try root.member("nothing") == nil)
  }

  @Test func absentAndNullOptionalFieldsAreNil() throws {
    let root = try root()
    #expect(try root.optionalString("gap") == nil)
    #expect(try root.optionalString("nothing") == nil)
    #expect(try root.optionalDouble("gap") == nil)
    #expect(try root.optionalInteger("count") == 3)
    #expect(try root.optionalBool("flag") == true)
    #expect(try root.optionalArray("words")?.count == 2)
    #expect(try root.optionalNode("gap") == nil)
  }

  @Test func aMissingFieldIsNamedWithTheLineOfItsObjectAndTheNearestKey() {
    #expect(
      sentence { _ = try root().string("nmae") }
        == "set.json:1: 'nmae' is missing. Did you mean 'name'? Check that this is the right file and version."
    )
    #expect(
      sentence { _ = try root().array("turns")[1].string("author") }
        == "set.json:6: 'turns[1].author' is missing. Check that this is the right file and version.")
  }

  @Test func whatHoldsNoFirstElementIsNamed() {
    #expect(sentence { _ = try root().first(of: "turn") } == sentence { _ = try root().array("turn") })
    #expect(sentence { _ = try root().first(of: "flag") } == sentence { _ = try root().array("flag") })
  }

  @Test func textsOfEveryLengthAreReadAlike() throws {
    let record = "{\"id\": 7, \"a key of more than fifteen bytes\": \"é\", \"inner\": {\"id\": 8}}"
    // From a few bytes to many times what is read without a table of keys.
    for count in [1, 2, 200, 300, 2_000] {
      let text = "[" + Array(repeating: record, count: count).joined(separator: ",") + "]"
      let records = try JSONNode.parse(text, name: "x").elements()
      #expect(records.count == count)
      for record in records {
        #expect(try record.object().keys == ["id", "a key of more than fifteen bytes", "inner"])
        #expect(try record.integer("id") == 7 && record.node("inner").integer("id") == 8)
      }
    }
  }

  @Test func aWrongTypeIsNamedWithItsPathAndLine() {
    #expect(
      sentence { _ = try root().array("turns")[1].string("role") }
        == "set.json:6: 'turns[1].role' must be a string, but is a number. Correct it or export the file again."
    )
    #expect(
      sentence { _ = try root().integer("score") }
        == "set.json:3: 'score' must be a whole number, but is a number. Correct it or export the file again."
    )
    #expect(
      sentence { _ = try root().string("gap") }
        == "set.json:3: 'gap' must be a string, but is null. Correct it or export the file again.")
  }

  @Test func aNumberThatIsNoneIsNamedWithItsLine() {
    #expect(
      sentence { _ = try root().double("bad") }
        == "set.json:10: 'bad' is NaN, which is not a number. Write null for a missing value, or correct what produced it."
    )
    #expect(sentence { _ = try root().doubles("numbers") }.hasPrefix("set.json:9: 'numbers[2]' is NaN"))
    #expect(sentence { _ = try root().optionalDouble("bad") }.hasPrefix("set.json:10: 'bad' is NaN"))
  }

  @Test func theLineIsFoundBehindEscapedKeysAndLongTexts() {
    let text = "{\"a\\n\": \"\\u2028\u{2028}\",\n\"b\": [1,\n{\"c\\u0041\": []}]}"
    #expect(
      sentence { _ = try JSONNode.parse(text, name: "x").array("b")[1].string("cA") }
        == "x:3: 'b[1].cA' must be a string, but is an array. Correct it or export the file again.")
  }

  @Test func unknownKeysCanBeForbidden() throws {
    let node = try JSONNode.parse("{\"name\":1,\"licens\":2}", name: "x")
    #expect(
      sentence { try node.allow(only: ["name", "licence"]) }
        == "x:1: 'licens' means nothing here. Did you mean 'licence'? Remove it or correct its spelling.")
  }

  @Test func theRootItselfIsCalledTheValue() {
    #expect(
      sentence { _ = try JSONNode.parse("[]", name: "x").string("a") }
        == "x:1: the value must be an object, but is an array. Correct it or export the file again.")
  }
}
