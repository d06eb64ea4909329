/// A dense matrix of 32-bit floats, row after row.
public struct Matrix: Sendable, Hashable {
  /// How many rows.
  public let rows: Int
  /// How many columns.
  public let columns: Int
  /// The elements, `rows` × `columns`, row after row.
  public var values: [Float]

  /// A matrix of the given elements, row after row.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      values.count == rows * columns, "\(values.count) values for a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix with every element the same.
  public init(rows: Int, columns: Int, repeating value: Float = 0) {
    self.init(rows: rows, columns: columns, values: [Float](repeating: value, count: rows * columns))
  }

  /// A matrix of the given rows, all of one length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    for row in rows { precondition(row.count == columns, "a row of \(row.count), the first has \(columns)") }
    self.init(rows: rows.count, columns: columns, values: rows.flatMap { $0 })
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The elements of one row.
  public subscript(row row: Int) -> ArraySlice<Float> {
    values[row * columns..<(row + 1) * columns]
  }

  /// The given rows, in that order, as a matrix of their own.
  public func picking(_ picks: [Int]) -> Matrix {
    Matrix(rows: picks.count, columns: columns, values: picks.flatMap { self[row: $0] })
  }

  /// Rows as columns.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result.values[column * rows + row] = values[row * columns + column] }
    }
    return result
  }

  /// The matrix product, m × k by k × n; the same bits on any number of workers.
  public func multiplied(by other: Matrix, arithmetic: Arithmetic = .fused, workers: Int = 1) -> Matrix {
    precondition(columns == other.rows, "\(rows) × \(columns) times \(other.rows) × \(other.columns)")
    var product = Matrix(rows: rows, columns: other.columns)
    withRows {
      MatrixProduct.rows(
        $0, inner: columns, times: other.values, outer: other.columns, into: &product.values,
        arithmetic: arithmetic, workers: workers)
    }
    return product
  }

  /// Where the first element is that is not a finite number; nil when all are.
  public var firstNonFinite: (row: Int, column: Int)? {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (index / columns, index % columns)
  }
}
