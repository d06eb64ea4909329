import HustingsNumerics

/// Standard normal numbers that are a pure function of a seed and a name.
public struct NormalStream: Sendable {
  private var generator: CounterGenerator

  /// The stream of a name.
  public init(seed: UInt64, identity: String) { generator = CounterGenerator(seed: seed, identity: identity) }

  /// The next number.
  public mutating func next() -> Double { generator.nextNormal() }
}
