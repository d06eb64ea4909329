public import Hustings

/// One turn of a judge's prompt, with places in braces.
public struct PromptTemplate: Sendable, Hashable {
  /// What braces mean.
  public enum Style: String, Sendable, Hashable {
    /// Only known names in braces are places; everything else stays as it is.
    case plain
    /// As Python's `str.format`: a doubled brace is one brace.
    case format
  }

  /// Who speaks.
  public let role: Role
  /// The text with its places.
  public let text: String
  /// What braces mean in it.
  public let style: Style
  /// The text taken apart, once for all that will be filled in.
  private let pieces: [Piece]

  /// A turn.
  public init(_ role: Role, _ text: String, style: Style = .plain) {
    self.role = role
    self.text = text
    self.style = style
    pieces = PromptTemplate.pieces(of: text, style)
  }

  /// The turns of a text in ChatML, `<|im_start|>system` and so on; one turn by the user when it has no such marks.
  public static func turns(chatML text: String, style: Style = .plain) -> [PromptTemplate] {
    let text = trimmed(text)
    guard text.contains("<|im_start|>") else { return [PromptTemplate(.user, text, style: style)] }
    return text.components("<|im_start|>").dropFirst().map { part in
      let body = part.components("<|im_end|>")[0]
      let line = body.prefix { $0 != "\n" && $0 != "\r\n" }
      return PromptTemplate(
        Role(trimmed(String(line))), trimmed(String(body.dropFirst(line.count))), style: style)
    }
  }

  /// Whether it has a place for a reference answer.
  public var needsReference: Bool {
    places.contains { $0.lowercased().hasPrefix("ref") }
  }

  /// The names in braces.
  public var places: [String] {
    pieces.compactMap { if case .place(let name) = $0 { name } else { nil } }
  }

  /// The text with its places filled. What fills a place is not looked at again, so that a response with braces in it changes
  /// nothing. A place without a value is the error.
  public func filled(_ values: [String: String]) throws(MissingPlace) -> String {
    try filled(0) { values[$0] }
  }

  func filled(_ values: PromptValues) throws(MissingPlace) -> String {
    try filled(values.size) { values[$0] }
  }

  /// - Parameter size: about how many bytes the values have together.
  private func filled(_ size: Int, _ value: (String) -> String?) throws(MissingPlace) -> String {
    if pieces.count == 1, case .text = pieces[0] { return text }
    var output = ""
    // Responses are long, and a text that grows under them is copied again and again.
    output.reserveCapacity(text.utf8.count + size)
    var missing: String?
    for piece in pieces {
      switch piece {
      case .text(let text): output += text
      case .place(let name):
        if let value = value(name) ?? value(name.lowercased()) {
          output += value
        } else if style == .plain {
          output += "{\(name)}"
        } else {
          missing = name
        }
      }
    }
    if let missing { throw MissingPlace(name: missing) }
    return output
  }

  /// A place that nothing fills.
  public struct MissingPlace: Error, CustomStringConvertible {
    let name: String
    /// One sentence.
    public var description: String { "There is nothing for the place {\(name)} of the prompt." }
  }

  private enum Piece: Sendable, Hashable {
    case text(String)
    case place(String)
  }

  private static func pieces(of text: String, _ style: Style) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || ($0 == "}" && style == .format) }) {
      pieces.append(.text(String(rest[..<brace])))
      let after = rest[rest.index(after: brace)...]
      if style == .format, after.first == rest[brace] {
        pieces.append(.text(String(after.prefix(1))))
        rest = after.dropFirst()
        continue
      }
      let name = after.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      if rest[brace] == "{", !name.isEmpty, after.dropFirst(name.count).first == "}" {
        pieces.append(.place(String(name)))
        rest = after.dropFirst(name.count + 1)
      } else {
        pieces.append(.text(String(rest[brace...brace])))
        rest = after
      }
    }
    pieces.append(.text(String(rest)))
    return pieces
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension String {
  /// The parts between the places where `separator` stands.
  fileprivate func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    parts.append(String(rest))
    return parts
  }
}
