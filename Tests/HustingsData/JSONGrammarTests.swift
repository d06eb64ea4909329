import HustingsData
import Testing

/// RFC 8259, and what this reader adds to it: no key twice, no lone surrogate, a limit to nesting.
@Suite struct JSONGrammarTests {
  func value(_ text: String, nonFinite: NonFiniteRule = .keep) throws -> JSONValue {
    try JSONNode.parse(text, name: "x.json", nonFinite: nonFinite).value
  }

  func complaint(_ text: String, nonFinite: NonFiniteRule = .keep) -> String {
    sentence { _ = try value(text, nonFinite: nonFinite) }
  }

  @Test func everyKindOfValueIsRead() throws {
    let read = try value(#" { "a" : [ 1 , -2.5, "x", true, false, null, {}, [] ] , "b": {"c":"d"} } "#)
    #expect(read == ["a": [1, -2.5, "x", true, false, nil, [:], []], "b": ["c": "d"]])
  }

  @Test func keysKeepTheirOrder() throws {
    guard case .object(let object) = try value(#"{"z":1,"a":2,"m":3}"#) else { throw Missing() }
    #expect(object.keys == ["z", "a", "m"])
  }

  @Test(arguments: [
    ("\"\\n\\t\\r\\b\\f\\/\\\\\\\"\"", "\n\t\r\u{8}\u{c}/\\\""),
    (#""\u0041\u00e9\u4e2d\u0000""#, "Aé中\u{0}"),
    (#""\ud83d\ude00 and \uD834\uDD1E""#, "😀 and 𝄞"),
    (
      #""plain text that is longer than one block, é and 日本 included""#,
      "plain text that is longer than one block, é and 日本 included"
    ),
    ("\"a\u{2028}b\u{2029}c\u{85}d\"", "a\u{2028}b\u{2029}c\u{85}d"),
    (#""""#, ""),
    (#""1234567\n""#, "1234567\n"),
    (#""12345678\n12345678\u00e9""#, "12345678\n12345678é"),
  ])
  func stringsAreReadExactly(spelling: String, meaning: String) throws {
    let read = try value(spelling)
    #expect(read == .string(meaning))
    guard case .string(let text) = read else { throw Missing() }
    #expect(Array(text.utf8) == Array(meaning.utf8))
  }

  @Test func stringsOfEveryLengthAreReadWithAndWithoutEscapes() throws {
    for length in 0...70 {
      let plain = String(
        (0..<length).map { "abcdefghij"[String.Index(utf16Offset: $0 % 10, in: "abcdefghij")] })
      #expect(try value("\"\(plain)\"") == .string(plain))
      #expect(try value("\"\(plain)\\n\(plain)\"") == .string(plain + "\n" + plain))
      #expect(try value("\"\(plain)é\(plain)\"") == .string(plain + "é" + plain))
    }
  }

  @Test(arguments: [
    ("0", JSONValue.integer(0)), ("-7", .integer(-7)), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("1.0", .double(1)), ("1e2", .double(100)),
    ("-0.0", .double(-0.0)),
    ("-0", .double(-0.0)), ("18446744073709551616", .double(18446744073709551616)), ("0.1", .double(0.1)),
    ("5e-324", .double(.leastNonzeroMagnitude)),
    ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)), ("1e-400", .double(0)),
    ("0.000000000000000000000000000001", .double(1e-30)), ("9007199254740993.0", .double(9007199254740992)),
  ])
  func numbersAreExact(spelling: String, expected: JSONValue) throws {
    let read = try value(spelling)
    #expect(read == expected)
    if case (.double(let a), .double(let b)) = (read, expected) { #expect(a.bitPattern == b.bitPattern) }
  }

  /// Famous hard cases (the second once hung PHP and Java), against the standard library.
  @Test(arguments: [
    "123456789012345678901234567890", "2.2250738585072011e-308", "2.2250738585072012e-308", "1e23", "8.5e22",
    "9007199254740992.5", "0.500000000000000166533453693773481063544750213623046875", "1e-323", "4.9e-324",
  ])
  func hardNumbersAreRoundedAsTheStandardLibraryDoes(spelling: String) throws {
    let reference = try #require(Double(spelling))
    #expect(try value(spelling).bits == reference.bitPattern)
  }

  /// The standard library's conversion is the reference: it is correctly rounded.
  @Test func randomNumbersAreRoundedAsTheStandardLibraryDoes() throws {
    var random = SeededNumbers(seed: 11)
    for _ in 0..<20_000 {
      let digits = Int.random(in: 1...21, using: &random)
      var spelling = String((0..<digits).map { _ in Character("\(Int.random(in: 0...9, using: &random))") })
      let point = Int.random(in: 0...digits, using: &random)
      let whole = spelling.prefix(point).drop { $0 == "0" }
      spelling = (whole.isEmpty ? "0" : String(whole)) + "." + spelling.dropFirst(point) + "5"
      if Bool.random(using: &random) { spelling += "e\(Int.random(in: -40...40, using: &random))" }
      guard case .double(let read) = try value(spelling), let reference = Double(spelling) else {
        throw Missing()
      }
      #expect(read.bitPattern == reference.bitPattern, "\(spelling)")
    }
  }

  @Test func doublesSurviveWritingAndReading() throws {
    var random = SeededNumbers(seed: 12)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      let text = try JSONValue.double(number).text()
      let read = try value(text)
      if case .double(let back) = read { #expect(back.bitPattern == number.bitPattern, "\(text)") }
    }
  }

  /// Exactly half way between two doubles: ties go to the even one. 2^53 + 1 and its neighbours, scaled by powers of 10.
  @Test(arguments: ["9007199254740993", "9007199254740995", "90071992547409930", "18014398509481986"])
  func tiesGoToEven(whole: String) throws {
    for places in 1...15 {
      let spelling = "\(whole.dropLast(places)).\(whole.suffix(places))"
      guard let reference = Double(spelling) else { throw Missing() }
      #expect(try value(spelling) == .double(reference))
    }
  }

  @Test(arguments: [
    ("01", "x.json:1:1: '01' is no JSON number. Write digits, such as 0.5 or -1e-3."),
    ("[1.]", "x.json:1:2: '1.' is no JSON number. Write digits, such as 0.5 or -1e-3."),
    ("-", "x.json:1:1: '-' is no JSON number. Write digits, such as 0.5 or -1e-3."),
    ("1e", "x.json:1:1: '1e' is no JSON number. Write digits, such as 0.5 or -1e-3."),
    ("1.2.3", "x.json:1:1: '1.2.3' is no JSON number. Write digits, such as 0.5 or -1e-3."),
    (".5", "x.json:1:1: expected a JSON value, found '.5'. Correct the JSON there."),
    ("+1", "x.json:1:1: expected a JSON value, found '+1'. Correct the JSON there."),
    ("1e400", "x.json:1:1: the number 1e400 is larger than any double. Correct it."),
    ("-1e400", "x.json:1:1: the number -1e400 is larger than any double. Correct it."),
    ("tru", "x.json:1:1: expected a JSON value, found 'tru'. Correct the JSON there."),
    ("{\"a\":1,}", "x.json:1:8: expected a key in quotation marks, found '}'. Correct the JSON there."),
    ("[1,]", "x.json:1:4: expected a JSON value, found ']'. Correct the JSON there."),
    ("{\"a\" 1}", "x.json:1:6: expected ':', found '1'. Correct the JSON there."),
    ("{'a':1}", "x.json:1:2: expected a key in quotation marks, found '''. Correct the JSON there."),
    ("[1 2]", "x.json:1:4: expected ',' or ']', found '2'. Correct the JSON there."),
    ("[1", "x.json:1:3: the JSON ends where ',' or ']' should follow. The file may be cut short."),
    ("{\"a\":", "x.json:1:6: the JSON ends where a JSON value should follow. The file may be cut short."),
    (
      "\"abc", "x.json:1:1: the JSON ends where the end of a string should follow. The file may be cut short."
    ),
    (
      "[\n\"a\tb\"]",
      "x.json:2:3: a string holds the control character 0x09. Write it as an escape, such as \\n or \\u0000."
    ),
    ("\"a\\xb\"", "x.json:1:3: '\\x' is no JSON escape. Write \\\\ for a backslash."),
    ("\"\\u12g4\"", "x.json:1:2: '\\u12g4' is no JSON escape. Write \\\\ for a backslash."),
    (
      "\"é\\ud83d\"",
      "x.json:1:3: \\ud83d is half of a surrogate pair and stands for no character. Export the text again as UTF-8."
    ),
    (
      "\"\\ude00\\ud83d\"",
      "x.json:1:2: \\ude00 is half of a surrogate pair and stands for no character. Export the text again as UTF-8."
    ),
    (
      "\"\\ud83d\\u0041\"",
      "x.json:1:2: \\ud83d is half of a surrogate pair and stands for no character. Export the text again as UTF-8."
    ),
    (
      "{\"a\":1,\n \"b\":2,\n \"a\":3}",
      "x.json:3:2: the key 'a' stands twice in one object. Remove one of them."
    ),
    ("{\"a\":1,\"\\u0061\":3}", "x.json:1:8: the key 'a' stands twice in one object. Remove one of them."),
    (
      "{} {}",
      "x.json:1:4: '{' follows the JSON value. Put one value in a file, or name a file of JSON lines .jsonl."
    ),
    (
      "[1]\u{0}",
      "x.json:1:4: the control character 0x0 follows the JSON value. Put one value in a file, or name a file of JSON lines .jsonl."
    ),
  ])
  func everyFaultIsNamedWithItsPlace(text: String, words: String) {
    #expect(complaint(text) == words)
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity"])
  func numbersThatAreNoneAreKeptOrRefused(word: String) throws {
    let kept = try value("[\(word)]")
    #expect(kept == .array([.nonFinite(try #require(JSONValue.NonFinite(rawValue: word)))]))
    #expect(
      complaint("[\(word)]", nonFinite: .refuse)
        == "x.json:1:2: \(word) is no JSON number. Write null for a missing value, or correct what produced it."
    )
  }

  @Test func keysThatMerelyLookAlikeAreDifferent() throws {
    guard case .object(let object) = try value("{\"\u{e9}\":1,\"e\u{301}\":2}") else { throw Missing() }
    #expect(object.count == 2)
    #expect(object["\u{e9}"] == 1)
    #expect(object["e\u{301}"] == 2)
  }

  @Test func largeObjectsFindEveryKeyAndEveryDuplicate() throws {
    for count in [1, 11, 12, 13, 40, 1000] {
      let text = "{" + (0..<count).map { "\"key \($0)\":\($0)" }.joined(separator: ",") + "}"
      guard case .object(let object) = try value(text) else { throw Missing() }
      #expect((0..<count).allSatisfy { object["key \($0)"] == .integer($0) })
      #expect(object["key \(count)"] == nil)
      #expect(complaint(text.dropLast() + ",\"key 0\":1}").contains("the key 'key 0' stands twice"))
    }
  }

  @Test func nestingHasALimitAndReachesIt() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try value(nested(JSONCursor.depthLimit))
    #expect(complaint(nested(JSONCursor.depthLimit + 1)).contains("nested deeper than 256 levels"))
    #expect(complaint(String(repeating: "{\"a\":", count: 100_000)).contains("nested deeper than 256 levels"))
  }

  @Test func invalidUTF8IsNamedWithLineAndByte() {
    let bytes = Array("{\n\"a\": \"".utf8) + [0x61, 0xff] + Array("\"}".utf8)
    let words = sentence { _ = try JSONNode.parse(bytes, name: "x.json") }
    #expect(
      words
        == "x.json:2 holds bytes that are no UTF-8, the first at byte 9. Convert the file to UTF-8 or fetch it again."
    )
  }

  @Test func anEmptyTextIsReported() {
    #expect(complaint("") == "x.json is empty. Fetch or export it again.")
    #expect(
      complaint(" \n")
        == "x.json:2:1: the JSON ends where a JSON value should follow. The file may be cut short.")
  }
}

extension JSONValue {
  /// The bits of a double, which tell 0 from -0.
  fileprivate var bits: UInt64? {
    if case .double(let number) = self { number.bitPattern } else { nil }
  }
}

/// Thrown where a test's own expectation about a shape fails.
struct Missing: Error {}
