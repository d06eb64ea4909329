import HustingsNumerics

/// The first layer of a model that reads two responses together, over pairs of dense rows presented in both orders.
///
/// W₁a + W₂b and W₁b + W₂a are (W₁ + W₂)·s ± (W₁ - W₂)·d with s = (a + b)/2 and d = (a - b)/2: two products with a row per pair
/// each, where the halves of two responses take four. The gradients by W₁ ± W₂ are as cheap.
final class BothOrdersLayer {
  /// What is multiplied with s or d.
  private struct Part {
    let map: LinearMap
    /// s or d of pairs [pairs×inputs]; nothing where products keep their digits.
    let rows: FloatBuffer
    /// On the way forward its weight [inputs×width], on the way back the gradient by that.
    let matrix: FloatBuffer
    /// On the way forward its products [pairs×width], on the way back the loss's slopes by them.
    let outputs: FloatBuffer

    init(_ inputs: Int, _ width: Int, capacity: Int, keepsRows: Bool, _ arithmetic: Arithmetic) {
      map = LinearMap(
        Layer(inputs: inputs, outputs: width, weight: 0, bias: nil, activation: nil), denseInputs: inputs,
        arithmetic: arithmetic)
      rows = FloatBuffer(keepsRows ? capacity * inputs : 0)
      matrix = FloatBuffer(inputs * width)
      outputs = FloatBuffer(capacity * width)
    }
  }

  /// W₁ and W₂ side by side [inputs×2·width].
  private let weight: Int
  private let inputs: Int
  private let width: Int
  private let scales: ColumnScales?
  private let workers: Int
  private let sum: Part
  private let difference: Part

  /// A layer over up to `capacity` pairs; `scales` are those of the responses' columns, which hold for s and d as well.
  init(_ layer: Layer, capacity: Int, scales: ColumnScales?, arithmetic: Arithmetic, workers: Int) {
    weight = layer.weight
    inputs = layer.inputs
    width = layer.outputs / 2
    self.scales = scales
    self.workers = workers
    sum = Part(inputs, width, capacity: capacity, keepsRows: scales == nil, arithmetic)
    difference = Part(inputs, width, capacity: capacity, keepsRows: scales == nil, arithmetic)
  }

  private func input(_ rows: UnsafePointer<Float>, _ count: Int) -> LayerInput {
    LayerInput(rows, columns: inputs, count: count, scales: scales)
  }

  /// Calls `body` with rows of the weight and where they begin in W₁.
  private func forEachWeight(_ body: @Sendable (_ row: Int, _ place: Int) -> Void) {
    let (weight, width) = (weight, width)
    forEachBlock(of: inputs, size: (inputs + workers - 1) / workers, workers: workers) { rows in
      for row in rows { body(row, weight + row * 2 * width) }
    }
  }

  /// Readies the layer for parameters and for `count` pairs; call before `forward`.
  func prepare(_ parameters: UnsafePointer<Float>, count: Int) {
    nonisolated(unsafe) let (this, parameters) = (self, parameters)
    forEachWeight { row, place in
      Elementwise.sumAndDifference(
        this.width, parameters + place, parameters + place + this.width,
        into: this.sum.matrix.pointer + row * this.width, this.difference.matrix.pointer + row * this.width)
    }
    for part in [sum, difference] {
      part.map.prepare(part.matrix.pointer, for: input(part.rows.pointer, count), workers: workers)
    }
  }

  /// out[presented×width] of some pairs as presented, an even range, from the first responses of all of them.
  func forward(_ first: RowPick, _ presented: Range<Int>, into out: UnsafeMutablePointer<Float>) {
    let pairs = presented.lowerBound / 2..<presented.upperBound / 2
    withRows(pairs) { sums, differences in
      Elementwise.halfSums(first[presented], inner: inputs, into: sums, differences)
      for (part, rows) in [(sum, sums), (difference, differences)] {
        part.map.forward(
          input(rows, pairs.count), from: pairs.lowerBound, part.matrix.pointer,
          into: part.outputs.pointer + pairs.lowerBound * width)
      }
    }
    for pair in pairs {
      let to = out + 2 * (pair - pairs.lowerBound) * width
      Elementwise.sumAndDifference(
        width, sum.outputs.pointer + pair * width, difference.outputs.pointer + pair * width,
        into: to, to + width)
    }
  }

  /// Room for s and d of some pairs.
  private func withRows(
    _ pairs: Range<Int>, _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard scales != nil else {
      let place = pairs.lowerBound * inputs
      return body(sum.rows.pointer + place, difference.rows.pointer + place)
    }
    let size = pairs.count * inputs
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * size) {
      if let room = $0.baseAddress { body(room, room + size) }
    }
  }

  /// Takes the slopes by some columns of all rows of `out`, [2·count×width].
  func take(_ columns: Range<Int>, count: Int, slopes: UnsafePointer<Float>) {
    for pair in 0..<count {
      let place = pair * width + columns.lowerBound
      let from = slopes + pair * width + place
      Elementwise.sumAndDifference(
        columns.count, from, from + width, into: sum.outputs.pointer + place,
        difference.outputs.pointer + place)
    }
  }

  /// Adds to the gradient of all parameters, once the slopes of the pairs that `forward` was last called with are taken.
  func addGradient(count: Int, to gradient: UnsafeMutablePointer<Float>) {
    for part in [sum, difference] {
      part.matrix.clear()
      part.map.addGradient(
        input(part.rows.pointer, count), slopes: part.outputs.pointer, to: part.matrix.pointer,
        workers: workers)
    }
    nonisolated(unsafe) let (this, gradient) = (self, gradient)
    forEachWeight { row, place in
      Elementwise.sumAndDifference(
        this.width, this.sum.matrix.pointer + row * this.width,
        this.difference.matrix.pointer + row * this.width,
        into: gradient + place, gradient + place + this.width, adding: true)
    }
  }
}
