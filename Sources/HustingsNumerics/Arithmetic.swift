import CKernels

/// How sums of products of 32-bit floats are made.
public enum Arithmetic: String, Sendable, Hashable, Codable, CaseIterable {
  /// One chain of fused multiply-adds per sum: the same bits on every processor that has them.
  case fused
  /// On the processor's matrix tiles, as whole numbers of 24 bits with one scale per row of the left operand and per column of the
  /// right one, whose sums are exact: about as close to the true sum as `fused`, in less than half the time.
  case tiles

  /// Whether this processor has matrix tiles; where it has none, every case is `fused`.
  public static var hasTiles: Bool { hustings_tiles_available() != 0 }

  /// Whether products are made on tiles.
  public var usesTiles: Bool { self == .tiles && Arithmetic.hasTiles }
}
