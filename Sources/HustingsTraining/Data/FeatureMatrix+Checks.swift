import Hustings
import HustingsNumerics

extension FeatureMatrix {
  /// The root of the mean squared length of a row; nil of no rows or only zeros.
  var typicalLength: Double? {
    func squares(_ values: [Float]) -> Double {
      values.withUnsafeBufferPointer { values in
        values.baseAddress.map { Elementwise.sumOfSquares(values.count, $0) } ?? 0
      }
    }
    let sum = squares(dense) + (sparse.map { squares($0.values) } ?? 0)
    return sum > 0 && sum.isFinite ? (sum / Double(count)).squareRoot() : nil
  }

  /// The first row with a number that is not finite; nil when there is none.
  var firstInvalidRow: Int? {
    let inDense = dense.firstIndex { !$0.isFinite }.map { $0 / denseWidth }
    guard let sparse, let place = sparse.values.firstIndex(where: { !$0.isFinite }) else { return inDense }
    let row = (sparse.offsets.firstIndex { $0 > Int64(place) } ?? 1) - 1
    return min(inDense ?? row, row)
  }

  /// Whether all rows are the same, so that nothing can be told apart by them.
  var isConstant: Bool {
    for row in 0..<max(0, count - 1) {
      let (a, b) = (row * denseWidth, (row + 1) * denseWidth)
      for column in 0..<denseWidth where dense[a + column] != dense[b + column] { return false }
      guard let sparse else { continue }
      let here = Int(sparse.offsets[row])..<Int(sparse.offsets[row + 1])
      let next = Int(sparse.offsets[row + 1])..<Int(sparse.offsets[row + 2])
      if sparse.columns[here] != sparse.columns[next] || sparse.values[here] != sparse.values[next] {
        return false
      }
    }
    return true
  }
}
