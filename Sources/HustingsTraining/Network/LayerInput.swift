import Hustings
import HustingsNumerics

/// The rows that a layer reads: sparse columns, dense columns after them, or either alone.
struct LayerInput {
  let sparse: SparsePick?
  let dense: RowPick?
  let count: Int

  /// Rows that lie one after the other.
  init(_ buffer: UnsafePointer<Float>, columns: Int, count: Int, scales: ColumnScales? = nil) {
    self.init(
      sparse: nil, dense: RowPick(buffer, stride: columns, count: count, scales: scales), count: count)
  }

  private init(sparse: SparsePick?, dense: RowPick?, count: Int) {
    self.sparse = sparse
    self.dense = dense
    self.count = count
  }

  /// Some of the rows.
  subscript(range: Range<Int>) -> LayerInput {
    LayerInput(sparse: sparse?[range], dense: dense?[range], count: range.count)
  }

  /// Lends rows of encoded features, picked by index, for the length of a call; `scales` are those of the dense ones.
  static func lending<Result>(
    _ features: FeatureMatrix, _ picks: UnsafePointer<Int32>, count: Int, scales: ColumnScales? = nil,
    _ body: (LayerInput) throws -> Result
  ) rethrows -> Result {
    try features.dense.withUnsafeBufferPointer { values in
      let dense = values.baseAddress.map {
        RowPick($0, stride: features.denseWidth, index: picks, count: count, scales: scales)
      }
      guard let sparse = features.sparse else {
        return try body(LayerInput(sparse: nil, dense: dense, count: count))
      }
      return try sparse.offsets.withUnsafeBufferPointer { offsets in
        try sparse.columns.withUnsafeBufferPointer { columns in
          try sparse.values.withUnsafeBufferPointer { values in
            guard let offsets = offsets.baseAddress, let columns = columns.baseAddress,
              let values = values.baseAddress
            else { preconditionFailure("sparse rows without storage") }
            let pick = SparsePick(
              offsets: offsets, columns: columns, values: values, width: sparse.width, index: picks,
              count: count)
            return try body(
              LayerInput(sparse: pick, dense: features.denseWidth > 0 ? dense : nil, count: count))
          }
        }
      }
    }
  }
}
