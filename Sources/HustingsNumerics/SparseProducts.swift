import CKernels

/// Rows of a stored sparse matrix, all of them in order or some of them picked by index, without a copy.
///
/// The values of stored row i stand at offsets[i] ..< offsets[i + 1], their columns ascending.
public struct SparsePick {
  /// Where each stored row begins, and last where the last one ends.
  public let offsets: UnsafePointer<Int64>
  /// The column of each stored value.
  public let columns: UnsafePointer<Int32>
  /// The stored values.
  public let values: UnsafePointer<Float>
  /// How many columns there are.
  public let width: Int
  /// Which stored row each row is; nil for 0, 1, 2, ….
  public let index: UnsafePointer<Int32>?
  /// How many rows are picked.
  public let count: Int

  /// Rows of the matrix of the given parts.
  public init(
    offsets: UnsafePointer<Int64>, columns: UnsafePointer<Int32>, values: UnsafePointer<Float>, width: Int,
    index: UnsafePointer<Int32>? = nil, count: Int
  ) {
    self.offsets = offsets
    self.columns = columns
    self.values = values
    self.width = width
    self.index = index
    self.count = count
  }

  /// Some of the rows.
  public subscript(range: Range<Int>) -> SparsePick {
    // Offsets count from the first stored value, so rows in order may begin at any of them.
    SparsePick(
      offsets: index == nil ? offsets + range.lowerBound : offsets, columns: columns, values: values,
      width: width, index: index.map { $0 + range.lowerBound }, count: range.count)
  }

  /// out[n×outputs] = (adding ? out : 0) + rows[n×width] · weights[width×outputs], on one thread.
  public func multiply(
    _ weights: UnsafePointer<Float>, outputs: Int, into out: UnsafeMutablePointer<Float>, adding: Bool = false
  ) {
    hustings_sparse_product(count, outputs, offsets, columns, values, index, weights, out, adding ? 1 : 0)
  }

  /// gradient[width×outputs] += rows[n×width]ᵀ · slopes[n×outputs].
  ///
  /// Threads share out the columns, and each adds the rows in order: the same bits on any number of them.
  public func addOuter(
    _ slopes: UnsafePointer<Float>, outputs: Int, into gradient: UnsafeMutablePointer<Float>, workers: Int = 1
  ) {
    nonisolated(unsafe) let (this, slopes, gradient) = (self, slopes, gradient)
    let parts = max(1, min(workers, width))
    forEachBlock(of: width, size: max(1, (width + parts - 1) / parts), workers: workers) { block in
      hustings_sparse_outer(
        this.count, outputs, this.offsets, this.columns, this.values, this.index, slopes, block.lowerBound,
        block.upperBound, gradient)
    }
  }
}
