/// Reads JSON texts and Python literals, which differ in their words, quotes and trailing commas.
struct ReplyScanner {
  enum Dialect { case json, python }

  private let scalars: [Unicode.Scalar]
  private let dialect: Dialect
  private var at = 0
  private var depth = 0

  /// The value of `text`; nil when it is malformed, followed by something, or nested more than 200 deep.
  static func read(_ text: String, as dialect: Dialect) -> ReplyValue? {
    var scanner = ReplyScanner(scalars: Array(text.unicodeScalars), dialect: dialect)
    guard let value = scanner.top() else { return nil }
    return scanner.isAtEnd ? value : nil
  }

  private init(scalars: [Unicode.Scalar], dialect: Dialect) {
    self.scalars = scalars
    self.dialect = dialect
  }

  private var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return at == scalars.count
    }
  }

  /// A whole text. Python allows a tuple without parentheses there.
  private mutating func top() -> ReplyValue? {
    guard let first = value() else { return nil }
    guard dialect == .python, peek() == "," else { return first }
    var elements = [first]
    while take(",") {
      if peek() == nil { break }
      guard let next = value() else { return nil }
      elements.append(next)
    }
    return .list(elements)
  }

  private mutating func value() -> ReplyValue? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200, let next = peek() else { return nil }
    switch next {
    case "[": return sequence(from: "[", to: "]").map(ReplyValue.list)
    case "(" where dialect == .python: return parenthesised()
    case "{": return object()
    case "\"": return quoted().map(ReplyValue.text)
    case "'" where dialect == .python: return quoted().map(ReplyValue.text)
    case "-", "+", ".", "0"..."9": return number()
    default: return word()
    }
  }

  private mutating func sequence(from open: Unicode.Scalar, to close: Unicode.Scalar) -> [ReplyValue]? {
    guard take(open) else { return nil }
    var elements: [ReplyValue] = []
    if take(close) { return elements }
    while true {
      guard let element = value() else { return nil }
      elements.append(element)
      if take(close) { return elements }
      guard take(",") else { return nil }
      if dialect == .python, take(close) { return elements }
    }
  }

  /// A tuple, or a value in parentheses.
  private mutating func parenthesised() -> ReplyValue? {
    let start = at
    guard let elements = sequence(from: "(", to: ")") else { return nil }
    // One element without a comma is no tuple.
    let hasComma = elements.count != 1 || scalars[start..<at].dropLast().last { $0 != " " } == ","
    return hasComma ? .list(elements) : elements[0]
  }

  /// An object, a dictionary or a set.
  private mutating func object() -> ReplyValue? {
    guard take("{") else { return nil }
    var members: [String: ReplyValue] = [:]
    if take("}") { return .object(members) }
    guard let first = value() else { return nil }
    if dialect == .python, peek() == "," || peek() == "}" {
      return set(startingWith: first)
    }
    var key = first
    while true {
      guard case .text(let name) = key, take(":"), let member = value() else { return nil }
      members[name] = member
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
      if dialect == .python, take("}") { return .object(members) }
      guard let next = value() else { return nil }
      key = next
    }
  }

  private mutating func set(startingWith first: ReplyValue) -> ReplyValue? {
    var elements = [first]
    while take(",") {
      if peek() == "}" { break }
      guard let element = value() else { return nil }
      elements.append(element)
    }
    return take("}") ? .list(elements) : nil
  }

  // MARK: Leaves

  private mutating func word() -> ReplyValue? {
    let start = at
    while at < scalars.count, scalars[at].properties.isAlphabetic { at += 1 }
    let word = String(String.UnicodeScalarView(scalars[start..<at]))
    switch (dialect, word) {
    case (.json, "null"), (.python, "None"): return .null
    case (.json, "true"), (.python, "True"): return .flag(true)
    case (.json, "false"), (.python, "False"): return .flag(false)
    default: return nil
    }
  }

  private mutating func number() -> ReplyValue? {
    let start = at
    if scalars[at] == "-" || scalars[at] == "+" {
      guard dialect == .python || scalars[at] == "-" else { return nil }
      at += 1
    }
    let digits = at
    while at < scalars.count, isNumberPart(scalars[at]) { at += 1 }
    let text = String(String.UnicodeScalarView(scalars[start..<at]))
    if dialect == .json {
      // No leading zeros, and a digit on either side of the point.
      guard digits < at, ("0"..."9").contains(scalars[digits]), ("0"..."9").contains(scalars[at - 1]) else {
        return nil
      }
      let leadingZero = scalars[digits] == "0" && digits + 1 < at && ("0"..."9").contains(scalars[digits + 1])
      if leadingZero || text.contains(".e") || text.contains(".E") { return nil }
    }
    guard let value = Double(text), value.isFinite else { return nil }
    return .number(value)
  }

  private func isNumberPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", ".", "e", "E": true
    case "+", "-": at > 0 && (scalars[at - 1] == "e" || scalars[at - 1] == "E")
    default: false
    }
  }

  private mutating func quoted() -> String? {
    let quote = scalars[at]
    let isTriple =
      dialect == .python && at + 2 < scalars.count && scalars[at + 1] == quote && scalars[at + 2] == quote
    at += isTriple ? 3 : 1
    var text = String.UnicodeScalarView()
    while at < scalars.count {
      let scalar = scalars[at]
      if scalar == quote {
        guard isTriple else {
          at += 1
          return String(text)
        }
        if at + 2 < scalars.count, scalars[at + 1] == quote, scalars[at + 2] == quote {
          at += 3
          return String(text)
        }
      }
      at += 1
      if scalar == "\\" {
        guard escape(into: &text) else { return nil }
      } else {
        let isBare = dialect == .json ? scalar.value < 0x20 : scalar == "\n" && !isTriple
        guard !isBare else { return nil }
        text.append(scalar)
      }
    }
    return nil
  }

  private mutating func escape(into text: inout String.UnicodeScalarView) -> Bool {
    guard at < scalars.count else { return false }
    let mark = scalars[at]
    at += 1
    switch mark {
    case "n": text.append("\n")
    case "t": text.append("\t")
    case "r": text.append("\r")
    case "b": text.append("\u{8}")
    case "f": text.append("\u{c}")
    case "\"", "\\": text.append(mark)
    case "/" where dialect == .json: text.append(mark)
    case "'" where dialect == .python: text.append(mark)
    case "\n" where dialect == .python: break
    case "x" where dialect == .python: return append(hexDigits: 2, to: &text)
    case "u": return append(hexDigits: 4, to: &text)
    case "U" where dialect == .python: return append(hexDigits: 8, to: &text)
    case _ where dialect == .python: text.append(contentsOf: ["\\", mark] as [Unicode.Scalar])
    default: return false
    }
    return true
  }

  private mutating func append(hexDigits count: Int, to text: inout String.UnicodeScalarView) -> Bool {
    guard var code = hexadecimal(count) else { return false }
    if dialect == .json, (0xd800..<0xdc00).contains(code), at + 1 < scalars.count, scalars[at] == "\\",
      scalars[at + 1] == "u"
    {
      at += 2
      guard let low = hexadecimal(4), (0xdc00..<0xe000).contains(low) else { return false }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { return false }
    text.append(scalar)
    return true
  }

  private mutating func hexadecimal(_ count: Int) -> UInt32? {
    guard at + count <= scalars.count else { return nil }
    defer { at += count }
    return UInt32(String(String.UnicodeScalarView(scalars[at..<at + count])), radix: 16)
  }

  // MARK: Steps

  private mutating func skipSpace() {
    while at < scalars.count, [" ", "\t", "\n", "\r"].contains(scalars[at]) { at += 1 }
  }

  private mutating func peek() -> Unicode.Scalar? {
    skipSpace()
    return at < scalars.count ? scalars[at] : nil
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    at += 1
    return true
  }
}
