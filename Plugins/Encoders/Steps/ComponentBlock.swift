import Foundation
import Hustings
import HustingsNumerics

/// The block of rows that is decomposed: folded sparse columns, or dense ones.
struct ComponentBlock: Sendable {
  private enum Storage: Sendable {
    case sparse(SparseRows)
    case dense([Float])
  }

  let count: Int
  let width: Int
  private let storage: Storage

  init(_ rows: FeatureMatrix, _ settings: PrincipalComponents.Settings) {
    count = rows.count
    if let sparse = rows.sparse {
      let folded = ComponentBlock.folded(sparse, to: settings.fold)
      width = folded.width
      storage = .sparse(folded)
    } else {
      width = rows.denseWidth
      storage = .dense(rows.dense)
    }
  }

  /// Adds up the columns that agree in their last bits.
  private static func folded(_ rows: SparseRows, to bits: Int) -> SparseRows {
    let width = min(rows.width, 1 << bits)
    guard width < rows.width else { return rows }
    var offsets: [Int64] = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    offsets.reserveCapacity(rows.count + 1)
    columns.reserveCapacity(rows.columns.count)
    values.reserveCapacity(rows.columns.count)
    var sums = [Float](repeating: 0, count: width)
    var touched = [UInt64](repeating: 0, count: (width + 63) / 64)
    for row in 0..<rows.count {
      for place in Int(rows.offsets[row])..<Int(rows.offsets[row + 1]) {
        let column = Int(rows.columns[place]) % width
        sums[column] += rows.values[place]
        touched[column >> 6] |= 1 << UInt64(column & 63)
      }
      for word in touched.indices {
        while touched[word] != 0 {
          let column = word * 64 + touched[word].trailingZeroBitCount
          touched[word] &= touched[word] - 1
          columns.append(Int32(column))
          values.append(sums[column])
          sums[column] = 0
        }
      }
      offsets.append(Int64(columns.count))
    }
    return SparseRows(width: width, offsets: offsets, columns: columns, values: values)
  }

  /// The mean of each column, added up in double precision in the order of the rows.
  var mean: [Float] {
    var sums = [Double](repeating: 0, count: width)
    switch storage {
    case .sparse(let matrix):
      for (column, value) in zip(matrix.columns, matrix.values) { sums[Int(column)] += Double(value) }
    case .dense(let values):
      for row in 0..<count {
        for column in 0..<width { sums[column] += Double(values[row * width + column]) }
      }
    }
    return sums.map { Float($0 / Double(max(1, count))) }
  }

  /// rows[count × width] · weights[width × columns].
  func times(_ weights: [Float], columns: Int, workers: Int?) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * columns) { out, initialised in
      out.initialize(repeating: 0)
      weights.withUnsafeBufferPointer { weights in
        guard let out = out.baseAddress, let weights = weights.baseAddress else { return }
        switch storage {
        case .sparse(let matrix):
          matrix.withPick { pick in
            nonisolated(unsafe) let (pick, weights, out) = (pick, weights, out)
            forEachBlock(of: count, size: 64, workers: workers ?? ComponentBlock.cores) { range in
              pick[range].multiply(weights, outputs: columns, into: out + range.lowerBound * columns)
            }
          }
        case .dense(let values):
          values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress else { return }
            MatrixProduct.rows(
              RowPick(values, stride: width, count: count), inner: width, times: weights, outer: columns,
              into: out, workers: workers ?? ComponentBlock.cores)
          }
        }
      }
      initialised = count * columns
    }
  }

  /// rowsᵀ[width × count] · right[count × columns].
  func transposedTimes(_ right: [Float], columns: Int, workers: Int?) -> [Float] {
    var product = [Float](repeating: 0, count: width * columns)
    product.withUnsafeMutableBufferPointer { out in
      right.withUnsafeBufferPointer { right in
        guard let out = out.baseAddress, let right = right.baseAddress else { return }
        switch storage {
        case .sparse(let matrix):
          matrix.withPick {
            $0.addOuter(right, outputs: columns, into: out, workers: workers ?? ComponentBlock.cores)
          }
        case .dense(let values):
          values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress else { return }
            MatrixProduct.transposedRows(
              RowPick(values, stride: width, count: count), width: width, times: right, outer: columns,
              into: out, using: PackedPair(), workers: workers ?? ComponentBlock.cores)
          }
        }
      }
    }
    return product
  }

  /// Σ (x − m)(x − m)ᵀ / count, lower triangle, in double precision: [width × width].
  func covariance(mean: [Float]) -> [Double] {
    var sums = [Double](repeating: 0, count: width * width)
    var centred = [Double](repeating: 0, count: width)
    sums.withUnsafeMutableBufferPointer { sums in
      for row in 0..<count {
        for column in 0..<width { centred[column] = 0 - Double(mean[column]) }
        switch storage {
        case .sparse(let matrix):
          for place in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
            centred[Int(matrix.columns[place])] += Double(matrix.values[place])
          }
        case .dense(let values):
          for column in 0..<width { centred[column] += Double(values[row * width + column]) }
        }
        for i in 0..<width where centred[i] != 0 {
          let scale = centred[i]
          for j in 0...i { sums[i * width + j] += scale * centred[j] }
        }
      }
    }
    return sums.map { $0 / Double(max(1, count)) }
  }

  private static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }
}

extension SparseRows {
  /// Lends the rows to a product.
  fileprivate func withPick(_ body: (SparsePick) -> Void) {
    offsets.withUnsafeBufferPointer { offsets in
      columns.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { values in
          // Rows without a single value have nothing to add to a product of zeros.
          guard let offset = offsets.baseAddress, let column = columns.baseAddress,
            let value = values.baseAddress
          else { return }
          body(SparsePick(offsets: offset, columns: column, values: value, width: width, count: count))
        }
      }
    }
  }
}
