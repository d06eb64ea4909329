extension JSONCursor {
  /// The kinds of JSON value, as the next byte shows them.
  public enum Kind: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool
    /// A number, or one of the words Python writes for what is none.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  /// The kind of the next value; nil when no value begins here.
  public mutating func kind() -> Kind? {
    switch peek() {
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"), UInt8(ascii: "I"):
      .number
    default: nil
    }
  }

  /// Reads any value.
  public mutating func value() throws -> JSONValue {
    switch peek() {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try objectValue())
    case UInt8(ascii: "["): return .array(try arrayValue())
    case UInt8(ascii: "t"):
      try literal("true", "a JSON value")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false", "a JSON value")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null", "a JSON value")
      return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "N"): return try nonFinite("NaN", .nan, at)
    case UInt8(ascii: "I"): return try nonFinite("Infinity", .infinity, at)
    default: throw unexpected("a JSON value")
    }
  }

  /// Moves behind a value, checking it on the way.
  public mutating func skip() throws {
    switch peek() {
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "{"): try object { _, _ in }
    case UInt8(ascii: "["): try array { cursor in try cursor.skip() }
    case UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    default: _ = try value()
    }
  }

  /// Reads `null` if it comes next, and says whether it did.
  public mutating func null() throws -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    try literal("null", "a JSON value")
    return true
  }

  /// Reads `true` or `false`.
  public mutating func bool() throws -> Bool {
    guard kind() == .bool, case .bool(let value) = try value() else { throw unexpected("true or false") }
    return value
  }

  /// Reads a finite number.
  public mutating func double() throws -> Double {
    switch peek() {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try finiteNumber()
    case UInt8(ascii: "-"), UInt8(ascii: "N"), UInt8(ascii: "I"):
      let start = at
      switch try value() {
      case .integer(let value): return Double(value)
      case .double(let value): return value
      case .nonFinite(let token): throw fault(.nonFinite(token.rawValue), at: start)
      default: throw fault(.unexpected(found: describe(start), expected: "a number"), at: start)
      }
    default: throw unexpected("a number")
    }
  }

  /// Reads a whole number.
  public mutating func integer() throws -> Int {
    guard kind() == .number else { throw unexpected("a whole number") }
    let start = at
    guard let whole = try value().wholeNumber else {
      throw fault(.unexpected(found: spelling(start, at), expected: "a whole number"), at: start)
    }
    return whole
  }

  /// Reads an object: `member` is called with each key in order and reads the value; one it leaves alone is skipped.
  public mutating func object(_ member: (String, inout JSONCursor) throws -> Void) throws {
    guard peek() == UInt8(ascii: "{") else { throw unexpected("an object") }
    try enter()
    var seen = seenKeys.begin()
    if peek() == UInt8(ascii: "}") {
      at += 1
    } else {
      while true {
        skipSpace()
        let start = at
        let key = try key()
        guard seenKeys.insert(key, in: &seen) else { throw fault(.duplicateKey(key), at: start) }
        skipSpace()
        let before = at
        try member(key, &self)
        if at == before { try skip() }
        if try !anotherFollows(closing: UInt8(ascii: "}"), "',' or '}'") { break }
      }
    }
    seenKeys.end(seen)
    depth -= 1
  }

  /// Reads an array: `element` is called once for each and must read it; one it leaves alone is skipped.
  public mutating func array(_ element: (inout JSONCursor) throws -> Void) throws {
    guard peek() == UInt8(ascii: "[") else { throw unexpected("an array") }
    try enter()
    if peek() == UInt8(ascii: "]") {
      at += 1
    } else {
      while true {
        skipSpace()
        let before = at
        try element(&self)
        if at == before { try skip() }
        if try !anotherFollows(closing: UInt8(ascii: "]"), "',' or ']'") { break }
      }
    }
    depth -= 1
  }

  @inline(__always)
  private mutating func anotherFollows(closing: UInt8, _ expected: String) throws -> Bool {
    let byte = peek()
    guard byte == UInt8(ascii: ",") || byte == closing, at < end else { throw unexpected(expected) }
    at += 1
    return byte != closing
  }

  private mutating func objectValue() throws -> JSONObject {
    try enter()
    var object = JSONObject()
    if peek() == UInt8(ascii: "}") {
      at += 1
    } else {
      object.reserveCapacity(Int(memberHints[depth]))
      while true {
        skipSpace()
        let start = at
        let key = try key()
        let value = try value()
        guard object.append(key, value) else { throw fault(.duplicateKey(key), at: start) }
        if try !anotherFollows(closing: UInt8(ascii: "}"), "',' or '}'") { break }
      }
      memberHints[depth] = UInt8(min(object.count, 64))
    }
    depth -= 1
    return object
  }

  private mutating func arrayValue() throws -> [JSONValue] {
    try enter()
    var values: [JSONValue] = []
    if peek() == UInt8(ascii: "]") {
      at += 1
    } else {
      while true {
        values.append(try value())
        if try !anotherFollows(closing: UInt8(ascii: "]"), "',' or ']'") { break }
      }
    }
    depth -= 1
    return values
  }
}

extension JSONValue {
  /// The value as a whole number: an integer, or a double without fraction below 2^53; nil for anything else.
  public var wholeNumber: Int? {
    switch self {
    case .integer(let value): value
    case .double(let value) where value.magnitude <= 0x1p53: Int(exactly: value)
    default: nil
    }
  }
}
