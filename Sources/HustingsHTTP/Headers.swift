/// Header fields in the order they were sent; names compare without regard to case.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// One field.
  public struct Field: Sendable, Equatable {
    /// The name as written.
    public var name: String
    /// The value without surrounding blanks.
    public var value: String

    /// A field as it goes over the wire.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// All fields, repeated names included.
  public private(set) var fields: [Field] = []

  /// No fields.
  public init() {}

  /// Fields in the order written.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value of a name, or nil when no such field was sent. Setting replaces all fields of that name.
  public subscript(name: String) -> String? {
    get { fields.first { Headers.matches($0.name, name) }?.value }
    set {
      remove(name)
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  /// Adds a field and keeps earlier ones of the same name.
  public mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Removes every field of a name.
  public mutating func remove(_ name: String) {
    fields.removeAll { Headers.matches($0.name, name) }
  }

  /// Reads one `Name: value` line; nil for anything else, such as a status line.
  static func field(line: some StringProtocol) -> Field? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let name = trimmed(line[..<colon])
    guard !name.isEmpty else { return nil }
    return Field(name: String(name), value: String(trimmed(line[line.index(after: colon)...])))
  }

  static func matches(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left.lowercased() == right.lowercased()
  }

  static func trimmed<Text: StringProtocol>(_ text: Text) -> Text.SubSequence {
    func isBlank(_ character: Character) -> Bool { character.isWhitespace }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return text[text.startIndex..<text.startIndex] }
    return text[first...last]
  }
}
