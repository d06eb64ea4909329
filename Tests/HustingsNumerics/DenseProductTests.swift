import HustingsNumerics
import Testing

/// Deterministic numbers in -1 ... 1, different for each name.
private func numbers(_ count: Int, _ name: String) -> [Float] {
  var generator = CounterGenerator(seed: 1, identity: name)
  return (0..<count).map { _ in Float(generator.nextUniform() * 2 - 1) }
}

private func matrix(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
  Matrix(rows: rows, columns: columns, values: numbers(rows * columns, name))
}

/// The product by its definition, in 64 bits.
private func product(_ a: Matrix, _ b: Matrix) -> [Double] {
  var out = [Double](repeating: 0, count: a.rows * b.columns)
  for i in 0..<a.rows {
    for k in 0..<a.columns {
      let value = Double(a[i, k])
      for j in 0..<b.columns { out[i * b.columns + j] += value * Double(b[k, j]) }
    }
  }
  return out
}

private func farthest(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "\(a.count) and \(b.count)")
  return zip(a, b).map { abs(Double($0) - $1) }.max() ?? 0
}

@Suite struct DenseProductTests {
  /// Sizes on both sides of every tile, panel and block.
  static let shapes: [[Int]] = [
    [1, 1, 1], [1, 7, 1], [5, 3, 2], [12, 32, 16], [13, 33, 17], [6, 16, 300], [250, 40, 257], [31, 1030, 9],
    [64, 8, 1024], [3, 1, 1000],
  ]

  /// Rounding: k additions of numbers below k, each off by at most 2⁻²⁴ of the sum, and with rounded operands k products
  /// each off by at most 2⁻¹⁵ of itself.
  static func tolerance(_ k: Int, _ arithmetic: Arithmetic = .fused) -> Double {
    Double(k) * 2e-7 + (arithmetic == .roundedTiles ? Double(k).squareRoot() * 3e-5 : 0)
  }

  @Test(arguments: shapes, Arithmetic.allCases)
  func aProductSumsOverTheInnerIndex(_ shape: [Int], _ arithmetic: Arithmetic) {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
    let found = a.multiplied(by: b, arithmetic: arithmetic).values
    #expect(farthest(found, product(a, b)) <= Self.tolerance(k, arithmetic))
  }

  @Test(arguments: shapes, Arithmetic.allCases)
  func transposedOperandsAndPickedRowsChangeNoBit(_ shape: [Int], _ arithmetic: Arithmetic) {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
    let plain = a.multiplied(by: b, arithmetic: arithmetic).values
    var out = [Float](repeating: 0, count: m * n)
    let (at, bt) = (a.transposed, b.transposed)
    let packed = PackedMatrix(arithmetic)
    packed.pack(bt.values, inner: k, outer: n, transposed: true)
    a.withRows { MatrixProduct.rows($0, times: packed, into: &out) }
    #expect(out == plain)
    packed.pack(b.values, inner: k, outer: n, workers: 3)
    at.withRows { MatrixProduct.transposedRows($0, width: m, times: packed, into: &out) }
    #expect(out == plain)

    // The same rows, stored in reverse and picked back.
    let reversed = a.picking((0..<m).reversed())
    reversed.withRows((0..<Int32(m)).reversed()) { MatrixProduct.rows($0, times: packed, into: &out) }
    #expect(out == plain)
    let turned = at.picking((0..<k).reversed())
    turned.withRows((0..<Int32(k)).reversed()) {
      MatrixProduct.transposedRows($0, width: m, times: packed, into: &out)
    }
    #expect(out == plain)
  }

  @Test(arguments: Arithmetic.allCases)
  func addingStartsFromWhatIsThere(_ arithmetic: Arithmetic) {
    let (a, b) = (matrix(20, 600, "a"), matrix(600, 35, "b"))
    let start = numbers(20 * 35, "c")
    var out = start
    let packed = PackedMatrix(arithmetic)
    packed.pack(b.values, inner: 600, outer: 35)
    a.withRows { MatrixProduct.rows($0, times: packed, into: &out, adding: true) }
    let expected = zip(product(a, b), start).map { $0 + Double($1) }
    #expect(farthest(out, expected) <= Self.tolerance(600, arithmetic))
  }

  @Test(arguments: [1, 2, 3, 5], Arithmetic.allCases)
  func theNumberOfWorkersChangesNoBit(_ workers: Int, _ arithmetic: Arithmetic) {
    let (a, b) = (matrix(1000, 130, "a"), matrix(130, 70, "b"))
    let one = a.multiplied(by: b, arithmetic: arithmetic)
    #expect(a.multiplied(by: b, arithmetic: arithmetic, workers: workers) == one)
    let tall = matrix(300, 1000, "g")
    var (alone, shared) = ([Float](repeating: 0, count: 1000 * 8), [Float](repeating: 0, count: 1000 * 8))
    let packed = PackedMatrix(arithmetic)
    packed.pack(matrix(300, 8, "right").values, inner: 300, outer: 8, workers: workers)
    tall.withRows { MatrixProduct.transposedRows($0, width: 1000, times: packed, into: &alone) }
    tall.withRows {
      MatrixProduct.transposedRows($0, width: 1000, times: packed, into: &shared, workers: workers)
    }
    #expect(alone == shared)
  }

