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
/// can be slowed down by environment variables. No sum is split between threads, so their number changes no bit.
public enum MatrixProduct {
  /// out[m×n] = (adding ? out : 0) + rows[m×k] · right[k×n], on one thread.
  public static func rows(
    _ left: RowPick, times right: PackedMatrix, into out: UnsafeMutablePointer<Float>, adding: Bool = false
  ) {
    let (k, n) = (right.inner, right.outer)
    #if canImport(Accelerate)
      withPacked(left, width: k) { packed, stride in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, right.isTransposed ? CblasTrans : CblasNoTrans,
          numericCast(left.count), numericCast(n), numericCast(k), 1, packed, numericCast(stride),
          right.source, numericCast(right.isTransposed ? k : n), adding ? 1 : 0, out, numericCast(n))
      }
    #else
      hustings_product(
        right.arithmetic.parts, left.count, n, k, left.base, left.stride, left.index, 0, right.storage, out,
        n, adding ? 1 : 0)
    #endif
  }

  /// out[m×n] = (adding ? out : 0) + left[k×m]ᵀ · right[k×n], where the k rows of `left` are picked.
  ///
  /// The gradient of a layer's weights: `left` its inputs, `right` the slopes of its outputs. Workers share out the
  /// rows of the result, in blocks whose size does not depend on how many workers there are.
  public static func transposedRows(
    _ left: RowPick, width m: Int, times right: PackedMatrix, into out: UnsafeMutablePointer<Float>,
    adding: Bool = false, workers: Int = 1
  ) {
    nonisolated(unsafe) let (left, out) = (left, out)
    let n = right.outer
    precondition(left.count == right.inner, "\(left.count) rows on the left, \(right.inner) on the right")
    forEachBlock(of: m, size: blockSize(m), workers: workers) { range in
      let to = out + range.lowerBound * n
      #if canImport(Accelerate)
        withPacked(left, width: m) { packed, stride in
          cblas_sgemm(
            CblasRowMajor, CblasTrans, right.isTransposed ? CblasTrans : CblasNoTrans,
            numericCast(range.count), numericCast(n), numericCast(left.count), 1, packed + range.lowerBound,
            numericCast(stride), right.source, numericCast(right.isTransposed ? right.inner : n),
            adding ? 1 : 0, to, numericCast(n))
        }
      #else
        hustings_product(
          right.arithmetic.parts, range.count, n, left.count, left.base + range.lowerBound, left.stride,
          left.index, 1, right.storage, to, n, adding ? 1 : 0)
      #endif
    }
  }

  /// out[m×n] = (adding ? out : 0) + rows[m×k] · right[k×n]; `transposed` means `right` is stored [n×k].
  ///
  /// For one product with an operand; to make many with the same one, pack it once.
  public static func rows(
    _ left: RowPick, inner k: Int, times right: UnsafePointer<Float>, transposed: Bool = false,
    outer n: Int, into out: UnsafeMutablePointer<Float>, adding: Bool = false,
    arithmetic: Arithmetic = .fused, workers: Int = 1
  ) {
    let packed = PackedMatrix(arithmetic)
    packed.pack(right, inner: k, outer: n, transposed: transposed, workers: workers)
    nonisolated(unsafe) let (left, out) = (left, out)
    forEachBlock(of: left.count, size: blockSize(left.count), workers: workers) { range in
      rows(left[range], times: packed, into: out + range.lowerBound * n, adding: adding)
    }
  }

  /// out[m×n] = (adding ? out : 0) + left[k×m]ᵀ · right[k×n], where the k rows of `left` are picked.
  public static func transposedRows(
    _ left: RowPick, width m: Int, times right: UnsafePointer<Float>, outer n: Int,
    into out: UnsafeMutablePointer<Float>, adding: Bool = false, arithmetic: Arithmetic = .fused,
    workers: Int = 1
  ) {
    let packed = PackedMatrix(arithmetic)
    packed.pack(right, inner: left.count, outer: n, workers: workers)
    transposedRows(left, width: m, times: packed, into: out, adding: adding, workers: workers)
  }

  /// Rows of a product that one thread makes at a time: enough to use each packed panel often, few enough to share out.
  public static func blockSize(_ rows: Int) -> Int { min(512, max(128, (rows / 2 + 31) / 32 * 32)) }

  /// out[n×d] = rows[n×k] · weights[d×k]ᵀ for few outputs d: reads each row once, and waits for memory, not arithmetic.
  ///
  /// - Parameter areReadAgain: whether `addOuter` reads the same rows afterwards, and fetches half of the upcoming ones.
  public static func dots(
    _ rows: RowPick, inner k: Int, with weights: UnsafePointer<Float>, outputs d: Int,
    into out: UnsafeMutablePointer<Float>, areReadAgain: Bool = false, workers: Int = 1
  ) {
    nonisolated(unsafe) let rows = rows
    nonisolated(unsafe) let weights = weights
    nonisolated(unsafe) let out = out
    forEachBlock(of: rows.count, size: 256, workers: workers) { range in
      let part = rows[range]
      hustings_dots(
        range.count, d, k, part.base, part.stride, part.index, part.upcoming, areReadAgain ? 2 : 1, weights,
        out + range.lowerBound * d)
    }
  }

  /// gradient[d×k] += slopes[n×d]ᵀ · rows[n×k] for few outputs d, on one thread.
  public static func addOuter(
    _ slopes: UnsafePointer<Float>, outputs d: Int, _ rows: RowPick, inner k: Int,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    hustings_outer(
      rows.count, d, k, rows.base, rows.stride, rows.index, rows.upcoming, slopes, gradient)
  }

  /// Σ xᵢ·yᵢ over n elements.
  public static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ n: Int) -> Float {
    hustings_dot(n, x, y)
  }

  #if canImport(Accelerate)
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
