/// A SHA-256 digest: the identity of a text, a file, a model or a benchmark.
public struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The 256 bits, most significant word first.
  public let words: (UInt64, UInt64, UInt64, UInt64)

  /// A digest of the given words, most significant first.
  public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// A digest from its 64 hexadecimal digits; nil when the text is anything else.
  public init?(hex: some StringProtocol) {
    let digits = Array(hex.utf8)
    guard digits.count == 64, digits.allSatisfy(Digest.isHexadecimal) else { return nil }
    func word(_ index: Int) -> UInt64 {
      digits[16 * index..<16 * index + 16].reduce(0) { value, digit in
        value << 4 | UInt64(digit <= 57 ? digit - 48 : (digit | 32) - 87)
      }
    }
    words = (word(0), word(1), word(2), word(3))
  }

  private static func isHexadecimal(_ digit: UInt8) -> Bool {
    (48...57).contains(digit) || (97...102).contains(digit | 32)
  }

  /// All 64 hexadecimal digits, lower case.
  public var hex: String { leading(64) }

  /// The first 12 hexadecimal digits, enough to tell things apart on a screen.
  public var short: String { leading(12) }

  private func leading(_ count: Int) -> String {
    String(unsafeUninitializedCapacity: count) { digits in
      func put(_ word: UInt64, at start: Int) {
        var rest = word
        for place in start..<min(start + 16, max(start, count)) {
          let value = UInt8(truncatingIfNeeded: rest >> 60)
          digits[place] = value < 10 ? 48 + value : 87 + value
          rest <<= 4
        }
      }
      put(words.0, at: 0)
      put(words.1, at: 16)
      put(words.2, at: 32)
      put(words.3, at: 48)
      return count
    }
  }

  /// All 64 hexadecimal digits.
  public var description: String { hex }

  /// Whether the bits are the same.
  public static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }

  /// The order of the bits read as one number.
  public static func < (a: Digest, b: Digest) -> Bool { a.words < b.words }

  /// Feeds the leading words, which are already uniform.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}
