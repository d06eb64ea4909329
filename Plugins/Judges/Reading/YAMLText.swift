import HustingsData

/// The part of YAML that configuration files of judges are written in, as JSON values.
///
/// Block mappings and lists by indentation, flow lists and mappings, plain, quoted and block scalars, comments. Anchors, tags,
/// several documents and keys over several lines are refused.
struct YAMLText {
  struct Fault: Error {
    let line: Int
    let reason: String
  }

  private struct Line {
    let number: Int
    let indent: Int
    let text: String
  }

  private var lines: [Line] = []
  private let raw: [String]
  private var at = 0

  static func parse(_ text: String) throws(Fault) -> JSONValue {
    var parser = YAMLText(text)
    guard let first = parser.lines.first else { return .null }
    let value = try parser.block(indent: first.indent)
    if parser.at < parser.lines.count {
      throw Fault(line: parser.lines[parser.at].number, reason: "it is indented in an unexpected way")
    }
    return value
  }

  private init(_ text: String) {
    raw = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.last == "\r" ? line.dropLast() : line)
    }
    for (index, line) in raw.enumerated() {
      let content = line.drop { $0 == " " }
      guard !content.isEmpty, content.first != "#", content != "---" else { continue }
      lines.append(Line(number: index + 1, indent: line.count - content.count, text: String(content)))
    }
  }

  // MARK: Blocks

  private mutating func block(indent: Int) throws(Fault) -> JSONValue {
    lines[at].text.hasPrefix("- ") || lines[at].text == "-"
      ? try list(indent: indent) : try mapping(indent: indent)
  }

  private mutating func list(indent: Int) throws(Fault) -> JSONValue {
    var elements: [JSONValue] = []
    while at < lines.count, lines[at].indent == indent,
      lines[at].text == "-" || lines[at].text.hasPrefix("- ")
    {
      let line = lines[at]
      let rest = line.text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        at += 1
        elements.append(try nested(deeperThan: indent))
      } else if key(in: String(rest)) != nil {
        // A mapping that begins beside the dash: the dash counts as indentation.
        let inner = indent + line.text.count - rest.count
        lines[at] = Line(number: line.number, indent: inner, text: String(rest))
        elements.append(try mapping(indent: inner))
      } else {
        elements.append(try value(String(rest), indent: indent))
      }
    }
    return .array(elements)
  }

  private mutating func mapping(indent: Int) throws(Fault) -> JSONValue {
    var object = JSONObject()
    while at < lines.count, lines[at].indent == indent {
      let line = lines[at]
      guard let (key, rest) = key(in: line.text) else {
        throw Fault(line: line.number, reason: "'\(line.text)' is no 'key: value'")
      }
      let value: JSONValue
      if rest.isEmpty {
        at += 1
        value = try nested(deeperThan: indent)
      } else {
        value = try self.value(rest, indent: indent)
      }
      guard object.append(key, value) else {
        throw Fault(line: line.number, reason: "the key '\(key)' stands twice")
      }
    }
    return .object(object)
  }

  private mutating func nested(deeperThan indent: Int) throws(Fault) -> JSONValue {
    guard at < lines.count else { return .null }
    let next = lines[at]
    // A list may stand as far left as its key.
    if next.indent == indent, next.text.hasPrefix("- ") { return try list(indent: indent) }
    return next.indent > indent ? try block(indent: next.indent) : .null
  }

  private mutating func value(_ text: String, indent: Int) throws(Fault) -> JSONValue {
    let line = lines[at]
    if let mark = text.first, mark == "|" || mark == ">" {
      return .string(blockScalar(folds: mark == ">", keepsEnd: !text.contains("-"), indent: indent))
    }
    var text = text
    // A flow value or a quoted text may go on over the following lines.
    var number = line.number
    at += 1
    while !isComplete(text), number < raw.count {
      text += " " + raw[number].drop { $0 == " " }
      number += 1
    }
    while at < lines.count, lines[at].number <= number { at += 1 }
    var scanner = FlowScanner(text, line: line.number)
    return try scanner.whole()
  }

  private mutating func blockScalar(folds: Bool, keepsEnd: Bool, indent: Int) -> String {
    var number = lines[at].number
    at += 1
    var taken: [String] = []
    var inner: Int?
    while number < raw.count {
      let line = raw[number]
      let depth = line.prefix { $0 == " " }.count
      if line.contains(where: { $0 != " " }) {
        if depth <= indent { break }
        inner = min(inner ?? depth, depth)
      }
      taken.append(line)
      number += 1
    }
    while at < lines.count, lines[at].number <= number { at += 1 }
    while taken.last?.contains(where: { $0 != " " }) == false { taken.removeLast() }
    let texts = taken.map { String($0.dropFirst(inner ?? 0)) }
    return texts.joined(separator: folds ? " " : "\n") + (keepsEnd ? "\n" : "")
  }

  private func isComplete(_ text: String) -> Bool {
    guard let first = text.first, "\"'[{".contains(first) else { return true }
    var scanner = FlowScanner(text, line: 0)
    return (try? scanner.whole()) != nil
  }

  /// The key of `key: value`, quoted or plain, with what follows the colon.
  private func key(in text: String) -> (key: String, rest: String)? {
    if let quote = text.first, quote == "\"" || quote == "'" {
      guard let end = text.dropFirst().firstIndex(of: quote) else { return nil }
      let after = text[text.index(after: end)...]
      guard after.first == ":" else { return nil }
      return (
        String(text[text.index(after: text.startIndex)..<end]), String(after.dropFirst().drop { $0 == " " })
      )
    }
    guard
      let colon = text.indices.first(where: { index in
        text[index] == ":"
          && (text.index(after: index) == text.endIndex || text[text.index(after: index)] == " ")
      }), !"[{".contains(text.first ?? " ")
    else { return nil }
    let rest = text[text.index(after: colon)...].drop { $0 == " " }
    return (String(text[..<colon]), rest.first == "#" ? "" : String(rest))
  }
}

