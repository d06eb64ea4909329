public import HustingsNumerics

/// What an encoder makes of texts: one row per text, dense columns first and sparse ones after them.
public struct FeatureMatrix: Sendable, Hashable {
  /// The dense columns; nil when there is none.
  public let dense: Matrix?
  /// The sparse columns; nil when there is none.
  public let sparse: SparseMatrix?
  /// How many rows.
  public let rows: Int

  /// Dense features.
  public init(_ dense: Matrix) { self.init(dense: dense, sparse: nil, rows: dense.rows) }

  /// Sparse features.
  public init(_ sparse: SparseMatrix) { self.init(dense: nil, sparse: sparse, rows: sparse.rows) }

  /// Dense and sparse features of the same rows.
  public init(_ dense: Matrix, _ sparse: SparseMatrix) {
    precondition(dense.rows == sparse.rows, "\(dense.rows) dense rows, \(sparse.rows) sparse ones")
    self.init(dense: dense, sparse: sparse, rows: dense.rows)
  }

  private init(dense: Matrix?, sparse: SparseMatrix?, rows: Int) {
    self.dense = dense
    self.sparse = sparse
    self.rows = rows
  }

  /// How many of the columns are dense.
  public var denseColumns: Int { dense?.columns ?? 0 }

  /// How many columns.
  public var columns: Int { denseColumns + (sparse?.columns ?? 0) }

  /// The first row with a number that is not finite; nil when there is none.
  public var firstInvalidRow: Int? {
    let inDense = dense?.firstNonFinite?.row
    guard let sparse, let place = sparse.values.firstIndex(where: { !$0.isFinite }) else { return inDense }
    let row = (sparse.offsets.firstIndex { $0 > Int64(place) } ?? 1) - 1
    return min(inDense ?? row, row)
  }

  /// Whether every row is the same, so that nothing can be told apart by it.
  public var isConstant: Bool {
    guard rows > 1 else { return true }
    if let dense {
      let first = dense[row: 0]
      for row in 1..<rows where !dense[row: row].elementsEqual(first) { return false }
    }
    if let sparse {
      let first = sparse.row(0)
      for row in 1..<rows
      where !sparse.row(row).elementsEqual(first, by: { $0.column == $1.column && $0.value == $1.value }) {
        return false
      }
    }
    return true
  }
}
