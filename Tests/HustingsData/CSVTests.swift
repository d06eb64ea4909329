import HustingsData
import Testing

/// RFC 4180, and what this reader adds: names of columns, numbers, and places in messages.
@Suite struct CSVTests {
  func table(_ text: String) throws -> CSVTable { try CSVTable.parse(text, name: "t.csv") }

  func complaint(_ text: String, _ body: (CSVTable) throws -> Void = { _ in }) -> String {
    sentence { try body(try table(text)) }
  }

  @Test(arguments: [
    "a,b\n1,x\n2,y\n", "a,b\n1,x\n2,y", "a,b\r\n1,x\r\n2,y\r\n", "\u{feff}a,b\n1,x\n2,y\n\n\r\n",
    "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"",
  ])
  func lineEndsMarksAndQuotesDoNotMatter(text: String) throws {
    let table = try table(text)
    #expect(table.columns == ["a", "b"])
    #expect(try table.integers("a") == [1, 2])
    #expect(try table.strings("b") == ["x", "y"])
  }

  @Test func quotedFieldsMayHoldAnything() throws {
    let table = try table(
      "name,text\n\"a,b\",\"line\nbreak\r\nand \"\"marks\"\"\"\n\"\",\"\"\"\"\nplain, spaced \n")
    #expect(table.rowCount == 3)
    #expect(try table.rows[0].string("name") == "a,b")
    #expect(try table.rows[0].string("text") == "line\nbreak\r\nand \"marks\"")
    #expect(try table.rows[1].string("text") == "\"")
    #expect(try table.rows[1].optionalString("name") == nil)
    #expect(table.rows[2].fields == ["plain", " spaced "])
    #expect(table.rows.map(\.place.line) == [2, 5, 6])
  }

  @Test func emptyFieldsAndUnnamedColumnsAreKept() throws {
    let table = try table(",b,c\n0,,\n1,x,\n")
    #expect(table.columns == ["", "b", "c"])
    #expect(table.rows[0].fields == ["0", "", ""])
    #expect(table.rows[1].fields == ["1", "x", ""])
  }

  @Test func aLoneColumnMayHaveEmptyFields() throws {
    #expect(try table("a\n1\n\"\"\n3\n").strings("a") == ["1", "", "3"])
    #expect(try table("a\n1\n\n3\n").strings("a") == ["1", "", "3"])
    #expect(try table("a\n").rowCount == 0)
  }

  @Test func aLoneCarriageReturnIsText() throws {
    #expect(try table("a,b\nx\ry,z\n").rows[0].string("a") == "x\ry")
  }

  @Test func tabsCanSeparate() throws {
    let table = try CSVTable.parse("a\tb\n1,5\t2\n", name: "t.tsv", separator: "\t")
    #expect(table.rows[0].fields == ["1,5", "2"])
  }

  @Test(arguments: [
    ("1", 1.0), ("-2.5", -2.5), ("+3", 3), ("007", 7), ("1e-3", 0.001), ("1E5", 100_000), ("0.1", 0.1),
    ("0.12345678901234568", 0.12345678901234568), ("123456789012345678", 123456789012345680),
    ("-0.000012345678901234567", -0.000012345678901234567),
  ])
  func numbersAreExact(text: String, number: Double) throws {
    #expect(try table("x\n\(text)\n").doubles("x") == [number])
  }

  @Test func emptyNumbersAreNilWhereTheyMayBe() throws {
    let table = try table("x,n\n1,2\n,\n3,4.0\n")
    #expect(try table.optionalDoubles("x") == [1, nil, 3])
    #expect(try table.rows.map { try $0.optionalDouble("x") } == [1, nil, 3])
    #expect(try table.rows.map { try $0.optionalInteger("n") } == [2, nil, 4])
  }

  @Test(arguments: [
    (
      "nan",
      "t.csv:3: the column 'x' holds 'nan', which is not a finite number. Leave the field empty if it is missing."
    ),
    (
      "-Infinity",
      "t.csv:3: the column 'x' holds '-Infinity', which is not a finite number. Leave the field empty if it is missing."
    ),
    (
      "1e999",
      "t.csv:3: the column 'x' holds '1e999', which is not a finite number. Leave the field empty if it is missing."
    ),
    ("abc", "t.csv:3: the column 'x' holds 'abc', which is no number. Correct it."),
    (" 1", "t.csv:3: the column 'x' holds ' 1', which is no number. Correct it."),
    ("0x10", "t.csv:3: the column 'x' holds '0x10', which is no number. Correct it."),
    ("1.", "t.csv:3: the column 'x' holds '1.', which is no number. Correct it."),
    ("\"1,5\"", "t.csv:3: the column 'x' holds '1,5', which is no number. Correct it."),
    ("", "t.csv:3: the column 'x' is empty in this row. Fill it in or remove the row."),
  ])
  func whatIsNoNumberIsNamedWithLineAndColumn(field: String, words: String) {
    #expect(complaint("id,x\n1,2\n2,\(field)\n") { _ = try $0.doubles("x") } == words)
    #expect(complaint("id,x\n1,2\n2,\(field)\n") { _ = try $0.rows[1].double("x") } == words)
  }