/// Values on one line: scalars, and lists and mappings in brackets.
private struct FlowScanner {
  private let text: [Character]
  private let line: Int
  private var at = 0

  init(_ text: String, line: Int) {
    self.text = Array(text)
    self.line = line
  }

  private func fault(_ reason: String) -> YAMLText.Fault { YAMLText.Fault(line: line, reason: reason) }

  mutating func whole() throws(YAMLText.Fault) -> JSONValue {
    let value = try value(stops: [])
    skipBlanks()
    guard at == text.count || text[at] == "#" else { throw fault("'\(String(text[at...]))' is too much") }
    return value
  }

  private mutating func skipBlanks() {
    while at < text.count, text[at] == " " || text[at] == "\t" { at += 1 }
  }

  private mutating func value(stops: [Character]) throws(YAMLText.Fault) -> JSONValue {
    skipBlanks()
    guard at < text.count else { throw fault("a value is missing") }
    switch text[at] {
    case "[":
      at += 1
      var elements: [JSONValue] = []
      while try !closes("]") { elements.append(try value(stops: [",", "]"])) }
      return .array(elements)
    case "{":
      at += 1
      var object = JSONObject()
      while try !closes("}") {
        let key = try value(stops: [":"])
        skipBlanks()
        guard at < text.count, text[at] == ":" else { throw fault("a key has no value") }
        at += 1
        let name = if case .string(let name) = key { name } else { (try? key.text()) ?? "" }
        object.append(name, try value(stops: [",", "}"]))
      }
      return .object(object)
    case "\"": return .string(try doubleQuoted())
    case "'": return .string(try singleQuoted())
    case "&", "*", "!": throw fault("anchors and tags are not read")
    default: return plain(stops: stops)
    }
  }

  /// Whether the bracket closes here; a comma in front of the next element is passed over.
  private mutating func closes(_ bracket: Character) throws(YAMLText.Fault) -> Bool {
    skipBlanks()
    if at < text.count, text[at] == "," {
      at += 1
      skipBlanks()
    }
    guard at < text.count else { throw fault("'\(bracket)' is missing") }
    guard text[at] == bracket else { return false }
    at += 1
    return true
  }

  private mutating func doubleQuoted() throws(YAMLText.Fault) -> String {
    at += 1
    var output = ""
    while at < text.count, text[at] != "\"" {
      if text[at] == "\\", at + 1 < text.count {
        at += 1
        switch text[at] {
        case "n": output += "\n"
        case "t": output += "\t"
        case "r": output += "\r"
        case "0": output += "\0"
        case "u" where at + 4 < text.count:
          if let code = UInt32(String(text[at + 1...at + 4]), radix: 16), let scalar = Unicode.Scalar(code) {
            output.unicodeScalars.append(scalar)
          }
          at += 4
        default: output.append(text[at])
        }
      } else {
        output.append(text[at])
      }
      at += 1
    }
    guard at < text.count else { throw fault("a quotation mark is missing") }
    at += 1
    return output
  }

  private mutating func singleQuoted() throws(YAMLText.Fault) -> String {
    at += 1
    var output = ""
    while at < text.count {
      if text[at] == "'" {
        guard at + 1 < text.count, text[at + 1] == "'" else {
          at += 1
          return output
        }
        at += 1
      }
      output.append(text[at])
      at += 1
    }
    throw fault("a quotation mark is missing")
  }

  private mutating func plain(stops: [Character]) -> JSONValue {
    let start = at
    while at < text.count, !stops.contains(text[at]) {
      // A comment begins with a blank in front of it.
      if text[at] == "#", at > start, text[at - 1] == " " { break }
      at += 1
    }
    var word = String(text[start..<at])
    while word.last == " " { word.removeLast() }
    switch word {
    case "null", "Null", "NULL", "~", "": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    if let number = Int(word) { return .integer(number) }
    if word.first.map({ $0.isNumber || "+-.".contains($0) }) == true, let number = Double(word),
      number.isFinite
    {
      return .double(number)
    }
    return .string(word)
  }
}
