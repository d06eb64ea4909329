extension JSONCursor {
  /// Reads a string.
  public mutating func string() throws -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = at
    var isASCII = true
    let stop = plainEnd(from: start, isASCII: &isASCII)
    guard stop < end, base[stop] == UInt8(ascii: "\"") else {
      return try escapedString(from: start, to: stop, isASCII: isASCII)
    }
    at = stop + 1
    return try text(from: start, to: stop, isASCII: isASCII)
  }

  /// Reads a key and the colon behind it.
  mutating func key() throws -> String {
    guard peek() == UInt8(ascii: "\""), at < end else { throw unexpected("a key in quotation marks") }
    at += 1
    let start = at
    var isASCII = true
    let stop = plainEnd(from: start, isASCII: &isASCII)
    let key: String
    if stop < end, base[stop] == UInt8(ascii: "\"") {
      at = stop + 1
      let count = stop - start
      key =
        isASCII && count > 0 && count <= ShortStrings.longest
        ? knownKeys.string(base + start, count) : try text(from: start, to: stop, isASCII: isASCII)
    } else {
      key = try escapedString(from: start, to: stop, isASCII: isASCII)
    }
    try expect(UInt8(ascii: ":"), "':'")
    return key
  }

  /// Moves behind a string, checking it on the way.
  mutating func skipString() throws {
    let opening = at
    at += 1
    var isASCII = true
    while true {
      let stop = plainEnd(from: at, isASCII: &isASCII)
      if !isASCII, !isValidUTF8(from: at, to: stop) { throw invalidUTF8(from: at, to: stop) }
      at = stop
      guard at < end else { throw fault(.endOfText(expected: "the end of a string"), at: opening) }
      switch base[at] {
      case UInt8(ascii: "\""):
        at += 1
        return
      case UInt8(ascii: "\\"): _ = try escape()
      default: throw fault(.controlCharacter(base[at]))
      }
    }
  }

  /// The first quotation mark, backslash or control character from `start` on, or the end.
  ///
  /// `isASCII` becomes false when a byte up to there, or shortly after, has its high bit set.
  @inline(__always)
  private func plainEnd(from start: Int, isASCII: inout Bool) -> Int {
    var index = start
    while index + StringBlock.width <= end {
      let block = StringBlock(base + index)
      if block.hasHighBit { isASCII = false }
      if let stop = block.firstStop { return index + stop }
      index += StringBlock.width
    }
    while index < end, !StringBlock.isStop(base[index]) {
      if base[index] >= 0x80 { isASCII = false }
      index += 1
    }
    return index
  }

  private func isValidUTF8(from start: Int, to stop: Int) -> Bool {
    TextEncoding.firstInvalidByte(UnsafeBufferPointer(start: base + start, count: stop - start)) == nil
  }

  @inline(__always)
  private func text(from start: Int, to stop: Int, isASCII: Bool) throws -> String {
    let bytes = UnsafeBufferPointer(start: base + start, count: stop - start)
    if isASCII { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw invalidUTF8(from: start, to: stop)
    }
    return text
  }

  /// The rest of a string whose plain start ends at `firstStop`, put together in the scratch memory.
  @inline(never)
  private mutating func escapedString(from start: Int, to firstStop: Int, isASCII: Bool) throws -> String {
    var isASCII = isASCII
    // No string is longer than its spelling; the memory beyond it is asked for but never touched.
    reserveScratch(end - start + StringBlock.width)
    var used = firstStop - start
    scratch.update(from: base + start, count: used)
    at = firstStop
    while true {
      guard at < end else { throw fault(.endOfText(expected: "the end of a string"), at: start - 1) }
      if base[at] == UInt8(ascii: "\"") { break }
      guard base[at] == UInt8(ascii: "\\") else { throw fault(.controlCharacter(base[at])) }
      used += encode(try escape(), at: scratch + used, isASCII: &isASCII)
      copyPlain(to: &used, isASCII: &isASCII)
    }
    let stop = at
    at += 1
    let bytes = UnsafeBufferPointer(start: scratch, count: used)
    if isASCII { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw invalidUTF8(from: start, to: stop)
    }
    return text
  }

  /// Copies bytes to the scratch memory up to the next quotation mark, backslash or control character.
  @inline(__always)
  private mutating func copyPlain(to used: inout Int, isASCII: inout Bool) {
    while at + StringBlock.width <= end {
      let block = StringBlock(base + at)
      block.store(to: scratch + used)
      if block.hasHighBit { isASCII = false }
      let stop = block.firstStop
      at += stop ?? StringBlock.width
      used += stop ?? StringBlock.width
      if stop != nil { return }
    }
    while at < end, !StringBlock.isStop(base[at]) {
      if base[at] >= 0x80 { isASCII = false }
      scratch[used] = base[at]
      used += 1
      at += 1
    }
  }

  /// Writes a scalar as UTF-8 and gives the number of bytes.
  @inline(__always)
  private func encode(_ scalar: UInt32, at place: UnsafeMutablePointer<UInt8>, isASCII: inout Bool) -> Int {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | scalar >> shift & 0x3f) }
    if scalar < 0x80 {
      place[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    }
    isASCII = false
    if scalar < 0x800 {
      place[0] = UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6)
      place[1] = tail(0)
      return 2
    }
    if scalar < 0x10000 {
      place[0] = UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12)
      place[1] = tail(6)
      place[2] = tail(0)
      return 3
    }
    place[0] = UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18)
    place[1] = tail(12)
    place[2] = tail(6)
    place[3] = tail(0)
    return 4
  }

  private mutating func reserveScratch(_ capacity: Int) {
    guard capacity > scratchCapacity else { return }
    while scratchCapacity < capacity { scratchCapacity *= 2 }
    scratch.deallocate()
    scratch = .allocate(capacity: scratchCapacity)
  }

  /// Reads an escape, both halves of a surrogate pair at once, and gives its scalar.
  @inline(__always)
  private mutating func escape() throws -> UInt32 {
    guard at + 1 < end else { throw fault(.endOfText(expected: "an escape")) }
    let letter = base[at + 1]
    let plain: UInt8
    switch letter {
    case UInt8(ascii: "u"): return try unicodeEscape()
    case UInt8(ascii: "n"): plain = 0x0a
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = letter
    case UInt8(ascii: "t"): plain = 0x09
    case UInt8(ascii: "r"): plain = 0x0d
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0c
    default: throw fault(.badEscape(letter < 0x80 ? spelling(at, at + 2) : "\\"))
    }
    at += 2
    return UInt32(plain)
  }

  private mutating func unicodeEscape() throws -> UInt32 {
    let start = at
    let unit = try hexUnit()
    guard unit & 0xf800 == 0xd800 else { return unit }
    let second = at
    guard unit < 0xdc00, at + 1 < end, base[at] == UInt8(ascii: "\\"), base[at + 1] == UInt8(ascii: "u")
    else {
      throw fault(.loneSurrogate(spelling(start, second)), at: start)
    }
    let low = try hexUnit()
    guard low & 0xfc00 == 0xdc00 else { throw fault(.loneSurrogate(spelling(start, second)), at: start) }
    return 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
  }

  /// The four digits behind the backslash and the u at the present place.
  @inline(__always)
  private mutating func hexUnit() throws -> UInt32 {
    guard at + 6 <= end else { throw fault(.endOfText(expected: "four hexadecimal digits")) }
    var unit: UInt32 = 0
    for offset in 2..<6 {
      let byte = base[at + offset]
      let digit = byte &- UInt8(ascii: "0")
      let letter = (byte | 0x20) &- UInt8(ascii: "a")
      guard digit < 10 || letter < 6 else { throw fault(.badEscape(spelling(at, at + 6))) }
      unit = unit << 4 | UInt32(digit < 10 ? digit : letter + 10)
    }
    at += 6
    return unit
  }
}
