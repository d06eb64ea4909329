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

  mutating func reserveCapacity(_ count: Int) { fields.reserveCapacity(count) }

  /// Reads the code of a status line such as `HTTP/1.1 200 OK`, 0 where there is none; nil for any other line.
  static func status(line: UnsafeRawBufferPointer) -> Int? {
    let start: StaticString = "HTTP/"
    guard line.count >= start.utf8CodeUnitCount,
      zip(line, UnsafeBufferPointer(start: start.utf8Start, count: start.utf8CodeUnitCount)).allSatisfy(==)
    else { return nil }
    let blank = UInt8(ascii: " ")
    let code = line.drop { $0 != blank }.drop { $0 == blank }.prefix { $0 != blank }.prefix(3)
    return Int(String(decoding: code, as: UTF8.self)) ?? 0
  }

  /// Reads one `Name: value` line; nil for anything else, such as a status line.
  static func field(line: UnsafeRawBufferPointer) -> Field? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = trimmed(line[..<colon])
    guard !name.isEmpty else { return nil }
    return Field(
      name: String(decoding: name, as: UTF8.self),
      value: String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self))
  }

  static func matches(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
  }

  /// Whether a name begins with `start`, which is in lower case.
  static func begins(_ name: String, with start: StaticString) -> Bool {
    guard name.utf8.count >= start.utf8CodeUnitCount else { return false }
    let letters = UnsafeBufferPointer(start: start.utf8Start, count: start.utf8CodeUnitCount)
    return zip(name.utf8, letters).allSatisfy { lower($0) == $1 }
  }

  /// The text without the blanks around it: space, tab, carriage return and line feed, as HTTP counts them.
  static func trimmed(_ text: some StringProtocol) -> String {
    String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
  }

  private static func trimmed<Bytes: BidirectionalCollection<UInt8>>(
    _ bytes: Bytes
  ) -> Bytes.SubSequence {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return bytes[bytes.startIndex..<bytes.startIndex] }
    return bytes[first...last]
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
