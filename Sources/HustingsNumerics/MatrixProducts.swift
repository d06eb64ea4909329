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
  /// Scales of the stored matrix's columns, for products on tiles; nil to find what is needed each time.
  public let scales: ColumnScales?

  /// Rows of the matrix at `base`.
  public init(
    _ base: UnsafePointer<Float>, stride: Int, index: UnsafePointer<Int32>? = nil, count: Int,
    upcoming: Int = 0, scales: ColumnScales? = nil
  ) {
    self.base = base
    self.stride = stride
    self.index = index
    self.count = count
    self.upcoming = upcoming
    self.scales = scales
  }

  /// Some of the rows.
  public subscript(range: Range<Int>) -> RowPick {
    if let index {
      return RowPick(
        base, stride: stride, index: index + range.lowerBound, count: range.count,
        upcoming: upcoming + count - range.upperBound, scales: scales)
    }
    return RowPick(base + range.lowerBound * stride, stride: stride, count: range.count, scales: scales)
  }
}

/// Matrix products of row-major 32-bit floats: the one place that knows which library makes them.
///
/// On macOS they are Accelerate's. Elsewhere they are the kernels of `CKernels`, which choose their instruction set
/// by what the processor has: libraries that choose by its name run decade-old code on one they do not know yet, and
/// can be slowed down by environment variables. No sum is split between threads, so their number changes no bit.
public enum MatrixProduct {
  /// out[m×n] = (adding ? out : 0) + rows[m×k] · right[k×n], on one thread.
  ///
  /// Where rows have scales, `right` was packed with them.
  ///
  /// - Parameter kept: where products on tiles keep the rows from its row `first`, a multiple of 4, for `transposedRows`.
  public static func rows(
    _ left: RowPick, times right: PackedMatrix, into out: UnsafeMutablePointer<Float>, adding: Bool = false,
    keeping kept: PackedMatrix? = nil, from first: Int = 0
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
      if right.arithmetic.usesTiles {
        if k == 0, !adding { out.update(repeating: 0, count: left.count * n) }
        let kept = hustings_tiles_kept(packed: kept?.storage, rows: kept?.inner ?? 0, first: first)
        hustings_tiles_product(
          left.count, n, k, left.base, left.stride, left.index, left.scales?.values, kept, right.storage, out,
          n,
          adding ? 1 : 0)
      } else {
        hustings_product(
          left.count, n, k, left.base, left.stride, left.index, 0, right.storage, out, n, adding ? 1 : 0)
      }
    #endif
  }

  /// out[m×n] = (adding ? out : 0) + left[k×m]ᵀ · right[k×n], where the k rows of `left` are picked.
  ///
  /// The gradient of a layer's weights: `left` its inputs, `right` the slopes of its outputs. Workers share out the
  /// result, and their number changes no bit of it.
  ///
  /// - Parameters:
  ///   - room: room for the operands.
  ///   - isKept: whether `rows` has kept all rows of `left` in its `left`.
  public static func transposedRows(
    _ left: RowPick, width m: Int, times right: UnsafePointer<Float>, outer n: Int,
    into out: UnsafeMutablePointer<Float>, adding: Bool = false, using room: PackedPair,
    isKept: Bool = false, workers: Int = 1
  ) {
    nonisolated(unsafe) let (left, right, out) = (left, right, out)
    #if canImport(Accelerate)
      forEachBlock(of: m, size: blockSize(m), workers: workers) { range in
        withPacked(left, width: m) { packed, stride in
          cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, numericCast(range.count), numericCast(n),
            numericCast(left.count), 1, packed + range.lowerBound, numericCast(stride), right, numericCast(n),
            adding ? 1 : 0, out + range.lowerBound * n, numericCast(n))
        }
      }
    #else
      if room.left.arithmetic.usesTiles, left.count > 0 {
        if !isKept { room.left.pack(left, outer: m, isLeft: false, workers: workers) }
        let slopes = RowPick(right, stride: n, count: left.count)
        room.right.pack(slopes, outer: n, isLeft: true, workers: workers)
        forEachBlock(of: m, size: sharedSize(m, workers: workers, unit: 32), workers: workers) {
          hustings_tiles_outer(
            n, m, left.count, room.right.storage, room.left.storage, $0.lowerBound, $0.upperBound, out, n,
            adding ? 1 : 0)
        }
      } else {
        room.right.pack(right, inner: left.count, outer: n, workers: workers)
        forEachBlock(of: m, size: blockSize(m), workers: workers) { range in
          hustings_product(
            range.count, n, left.count, left.base + range.lowerBound, left.stride, left.index, 1,
            room.right.storage, out + range.lowerBound * n, n, adding ? 1 : 0)
        }
      }
    #endif
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

  /// out[n×k] = slopes[n×d] · weights[d×k] for few inputs d, on one thread.
  public static func spread(
    _ slopes: UnsafePointer<Float>, rows n: Int, inputs d: Int, times weights: UnsafePointer<Float>,
    outer k: Int, into out: UnsafeMutablePointer<Float>
  ) {
    hustings_spread(n, d, k, slopes, weights, out)
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
