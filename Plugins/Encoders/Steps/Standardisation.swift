import Foundation
import Hustings

/// Columns to mean 0 and a given standard deviation, cut at a number of standard deviations.
struct Standardisation: Sendable, Hashable {
  /// One mean per column.
  let means: [Float]
  /// What a column's distance from its mean is multiplied with; 0 for a column that was constant.
  let factors: [Float]
  /// The largest size of a result.
  let limit: Float

  /// Means and population standard deviations of rows, in double precision and in the order of the rows.
  ///
  /// - Parameter limit: how many standard deviations a column may reach; nil for any number.
  init(fittedOn rows: [Float], width: Int, scale: Float, limit deviations: Float?) {
    let count = width == 0 ? 0 : rows.count / width
    var sums = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for column in 0..<width { sums[column] += Double(rows[row * width + column]) }
    }
    let centres = sums.map { $0 / Double(max(1, count)) }
    for row in 0..<count {
      for column in 0..<width {
        let distance = Double(rows[row * width + column]) - centres[column]
        squares[column] += distance * distance
      }
    }
    means = centres.map { Float($0) }
    factors = zip(squares, centres).map { square, centre in
      let deviation = (square / Double(max(1, count))).squareRoot()
      // A spread this far below the column's size is rounding.
      return deviation <= 1e-6 * max(1, abs(centre)) ? 0 : Float(Double(scale) / deviation)
    }
    limit = deviations.map { $0 * scale } ?? .infinity
  }

  /// Standardises rows in place. In the rows `prompts`, only the first `kept` columns count and the others become 0.
  func apply(to rows: inout [Float], except prompts: [Int] = [], keeping kept: Int = 0) {
    let width = means.count
    guard width > 0 else { return }
    rows.withUnsafeMutableBufferPointer { rows in
      means.withUnsafeBufferPointer { means in
        factors.withUnsafeBufferPointer { factors in
          var place = 0
          for _ in 0..<rows.count / width {
            for column in 0..<width {
              let value = (rows[place] - means[column]) * factors[column]
              rows[place] = min(limit, max(-limit, value))
              place += 1
            }
          }
        }
      }
      for row in prompts {
        for column in kept..<width { rows[row * width + column] = 0 }
      }
    }
  }

  /// What is stored of it.
  var tensors: [NamedTensor] {
    [
      NamedTensor("mean", shape: [means.count], values: means),
      NamedTensor("factor", shape: [factors.count], values: factors),
      NamedTensor("limit", shape: [1], values: [limit.isFinite ? limit : .greatestFiniteMagnitude]),
    ]
  }

  /// The one that a state describes.
  init(restoring part: EncoderState.Part, width: Int) throws {
    guard let means = part.tensor("mean")?.values, let factors = part.tensor("factor")?.values,
      let limit = part.tensor("limit")?.values.first, means.count == width, factors.count == width
    else {
      throw EncoderError.badState(
        kind: part.kind, reason: "its means and factors are missing or not \(width) in number")
    }
    self.means = means
    self.factors = factors
    self.limit = limit == .greatestFiniteMagnitude ? .infinity : limit
  }
}

/// The natural logarithm, under a name that no method of a type hides.
func logarithm(_ x: Double) -> Double { log(x) }
