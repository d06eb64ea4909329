import EncoderPlugins
import Hustings
import HustingsNumerics
import Testing

/// Rows that are given, by the number that each response is.
private struct GivenEncoder: Encoder {
  let rows: FeatureMatrix
  var state: EncoderState { EncoderState([EncoderState.Part(kind: "given", settings: [:])]) }
  var card: EncoderCard {
    EncoderCard(
      name: "given", fingerprint: state.digest, sparseWidth: rows.sparseWidth,
      denseColumns: (0..<rows.denseWidth).map { "x\($0)" })
  }
  func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    rows.rows(passages.compactMap { $0.response.flatMap { Int($0.text) } })
  }

  static func plugin(_ rows: FeatureMatrix) -> EncoderPlugin {
    EncoderPlugin(
      kind: "given", usage: "given", summary: "", fit: { _, _, _ in GivenEncoder(rows: rows) },
      restore: { _, _ in GivenEncoder(rows: rows) })
  }
}

private func passages(_ count: Int) -> [Passage] {
  (0..<count).map { Passage(Prompt("p"), Response(String($0))) }
}

private func fit(_ text: String, _ rows: FeatureMatrix, seed: UInt64 = 1) async throws -> any Encoder {
  try await Encoders.fit(
    text, on: passages(rows.count), context: EncoderContext(seed: seed), plugins: [GivenEncoder.plugin(rows)])
}

/// Rows whose columns have very different spreads, mixed by a rotation-like product.
private func correlated(_ count: Int, _ width: Int, seed: UInt64) -> [Float] {
  var generator = CounterGenerator(seed: seed, identity: "correlated")
  let mixing = (0..<width * width).map { _ in generator.nextNormal() }
  return (0..<count).flatMap { _ -> [Float] in
    let hidden = (0..<width).map { generator.nextNormal() / Double(1 + $0 * $0) }
    return (0..<width).map { column in
      Float(5 + (0..<width).reduce(0) { $0 + hidden[$1] * mixing[$1 * width + column] })
    }
  }
}

private func moments(_ rows: FeatureMatrix, _ column: Int) -> (mean: Double, variance: Double) {
  let values = (0..<rows.count).map { Double(rows.dense[$0 * rows.denseWidth + column]) }
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
}

@Suite struct StandardiseTests {
  static let rows = FeatureMatrix(count: 4, denseWidth: 3, dense: [1, 5, 0, 2, 5, 0, 3, 5, 0, 4, 5, 100])

  @Test func columnsGetMeanZeroAndDeviationOne() async throws {
    let encoder = try await fit("given+standardise", StandardiseTests.rows)
    let rows = try await encoder.encode(passages(4))
    // (1 - 2.5)/√1.25 and its kin; a constant column is 0; (0 - 25)/√1875.
    let expected: [Float] = [-1.341641, -0.447214, 0.447214, 1.341641]
    for row in 0..<4 {
      #expect(abs(rows.dense[3 * row] - expected[row]) < 1e-5)
      #expect(rows.dense[3 * row + 1] == 0)
    }
    #expect(abs(rows.dense[2] + 0.577350) < 1e-5)
    #expect(abs(rows.dense[11] - 1.732051) < 1e-5)
    #expect(encoder.card.name == "given+standardise")
    #expect(encoder.card.denseColumns == ["x0", "x1", "x2"])
  }

  @Test func aLimitCutsBothWays() async throws {
    let rows = try await fit("given+standardise?limit=1.5", StandardiseTests.rows).encode(passages(4))
    #expect(rows.dense[11] == 1.5)
    #expect(abs(rows.dense[9] - 1.341641) < 1e-5)
  }

  @Test func sparseColumnsStay() async throws {
    let sparse = SparseRows(width: 4, offsets: [0, 1, 2], columns: [3, 1], values: [7, 8])
    let given = FeatureMatrix(count: 2, sparse: sparse, denseWidth: 1, dense: [1, 3])
    let rows = try await fit("given+standardise", given).encode(passages(2))
    #expect(rows.sparse == sparse)
    #expect(rows.dense == [-1, 1])
  }

