/// The ways of writing a table down.
public enum TableFormat: String, Sendable, Hashable, CaseIterable {
  case table, markdown, csv, json, html, latex
}

extension Table {
  /// The table in a format, ending in a newline.
  public func rendered(as format: TableFormat) -> String {
    switch format {
    case .table: plain
    case .markdown: markdown
    case .csv: csv
    case .json: json + "\n"
    case .html: html
    case .latex: latex
    }
  }

  /// Columns aligned by spaces, for a terminal.
  private var plain: String {
    let widths = columns.indices.map { index in
      rows.map { Table.width($0[index].text) }.reduce(Table.width(columns[index].heading), max)
    }
    func line(_ texts: [String]) -> String {
      let cells = texts.enumerated().map { index, text in
        let padding = String(repeating: " ", count: widths[index] - Table.width(text))
        return columns[index].isNumeric ? padding + text : text + padding
      }
      return cells.joined(separator: "  ").trimmingTrailingSpaces
    }
    var lines: [String] = []
    if let title { lines += [title, ""] }
    lines.append(line(columns.map(\.heading)))
    lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
    lines += rows.map { line($0.map(\.text)) }
    if !notes.isEmpty { lines += [""] + notes }
    return lines.joined(separator: "\n") + "\n"
  }

  private var markdown: String {
    func line(_ texts: [String]) -> String { "| " + texts.joined(separator: " | ") + " |" }
    func escape(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("\n", with: " ")
        .replacing("<", with: "&lt;")
    }
    var lines: [String] = []
    if let title { lines += ["### \(escape(title))", ""] }
    lines.append(line(columns.map { escape($0.heading) }))
    lines.append(line(columns.map { $0.isNumeric ? "---:" : "---" }))
    lines += rows.map { line($0.map { escape($0.text) }) }
    for note in notes { lines += ["", escape(note)] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Full precision, one header line, RFC 4180 quoting; notes are left out.
  private var csv: String {
    var lines = [columns.map { Table.quoted($0.field) }.joined(separator: ",")]
    lines += rows.map { row in row.map { Table.quoted($0.value.plain) }.joined(separator: ",") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A CSV field, in quotation marks where it needs them (RFC 4180).
  public static func quoted(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// Full precision: an object with the title, the rows as objects, and the notes.
  private var json: String {
    let objects = rows.map { row in
      let members = zip(columns, row).map { "\(JSONText.string($0.field)): \($1.value.json)" }
      return "    {" + members.joined(separator: ", ") + "}"
    }
    var lines = ["{"]
    if let title { lines.append("  \"title\": \(JSONText.string(title)),") }
    lines.append(objects.isEmpty ? "  \"rows\": []," : "  \"rows\": [")
    if !objects.isEmpty { lines += [objects.joined(separator: ",\n"), "  ],"] }
    lines.append("  \"notes\": [\(notes.map(JSONText.string).joined(separator: ", "))]")
    lines.append("}")
    return lines.joined(separator: "\n")
  }

  /// A table element, to stand in a page of the reader's own.
  private var html: String {
    func row(_ tag: String, _ texts: [String]) -> String {
      let cells = texts.enumerated().map { index, text in
        let alignment = columns[index].isNumeric ? " style=\"text-align:right\"" : ""
        return "<\(tag)\(alignment)>\(Markup.escape(text))</\(tag)>"
      }
      return "  <tr>" + cells.joined() + "</tr>"
    }
    var lines = ["<table>"]
    if let title { lines.append("  <caption>\(Markup.escape(title))</caption>") }
    lines += ["  <thead>", row("th", columns.map(\.heading)), "  </thead>", "  <tbody>"]
    lines += rows.map { row("td", $0.map(\.text)) }
    lines += ["  </tbody>", "</table>"]
    lines += notes.map { "<p>\(Markup.escape($0))</p>" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A `tabular` environment with booktabs rules.
  private var latex: String {
    func line(_ texts: [String]) -> String {
      "  " + texts.map(Markup.latex).joined(separator: " & ") + " \\\\"
    }
    var lines = title.map { ["% \($0.replacing("\n", with: " "))"] } ?? []
    let alignment = columns.map { $0.isNumeric ? "r" : "l" }.joined()
    lines += ["\\begin{tabular}{\(alignment)}", "  \\toprule", line(columns.map(\.heading)), "  \\midrule"]
    lines += rows.map { line($0.map(\.text)) }
    lines += ["  \\bottomrule", "\\end{tabular}"]
    lines += notes.map { "% \($0.replacing("\n", with: " "))" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many columns of a terminal a text takes, counting every character as one.
  private static func width(_ text: String) -> Int { text.count }
}

extension Table.Cell.Value {
  /// The value without quotes, for CSV; a missing one is empty.
  public var plain: String {
    switch self {
    case .text(let text): text
    case .number(let value): value.isFinite ? "\(value)" : ""
    case .integer(let value): "\(value)"
    case .list(let values): values.map(\.plain).joined(separator: ";")
    case .missing: ""
    }
  }

  /// The value as JSON; a missing one is null.
  public var json: String {
    switch self {
    case .text(let text): JSONText.string(text)
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .integer(let value): "\(value)"
    case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
    case .missing: "null"
    }
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
