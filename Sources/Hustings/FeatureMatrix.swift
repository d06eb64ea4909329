/// Compressed sparse rows: the columns and values of row i stand at `offsets[i] ..< offsets[i + 1]`, columns ascending.
public struct SparseRows: Sendable, Hashable {
  /// How many columns there are.
  public let width: Int
  /// Where each row begins, and last where the last one ends: one more than there are rows.
  public let offsets: [Int64]
  /// The column of each stored value.
  public let columns: [Int32]
  /// The stored values.
  public let values: [Float]

  /// How many rows there are.
  public var count: Int { offsets.count - 1 }

  /// Rows of `width` columns.
  public init(width: Int, offsets: [Int64], columns: [Int32], values: [Float]) {
    precondition(offsets.first == 0, "offsets begin with \(offsets.first.map(String.init) ?? "nothing")")
    precondition(
      offsets.last == Int64(columns.count) && columns.count == values.count,
      "offsets end at \(offsets.last ?? 0), \(columns.count) columns, \(values.count) values")
    self.width = width
    self.offsets = offsets
    self.columns = columns
    self.values = values
  }

  /// `count` rows without values.
  public init(empty count: Int, width: Int) {
    self.init(width: width, offsets: [Int64](repeating: 0, count: count + 1), columns: [], values: [])
  }
}

/// Rows of numbers, one per passage: a sparse block and a dense block, side by side. Either may have no columns.
public struct FeatureMatrix: Sendable, Hashable {
  /// How many rows there are.
  public let count: Int
  /// The sparse block; nil when the encoder has none.
  public let sparse: SparseRows?
  /// How many dense columns there are.
  public let denseWidth: Int
  /// The dense block, row-major: [count × denseWidth].
  public let dense: [Float]

  /// Rows with a dense block, a sparse block, or both.
  public init(count: Int, sparse: SparseRows? = nil, denseWidth: Int = 0, dense: [Float] = []) {
    precondition(
      dense.count == count * denseWidth,
      "\(dense.count) dense values, \(count) rows of \(denseWidth)")
    if let sparse {
      precondition(sparse.count == count, "\(sparse.count) sparse rows, \(count) rows")
    }
    self.count = count
    self.sparse = sparse
    self.denseWidth = denseWidth
    self.dense = dense
  }

  /// How many sparse columns there are.
  public var sparseWidth: Int { sparse?.width ?? 0 }

  /// Sparse columns first, then dense ones.
  public var width: Int { sparseWidth + denseWidth }

  /// The rows at the given places, in that order.
  public func rows(_ places: [Int]) -> FeatureMatrix {
    var picked: [Float] = []
    picked.reserveLargeCapacity(places.count * denseWidth)
    for place in places { picked += dense[place * denseWidth..<(place + 1) * denseWidth] }
    return FeatureMatrix(
      count: places.count, sparse: sparse?.rows(places), denseWidth: denseWidth, dense: picked)
  }
}

extension SparseRows {
  /// The rows at the given places, in that order.
  public func rows(_ places: [Int]) -> SparseRows {
    var picked: [Int64] = [0]
    var pickedColumns: [Int32] = []
    var pickedValues: [Float] = []
    picked.reserveCapacity(places.count + 1)
    for place in places {
      let range = Int(offsets[place])..<Int(offsets[place + 1])
      pickedColumns += columns[range]
      pickedValues += values[range]
      picked.append(Int64(pickedColumns.count))
    }
    return SparseRows(width: width, offsets: picked, columns: pickedColumns, values: pickedValues)
  }
}