  @Test func restoringGivesTheSameRows() async throws {
    let encoder = try await fit("given+standardise?limit=1.5+standardise", StandardiseTests.rows)
    let restored = try Encoders.restore(
      encoder.state, context: EncoderContext(seed: 9), plugins: [GivenEncoder.plugin(StandardiseTests.rows)])
    #expect(restored.card == encoder.card)
    #expect(try await restored.encode(passages(4)) == encoder.encode(passages(4)))
  }
}

@Suite struct PrincipalComponentTests {
  @Test func componentsAreUncorrelatedAndLoseNothing() async throws {
    let given = FeatureMatrix(count: 300, denseWidth: 6, dense: correlated(300, 6, seed: 3))
    let rows = try await fit("given+pca:6", given).encode(passages(300))
    let variances = (0..<6).map { moments(rows, $0).variance }
    #expect(variances == variances.sorted(by: >))
    let total = (0..<6).reduce(0) { $0 + moments(given, $1).variance }
    #expect(abs(variances.reduce(0, +) - total) < 1e-4 * total)
    for i in 0..<6 {
      #expect(abs(moments(rows, i).mean) < 1e-4)
      for j in 0..<i {
        let covariance =
          (0..<300).reduce(0.0) { $0 + Double(rows.dense[$1 * 6 + i]) * Double(rows.dense[$1 * 6 + j]) } / 300
        #expect(abs(covariance) < 1e-4 * (variances[i] * variances[j]).squareRoot() + 1e-6)
      }
    }
  }

  @Test func distancesAreKept() async throws {
    let given = FeatureMatrix(count: 50, denseWidth: 4, dense: correlated(50, 4, seed: 5))
    let rows = try await fit("given+pca:4", given).encode(passages(50))
    func distance(_ rows: FeatureMatrix, _ a: Int, _ b: Int) -> Float {
      (0..<4).reduce(0) { sum, column in
        let step = rows.dense[a * 4 + column] - rows.dense[b * 4 + column]
        return sum + step * step
      }
    }
    for other in 1..<50 {
      #expect(abs(distance(given, 0, other) - distance(rows, 0, other)) < 1e-3 * distance(given, 0, other))
    }
  }

