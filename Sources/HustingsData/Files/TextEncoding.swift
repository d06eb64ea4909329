/// What the first bytes of a text say about its encoding, and whether the rest is UTF-8.
enum TextEncoding {
  /// The length of the UTF-8 byte order mark that `start` begins with, 3 or 0; throws for the marks of UTF-16 and 32.
  static func byteOrderMark(_ start: some Collection<UInt8>, file: String) throws -> Int {
    if start.starts(with: [0xef, 0xbb, 0xbf]) { return 3 }
    let foreign: [(mark: [UInt8], encoding: String)] = [
      ([0xff, 0xfe, 0, 0], "UTF-32LE"), ([0, 0, 0xfe, 0xff], "UTF-32BE"),
      ([0xff, 0xfe], "UTF-16LE"), ([0xfe, 0xff], "UTF-16BE"),
    ]
    for (mark, encoding) in foreign where start.starts(with: mark) {
      throw DataError.foreignEncoding(file: file, encoding: encoding)
    }
    return 0
  }

  /// The offset of the first byte that does not belong to well-formed UTF-8; nil when all do.
  ///
  /// Well-formed as in the Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  static func firstInvalidByte(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let end = bytes.count
    let raw = UnsafeRawPointer(base)
    var at = 0
    while at < end {
      if base[at] < 0x80 {
        at += 1
        while at + 16 <= end, raw.loadUnaligned(fromByteOffset: at, as: SIMD2<UInt64>.self).isASCII {
          at += 16
        }
        continue
      }
      let length = sequenceLength(base, at, end)
      if length == 0 { return at }
      at += length
    }
    return nil
  }

  /// The length of the well-formed multi-byte sequence at `at`; 0 when there is none.
  private static func sequenceLength(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
    let first = base[at]
    let lowest: UInt8
    let highest: UInt8
    let length: Int
    switch first {
    case 0xc2...0xdf: (lowest, highest, length) = (0x80, 0xbf, 2)
    case 0xe0: (lowest, highest, length) = (0xa0, 0xbf, 3)
    case 0xed: (lowest, highest, length) = (0x80, 0x9f, 3)
    case 0xe1...0xef: (lowest, highest, length) = (0x80, 0xbf, 3)
    case 0xf0: (lowest, highest, length) = (0x90, 0xbf, 4)
    case 0xf1...0xf3: (lowest, highest, length) = (0x80, 0xbf, 4)
    case 0xf4: (lowest, highest, length) = (0x80, 0x8f, 4)
    default: return 0
    }
    guard at + length <= end, base[at + 1] >= lowest, base[at + 1] <= highest else { return 0 }
    for offset in 2..<max(length, 2) where base[at + offset] & 0xc0 != 0x80 { return 0 }
    return length
  }
}

extension SIMD2<UInt64> {
  /// Whether none of the sixteen bytes has its high bit set.
  fileprivate var isASCII: Bool { (self[0] | self[1]) & 0x8080_8080_8080_8080 == 0 }
}
