import CKernels

/// A matrix that is mostly zero, as compressed rows.
public struct SparseMatrix: Sendable, Hashable {
  /// How many columns.
  public let columns: Int
  /// Where each row begins in `indices` and `values`, and where the last one ends: rows + 1 of them.
  public let offsets: [Int64]
  /// The column of each stored element, ascending within a row.
  public let indices: [Int32]
  /// The stored elements.
  public let values: [Float]

  /// A matrix of the given compressed rows.
  public init(columns: Int, offsets: [Int64], indices: [Int32], values: [Float]) {
    precondition(offsets.first == 0, "the first row begins at \(offsets.first ?? -1), not at 0")
    precondition(indices.count == values.count, "\(indices.count) columns for \(values.count) values")
    precondition(
      offsets.last == Int64(values.count),
      "the last row ends at \(offsets.last ?? -1) of \(values.count) values")
    for row in 0..<offsets.count - 1 {
      precondition(offsets[row] <= offsets[row + 1], "row \(row) ends before it begins")
      var previous: Int32 = -1
      for place in Int(offsets[row])..<Int(offsets[row + 1]) {
        let column = indices[place]
        precondition(
          column > previous && Int(column) < columns,
          "row \(row) has column \(column) after \(previous), of \(columns) columns")
        previous = column
      }
    }
    self.columns = columns
    self.offsets = offsets
    self.indices = indices
    self.values = values
  }

  /// A matrix of the given rows, each a list of (column, value); columns named twice are added up.
  public init(columns: Int, rows: [[(column: Int, value: Float)]]) {
    var offsets: [Int64] = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    offsets.reserveCapacity(rows.count + 1)
    for row in rows {
      var last = -1
      for (column, value) in row.enumerated().sorted(by: {
        ($0.element.column, $0.offset) < ($1.element.column, $1.offset)
      })
      .map(\.element) {
        if column == last {
          values[values.count - 1] += value
        } else {
          indices.append(Int32(column))
          values.append(value)
          last = column
        }
      }
      offsets.append(Int64(values.count))
    }
    self.init(columns: columns, offsets: offsets, indices: indices, values: values)
  }

  /// How many rows.
  public var rows: Int { offsets.count - 1 }

  /// The stored elements of one row.
  public func row(_ row: Int) -> [(column: Int, value: Float)] {
    (Int(offsets[row])..<Int(offsets[row + 1])).map { (Int(indices[$0]), values[$0]) }
  }

  /// The same matrix with every element stored.
  public var dense: Matrix {
    var result = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for (column, value) in self.row(row) { result[row, column] = value }
    }
    return result
  }

  /// out[n×d] = (adding ? out : 0) + picked rows[n×columns] · weights[columns×d].
  public func product(
    rows: UnsafePointer<Int32>?, count: Int, weights: UnsafePointer<Float>, width: Int,
    into out: UnsafeMutablePointer<Float>, adding: Bool = false, workers: Int = 1
  ) {
    nonisolated(unsafe) let rows = rows
    nonisolated(unsafe) let weights = weights
    nonisolated(unsafe) let out = out
    forEachBlock(of: count, size: 64, workers: workers) { block in
      offsets.withUnsafeBufferPointer { offsets in
        // Rows NULL means 0, 1, 2, …, so a block of those begins at its own offsets.
        let shift = rows == nil ? block.lowerBound : 0
        hustings_sparse_product(
          block.count, width, offsets.baseAddress.map { $0 + shift }, indices, values,
          rows.map { $0 + block.lowerBound }, weights, out + block.lowerBound * width, adding ? 1 : 0)
      }
    }
  }

  /// gradient[columns×d] += picked rows[n×columns]ᵀ · slopes[n×d].
  ///
  /// Threads share out the columns, and each adds the rows in order: the same bits on any number of them.
  public func outerProduct(
    rows: UnsafePointer<Int32>?, count: Int, slopes: UnsafePointer<Float>, width: Int,
    into gradient: UnsafeMutablePointer<Float>, workers: Int = 1
  ) {
    nonisolated(unsafe) let rows = rows
    nonisolated(unsafe) let slopes = slopes
    nonisolated(unsafe) let gradient = gradient
    let parts = max(1, min(workers, columns))
    forEachBlock(of: columns, size: (columns + parts - 1) / parts, workers: workers) { block in
      hustings_sparse_outer(
        count, width, offsets, indices, values, rows, slopes, block.lowerBound, block.upperBound, gradient)
    }
  }
}
