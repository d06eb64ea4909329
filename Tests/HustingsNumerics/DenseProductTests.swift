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

  /// Rounding: k additions of numbers below k, each off by at most 2⁻²⁴ of the sum; on tiles k products of numbers below 1, each
  /// off by 2⁻²³ for the roundings of its factors and 2⁻²³ for the digits left out.
  static func tolerance(_ k: Int) -> Double { Double(k) * 3e-7 }

  @Test(arguments: shapes, Arithmetic.allCases)
  func aProductSumsOverTheInnerIndex(_ shape: [Int], _ arithmetic: Arithmetic) {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
    let found = a.multiplied(by: b, arithmetic: arithmetic).values
    #expect(farthest(found, product(a, b)) <= Self.tolerance(k))
  }

  @Test(arguments: shapes, Arithmetic.allCases)
  func transposedOperandsAndPickedRowsChangeNoBit(_ shape: [Int], _ arithmetic: Arithmetic) {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
    let plain = a.multiplied(by: b, arithmetic: arithmetic).values
    var out = [Float](repeating: 0, count: m * n)
    let (at, bt) = (a.transposed, b.transposed)
    let (packed, room) = (PackedMatrix(arithmetic), PackedPair(arithmetic))
    packed.pack(bt.values, inner: k, outer: n, transposed: true)
    a.withRows { MatrixProduct.rows($0, times: packed, into: &out) }
    #expect(out == plain)
    packed.pack(b.values, inner: k, outer: n, workers: 3)
    at.withRows {
      MatrixProduct.transposedRows(
        $0, width: m, times: b.values, outer: n, into: &out, using: room, workers: 3)
    }
    #expect(out == plain)

    // The same rows, stored in reverse and picked back.
    let reversed = a.picking((0..<m).reversed())
    reversed.withRows((0..<Int32(m)).reversed()) { MatrixProduct.rows($0, times: packed, into: &out) }
    #expect(out == plain)
    let turned = at.picking((0..<k).reversed())
    turned.withRows((0..<Int32(k)).reversed()) {
      MatrixProduct.transposedRows($0, width: m, times: b.values, outer: n, into: &out, using: room)
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
    #expect(farthest(out, expected) <= Self.tolerance(600))
  }

  @Test(arguments: [1, 2, 3, 5], Arithmetic.allCases)
  func theNumberOfWorkersChangesNoBit(_ workers: Int, _ arithmetic: Arithmetic) {
    let (a, b) = (matrix(1000, 130, "a"), matrix(130, 70, "b"))
    let one = a.multiplied(by: b, arithmetic: arithmetic)
    #expect(a.multiplied(by: b, arithmetic: arithmetic, workers: workers) == one)
    let tall = matrix(300, 1000, "g")
    var (alone, shared) = ([Float](repeating: 0, count: 1000 * 8), [Float](repeating: 0, count: 1000 * 8))
    let (packed, right) = (PackedPair(arithmetic), matrix(300, 8, "right").values)
    tall.withRows {
      MatrixProduct.transposedRows($0, width: 1000, times: right, outer: 8, into: &alone, using: packed)
      MatrixProduct.transposedRows(
        $0, width: 1000, times: right, outer: 8, into: &shared, using: packed, workers: workers)
    }
    #expect(alone == shared)
  }

  /// On tiles a number is off by half of what the largest of its row is over half of 0x7F7F7F, where three digits end, at most.
  @Test func tilesKeepTheBitsThatTheySay() {
    let values =
      numbers(40 * 40, "a") + [1e-20, -3e30, 0, 1, 0, 0, 0, 0, -2, 0x1.fefefcp0, 0x1.fefefep0, 1.5]
    let a = Matrix(rows: 1612 / 4, columns: 4, values: values.map { Float($0) })
    let identity = Matrix([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    let product = a.multiplied(by: identity, arithmetic: .tiles)
    for row in 0..<a.rows {
      let largest = (0..<4).map { abs(a[row, $0]) }.max() ?? 0
      for column in 0..<4 { #expect(abs(product[row, column] - a[row, column]) <= largest / 0x7F7F7F) }
    }
  }

  @Test(.enabled(if: Arithmetic.hasTiles, "this processor has no matrix tiles"))
  func longSumsOnTilesAreCloserThanChains() {
    let (a, b) = (matrix(40, 5000, "a"), matrix(5000, 33, "b"))
    let exact = product(a, b)
    let onTiles = farthest(a.multiplied(by: b, arithmetic: .tiles).values, exact)
    #expect(onTiles < farthest(a.multiplied(by: b).values, exact))
  }

  /// With a scale for each column, columns of any size count alike, and rows that are kept give the same gradient as rows read
  /// again.
  @Test(.enabled(if: Arithmetic.hasTiles, "products without matrix tiles take no scales"), arguments: [1, 2])
  func scalesOfColumnsEvenThemOut(_ workers: Int) throws {
    var stored = matrix(500, 200, "features")
    var weights = matrix(200, 40, "weights")
    for column in 0..<200 {
      let size = Float(sign: .plus, exponent: 5 * (column % 9) - 20, significand: 1)
      for row in 0..<500 { stored[row, column] *= size }
      for output in 0..<40 { weights[column, output] /= size }
    }
    let picks = (0..<301).map { Int32($0 * 7 % 500) }
    let rows = stored.picking(picks.map(Int.init))
    let scales = try #require(ColumnScales(stored.values, columns: 200))
    let (packed, kept, room) = (PackedMatrix(.tiles), PackedPair(.tiles), PackedPair(.tiles))
    packed.pack(weights.values, inner: 200, outer: 40, scales: scales, workers: workers)
    kept.left.keep(301, width: 200, scales: scales)
    var out = [Float](repeating: 0, count: 301 * 40)
    let slopes = matrix(301, 40, "slopes")
    var (gradient, again) = ([Float](repeating: 1, count: 200 * 40), [Float](repeating: 1, count: 200 * 40))
    stored.values.withUnsafeBufferPointer { stored in
      guard let base = stored.baseAddress else { return }
      picks.withUnsafeBufferPointer { picks in
        let pick = RowPick(base, stride: 200, index: picks.baseAddress, count: 301, scales: scales)
        MatrixProduct.rows(pick[0..<128], times: packed, into: &out, keeping: kept.left)
        out.withUnsafeMutableBufferPointer { out in
          guard let out = out.baseAddress else { return }
          MatrixProduct.rows(
            pick[128..<301], times: packed, into: out + 128 * 40, keeping: kept.left, from: 128)
        }
        MatrixProduct.transposedRows(
          pick, width: 200, times: slopes.values, outer: 40, into: &gradient, adding: true, using: kept,
          isKept: true, workers: workers)
        MatrixProduct.transposedRows(
          pick, width: 200, times: slopes.values, outer: 40, into: &again, adding: true, using: room,
          workers: workers)
      }
    }
    #expect(farthest(out, product(rows, weights)) <= Self.tolerance(200))
    #expect(gradient == again)
    let exact = product(rows.transposed, slopes)
    for column in 0..<200 {
      let size = Double(sign: .plus, exponent: 5 * (column % 9) - 20, significand: 1)
      for output in 0..<40 {
        let place = column * 40 + output
        #expect(
          abs(Double(gradient[place]) - 1 - exact[place]) <= Self.tolerance(301) * size + 1e-7
            * (1 + abs(exact[place])))
      }
    }
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