  @Test func whatIsNoWholeNumberIsReported() {
    #expect(
      complaint("x\n1.5\n") { _ = try $0.integers("x") }
        == "t.csv:2: the column 'x' holds '1.5', which is no whole number. Correct it.")
    #expect(
      complaint("a,x\n1,\n") { _ = try $0.integers("x") }
        == "t.csv:2: the column 'x' is empty in this row. Fill it in or remove the row.")
  }

  @Test(arguments: [
    (
      "a,b\n1,2\n3\n",
      "t.csv:3: the row has 1 field, but the header has 2. Correct the row, or quote fields that hold commas."
    ),
    (
      "a,b\n\"1\n\",2\n3,4,5\n",
      "t.csv:4: the row has 3 fields, but the header has 2. Correct the row, or quote fields that hold commas."
    ),
    (
      "a,b\n\n1,2\n",
      "t.csv:2: the row has 1 field, but the header has 2. Correct the row, or quote fields that hold commas."
    ),
    ("a,b\n1,\"2\n3,4\n", "t.csv:2: a quoted field begins here and never ends. Close its quotation mark."),
    (
      "a,b\n1,2\"3\n",
      "t.csv:2: a quotation mark stands inside a field. Quote the whole field and write each mark in it twice."
    ),
    (
      "a,b\n1,\"2\"3\n",
      "t.csv:2: a quotation mark stands inside a field. Quote the whole field and write each mark in it twice."
    ),
    ("a,b,a\n1,2,3\n", "t.csv:1: the header names the column 'a' twice. Rename one of them."),
    ("", "t.csv is empty. Fetch or export it again."),
    ("\n\n", "t.csv is empty. Fetch or export it again."),
  ])
  func everyFaultIsNamedWithItsLine(text: String, words: String) {
    #expect(complaint(text) == words)
  }

  @Test func aMissingColumnIsNamedWithTheNearest() {
    #expect(
      complaint("id,reward\n1,2\n") { _ = try $0.doubles("rewards") }
        == "t.csv:1: there is no column 'rewards'. Did you mean 'reward'? Check the header.")
    #expect(
      complaint("id,reward\n1,2\n") { _ = try $0.rows[0].string("xyz") }
        == "t.csv:1: there is no column 'xyz'. Check the header.")
  }

  @Test func invalidUTF8IsReportedBeforeAnythingIsRead() throws {
    let scratch = try Scratch()
    let path = try scratch.file("t.csv", Array("a,b\n1,".utf8) + [0xe9, 0x0a])
    #expect(
      sentence(path) { _ = try CSVTable.read(path) }.hasPrefix(
        "t.csv:2 holds bytes that are no UTF-8, the first at byte 6"))
  }

  @Test func gzipIsReadToo() throws {
    let scratch = try Scratch()
    let path = try scratch.file("t.csv", Gzip.compress(Array("a\n1\n".utf8)))
    #expect(try CSVTable.read(path).integers("a") == [1])
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    var random = SeededNumbers(seed: 5)
    let pieces = ["a", ",", "\"", "\n", "\r\n", "\r", " ", "é", "\u{2028}", "", "1.5"]
    for width in 1...4 {
      let columns = (0..<width).map { "column, \"\($0)\"" }
      var writer = CSVWriter(columns: columns)
      var rows: [[String]] = []
      for _ in 0..<200 {
        let row = (0..<width).map { _ in
          (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
        }
        rows.append(row)
        writer.append(row)
      }
      let table = try table(writer.text)
      #expect(table.columns == columns)
      #expect(table.rows.map(\.fields) == rows)
    }
  }

  @Test func onlyFieldsThatNeedItAreQuoted() {
    var writer = CSVWriter(columns: ["a", "b"])
    writer.append(["plain text", "with, comma"])
    writer.append(["", "mark \""])
    #expect(writer.text == "a,b\nplain text,\"with, comma\"\n,\"mark \"\"\"\n")
  }
}
