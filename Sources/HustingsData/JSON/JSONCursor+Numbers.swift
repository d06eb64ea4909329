extension JSONCursor {
  /// Reads a number: whole if it is written so and fits, else a double.
  mutating func number() throws -> JSONValue {
    let start = at
    if isInfinity { return try nonFinite("Infinity", .negativeInfinity, start) }
    let (parts, isNegative) = try decimal()
    if parts.isWhole, parts.isExact, let value = whole(parts.digits, isNegative) { return .integer(value) }
    return .double(try finite(parts, isNegative, start))
  }

  /// Reads a number as the nearest double.
  mutating func finiteNumber() throws -> Double {
    let start = at
    let (parts, isNegative) = try decimal()
    return try finite(parts, isNegative, start)
  }

  /// Moves behind a number without a sign, checking it on the way.
  mutating func skipNumber() throws {
    let start = at
    let (parts, _) = try decimal()
    // No number of nineteen digits or fewer comes near the largest double unless its exponent does.
    if !parts.isExact || parts.exponent > 280 { _ = try finite(parts, false, start) }
  }

  /// Whether a minus and an infinity come next; moves behind the minus then.
  private var isInfinity: Bool {
    mutating get {
      guard base[at] == UInt8(ascii: "-"), at + 1 < end, base[at + 1] == UInt8(ascii: "I") else {
        return false
      }
      at += 1
      return true
    }
  }

  @inline(__always)
  private mutating func decimal() throws -> (parts: DecimalParts, isNegative: Bool) {
    let start = at
    let isNegative = base[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    guard let parts = DecimalParts(base, &at, end, leadingZeros: false) else {
      throw fault(.badNumber(word(from: start)), at: start)
    }
    if at < end, isNumberByte(base[at]) { throw fault(.badNumber(word(from: start)), at: start) }
    return (parts, isNegative)
  }

  @inline(__always)
  private func finite(_ parts: DecimalParts, _ isNegative: Bool, _ start: Int) throws -> Double {
    let value = parts.double(base, start: start, stop: at)
    guard value.isFinite else { throw fault(.numberOutOfRange(word(from: start)), at: start) }
    return isNegative ? -value : value
  }

  /// Minus zero is no integer: it stays the double it is.
  private func whole(_ digits: UInt64, _ isNegative: Bool) -> Int? {
    guard isNegative else { return Int(exactly: digits) }
    return digits == 0 || digits > UInt64(Int.max) + 1 ? nil : Int(truncatingIfNeeded: 0 &- digits)
  }

  /// Reads `NaN` or an infinity, if the rule lets it through.
  mutating func nonFinite(
    _ word: StaticString, _ value: JSONValue.NonFinite, _ start: Int
  ) throws -> JSONValue {
    try literal(word, "a JSON value")
    guard nonFinite == .keep else { throw fault(.nonFinite(value.rawValue), at: start) }
    return .nonFinite(value)
  }

  private func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private func word(from start: Int) -> String {
    var stop = start
    while stop < end, stop < start + 40, isNumberByte(base[stop]) { stop += 1 }
    return spelling(start, max(stop, min(start + 1, end)))
  }
}
