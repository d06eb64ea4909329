/// A symmetric positive definite matrix, factored once as L Lᵀ, to solve systems with it.
public struct Cholesky: Sendable {
  /// Rows and columns of the matrix.
  public let order: Int
  /// L, row by row; what lies above the diagonal is not used.
  private var lower: [Double]

  /// Factors a matrix given row by row; nil when it is not positive definite to working precision.
  public init?(_ matrix: [Double], order n: Int) {
    precondition(matrix.count == n * n, "\(matrix.count) numbers for a matrix of order \(n)")
    order = n
    lower = matrix
    for row in 0..<n {
      for column in 0...row {
        var value = matrix[row * n + column]
        for k in 0..<column { value -= lower[row * n + k] * lower[column * n + k] }
        if row == column {
          guard value > matrix[row * n + row] * 1e-14, value > 0 else { return nil }
          lower[row * n + row] = value.squareRoot()
        } else {
          lower[row * n + column] = value / lower[column * n + column]
        }
      }
    }
  }

  /// The x with A x = `right`.
  public func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == order, "\(right.count) numbers on the right, order \(order)")
    let n = order
    var x = right
    for row in 0..<n {
      for k in 0..<row { x[row] -= lower[row * n + k] * x[k] }
      x[row] /= lower[row * n + row]
    }
    for row in stride(from: n - 1, through: 0, by: -1) {
      for k in row + 1..<max(n, row + 1) { x[row] -= lower[k * n + row] * x[k] }
      x[row] /= lower[row * n + row]
    }
    return x
  }

  /// A⁻¹, row by row.
  public func inverse() -> [Double] {
    var result = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      var unit = [Double](repeating: 0, count: order)
      unit[column] = 1
      let x = solve(unit)
      for row in 0..<order { result[row * order + column] = x[row] }
    }
    return result
  }
}
