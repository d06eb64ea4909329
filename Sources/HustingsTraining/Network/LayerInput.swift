import HustingsNumerics

/// The rows that a layer reads: dense columns, sparse columns after them, or both.
struct LayerInput {
  let dense: RowPick?
  let sparse: SparseMatrix?
  let picks: UnsafePointer<Int32>?
  let count: Int

  /// Rows that lie one after the other.
  init(_ buffer: UnsafePointer<Float>, columns: Int, count: Int) {
    dense = RowPick(buffer, stride: columns, count: count)
    sparse = nil
    picks = nil
    self.count = count
  }

  private init(dense: RowPick?, sparse: SparseMatrix?, picks: UnsafePointer<Int32>?, count: Int) {
    self.dense = dense
    self.sparse = sparse
    self.picks = picks
    self.count = count
  }

  /// Some of the rows.
  subscript(range: Range<Int>) -> LayerInput {
    LayerInput(
      dense: dense?[range], sparse: sparse, picks: picks.map { $0 + range.lowerBound }, count: range.count)
  }

  /// Lends rows of encoded features, picked by index, for the length of a call.
  static func lending<Result>(
    _ features: FeatureMatrix, _ picks: UnsafePointer<Int32>, count: Int,
    _ body: (LayerInput) throws -> Result
  ) rethrows -> Result {
    guard let dense = features.dense else {
      return try body(LayerInput(dense: nil, sparse: features.sparse, picks: picks, count: count))
    }
    return try dense.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { preconditionFailure("dense features of no column") }
      let rows = RowPick(base, stride: dense.columns, index: picks, count: count)
      return try body(LayerInput(dense: rows, sparse: features.sparse, picks: picks, count: count))
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
    let weight = parameters + layer.weight
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
        MatrixProduct.rows(dense, inner: denseInputs, times: weight, outer: layer.outputs, into: out)
      }
    }
    x.sparse?.product(
      rows: x.picks, count: x.count, weights: weight + denseInputs * layer.outputs, width: layer.outputs,
      into: out, adding: x.dense != nil)
  }

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
    let weight = gradient + layer.weight
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
        dense, width: denseInputs, times: slopes, outer: layer.outputs, into: weight, adding: true,
        workers: workers)
    }
    x.sparse?.outerProduct(
      rows: x.picks, count: x.count, slopes: slopes, width: layer.outputs,
      into: weight + denseInputs * layer.outputs, workers: workers)
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
