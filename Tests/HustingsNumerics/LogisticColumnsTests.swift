import Foundation
import HustingsNumerics
import Testing

@Suite struct LogisticColumnsTests {
  private struct Row {
    let x: [Double]
    let weight: Double
  }

  private static func rows(_ count: Int, width: Int) -> [Row] {
    (0..<count).map { row in
      let x = (0..<width).map { column -> Double in
        let size = Double(column + 1)
        return size * sin(Double(row) * (2 * size + 1))
      }
      return Row(x: x, weight: Double(row % 3) / 2)
    }
  }

  private static func columns(_ rows: [Row], width: Int) -> LogisticColumns {
    LogisticColumns(width: width, features: rows.flatMap(\.x), weights: rows.map(\.weight))
  }

  @Test(arguments: 1...4, [1, 8, 21])
  func sumsAreThoseOfTheirDefinitions(width: Int, count: Int) {
    let rows = Self.rows(count, width: width)
    let coefficients = [0.7, -1.3, 2.1, 0.4].prefix(width).map { $0 }
    let sums = Self.columns(rows, width: width).sums(at: coefficients)
    var loss = 0.0
    var slope = [Double](repeating: 0, count: width)
    var curvature = [Double](repeating: 0, count: width * width)
    for row in rows {
      let eta = zip(row.x, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      let p = 1 / (1 + exp(-eta))
      loss += row.weight * softplus(eta)
      for a in 0..<width {
        slope[a] += row.weight * p * row.x[a]
        for b in 0..<width { curvature[a * width + b] += row.weight * p * (1 - p) * row.x[a] * row.x[b] }
      }
    }
    #expect(abs((sums.softplus ?? 0) - loss) <= 1e-13 * max(1, loss))
    for (value, expected) in zip(sums.slope + sums.curvature, slope + curvature) {
      #expect(abs(value - expected) <= 1e-13 * 21)
    }
  }

  @Test(arguments: [0, 1e-300, 0.5, 1, 30, 36.7, 700, 745, 1e6] as [Double])
  func oneRowGivesTheLogisticFunctionAtAnyDistance(eta: Double) {
    for sign in [1.0, -1.0] {
      let sums = LogisticColumns(width: 1, features: [1], weights: [1]).sums(at: [sign * eta])
      #expect(abs((sums.softplus ?? 0) - softplus(sign * eta)) <= 4e-16 * softplus(sign * eta) + 1e-307)
      #expect(abs(sums.slope[0] - logistic(sign * eta)) <= 4e-16 * logistic(sign * eta) + 1e-307)
      let variance = logistic(eta) * logistic(-eta)
      #expect(abs(sums.curvature[0] - variance) <= 8e-16 * variance + 1e-307)
    }
  }

  @Test func leavingTheLossOutChangesNothingElse() {
    let columns = Self.columns(Self.rows(30, width: 3), width: 3)
    let (with, without) = (columns.sums(at: [1, -2, 0.5]), columns.sums(at: [1, -2, 0.5], withLoss: false))
    #expect(without.softplus == nil)
    #expect(with.slope == without.slope && with.curvature == without.curvature)
  }

  @Test func rowsWithoutWeightCountForNothing() {
    let rows = Self.rows(12, width: 2)
    let counted = rows.filter { $0.weight > 0 }
    let all = Self.columns(rows, width: 2).sums(at: [0.3, 0.2])
    let some = Self.columns(counted, width: 2).sums(at: [0.3, 0.2])
    #expect(abs((all.softplus ?? 0) - (some.softplus ?? 1)) < 1e-14)
    #expect(Self.columns([], width: 2).sums(at: [1, 1]).softplus == 0)
  }
}
