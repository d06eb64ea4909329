import Foundation

/// A number that losses are written over: 32 bits to train in, 64 to check a gradient in.
public protocol RealNumber: BinaryFloatingPoint, Sendable {
  /// eˣ.
  static func exp(_ x: Self) -> Self
  /// eˣ - 1, exact near 0.
  static func expm1(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// log(1 + x), exact near 0.
  static func log1p(_ x: Self) -> Self
}

extension Float: RealNumber {
  /// eˣ.
  public static func exp(_ x: Float) -> Float { Foundation.exp(x) }
  /// eˣ - 1, exact near 0.
  public static func expm1(_ x: Float) -> Float { Foundation.expm1(x) }
  /// The natural logarithm.
  public static func log(_ x: Float) -> Float { Foundation.log(x) }
  /// log(1 + x), exact near 0.
  public static func log1p(_ x: Float) -> Float { Foundation.log1p(x) }
}

extension Double: RealNumber {
  /// eˣ.
  public static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  /// eˣ - 1, exact near 0.
  public static func expm1(_ x: Double) -> Double { Foundation.expm1(x) }
  /// The natural logarithm.
  public static func log(_ x: Double) -> Double { Foundation.log(x) }
  /// log(1 + x), exact near 0.
  public static func log1p(_ x: Double) -> Double { Foundation.log1p(x) }
}

extension RealNumber {
  /// log(1 + eˣ), without overflow: max(x, 0) + log1p(exp(-|x|)).
  static func softplus(_ x: Self) -> Self { max(x, 0) + log1p(exp(-abs(x))) }

  /// log σ(x) = -softplus(-x).
  static func logSigmoid(_ x: Self) -> Self { -softplus(-x) }

  /// σ(x) = 1/(1 + e⁻ˣ), without overflow.
  static func sigmoid(_ x: Self) -> Self {
    let e = exp(-abs(x))
    return (x > 0 ? 1 : e) / (1 + e)
  }

  /// log(Σ exp(xᵢ)), shifted by the largest.
  static func logSumExp(_ terms: ArraySlice<Self>) -> Self {
    guard let top = terms.max() else { return -.infinity }
    return top + log(terms.reduce(0) { $0 + exp($1 - top) })
  }
}
