import CKernels

/// Room for both operands of products that sum over rows.
public struct PackedPair: Sendable {
  /// Of the operand whose columns are the result's rows.
  public let left: PackedMatrix
  /// Of the other one.
  public let right: PackedMatrix

  /// Nothing packed yet.
  public init(_ arithmetic: Arithmetic = .fused) {
    left = PackedMatrix(arithmetic)
    right = PackedMatrix(arithmetic)
  }
}

/// An operand of matrix products, laid out for the kernels once and used by many products.
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
  ///
  /// - Parameter scales: those of the columns of the rows that it will be multiplied with, for rows that have some.
  public func pack(
    _ right: UnsafePointer<Float>, inner k: Int, outer n: Int, transposed: Bool = false,
    scales: ColumnScales? = nil, workers: Int = 1
  ) {
    #if canImport(Accelerate)
      (inner, outer) = (k, n)
      source = right
      isTransposed = transposed
    #else
      if arithmetic.usesTiles {
        precondition(scales == nil || !transposed, "scales of rows, and a transposed operand")
        let rows = RowPick(right, stride: transposed ? k : n, count: k)
        guard let factors = scales?.inverses else {
          let own = transposed ? nil : ColumnScales(right, rows: k, columns: n, workers: workers)
          packTiles(rows, k, n, transposed: transposed, scales: own, workers)
          return
        }
        factors.withUnsafeBufferPointer {
          let own = ColumnScales(right, rows: k, columns: n, factors: $0.baseAddress, workers: workers)
          packTiles(rows, k, n, factors: $0.baseAddress, scales: own, workers)
        }
        return
      }
      reserve(k, n, bytes: hustings_packed_bytes(k, n))
      let width = hustings_panel_width()
      let panels = (n + width - 1) / width
      nonisolated(unsafe) let (to, right) = (storage, right)
      forEachBlock(of: panels, size: sharedSize(panels, workers: workers, unit: 1), workers: workers) {
        range in
        hustings_pack(
          k, n, right, transposed ? k : n, transposed ? 1 : 0, range.lowerBound, range.upperBound, to)
      }
    #endif
  }

  /// Packs rows of width n for products on tiles that sum over rows, as the left operand of those or as the right one.
  func pack(_ rows: RowPick, outer n: Int, isLeft: Bool, workers: Int) {
    let scales =
      rows.scales
      ?? ColumnScales(
        rows.base, rows: rows.count, columns: n, stride: rows.stride, index: rows.index,
        workers: workers)
    packTiles(rows, rows.count, n, isLeft: isLeft, scales: scales, workers)
  }

  /// Readies the matrix for the digits of rows[count×width], which products on tiles write on the way.
  public func keep(_ count: Int, width: Int, scales: ColumnScales) {
    reserve(count, width, bytes: hustings_tiles_packed_bytes(count, width))
    hustings_tiles_adopt(count, width, scales.values, storage)
  }

  private func reserve(_ k: Int, _ n: Int, bytes: Int) {
    (inner, outer) = (k, n)
    guard bytes > capacity else { return }
    storage?.deallocate()
    storage = .allocate(byteCount: bytes, alignment: 64)
    capacity = bytes
  }

  private func packTiles(
    _ rows: RowPick, _ k: Int, _ n: Int, transposed: Bool = false, isLeft: Bool = false,
    factors: UnsafePointer<Float>? = nil, scales: ColumnScales?, _ workers: Int
  ) {
    reserve(k, n, bytes: hustings_tiles_packed_bytes(k, n))
    let units = hustings_tiles_pack_units(k, n, transposed ? 1 : 0)
    nonisolated(unsafe) let (to, rows, factors) = (storage, rows, factors)
    forEachBlock(of: units, size: sharedSize(units, workers: workers, unit: 1), workers: workers) { range in
      hustings_tiles_pack(
        k, n, rows.base, rows.stride, rows.index, transposed ? 1 : 0, isLeft ? 1 : 0, factors, scales?.values,
        range.lowerBound, range.upperBound, to)
    }
  }
}

/// For each column of a matrix the power of two by which products on tiles make its numbers whole ones of 24 bits.
public final class ColumnScales: Sendable {
  /// The powers; not a number for a column with one that is not finite.
  let values: [Float]
  /// One over each.
  let inverses: [Float]

  /// The scales of columns of rows × columns numbers, all rows or those picked by `index`, each times its factor where there are
  /// factors.
  init(
    _ base: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil,
    index: UnsafePointer<Int32>? = nil,
    factors: UnsafePointer<Float>? = nil, workers: Int = 1
  ) {
    let stride = stride ?? columns
    let size = sharedSize(rows, workers: workers, unit: 64)
    let parts = max(1, (rows + size - 1) / size)
    var largest = [UInt32](repeating: 0, count: parts * columns)
    values = largest.withUnsafeMutableBufferPointer { largest in
      [Float](unsafeUninitializedCapacity: columns) { values, initialized in
        initialized = columns
        guard let largest = largest.baseAddress, let values = values.baseAddress else { return }
        nonisolated(unsafe) let (base, index, factors, out) = (base, index, factors, largest)
        forEachBlock(of: rows, size: size, workers: workers) { range in
          let first = range.lowerBound
          hustings_tiles_largest(
            range.count, columns, index == nil ? base + first * stride : base, stride,
            index.map { $0 + first }, factors.map { $0 + first }, out + first / size * columns)
        }
        hustings_tiles_scales(columns, parts, largest, values)
      }
    }
    inverses = values.map { 1 / $0 }
  }

  /// The scales of a matrix stored row by row whose rows will be picked for products; nil where there are no tiles.
  public convenience init?(_ values: [Float], columns: Int, workers: Int = 1) {
    guard Arithmetic.hasTiles, columns > 0, !values.isEmpty else { return nil }
    self.init(values, rows: values.count / columns, columns: columns, workers: workers)
  }
}
