#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Strings made before, by their bytes, so that the keys which every record repeats are made once.
///
/// Each string has one slot; a newcomer with the same slot takes it over. Only ASCII of up to 31 bytes is kept. A table without
/// slots keeps nothing: one is worth its making for a text in which keys come again and again.
struct ShortStrings: ~Copyable {
  static let longest = 31
  /// Shorter texts are read faster without a table.
  static let shortestText = 16 << 10
  private static let stride = 32

  /// A power of two, or 0.
  private let slotCount: Int
  private let strings: UnsafeMutablePointer<String>?
  /// Per slot: the length, then the bytes.
  private let bytes: UnsafeMutablePointer<UInt8>?

  /// A table for texts of so many bytes; nil where there may be many texts.
  init(textOf length: Int?) {
    if let length, length < Self.shortestText {
      (slotCount, strings, bytes) = (0, nil, nil)
      return
    }
    slotCount = 256
    let strings = UnsafeMutablePointer<String>.allocate(capacity: slotCount)
    strings.initialize(repeating: "", count: slotCount)
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: slotCount * Self.stride)
    bytes.initialize(repeating: 0, count: slotCount * Self.stride)
    (self.strings, self.bytes) = (strings, bytes)
  }

  deinit {
    strings?.deinitialize(count: slotCount)
    strings?.deallocate()
    bytes?.deallocate()
  }

  /// The string of `count` ASCII bytes, 1...31.
  @inline(__always)
  func string(_ start: UnsafePointer<UInt8>, _ count: Int) -> String {
    guard let strings, let bytes else {
      return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
    let mix =
      UInt32(start[0]) &* 0x9e37 ^ UInt32(start[count - 1]) &* 0x85eb ^ UInt32(start[count / 2]) &* 0xc2b2
    let slot = Int((mix ^ UInt32(count) &* 0x27d5) >> 5) & (slotCount - 1)
    let known = bytes + slot * Self.stride
    if known[0] == UInt8(count), memcmp(known + 1, start, count) == 0 { return strings[slot] }
    let string = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    known[0] = UInt8(count)
    memcpy(known + 1, start, count)
    strings[slot] = string
    return string
  }
}
