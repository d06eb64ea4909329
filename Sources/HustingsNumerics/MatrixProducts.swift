import CKernels

#if canImport(Accelerate)
  import Accelerate
#endif

/// Rows of a stored matrix, all of them in order or some of them picked by index, without a copy.
public struct RowPick {
  /// The first element of the stored matrix.
  public let base: UnsafePointer<Float>
  /// Elements from one stored row to the next.
  public let stride: Int
  /// Which stored row each row is; nil for 0, 1, 2, ….
  public let index: UnsafePointer<Int32>?
  /// How many rows are picked.
  public let count: Int
  /// How many rows the index goes on to name that will be wanted next, so that memory can fetch them early.
  public let upcoming: Int

  /// Rows of the matrix at `base`.
  public init(
    _ base: UnsafePointer<Float>, stride: Int, index: UnsafePointer<Int32>? = nil, count: Int,
    upcoming: Int = 0
  ) {
    self.base = base
    self.stride = stride
    self.index = index
    self.count = count
    self.upcoming = upcoming
  }

  /// Some of the rows.
  public subscript(range: Range<Int>) -> RowPick {
    if let index {
      return RowPick(
        base, stride: stride, index: index + range.lowerBound, count: range.count,
        upcoming: upcoming + count - range.upperBound)
    }
    return RowPick(base + range.lowerBound * stride, stride: stride, count: range.count)
  }
}

/// Matrix products of row-major 32-bit floats: the one place that knows which library makes them.
///
/// On macOS they are Accelerate's. Elsewhere they are the kernels of `CKernels`, which choose their instruction set
/// by what the processor has: libraries that choose by its name run decade-old code on one they do not know yet, and
/// can be slowed down by environment variables. Work is cut by shape and no sum is split, so the number of workers
/// changes no bit of a result.
public enum MatrixProduct {
  /// Rows given to one worker at a time.
  private static let block = 240

  /// out[m×n] = (adding ? out : 0) + rows[m×k] · right[k×n]; `transposed` means `right` is stored [n×k].
  public static func rows(
    _ left: RowPick, inner k: Int, times right: UnsafePointer<Float>, transposed: Bool = false,
    outer n: Int, into out: UnsafeMutablePointer<Float>, adding: Bool = false, workers: Int = 1
  ) {
    nonisolated(unsafe) let left = left
    nonisolated(unsafe) let right = right
    nonisolated(unsafe) let out = out
    let size = workers > 1 ? block : max(1, left.count)
    forEachBlock(of: left.count, size: cut(size), workers: workers) { range in
      let part = left[range]
      #if canImport(Accelerate)
        withPacked(part, width: k) { packed, stride in
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, numericCast(range.count),
            numericCast(n), numericCast(k), 1, packed, numericCast(stride), right,
            numericCast(transposed ? k : n), adding ? 1 : 0, out + range.lowerBound * n, numericCast(n))
        }
      #else
        hustings_gemm(
          range.count, n, k, part.base, part.stride, part.index, right, transposed ? k : n,
          transposed ? 1 : 0, out + range.lowerBound * n, n, adding ? 1 : 0)
      #endif
    }
  }

  /// out[m×n] = (adding ? out : 0) + left[k×m]ᵀ · right[k×n], where the k rows of `left` are picked.
  ///
  /// The gradient of a layer's weights: `left` its inputs, `right` the slopes of its outputs. Workers share out the
  /// rows of the result.
  public static func transposedRows(
    _ left: RowPick, width m: Int, times right: UnsafePointer<Float>, outer n: Int,
    into out: UnsafeMutablePointer<Float>, adding: Bool = false, workers: Int = 1
  ) {
    nonisolated(unsafe) let left = left
    nonisolated(unsafe) let right = right
    nonisolated(unsafe) let out = out
    let size = workers > 1 ? block : max(1, m)
    forEachBlock(of: m, size: cut(size), workers: workers) { range in
      #if canImport(Accelerate)
        withPacked(left, width: m) { packed, stride in
          cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, numericCast(range.count), numericCast(n),
            numericCast(left.count), 1, packed + range.lowerBound, numericCast(stride), right,
            numericCast(n), adding ? 1 : 0, out + range.lowerBound * n, numericCast(n))
        }
      #else
        hustings_gemm_transposed(
          range.count, n, left.count, left.base + range.lowerBound, left.stride, left.index, right, n,
          out + range.lowerBound * n, n, adding ? 1 : 0)
      #endif
    }
  }

  /// out[n×d] = rows[n×k] · weights[d×k]ᵀ for few outputs d: reads each row once, and waits for memory, not arithmetic.
  public static func dots(
    _ rows: RowPick, inner k: Int, with weights: UnsafePointer<Float>, outputs d: Int,
    into out: UnsafeMutablePointer<Float>, workers: Int = 1
  ) {
    nonisolated(unsafe) let rows = rows
    nonisolated(unsafe) let weights = weights
    nonisolated(unsafe) let out = out
    forEachBlock(of: rows.count, size: 256, workers: workers) { range in
      let part = rows[range]
      hustings_dots(
        range.count, d, k, part.base, part.stride, part.index, part.upcoming, weights,
        out + range.lowerBound * d)
    }
  }

  /// gradient[d×k] += slopes[n×d]ᵀ · rows[n×k] for few outputs d, on one thread.
  public static func addOuter(
    _ slopes: UnsafePointer<Float>, outputs d: Int, _ rows: RowPick, inner k: Int,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    hustings_outer(rows.count, d, k, rows.base, rows.stride, rows.index, slopes, gradient)
  }

  /// Σ xᵢ·yᵢ over n elements.
  public static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ n: Int) -> Float {
    hustings_dot(n, x, y)
  }

  #if canImport(Accelerate)
    /// Accelerate promises nothing about how its sums depend on a product's size, so work is always cut alike.
    private static func cut(_ size: Int) -> Int { block }

    private static func withPacked(
      _ rows: RowPick, width: Int, _ body: (UnsafePointer<Float>, Int) -> Void
    ) {
      guard let index = rows.index else { return body(rows.base, rows.stride) }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, rows.count * width)) { scratch in
        guard let to = scratch.baseAddress else { return }
        for row in 0..<rows.count {
          (to + row * width).update(from: rows.base + Int(index[row]) * rows.stride, count: width)
        }
        body(to, width)
      }
    }
  #else
    /// Each element of a product is one chain of fused multiply-adds, wherever it is cut.
    private static func cut(_ size: Int) -> Int { size }
  #endif
}

extension Matrix {
  /// Lends the matrix's rows, all of them or those picked by index, for the length of a call.
  public func withRows<Result>(
    _ picks: [Int32]? = nil, _ body: (RowPick) throws -> Result
  ) rethrows -> Result {
    try values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else {
        preconditionFailure("rows of a matrix of \(rows) × \(columns) without storage")
      }
      guard let picks else { return try body(RowPick(base, stride: columns, count: rows)) }
      for pick in picks { precondition(pick >= 0 && Int(pick) < rows, "row \(pick) of \(rows)") }
      return try picks.withUnsafeBufferPointer {
        try body(RowPick(base, stride: columns, index: $0.baseAddress, count: picks.count))
      }
    }
  }
}
