import HustingsData
import Testing

@Suite struct JSONLinesTests {
  func ids(_ text: String) throws -> [Int] {
    let scratch = try Scratch()
    return try JSONLines.map(try scratch.file("rows.jsonl", text)) { try $0.integer("id") }
  }

  func complaint(_ bytes: [UInt8], _ read: (JSONNode) throws -> Void = { _ in }) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.file("rows.jsonl", bytes)
    return sentence(path) { _ = try JSONLines.map(path, read) }
  }

  func complaint(_ text: String, _ read: (JSONNode) throws -> Void = { _ in }) throws -> String {
    try complaint(Array(text.utf8), read)
  }

  @Test(arguments: [
    "{\"id\":1}\n{\"id\":2}\n", "{\"id\":1}\n{\"id\":2}", "{\"id\":1}\r\n{\"id\":2}\r\n",
    "{\"id\":1}\n{\"id\":2}\n\n \r\n",
    "\u{feff}{\"id\":1}\n{\"id\":2}\n", "{\"id\":1,\"t\":\"a\u{2028}b\u{85}\u{2029}\"}\n {\"id\":2} \n",
  ])
  func linesEndWithByteTenAlone(text: String) throws {
    #expect(try ids(text) == [1, 2])
  }

  @Test func gzipIsToldByItsBytesAndNotByItsName() throws {
    let scratch = try Scratch()
    let text = Array("{\"id\":1}\n{\"id\":2}\n".utf8)
    let hidden = try scratch.file("rows.jsonl", Gzip.compress(text))
    let plain = try scratch.file("plain.jsonl.gz", text)
    for path in [hidden, plain] { #expect(try JSONLines.map(path) { try $0.integer("id") } == [1, 2]) }
  }

  @Test func errorsNameFileAndLine() throws {
    #expect(
      try complaint("{\"id\":1}\n{\"id\":}\n{}")
        == "rows.jsonl:2:7: expected a JSON value, found '}'. Correct the JSON there.")
    #expect(
      try complaint("{\"id\":1}\n{\"x\":1}\n") { _ = try $0.integer("id") }
        == "rows.jsonl:2: 'id' is missing. Check that this is the right file and version.")
    #expect(
      try complaint("{\"id\":1}\n{\"id\":NaN}\n") { _ = try $0.double("id") }
        == "rows.jsonl:2: 'id' is NaN, which is not a number. Write null for a missing value, or correct what produced it."
    )
  }

  /// Every proper prefix of a record's line is a truncation, whatever it ends in.
  @Test func aLastLineCutAnywhereIsTruncated() throws {
    let line = #"{"a": [true, null, -1.5e3, "x\n\u00e9\ud83d\ude00é"], "b": {"c": false}}"#
    let bytes = Array(line.utf8)
    for length in 1..<bytes.count {
      let words = try complaint(Array("{}\n".utf8) + bytes[..<length])
      #expect(
        words
          == "rows.jsonl:2 is truncated: the last line ends in the middle of a record. Fetch or export the file again.",
        "after \(length) bytes")
    }
  }

  @Test func aLastLineThatIsWrongButWholeIsNotCalledTruncated() throws {
    #expect(try complaint("{}\n{\"a\":1,\"a\":2}").contains("stands twice"))
    #expect(try complaint("{}\n{\"a\" 1}").contains("expected ':'"))
    #expect(try complaint("{}\n{\"a\":\n{}\n").contains(":2:6: the JSON ends"))
  }

  @Test func aBlankLineBetweenRecordsIsReported() throws {
    #expect(
      try complaint("{}\n\n  \n{}\n") == "rows.jsonl:2 is blank, but records follow it. Remove the line.")
  }

  @Test(arguments: ["", "\n", " \n\r\n", "\u{feff}"])
  func aFileWithoutRecordsIsEmpty(text: String) throws {
    #expect(try complaint(text) == "rows.jsonl is empty. Fetch or export it again.")
  }

  @Test func invalidUTF8IsNamedWithLineAndByte() throws {
    let bytes = Array("{\"id\":1}\n{\"t\":\"ab".utf8) + [0xc3, 0x28] + Array("\"}\n".utf8)
    #expect(
      try complaint(bytes)
        == "rows.jsonl:2 holds bytes that are no UTF-8, the first at byte 17. Convert the file to UTF-8 or fetch it again."
    )
  }

  @Test(
    arguments: [
      ([0xff, 0xfe, 0x7b, 0], "UTF-16LE"), ([0xfe, 0xff, 0, 0x7b], "UTF-16BE"),
      ([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0], "UTF-32LE"), ([0, 0, 0xfe, 0xff, 0, 0, 0, 0x7b], "UTF-32BE"),
    ] as [([UInt8], String)])
  func otherEncodingsAreNamed(bytes: [UInt8], encoding: String) throws {
    #expect(
      try complaint(bytes)
        == "rows.jsonl is encoded in \(encoding). Convert it to UTF-8, for example with iconv -f \(encoding) -t UTF-8."
    )
  }

  @Test func aTruncatedGzipFileIsReportedWhereverItWasCut() throws {
    let text = (0..<200).map { "{\"id\":\($0),\"x\":\"\($0 * 7919)\"}\n" }.joined()
    let whole = Gzip.compress(Array(text.utf8))
    for length in stride(from: 2, to: whole.count, by: 37) {
      #expect(
        try complaint(Array(whole[..<length]))
          == "rows.jsonl is a truncated gzip file: it ends inside the compressed data. Fetch it again.")
    }
  }

  @Test func linesOfTenMegabytesAreRead() throws {
    let long = String(repeating: "0123456789abcde\\n", count: 10 * 1024 * 64)
    let text = "{\"id\":1}\n{\"id\":2,\"t\":\"\(long)\"}\n{\"id\":3}\n"
    #expect(text.utf8.count > 10_000_000)
    let scratch = try Scratch()
    let path = try scratch.file("rows.jsonl", text)
    let sizes = try JSONLines.map(path) { row in try row.optionalString("t")?.utf8.count ?? 0 }
    #expect(sizes == [0, 15 * 640 * 1024 + 640 * 1024, 0])
  }

  @Test func aCursorReadsAKnownShapeAndSkipsTheRest() throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "rows.jsonl",
      #"{"skip":{"a":[1,{"b":"\u00e9\n"}]},"score":1.5,"tags":["x","y"],"n":null,"k":7,"yes":true}"# + "\n"
        + #"{"score":2}"#)
    var lines = try JSONLines(path)
    var scores: [Double] = []
    var tags: [String] = []
    var whole: [Int] = []
    var flags: [Bool] = []
    while let found = try lines.next(with: { cursor in
      var score: Double?
      try cursor.object { key, cursor in
        switch key {
        case "score": score = try cursor.double()
        case "tags": try cursor.array { tags.append(try $0.string()) }
        case "n": #expect(try cursor.null())
        case "k": whole.append(try cursor.integer())
        case "yes": flags.append(try cursor.bool())
        default: break
        }
      }
      guard let score else { throw cursor.missing("score") }
      return score
    }) { scores.append(found) }
    #expect(scores == [1.5, 2])
    #expect(tags == ["x", "y"])
    #expect(whole == [7])
    #expect(flags == [true])
  }

  @Test(arguments: [
    ("{\"score\":\"1\"}", "rows.jsonl:1:10: expected a number, found a string. Correct the JSON there."),
    (
      "{\"score\":NaN}",
      "rows.jsonl:1:10: NaN is no JSON number. Write null for a missing value, or correct what produced it."
    ),
    ("{\"other\":1}", "rows.jsonl:1:12: 'score' is missing. Check that this is the right file and version."),
    ("[1]", "rows.jsonl:1:1: expected an object, found '['. Correct the JSON there."),
    (
      "{\"score\":1,\"score\":2}",
      "rows.jsonl:1:12: the key 'score' stands twice in one object. Remove one of them."
    ),
    (
      "{\"score\":1,\"x\":\"\\ud800\"}",
      "rows.jsonl:1:17: \\ud800 is half of a surrogate pair and stands for no character. Export the text again as UTF-8."
    ),
  ])
  func aCursorNamesColumns(line: String, words: String) throws {
    let scratch = try Scratch()
    let path = try scratch.file("rows.jsonl", line + "\n")
    let found = sentence(path) {
      var lines = try JSONLines(path)
      _ = try lines.next(with: { cursor -> Double in
        var score: Double?
        try cursor.object { key, cursor in if key == "score" { score = try cursor.double() } }
        guard let score else { throw cursor.missing("score") }
        return score
      })
    }
    #expect(found == words)
  }

  @Test func skippedStringsAreCheckedToo() throws {
    let scratch = try Scratch()
    let path = try scratch.file("rows.jsonl", Array("{\"x\":\"a".utf8) + [0xff] + Array("\"}\n".utf8))
    let found = sentence(path) {
      var lines = try JSONLines(path)
      _ = try lines.next(with: { cursor in try cursor.skip() })
    }
    #expect(found.contains("no UTF-8, the first at byte 7"))
  }

  /// Keys that differ in little, more of them than are compared one by one, and objects within objects.
  @Test(arguments: [1, 5, 32, 33, 80])
  func aCursorKeepsTheKeysOfObjectsApart(count: Int) throws {
    let keys = (0..<count).map { "k\(100 + $0)" }
    let inner = keys.map { "\"\($0)\":1.5" }.joined(separator: ",")
    let fine = keys.map { "\"\($0)\":{\(inner)}" }.joined(separator: ",")
    let scratch = try Scratch()
    #expect(try read("{\(fine)}", scratch) == count)
    for place in Set([0, count / 2, count - 1]) {
      let twice = "{\(fine),\"\(keys[place])\":2}"
      #expect(sentence("") { _ = try read(twice, scratch) }.contains("the key '\(keys[place])' stands twice"))
      let within = "{\"a\":{\(inner),\"\(keys[place])\":2}}"
      #expect(
        sentence("") { _ = try read(within, scratch) }.contains("the key '\(keys[place])' stands twice"))
    }
  }

  /// How many keys the outer object of a line has; inner ones are read member by member too.
  private func read(_ line: String, _ scratch: borrowing Scratch) throws -> Int {
    var lines = try JSONLines(scratch.file("keys.jsonl", line + "\n"))
    return try lines.next(with: { cursor in
      var count = 0
      try cursor.object { _, cursor in
        count += 1
        if cursor.kind() == .object { try cursor.object { _, _ in } }
      }
      return count
    }) ?? 0
  }

  @Test(arguments: ["1", "12345678901234567890123", "1e300", "-0", "0.5e-400", "1.7976931348623157e308"])
  func aNumberIsSkippedOrReadAlike(number: String) throws {
    let scratch = try Scratch()
    var lines = try JSONLines(scratch.file("n.jsonl", "{\"a\":\(number),\"b\":\(number)}\n"))
    let found = try lines.next(with: { cursor -> Double? in
      var found: Double?
      try cursor.object { key, cursor in if key == "b" { found = try cursor.double() } }
      return found
    })
    #expect(found == Double(number))
  }

  @Test(arguments: ["1e309", "12345678901234567890123e300", "1.", "01", "1e"])
  func aNumberThatIsNoneIsNeitherSkippedNorRead(number: String) throws {
    let scratch = try Scratch()
    for wanted in ["a", "b"] {
      var lines = try JSONLines(scratch.file("n.jsonl", "{\"a\":\(number)}\n"))
      #expect(throws: DataError.self) {
        _ = try lines.next(with: { cursor in
          try cursor.object { key, cursor in if key == wanted { _ = try cursor.double() } }
        })
      }
    }
  }
}
