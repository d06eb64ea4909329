/// The eigenvalues and eigenvectors of a real symmetric matrix, largest eigenvalue first.
///
/// Householder reflections to tridiagonal form, then QL rotations with Wilkinson's shift (Golub and Van Loan, "Matrix
/// Computations", sections 8.3.1 and 8.3.5, worked from the other end). Takes about 9n³ operations. Each vector has length 1
/// and its largest element, the first of them where several are alike, is positive.
public struct SymmetricEigen: Sendable, Hashable {
  /// The eigenvalues, descending.
  public let values: [Double]
  /// The eigenvectors, one row each, in the order of the values: [n × n].
  public let vectors: [Double]

  /// The decomposition of the symmetric matrix [n × n], of which the lower triangle is read; nil when an element of it
  /// is not finite.
  public init?(_ matrix: [Double], order n: Int) {
    precondition(matrix.count == n * n, "\(matrix.count) elements in a matrix of order \(n)")
    for row in 0..<n where !matrix[row * n..<row * n + row + 1].allSatisfy(\.isFinite) { return nil }
    var a = matrix
    for row in 0..<n {
      for column in row + 1..<max(n, row + 1) { a[row * n + column] = a[column * n + row] }
    }
    var form = Tridiagonal(reducing: &a, order: n)
    guard form.diagonalise() else { return nil }
    let order = (0..<n).sorted { (form.diagonal[$1], $0) < (form.diagonal[$0], $1) }
    values = order.map { form.diagonal[$0] }
    vectors = order.flatMap { row -> [Double] in
      let vector = form.vectors[row * n..<(row + 1) * n]
      let size = vector.reduce(0) { max($0, abs($1)) }
      let lead = vector.first { abs($0) >= size * (1 - 1e-9) } ?? 0
      return lead < 0 ? vector.map { 0 - $0 } : Array(vector)
    }
  }
}

/// A symmetric tridiagonal matrix T and the rows V with Vᵀ·T·V the matrix it came from.
private struct Tridiagonal {
  let n: Int
  var diagonal: [Double]
  /// Element i stands beside diagonal elements i and i + 1; the last is 0.
  var beside: [Double]
  var vectors: [Double]

  init(reducing a: inout [Double], order n: Int) {
    self.n = n
    diagonal = [Double](repeating: 0, count: n)
    beside = [Double](repeating: 0, count: n)
    vectors = [Double](repeating: 0, count: n * n)
    for row in 0..<n { vectors[row * n + row] = 1 }
    var product = [Double](repeating: 0, count: n)
    // In a matrix of low rank what is left soon is rounding of rounding, down to numbers whose squares vanish.
    let negligible = 0x1p-60 * a.reduce(0) { max($0, abs($1)) }
    for k in 0..<max(0, n - 2) {
      var reflection = [Double](repeating: 0, count: n)
      for i in k + 1..<n { reflection[i] = a[i * n + k] }
      let size = reflection.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard size > negligible else { continue }
      let target = reflection[k + 1] > 0 ? -size : size
      reflection[k + 1] -= target
      let scale = 2 / reflection.reduce(0) { $0 + $1 * $1 }
      a.withUnsafeMutableBufferPointer { a in
        for i in k + 1..<n {
          var sum = 0.0
          for j in k + 1..<n { sum += a[i * n + j] * reflection[j] }
          product[i] = scale * sum
        }
        var overlap = 0.0
        for i in k + 1..<n { overlap += reflection[i] * product[i] }
        overlap *= scale / 2
        for i in k + 1..<n { product[i] -= overlap * reflection[i] }
        for i in k + 1..<n {
          for j in k + 1..<n { a[i * n + j] -= reflection[i] * product[j] + product[i] * reflection[j] }
        }
        a[(k + 1) * n + k] = target
      }
      vectors.withUnsafeMutableBufferPointer { v in
        for j in 0..<n { product[j] = 0 }
        for i in k + 1..<n {
          for j in 0..<n { product[j] += reflection[i] * v[i * n + j] }
        }
        for i in k + 1..<n {
          for j in 0..<n { v[i * n + j] -= scale * reflection[i] * product[j] }
        }
      }
    }
    for i in 0..<n { diagonal[i] = a[i * n + i] }
    for i in 0..<max(0, n - 1) { beside[i] = a[(i + 1) * n + i] }
  }

  /// Rotates until nothing stands beside the diagonal; false when that does not happen in 60 rounds an element.
  mutating func diagonalise() -> Bool {
    // What is this small beside the whole matrix is rounding, wherever it stands.
    let negligible = 0x1p-53 * (0..<n).reduce(0) { max($0, abs(diagonal[$1]) + abs(beside[$1])) }
    for start in 0..<n {
      var rounds = 0
      while true {
        var end = start
        while end < n - 1 {
          if abs(beside[end]) <= negligible { break }
          end += 1
        }
        if end == start { break }
        rounds += 1
        if rounds > 60 { return false }
        rotate(from: start, to: end)
      }
    }
    return true
  }

  private mutating func rotate(from start: Int, to end: Int) {
    let half = (diagonal[start + 1] - diagonal[start]) / (2 * beside[start])
    let root = (half * half + 1).squareRoot()
    var shifted = diagonal[end] - diagonal[start] + beside[start] / (half + (half < 0 ? -root : root))
    var sine = 1.0
    var cosine = 1.0
    var carried = 0.0
    for i in stride(from: end - 1, through: start, by: -1) {
      let f = sine * beside[i]
      let b = cosine * beside[i]
      let length = (f * f + shifted * shifted).squareRoot()
      beside[i + 1] = length
      if length == 0 {
        diagonal[i + 1] -= carried
        beside[end] = 0
        return
      }
      sine = f / length
      cosine = shifted / length
      let g = diagonal[i + 1] - carried
      let step = (diagonal[i] - g) * sine + 2 * cosine * b
      carried = sine * step
      diagonal[i + 1] = g + carried
      shifted = cosine * step - b
      turn(i, cosine, sine)
    }
    diagonal[start] -= carried
    beside[start] = shifted
    beside[end] = 0
  }

  /// Rotates the vectors i and i + 1.
  private mutating func turn(_ i: Int, _ cosine: Double, _ sine: Double) {
    vectors.withUnsafeMutableBufferPointer { v in
      let (low, high) = (i * n, (i + 1) * n)
      for column in 0..<n {
        let other = v[high + column]
        v[high + column] = sine * v[low + column] + cosine * other
        v[low + column] = cosine * v[low + column] - sine * other
      }
    }
  }
}
