import Foundation
import HustingsReports
import Testing

@Suite struct TableTests {
  let table = Table(
    title: "A & B",
    columns: [.init("model"), .init("value", isNumeric: true), .init("95 %", field: "interval")],
    rows: [
      [.text("one|two"), .number(0.5, decimals: 2), Table.Cell("[0, 1]", .list([.number(0), .number(1)]))],
      [.text("<script>\"x\", y"), .missing, .missing],
    ], notes: ["a note"])

  @Test func plainTextAlignsColumns() {
    #expect(
      table.rendered(as: .table) == """
        A & B

        model           value  95 %
        ──────────────  ─────  ──────
        one|two          0.50  [0, 1]
        <script>"x", y      –  –

        a note

        """)
  }

  @Test func markdownEscapesPipesAndTags() {
    let text = table.rendered(as: .markdown)
    #expect(text.contains("| one\\|two | 0.50 | [0, 1] |"))
    #expect(!text.contains("<script>"))
    #expect(text.contains("| --- | ---: | --- |"))
  }

  @Test func csvQuotesAndKeepsFullPrecision() {
    #expect(
      table.rendered(as: .csv) == """
        model,value,interval
        one|two,0.5,0.0;1.0
        "<script>""x"", y",,

        """)
  }

  @Test func jsonIsReadByAnotherReader() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(table.rendered(as: .json).utf8)) as? [String: Any])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.count == 2)
    #expect(rows[0]["value"] as? Double == 0.5)
    #expect(rows[0]["interval"] as? [Double] == [0, 1])
    #expect(rows[1]["value"] is NSNull)
    #expect(rows[1]["model"] as? String == "<script>\"x\", y")
  }

  @Test func htmlShowsHostileTextsAsText() {
    let text = table.rendered(as: .html)
    #expect(text.contains("&lt;script&gt;&quot;x&quot;, y"))
    #expect(!text.contains("<script>"))
    #expect(text.contains("<caption>A &amp; B</caption>"))
  }

  @Test func latexEscapesItsSpecials() {
    #expect(
      Markup.latex("50 % of a_b & {c} ~ \\d")
        == "50 \\% of a\\_b \\& \\{c\\} \\textasciitilde{} \\textbackslash{}d")
    #expect(table.rendered(as: .latex).contains("\\begin{tabular}{lrl}"))
  }

  @Test func anEmptyTableIsStillValidJSON() throws {
    let empty = Table(columns: [.init("a")], rows: [])
    _ = try JSONSerialization.jsonObject(with: Data(empty.rendered(as: .json).utf8))
  }
}

@Suite struct FormatTests {
  @Test(arguments: [(0.0, "0.00"), (-0.001, "0.00"), (1.005, "1.00"), (-2.5, "-2.50")])
  func aZeroHasNoSign(value: Double, text: String) { #expect(Format.decimal(value, 2) == text) }

  @Test(arguments: [(0.0, "0.0"), (1.25, "+1.2"), (-1.25, "-1.2"), (0.01, "0.0")])
  func signsAreShownWhereThereIsOne(value: Double, text: String) { #expect(Format.signed(value, 1) == text) }

  @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
  func thousandsAreGrouped(value: Int, text: String) { #expect(Format.grouped(value) == text) }

  @Test(arguments: [(0.0001, "<.001"), (0.0412, ".041"), (1.0, "1.000"), (0.5, ".500")])
  func probabilitiesAreShort(value: Double, text: String) { #expect(Format.probability(value) == text) }

  @Test func jsonStringsEscapeControlsAndLineSeparators() {
    #expect(JSONText.string("a\"b\\c\n\u{1}\u{2028}é") == "\"a\\\"b\\\\c\\n\\u0001\\u2028é\"")
  }
}
