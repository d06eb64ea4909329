/// Eight bytes of a JSON string, looked at together in one machine word.
///
/// Plain integer arithmetic, because SIMD comparisons are at times compiled lane by lane (Swift 6.3.1), 20 times slower.
struct StringBlock {
  static let width = 8
  private let bytes: UInt64

  @inline(__always)
  init(_ start: UnsafePointer<UInt8>) {
    bytes = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
  }

  /// Whether `byte` ends a run of plain characters: a quotation mark, a backslash or a control character.
  @inline(__always)
  static func isStop(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
  }

  /// Where the first such byte is; nil when there is none.
  ///
  /// `(x - 1) & ~x` has the high bit of the lowest zero byte of x set, and none below it; a borrow can set bits above,
  /// which do not matter here. (Mycroft 1987; Warren, Hacker's Delight, section 6-1.)
  @inline(__always)
  var firstStop: Int? {
    let quotes = bytes ^ 0x2222_2222_2222_2222
    let backslashes = bytes ^ 0x5c5c_5c5c_5c5c_5c5c
    let stops =
      ((quotes &- Self.ones) & ~quotes) | ((backslashes &- Self.ones) & ~backslashes)
      | ((bytes &- 0x2020_2020_2020_2020) & ~bytes)
    let marks = stops & Self.highBits
    return marks == 0 ? nil : marks.trailingZeroBitCount >> 3
  }

  /// Whether any byte is not ASCII.
  @inline(__always)
  var hasHighBit: Bool { bytes & Self.highBits != 0 }

  /// Writes all eight bytes, of which the caller may want fewer.
  @inline(__always)
  func store(to place: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(place).storeBytes(of: bytes.littleEndian, as: UInt64.self)
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080
}