  /// Three bfloat16 parts hold a float whole, so a product with the identity gives it back; two hold 16 bits of it.
  @Test func splittingKeepsTheBitsItSays() {
    let values = numbers(40 * 40, "a") + [1e-20, -3e30, 0, 1].map { Float($0) }
    let a = Matrix(rows: 1604 / 4, columns: 4, values: values)
    let identity = Matrix([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    #expect(a.multiplied(by: identity, arithmetic: .tiles) == a)
    let rounded = a.multiplied(by: identity, arithmetic: .roundedTiles)
    for (x, y) in zip(rounded.values, a.values) { #expect(abs(x - y) <= abs(y) * 0x1p-16) }
  }

  @Test(arguments: Arithmetic.allCases)
  func whatIsNotFiniteStaysSo(_ arithmetic: Arithmetic) {
    var a = matrix(40, 40, "a")
    a[3, 7] = .nan
    a[5, 0] = .infinity
    let product = a.multiplied(by: matrix(40, 40, "b"), arithmetic: arithmetic)
    #expect(!product[3, 2].isFinite)
    #expect(!product[5, 2].isFinite)
    #expect(product[4, 2].isFinite)
  }

  @Test(arguments: [1, 2, 3, 4, 7, 8, 9, 13, 16], [1, 5, 16, 37, 1024])
  func fewOutputsAreDotProductsAndTheirGradientOuterProducts(_ outputs: Int, _ width: Int) {
    let x = matrix(11, width, "x")
    let weights = matrix(outputs, width, "w")
    var out = [Float](repeating: 0, count: 11 * outputs)
    x.withRows { MatrixProduct.dots($0, inner: width, with: weights.values, outputs: outputs, into: &out) }
    #expect(farthest(out, product(x, weights.transposed)) <= Self.tolerance(width))

    // Which rows are read together decides no bit: one row at a time gives the same.
    var single = [Float](repeating: 0, count: outputs)
    for row in 0..<11 {
      x.withRows([Int32(row)]) {
        MatrixProduct.dots($0, inner: width, with: weights.values, outputs: outputs, into: &single)
      }
      #expect(single == Array(out[row * outputs..<(row + 1) * outputs]))
    }

    let slopes = matrix(11, outputs, "slopes")
    var gradient = [Float](repeating: 0, count: outputs * width)
    x.withRows { MatrixProduct.addOuter(slopes.values, outputs: outputs, $0, inner: width, into: &gradient) }
    #expect(farthest(gradient, product(slopes.transposed, x)) <= Self.tolerance(11))
  }

  @Test func aDotProductSumsAllElements() {
    let (x, y) = (numbers(1003, "x"), numbers(1003, "y"))
    let expected = zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(MatrixProduct.dot(x, y, 1003)) - expected) <= Self.tolerance(1003))
  }

  @Test(arguments: [1, 6])
  func sparseProductsAreThoseOfTheDenseMatrix(_ outputs: Int) {
    var generator = CounterGenerator(seed: 3, identity: "sparse")
    var (offsets, columns): ([Int64], [Int32]) = ([0], [])
    for _ in 0..<150 {
      columns += Set((0..<12).map { _ in Int32(generator.nextIndex(below: 90)) }).sorted()
      offsets.append(Int64(columns.count))
    }
    let values = numbers(columns.count, "values")
    var dense = Matrix(rows: 150, columns: 90)
    for row in 0..<150 {
      for place in Int(offsets[row])..<Int(offsets[row + 1]) {
        dense[row, Int(columns[place])] = values[place]
      }
    }
    func lending(_ index: [Int32]?, _ body: (SparsePick) -> Void) {
      offsets.withUnsafeBufferPointer { offsets in
        columns.withUnsafeBufferPointer { columns in
          values.withUnsafeBufferPointer { values in
            (index ?? []).withUnsafeBufferPointer { picks in
              guard let offsets = offsets.baseAddress, let columns = columns.baseAddress,
                let values = values.baseAddress
              else { return }
              body(
                SparsePick(
                  offsets: offsets, columns: columns, values: values, width: 90,
                  index: index == nil ? nil : picks.baseAddress, count: index?.count ?? 150))
            }
          }
        }
      }
    }
    let weights = matrix(90, outputs, "w")
    var whole = [Float](repeating: 0, count: 150 * outputs)
    lending(nil) { $0.multiply(weights.values, outputs: outputs, into: &whole) }
    #expect(farthest(whole, product(dense, weights)) <= 1e-5)
    var part = [Float](repeating: 1, count: 30 * outputs)
    lending(nil) { $0[50..<80].multiply(weights.values, outputs: outputs, into: &part) }
    #expect(part == Array(whole[50 * outputs..<80 * outputs]))

    let picks = (0..<200).map { _ in Int32(generator.nextIndex(below: 150)) }
    let picked = dense.picking(picks.map(Int.init))
    var out = [Float](repeating: 1, count: 200 * outputs)
    lending(picks) { $0.multiply(weights.values, outputs: outputs, into: &out, adding: true) }
    #expect(farthest(out, product(picked, weights).map { $0 + 1 }) <= 1e-5)

    let slopes = matrix(200, outputs, "slopes")
    var one = [Float](repeating: 0, count: 90 * outputs)
    var many = one
    lending(picks) { $0.addOuter(slopes.values, outputs: outputs, into: &one) }
    lending(picks) { $0.addOuter(slopes.values, outputs: outputs, into: &many, workers: 4) }
    #expect(one == many)
    #expect(farthest(one, product(picked.transposed, slopes)) <= 1e-4)
  }

  @Test func aMatrixKnowsWhereItIsNotFinite() throws {
    var matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.firstNonFinite == nil)
    matrix[1, 2] = .nan
    let place = try #require(matrix.firstNonFinite)
    #expect(place == (1, 2))
  }
}