  /// numpy 2.4.6: `numpy.linalg.eigh(numpy.cov([[2,0,1],[0,1,3],[1,2,1],[4,1,0]], rowvar=False, bias=True))`.
  @Test func aSmallCaseIsThatOfNumPy() async throws {
    let given = FeatureMatrix(count: 4, denseWidth: 3, dense: [2, 0, 1, 0, 1, 3, 1, 2, 1, 4, 1, 0])
    let rows = try await fit("given+pca:3", given).encode(passages(4))
    let variances = (0..<3).map { moments(rows, $0).variance }
    for (found, expected) in zip(variances, numpyVariances) { #expect(abs(found - expected) < 1e-5) }
    for (found, expected) in zip(rows.dense, numpyScores) { #expect(abs(Double(found) - expected) < 1e-5) }
  }

  @Test func sparseRowsGiveWhatDenseOnesGive() async throws {
    // 600 columns with few values each: the sparse way iterates; the dense way, cut to the 90 columns in use, is exact.
    var generator = CounterGenerator(seed: 11, identity: "sparse")
    var offsets: [Int64] = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    var dense = [Float](repeating: 0, count: 200 * 90)
    for row in 0..<200 {
      let topic = row % 5
      for column in 0..<90 where column % 5 == topic || generator.nextUniform() < 0.01 {
        guard generator.nextUniform() < 0.4 else { continue }
        let value = Float(generator.nextUniform() + Double(1 + topic))
        columns.append(Int32(column))
        values.append(value)
        dense[row * 90 + column] = value
      }
      offsets.append(Int64(columns.count))
    }
    let sparse = SparseRows(width: 1_024, offsets: offsets, columns: columns, values: values)
    let one = try await fit("given+pca:4?rounds=12", FeatureMatrix(count: 200, sparse: sparse))
    let other = try await fit("given+pca:4", FeatureMatrix(count: 200, denseWidth: 90, dense: dense))
    let (a, b) = (try await one.encode(passages(200)), try await other.encode(passages(200)))
    for column in 0..<4 {
      let (first, second) = (moments(a, column), moments(b, column))
      #expect(abs(first.variance - second.variance) < 1e-3 * second.variance)
    }
    let worst = zip(a.dense, b.dense).map { abs($0 - $1) }.max() ?? 1
    let largest = b.dense.map { abs($0) }.max() ?? 0
    #expect(worst < 2e-3 * largest)
  }

  @Test func denseColumnsBesideSparseOnesStay() async throws {
    let sparse = SparseRows(width: 8, offsets: [0, 1, 2, 3], columns: [3, 1, 3], values: [1, 1, 2])
    let given = FeatureMatrix(count: 3, sparse: sparse, denseWidth: 1, dense: [7, 8, 9])
    let encoder = try await fit("given+pca:2", given)
    #expect(encoder.card.sparseWidth == 0)
    #expect(encoder.card.denseColumns == ["pca.1", "pca.2", "x0"])
    let rows = try await encoder.encode(passages(3))
    #expect([rows.dense[2], rows.dense[5], rows.dense[8]] == [7, 8, 9])
  }

  @Test func foldingAddsUpColumnsThatAgreeInTheirLastBits() async throws {
    // Columns 1 and 65 meet in 64 columns and cancel, so the first two rows become alike.
    let sparse = SparseRows(
      width: 128, offsets: [0, 2, 2, 3], columns: [1, 65, 2], values: [1, -1, 5])
    let rows = try await fit("given+pca:3?fold=6", FeatureMatrix(count: 3, sparse: sparse)).encode(
      passages(3))
    #expect(rows.rows([0]) == rows.rows([1]))
    #expect(rows.rows([0]) != rows.rows([2]))
  }

  @Test func theSeedDecidesAndNothingElse() async throws {
    let given = FeatureMatrix(count: 60, denseWidth: 600, dense: correlated(60, 600, seed: 2))
    let one = try await fit("given+pca:5", given, seed: 1)
    let again = try await fit("given+pca:5", given, seed: 1)
    #expect(one.card.fingerprint == again.card.fingerprint)
    #expect(try await one.encode(passages(60)) == again.encode(passages(60)))
    #expect(try await fit("given+pca:5", given, seed: 2).card.fingerprint != one.card.fingerprint)
    let restored = try Encoders.restore(
      one.state, context: EncoderContext(seed: 7), plugins: [GivenEncoder.plugin(given)])
    #expect(restored.card == one.card)
    #expect(try await restored.encode(passages(60)) == one.encode(passages(60)))
  }

  @Test func moreComponentsThanRowsAreNotMade() async throws {
    let given = FeatureMatrix(count: 3, denseWidth: 6, dense: correlated(3, 6, seed: 1))
    #expect(try await fit("given+pca:100", given).card.denseWidth == 3)
  }

  @Test(arguments: [
    (
      "given+pca",
      "pca needs something behind a colon. Write pca:256, with a number of components up to 4096."
    ),
    (
      "given+pca:0",
      "pca needs something behind a colon. Write pca:256, with a number of components up to 4096."
    ),
    ("given+pca:2?fold=30", "fold=30 is no setting of pca. It needs a whole number from 6 to 24."),
    (
      "given+standardise:2",
      "standardise takes nothing behind a colon, so '2' has no meaning there. Leave it out."
    ),
  ]) func mistakesGetOneSentence(_ text: String, _ sentence: String) async {
    let error = await #expect(throws: EncoderError.self) { try await fit(text, StandardiseTests.rows) }
    #expect(error?.description == sentence)
  }
}

@Suite struct SymmetricEigenTests {
  @Test func aTwoByTwoMatrixIsSolvedByHand() throws {
    // Eigenvalues of [[2, 1], [1, 2]] are 3 and 1, along the diagonals.
    let eigen = try #require(SymmetricEigen([2, 1, 1, 2], order: 2))
    let half = 0.5.squareRoot()
    #expect(zip(eigen.values, [3, 1]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(zip(eigen.vectors, [half, half, half, -half]).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func theSecondDifferenceMatrixHasItsClosedForm() throws {
    // 2 on the diagonal, -1 beside it: eigenvalues 2 - 2·cos(kπ/(n + 1)). Here n = 5: 2 ± √3, 3, 2, 1.
    var matrix = [Double](repeating: 0, count: 25)
    for i in 0..<5 {
      matrix[6 * i] = 2
      if i > 0 { matrix[5 * i + i - 1] = -1 }
    }
    let eigen = try #require(SymmetricEigen(matrix, order: 5))
    let expected = [2 + 3.0.squareRoot(), 3, 2, 1, 2 - 3.0.squareRoot()]
    #expect(zip(eigen.values, expected).allSatisfy { abs($0 - $1) < 1e-13 })
  }

  @Test(arguments: [1, 2, 3, 10, 40]) func vectorsAndValuesMakeTheMatrixAgain(_ n: Int) throws {
    var generator = CounterGenerator(seed: 5, identity: "eigen \(n)")
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        // A few equal rows, so that some eigenvalues are 0 or meet.
        let value = i % 7 == 3 ? 0 : generator.nextNormal()
        matrix[i * n + j] = value
        matrix[j * n + i] = value
      }
    }
    let eigen = try #require(SymmetricEigen(matrix, order: n))
    for i in 0..<n {
      for j in 0..<n {
        var sum = 0.0
        var inner = 0.0
        for k in 0..<n {
          sum += eigen.values[k] * eigen.vectors[k * n + i] * eigen.vectors[k * n + j]
          inner += eigen.vectors[i * n + k] * eigen.vectors[j * n + k]
        }
        #expect(abs(sum - matrix[i * n + j]) < 1e-11)
        #expect(abs(inner - (i == j ? 1 : 0)) < 1e-12)
      }
    }
    #expect(eigen.values == eigen.values.sorted(by: >))
  }

