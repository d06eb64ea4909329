import Hustings
import HustingsNumerics

/// The rows that a layer reads: sparse columns, dense columns after them, or either alone.
struct LayerInput {
  let sparse: SparsePick?
  let dense: RowPick?
  let count: Int

  /// Rows that lie one after the other.
  init(_ buffer: UnsafePointer<Float>, columns: Int, count: Int) {
    self.init(sparse: nil, dense: RowPick(buffer, stride: columns, count: count), count: count)
  }

  private init(sparse: SparsePick?, dense: RowPick?, count: Int) {
    self.sparse = sparse
    self.dense = dense
    self.count = count
  }

  /// Some of the rows.
  subscript(range: Range<Int>) -> LayerInput {
    LayerInput(sparse: sparse?[range], dense: dense?[range], count: range.count)
  }

  /// Lends rows of encoded features, picked by index, for the length of a call.
  static func lending<Result>(
    _ features: FeatureMatrix, _ picks: UnsafePointer<Int32>, count: Int,
    _ body: (LayerInput) throws -> Result
  ) rethrows -> Result {
    try features.dense.withUnsafeBufferPointer { values in
      let dense = values.baseAddress.map {
        RowPick($0, stride: features.denseWidth, index: picks, count: count)
      }
      guard let sparse = features.sparse else {
        return try body(LayerInput(sparse: nil, dense: dense, count: count))
      }
      return try sparse.offsets.withUnsafeBufferPointer { offsets in
        try sparse.columns.withUnsafeBufferPointer { columns in
          try sparse.values.withUnsafeBufferPointer { values in
            guard let offsets = offsets.baseAddress, let columns = columns.baseAddress,
              let values = values.baseAddress
            else { preconditionFailure("sparse rows without storage") }
            let pick = SparsePick(
              offsets: offsets, columns: columns, values: values, width: sparse.width, index: picks,
              count: count)
            return try body(
              LayerInput(sparse: pick, dense: features.denseWidth > 0 ? dense : nil, count: count))
          }
        }
      }
    }
  }
}

/// The product x·W of one layer, W [inputs×outputs], and its gradient by W.
///
/// Up to sixteen outputs over dense inputs are dot products, which read each row of x once; more are a matrix product.
final class LinearMap {
  private static let narrowest = 16

  let layer: Layer
  private let denseInputs: Int
  private let isNarrow: Bool
  /// The dense part of W, transposed, for dot products.
  private let turned: FloatBuffer

  init(_ layer: Layer, denseInputs: Int) {
    self.layer = layer
    self.denseInputs = denseInputs
    isNarrow = layer.outputs <= LinearMap.narrowest && denseInputs > 0
    turned = FloatBuffer(isNarrow ? denseInputs * layer.outputs : 0)
  }

  /// Readies the map for parameters; call before `forward`.
  func prepare(_ parameters: UnsafePointer<Float>) {
    guard isNarrow else { return }
    let weight = parameters + layer.weight + sparseCount
    for o in 0..<layer.outputs {
      let row = turned.pointer + o * denseInputs
      for i in 0..<denseInputs { row[i] = weight[i * layer.outputs + o] }
    }
  }

  /// out[rows×outputs] = x·W.
  func forward(_ x: LayerInput, _ parameters: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
    let weight = parameters + layer.weight
    if let dense = x.dense {
      if isNarrow {
        MatrixProduct.dots(dense, inner: denseInputs, with: turned.pointer, outputs: layer.outputs, into: out)
      } else {
        MatrixProduct.rows(
          dense, inner: denseInputs, times: weight + sparseCount, outer: layer.outputs, into: out)
      }
    }
    x.sparse?.multiply(weight, outputs: layer.outputs, into: out, adding: x.dense != nil)
  }

  /// Elements of W that belong to sparse inputs, which come first.
  private var sparseCount: Int { (layer.inputs - denseInputs) * layer.outputs }

  /// Floats of a lane's partial sum.
  var partialSize: Int { isNarrow ? denseInputs * layer.outputs : 0 }

  /// Adds a block of rows to a lane's partial sum [outputs×dense inputs].
  func addPartial(_ x: LayerInput, slopes: UnsafePointer<Float>, to partial: UnsafeMutablePointer<Float>) {
    guard isNarrow, let dense = x.dense else { return }
    MatrixProduct.addOuter(slopes, outputs: layer.outputs, dense, inner: denseInputs, into: partial)
  }

  /// Adds a lane's partial sum to the gradient of all parameters.
  func add(partial: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>) {
    guard isNarrow else { return }
    let weight = gradient + layer.weight + sparseCount
    for o in 0..<layer.outputs {
      let row = partial + o * denseInputs
      for i in 0..<denseInputs { weight[i * layer.outputs + o] += row[i] }
    }
  }

  /// Adds to the gradient what lanes do not sum: a wide layer's dense part, and every sparse part.
  func addGradient(
    _ x: LayerInput, slopes: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, workers: Int
  ) {
    let weight = gradient + layer.weight
    if let dense = x.dense, !isNarrow {
      MatrixProduct.transposedRows(
        dense, width: denseInputs, times: slopes, outer: layer.outputs, into: weight + sparseCount,
        adding: true, workers: workers)
    }
    x.sparse?.addOuter(slopes, outputs: layer.outputs, into: weight, workers: workers)
  }

  /// below[rows×inputs] = slopes·Wᵀ, the slopes by dense inputs.
  func backward(
    slopes: UnsafePointer<Float>, rows: Int, _ parameters: UnsafePointer<Float>,
    into below: UnsafeMutablePointer<Float>
  ) {
    MatrixProduct.rows(
      RowPick(slopes, stride: layer.outputs, count: rows), inner: layer.outputs,
      times: parameters + layer.weight, transposed: true, outer: layer.inputs, into: below)
  }
}
