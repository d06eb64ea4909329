/// An unsigned decimal number as written: its digits, the power of ten that scales them, and how they were spelled.
///
/// The value is `digits · 10^exponent`, except where there were too many digits (`isExact` is false).
struct DecimalParts {
  var digits: UInt64 = 0
  var exponent = 0
  /// Whether there was neither a point nor an exponent.
  var isWhole = true
  /// Whether `digits` holds all the digits there were.
  var isExact = true

  /// Reads digits, an optional fraction and an optional exponent from `at` on, and moves `at` behind them.
  ///
  /// Nil when the spelling is not JSON's: no digit before or after the point, or an exponent without digits.
  /// - Parameter leadingZeros: whether `007` is allowed, as it is in tables but not in JSON.
  @inline(__always)
  init?(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int, leadingZeros: Bool) {
    let first = at
    readDigits(base, &at, end)
    guard at > first, leadingZeros || at == first + 1 || base[first] != UInt8(ascii: "0") else { return nil }
    if at < end, base[at] == UInt8(ascii: ".") {
      isWhole = false
      at += 1
      let point = at
      readDigits(base, &at, end)
      guard at > point else { return nil }
      exponent = point - at
    }
    // Nineteen digits always fit 64 bits; with more, leading zeros included, the slow way decides.
    if at - first > 19 { isExact = at - first - leadingZeroDigits(base, first, at) <= 19 }
    if at < end, base[at] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      at += 1
      guard let power = Self.readExponent(base, &at, end) else { return nil }
      exponent += power
    }
  }

  @inline(__always)
  private mutating func readDigits(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) {
    while at < end {
      let digit = base[at] &- UInt8(ascii: "0")
      guard digit < 10 else { return }
      digits = digits &* 10 &+ UInt64(digit)
      at += 1
    }
  }

  /// How many bytes before the first significant digit, the point included.
  private func leadingZeroDigits(_ base: UnsafePointer<UInt8>, _ start: Int, _ stop: Int) -> Int {
    var count = 0
    var hasPoint = false
    for index in start..<stop {
      if base[index] == UInt8(ascii: ".") {
        hasPoint = true
      } else if base[index] != UInt8(ascii: "0") {
        break
      }
      count += 1
    }
    if !hasPoint, (start + count..<stop).contains(where: { base[$0] == UInt8(ascii: ".") }) { count += 1 }
    return count
  }

  private static func readExponent(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) -> Int? {
    var isNegative = false
    if at < end, base[at] == UInt8(ascii: "-") || base[at] == UInt8(ascii: "+") {
      isNegative = base[at] == UInt8(ascii: "-")
      at += 1
    }
    let first = at
    var power = 0
    while at < end {
      let digit = base[at] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // Beyond a million the value is zero or infinite however the digits go on.
      power = min(power * 10 + Int(digit), 1_000_000)
      at += 1
    }
    return at > first ? (isNegative ? -power : power) : nil
  }

  /// The nearest double; infinite when there is none. `start` and `stop` bound the spelling, sign included.
  @inline(__always)
  func double(_ base: UnsafePointer<UInt8>, start: Int, stop: Int) -> Double {
    if isExact {
      if digits <= 1 << 53 {
        // Both operands are exact, so one rounding is all (Clinger 1990, section 5).
        if exponent == 0 { return Double(digits) }
        if exponent < 0, exponent >= -22 { return Double(digits) / Self.powersOfTen[-exponent] }
        if exponent > 0, exponent <= 22 { return Double(digits) * Self.powersOfTen[exponent] }
      } else if exponent < 0, exponent >= -27 {
        return Self.quotient(digits, -exponent)
      }
    }
    return Self.slow(base, start, stop)
  }

  /// `digits / 10^power`, correctly rounded, for digits above 2^53 and power 1...27.
  ///
  /// With d = 5^power, both scaled to have their top bit set, one 128 by 64 bit division gives 63 or 64 bits of the
  /// quotient, and its remainder says whether anything follows: enough to round to 53 bits, ties to even.
  private static func quotient(_ digits: UInt64, _ power: Int) -> Double {
    let divisor = powersOfFive[power]
    let digitShift = digits.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let scaled = digits << digitShift
    let (quotient, remainder) = (divisor << divisorShift).dividingFullWidth((scaled >> 1, scaled << 63))
    let shift = quotient.leadingZeroBitCount
    let aligned = quotient << shift
    var significand = aligned >> 11
    let rest = aligned & 0x7ff
    if rest > 0x400 || rest == 0x400 && (remainder > 0 || significand & 1 == 1) { significand += 1 }
    let binaryExponent = 11 - shift - 63 + divisorShift - digitShift - power
    return Double(significand) * powerOfTwo(binaryExponent)
  }

  /// 2^exponent for -1022...1023.
  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(exponent + 1023) << 52)
  }

  @inline(never)
  private static func slow(_ base: UnsafePointer<UInt8>, _ start: Int, _ stop: Int) -> Double {
    let spelling = String(
      decoding: UnsafeBufferPointer(start: base + start, count: stop - start), as: UTF8.self)
    // The spelling was checked, and Swift reads every number spelled so; larger ones become infinite.
    return Double(spelling).map(\.magnitude) ?? .infinity
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]

  private static let powersOfFive: [UInt64] = (0...27).map { power in
    (0..<power).reduce(1) { product, _ in product * 5 }
  }
}
