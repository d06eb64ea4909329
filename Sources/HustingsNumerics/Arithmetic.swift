import CKernels

/// How sums of products of 32-bit floats are made.
public enum Arithmetic: String, Sendable, Hashable, Codable, CaseIterable {
  /// One chain of fused multiply-adds per sum: the same bits on every processor that has them.
  case fused
  /// On the processor's matrix tiles, with every float split into three bfloat16 numbers that add up to it: at least as
  /// exact as `fused`, and about half again as fast.
  case tiles
  /// On matrix tiles, with floats rounded to 16 significant bits: a sum of a thousand terms is off by about three times what
  /// `fused` is off by, in less than half the time.
  case roundedTiles = "rounded-tiles"

  /// Whether this processor has matrix tiles; where it has none, every case is `fused`.
  public static var hasTiles: Bool { hustings_tiles_available() != 0 }

  /// The parts that the kernels split floats into; 0 for none.
  var parts: Int32 {
    switch self {
    case .fused: 0
    case .tiles: Arithmetic.hasTiles ? 3 : 0
    case .roundedTiles: Arithmetic.hasTiles ? 2 : 0
    }
  }
}

/// The right operand of a matrix product, laid out for the kernels once and used by many products.
public final class PackedMatrix: @unchecked Sendable {
  /// How products with it are made.
  public let arithmetic: Arithmetic
  /// Rows of the operand: the length of the sums.
  public private(set) var inner = 0
  /// Columns of the operand.
  public private(set) var outer = 0
  private(set) var storage: UnsafeMutableRawPointer?
  private var capacity = 0
  #if canImport(Accelerate)
    private(set) var source: UnsafePointer<Float>?
    private(set) var isTransposed = false
  #endif

  /// Nothing packed yet.
  public init(_ arithmetic: Arithmetic = .fused) { self.arithmetic = arithmetic }

  deinit { storage?.deallocate() }

  /// Packs right[inner×outer], or when `transposed` the transpose of right[outer×inner], in place of what was there.
  ///
  /// On macOS the operand itself is used, so it must live and stay as it is as long as products are made.
  public func pack(
    _ right: UnsafePointer<Float>, inner k: Int, outer n: Int, transposed: Bool = false, workers: Int = 1
  ) {
    inner = k
    outer = n
    #if canImport(Accelerate)
      source = right
      isTransposed = transposed
    #else
      let parts = arithmetic.parts
      let bytes = hustings_packed_bytes(parts, k, n)
      if bytes > capacity {
        storage?.deallocate()
        storage = .allocate(byteCount: bytes, alignment: 64)
        capacity = bytes
      }
      let width = hustings_panel_width(parts)
      let panels = (n + width - 1) / width
      nonisolated(unsafe) let (to, right) = (storage, right)
      forEachBlock(of: panels, size: max(1, (panels + workers - 1) / workers), workers: workers) { range in
        hustings_pack(
          parts, k, n, right, transposed ? k : n, transposed ? 1 : 0, range.lowerBound, range.upperBound, to)
      }
    #endif
  }
}
