/// The random numbers of Python's `random.Random(text)`, so that coins tossed there can be tossed again here.
///
/// Python seeds the Mersenne Twister (Matsumoto and Nishimura, ACM TOMACS 8, 1998) with the number whose big-endian bytes
/// are the text in UTF-8 followed by its SHA-512 digest.
public struct PythonRandom: Sendable {
  private static let size = 624
  private var state: [UInt32]
  private var next = PythonRandom.size

  /// The generator `random.Random(seed)`.
  public init(seed: String) {
    let text = Array(seed.utf8)
    let bytes = text + SHA512.digest(text)
    // Little-endian words of the number, without zeros at the high end.
    var key: [UInt32] = []
    for end in stride(from: bytes.count, to: 0, by: -4) {
      key.append(bytes[max(0, end - 4)..<end].reduce(0) { $0 << 8 | UInt32($1) })
    }
    while key.count > 1, key.last == 0 { key.removeLast() }
    state = PythonRandom.scrambled(key)
  }

  /// What `init_by_array` begins with: the reference implementation's `init_genrand(19650218)`.
  private static let beginning: [UInt32] = {
    var state: [UInt32] = [19_650_218]
    for place in 1..<size {
      let last = state[place - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(place))
    }
    return state
  }()

  /// The reference implementation's `init_by_array`.
  private static func scrambled(_ key: [UInt32]) -> [UInt32] {
    var state = beginning
    state.withUnsafeMutableBufferPointer { state in
      var place = 1
      var word = 0
      for _ in 0..<max(size, key.count) {
        let last = state[place - 1]
        state[place] = (state[place] ^ (last ^ last >> 30) &* 1_664_525) &+ key[word] &+ UInt32(word)
        place += 1
        word = word + 1 == key.count ? 0 : word + 1
        if place == size {
          state[0] = state[size - 1]
          place = 1
        }
      }
      for _ in 0..<size - 1 {
        let last = state[place - 1]
        state[place] = (state[place] ^ (last ^ last >> 30) &* 1_566_083_941) &- UInt32(place)
        place += 1
        if place == size {
          state[0] = state[size - 1]
          place = 1
        }
      }
      state[0] = 0x8000_0000
    }
    return state
  }

  /// The next 32 random bits. Words are renewed one at a time, as they are needed.
  private mutating func bits() -> UInt32 {
    if next == PythonRandom.size { next = 0 }
    let size = PythonRandom.size
    let joined = state[next] & 0x8000_0000 | state[(next + 1) % size] & 0x7fff_ffff
    state[next] = state[(next + 397) % size] ^ joined >> 1 ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
    var word = state[next]
    next += 1
    word ^= word >> 11
    word ^= word << 7 & 0x9d2c_5680
    word ^= word << 15 & 0xefc6_0000
    return word ^ word >> 18
  }

  /// `random()`: the next number in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    let high = bits() >> 5
    let low = bits() >> 6
    return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
  }

  /// `choices(range(count))[0]`: a place below `count`.
  public mutating func choice(of count: Int) -> Int {
    precondition(count > 0, "a choice of \(count)")
    return Int(uniform() * Double(count))
  }

  /// `choices(range(len(weights)), weights)[0]`: a place, as likely as its weight says.
  public mutating func choice(weights: [Double]) -> Int {
    precondition(!weights.isEmpty, "a choice of nothing")
    var sums: [Double] = []
    for weight in weights { sums.append((sums.last ?? 0) + weight) }
    let mark = uniform() * (sums.last ?? 0)
    return sums.dropLast().firstIndex { mark < $0 } ?? weights.count - 1
  }
}
