import HustingsNumerics

/// The product x·W of one layer, W [inputs×outputs], and its gradients by W and x.
///
/// Up to sixteen outputs over dense inputs are dot products, which read each row of x once; more are a matrix product.
final class LinearMap {
  /// The most outputs that are dot products.
  static let narrowest = 16

  let layer: Layer
  private let denseInputs: Int
  private let isNarrow: Bool
  /// Whether `addPartial` follows `forward` while the rows are in the cache.
  private let isReadAgain: Bool
  /// The dense part of W, transposed, for dot products.
  private let turned: FloatBuffer
  /// The dense part of W, for matrix products.
  private let packed: PackedMatrix
  /// The whole of W, transposed, for slopes by x.
  private let packedBack: PackedMatrix
  /// The operands of the gradient by W.
  private let packedForGradient: PackedPair

  init(_ layer: Layer, denseInputs: Int, arithmetic: Arithmetic, isReadAgain: Bool = false) {
    self.layer = layer
    self.isReadAgain = isReadAgain
    self.denseInputs = denseInputs
    isNarrow = layer.outputs <= LinearMap.narrowest && denseInputs > 0
    turned = FloatBuffer(isNarrow ? denseInputs * layer.outputs : 0)
    packed = PackedMatrix(arithmetic)
    packedBack = PackedMatrix(arithmetic)
    packedForGradient = PackedPair(arithmetic)
  }

  /// Whether `forward` keeps rows of x for the gradient: those whose columns have scales.
  private func keeps(_ x: RowPick?) -> ColumnScales? { packed.arithmetic.usesTiles ? x?.scales : nil }

  /// Readies the map for parameters, and for rows of `x`, its input unless a layer before makes that; call before `forward`.
  func prepare(_ parameters: UnsafePointer<Float>, for x: LayerInput?, workers: Int) {
    guard denseInputs > 0 else { return }
    let weight = parameters + layer.weight + sparseCount
    guard isNarrow else {
      let scales = keeps(x?.dense)
      packed.pack(weight, inner: denseInputs, outer: layer.outputs, scales: scales, workers: workers)
      if let x, let scales { packedForGradient.left.keep(x.count, width: denseInputs, scales: scales) }
      return
    }
    for o in 0..<layer.outputs {
      let row = turned.pointer + o * denseInputs
      for i in 0..<denseInputs { row[i] = weight[i * layer.outputs + o] }
    }
  }

  /// Readies the map for slopes by x; call before `backward`.
  func prepareBackward(_ parameters: UnsafePointer<Float>, workers: Int) {
    guard !isNarrow else { return }
    packedBack.pack(
      parameters + layer.weight, inner: layer.outputs, outer: layer.inputs, transposed: true, workers: workers
    )
  }

  /// out[rows×outputs] = x·W, of rows of the input from `first`, a multiple of 4.
  func forward(
    _ x: LayerInput, from first: Int, _ parameters: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    if let dense = x.dense {
      if isNarrow {
        MatrixProduct.dots(
          dense, inner: denseInputs, with: turned.pointer, outputs: layer.outputs, into: out,
          areReadAgain: isReadAgain)
      } else {
        MatrixProduct.rows(
          dense, times: packed, into: out, keeping: keeps(dense) == nil ? nil : packedForGradient.left,
          from: first
        )
      }
    }
    x.sparse?.multiply(
      parameters + layer.weight, outputs: layer.outputs, into: out, adding: x.dense != nil)
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

  /// Adds to the gradient what lanes do not sum: a wide layer's dense part, and every sparse part, for the rows that `forward`
  /// was last called with.
  func addGradient(
    _ x: LayerInput, slopes: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, workers: Int
  ) {
    let weight = gradient + layer.weight
    if let dense = x.dense, !isNarrow {
      MatrixProduct.transposedRows(
        dense, width: denseInputs, times: slopes, outer: layer.outputs, into: weight + sparseCount,
        adding: true,
        using: packedForGradient, isKept: keeps(dense) != nil, workers: workers)
    }
    x.sparse?.addOuter(slopes, outputs: layer.outputs, into: weight, workers: workers)
  }

  /// below[rows×inputs] = slopes·Wᵀ, the slopes by dense inputs.
  func backward(slopes: UnsafePointer<Float>, rows: Int, into below: UnsafeMutablePointer<Float>) {
    let pick = RowPick(slopes, stride: layer.outputs, count: rows)
    guard isNarrow else { return MatrixProduct.rows(pick, times: packedBack, into: below) }
    MatrixProduct.spread(
      slopes, rows: rows, inputs: layer.outputs, times: turned.pointer, outer: layer.inputs, into: below)
  }
}
