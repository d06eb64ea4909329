/// How JSON is laid out: the same value always gives the same bytes.
public struct JSONStyle: Sendable, Equatable {
  /// Whether every member and element gets its own line, indented by two spaces.
  public var isPretty: Bool
  /// Whether keys come in the order of their UTF-8 bytes instead of the order of the object.
  public var sortsKeys: Bool

  /// A layout.
  public init(isPretty: Bool, sortsKeys: Bool) {
    self.isPretty = isPretty
    self.sortsKeys = sortsKeys
  }

  /// One line without spaces, keys as they are.
  public static let line = JSONStyle(isPretty: false, sortsKeys: false)
  /// One line without spaces, keys sorted: the form to take digests of.
  public static let canonical = JSONStyle(isPretty: false, sortsKeys: true)
  /// For people: one member a line, keys as they are.
  public static let pretty = JSONStyle(isPretty: true, sortsKeys: false)
}

extension JSONValue {
  /// The value as JSON, as UTF-8 bytes.
  ///
  /// Doubles take the fewest digits that read back as the same number. NaN and infinities throw, whether doubles or
  /// words kept from a file: JSON has neither.
  public func encoded(_ style: JSONStyle = .line) throws -> [UInt8] {
    var writer = JSONWriter(style: style)
    try writer.write(self)
    return writer.output
  }

  /// The value as JSON text.
  public func text(_ style: JSONStyle = .line) throws -> String {
    String(decoding: try encoded(style), as: UTF8.self)
  }
}

/// Puts JSON together.
struct JSONWriter {
  let style: JSONStyle
  var output: [UInt8] = []
  private var path: [String] = []

  init(style: JSONStyle) { self.style = style }

  mutating func write(_ value: JSONValue) throws {
    switch value {
    case .null: put("null")
    case .bool(let flag): put(flag ? "true" : "false")
    case .integer(let number): put(String(number))
    case .double(let number):
      guard number.isFinite else { throw notFinite("\(number)") }
      put("\(number)")
    case .nonFinite(let token): throw notFinite(token.rawValue)
    case .string(let text): write(text)
    case .array(let values):
      try writeList(values, open: "[", close: "]") { writer, index, value in
        writer.path.append("[\(index)]")
        try writer.write(value)
        writer.path.removeLast()
      }
    case .object(let object):
      let members =
        style.sortsKeys
        ? object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : object.members
      try writeList(members, open: "{", close: "}") { writer, _, member in
        writer.write(member.key)
        writer.put(writer.style.isPretty ? ": " : ":")
        writer.path.append(writer.path.isEmpty ? member.key : ".\(member.key)")
        try writer.write(member.value)
        writer.path.removeLast()
      }
    }
  }

  private mutating func writeList<Element>(
    _ list: [Element], open: StaticString, close: StaticString,
    _ write: (inout JSONWriter, Int, Element) throws -> Void
  ) throws {
    put(open)
    let outer = path.count
    for (index, element) in list.enumerated() {
      if index > 0 { put(",") }
      breakLine(depth: outer + 1)
      try write(&self, index, element)
    }
    if !list.isEmpty { breakLine(depth: outer) }
    put(close)
  }

  private mutating func breakLine(depth: Int) {
    guard style.isPretty else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  mutating func write(_ text: String) { output.appendJSON(text) }

  private mutating func put(_ text: StaticString) {
    output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func put(_ text: String) { output.append(contentsOf: text.utf8) }

  private func notFinite(_ text: String) -> DataError {
    .unwritableJSON(path: path.joined(), fault: .notFinite(text))
  }
}

extension [UInt8] {
  /// Appends a text as a JSON string with its quotation marks. Escapes what JSON demands, and nothing else: quotation marks,
  /// backslashes and control characters.
  public mutating func appendJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return }
      var plain = 0
      var index = 0
      while index < bytes.count {
        if index + StringBlock.width <= bytes.count {
          guard let stop = StringBlock(start + index).firstStop else {
            index += StringBlock.width
            continue
          }
          index += stop
        } else if !StringBlock.isStop(bytes[index]) {
          index += 1
          continue
        }
        append(contentsOf: bytes[plain..<index])
        appendEscaped(bytes[index])
        index += 1
        plain = index
      }
      append(contentsOf: bytes[plain...])
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x0a: append(UInt8(ascii: "n"))
    case 0x0d: append(UInt8(ascii: "r"))
    case 0x09: append(UInt8(ascii: "t"))
    default:
      append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 15] { append(digit < 10 ? 48 + digit : 87 + digit) }
    }
  }
}