  @Test(arguments: [1, 3, 20]) func aMatrixOfLowRankHasFewEigenvaluesThatAreNot0(_ rank: Int) throws {
    // A sum of rank outer products of sparse vectors; the trace is the sum of their squares.
    let n = 200
    var generator = CounterGenerator(seed: 6, identity: "low rank \(rank)")
    var (matrix, trace) = ([Double](repeating: 0, count: n * n), 0.0)
    for _ in 0..<rank {
      let vector = (0..<n).map { _ in generator.nextUniform() < 0.3 ? generator.nextNormal() : 0 }
      for i in 0..<n { for j in 0..<n { matrix[i * n + j] += vector[i] * vector[j] } }
      trace += vector.reduce(0) { $0 + $1 * $1 }
    }
    let eigen = try #require(SymmetricEigen(matrix, order: n))
    #expect(abs(eigen.values.reduce(0, +) - trace) < 1e-11 * trace)
    #expect(eigen.values[rank - 1] > 1)
    #expect(eigen.values[rank...].allSatisfy { abs($0) < 1e-12 * trace })
  }

  @Test func edgesAreSafe() {
    #expect(SymmetricEigen([], order: 0)?.values == [])
    #expect(SymmetricEigen([-4], order: 1)?.vectors == [1])
    #expect(SymmetricEigen([0, 0, 0, 0], order: 2)?.values == [0, 0])
    #expect(SymmetricEigen([1, 0, .nan, 1], order: 2) == nil)
  }
}

private let numpyVariances: [Double] = [3.2247496, 0.5404180, 0.1098324]

private let numpyScores: [Double] = [
  0.4221848, -0.8844951, -0.4054978,
  -2.4319878, -0.3215546, 0.3271662,
  -0.5421181, 1.1267925, -0.2478841,
  2.5519212, 0.0792572, 0.3262157,
]
