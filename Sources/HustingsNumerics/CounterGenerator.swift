import CKernels

/// Random numbers as a pure function of (seed, stream, position): the same on every machine and any number of
/// threads.
///
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A
/// stream is an identity, usually `stableHash` of a name; positions may be read in any order, or one after
/// the other with `next()`.
///
/// ```swift
/// let order = CounterGenerator(seed: 7, stream: stableHash("item-12"))
/// order[0]            // always the same 64 bits
/// order.uniform(0)    // the same bits as a number in [0, 1)
/// ```
public struct CounterGenerator: RandomNumberGenerator, Sendable, Hashable {
  /// Chooses the family of streams, usually one per run.
  public let seed: UInt64
  /// Chooses one stream of the family, usually one per item.
  public let stream: UInt64
  /// The position that `next()` reads next.
  public var position: UInt64

  /// The stream at its beginning.
  public init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    self.stream = stream
    position = 0
  }

  /// The stream that belongs to a name.
  public init(seed: UInt64, identity: some StringProtocol) {
    self.init(seed: seed, stream: stableHash(identity))
  }

  /// The 64 random bits at a position.
  public subscript(position: UInt64) -> UInt64 {
    let word = hustings_philox(seed, stream, position >> 1).word
    return position & 1 == 0
      ? UInt64(word.1) << 32 | UInt64(word.0)
      : UInt64(word.3) << 32 | UInt64(word.2)
  }

  /// The number in [0, 1) at a position, a multiple of 2⁻⁵³.
  public func uniform(_ position: UInt64) -> Double {
    Double(self[position] >> 11) * 0x1p-53
  }

  /// The 64 random bits at `position`, which moves on by one.
  public mutating func next() -> UInt64 {
    defer { position &+= 1 }
    return self[position]
  }

  /// The next number in [0, 1).
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// The next number from the standard normal distribution, by inversion.
  public mutating func nextNormal() -> Double {
    // Half a step up keeps both ends out.
    Normal.quantile((Double(next() >> 11) + 0.5) * 0x1p-53)
  }

  /// The next whole number in 0 ..< `bound`, every one equally likely.
  ///
  /// Lemire, "Fast random integer generation in an interval" (ACM TOMACS 29, 2019). Written out because the
  /// standard library does not promise how it maps bits to numbers.
  public mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound > 0, "an index below \(bound)")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let unfair = (0 &- width) % width
      while product.low < unfair { product = next().multipliedFullWidth(by: width) }
    }
    return Int(product.high)
  }

  /// A random order of 0 ..< `count`, every one equally likely (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    shuffled(Array(0..<count))
  }

  /// The values in a random order.
  public mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
    var order = values
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, nextIndex(below: last + 1))
    }
    return order
  }
}
