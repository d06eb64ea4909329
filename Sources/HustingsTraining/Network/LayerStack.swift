import HustingsNumerics

/// Forward and backward passes through fully connected layers, y = activation(x·W + b), over up to `capacity` rows.
///
/// Rows are cut into blocks of fixed size, and each block goes through all layers on one thread. Gradients of wide layers
/// are products whose rows threads share out; those of narrow layers and biases are summed per lane, a fixed set of
/// blocks, and the lanes in order. So the number of workers changes no bit.
final class LayerStack {
  private static let mostLanes = 16
  /// Rows whose states and slopes stay in the cache on their way back through the layers.
  static func blockSize(_ rows: Int) -> Int { MatrixProduct.blockSize(rows) / 4 }

  let layers: [Layer]
  let capacity: Int
  let workers: Int
  private let maps: [LinearMap]
  /// Per layer, what undoes its activation: its input for GELU, its output for the others.
  private let states: [FloatBuffer]
  /// Per layer, its output where that is not the state.
  private let outputs: [FloatBuffer?]
  private let slopes: [FloatBuffer]
  private let partials: FloatBuffer
  private let partialSize: Int

  /// A stack whose first layer has `denseInputs` dense inputs before its sparse ones.
  init(_ layers: [Layer], denseInputs: Int, capacity: Int, arithmetic: Arithmetic, workers: Int) {
    precondition(!layers.isEmpty, "a stack of no layer")
    self.layers = layers
    self.capacity = capacity
    self.workers = workers
    maps = layers.enumerated().map {
      LinearMap($1, denseInputs: $0 == 0 ? denseInputs : $1.inputs, arithmetic: arithmetic)
    }
    states = layers.map { FloatBuffer(capacity * $0.outputs) }
    outputs = layers.map { $0.activation == .gelu ? FloatBuffer(capacity * $0.outputs) : nil }
    slopes = layers.map { FloatBuffer(capacity * $0.outputs) }
    partialSize = maps.reduce(0) { $0 + $1.partialSize + $1.layer.outputs }
    partials = FloatBuffer(partialSize * LayerStack.mostLanes)
  }

  /// Where the last layer's outputs [n×outputs] are after `forward`.
  var result: UnsafeMutablePointer<Float> { output(layers.count - 1) }

  /// Where the loss's slopes by the last layer's outputs [n×outputs] go before `backward`.
  var resultSlopes: UnsafeMutablePointer<Float> { slopes[layers.count - 1].pointer }

  /// Sets the slopes by the last layer's outputs of `count` rows to zero.
  func clearResultSlopes(_ count: Int) {
    let (width, slopes) = (layers[layers.count - 1].outputs, slopes[layers.count - 1])
    forEachBlock(of: count, size: max(1, (1 << 15) / width), workers: workers) { rows in
      slopes.clear(rows.lowerBound * width..<rows.upperBound * width)
    }
  }

  private func output(_ index: Int) -> UnsafeMutablePointer<Float> {
    (outputs[index] ?? states[index]).pointer
  }

  /// What layer `index` reads of the rows: the stack's input, or the layer before.
  private func input(_ index: Int, _ x: LayerInput, _ rows: Range<Int>) -> LayerInput {
    if index == 0 { return x[rows] }
    let width = layers[index].inputs
    return LayerInput(output(index - 1) + rows.lowerBound * width, columns: width, count: rows.count)
  }

  /// Runs rows through the layers.
  func forward(_ x: LayerInput, parameters: UnsafePointer<Float>) {
    precondition(x.count <= capacity, "\(x.count) rows in a stack of \(capacity)")
    for (index, map) in maps.enumerated() {
      map.prepare(parameters, for: index == 0 ? x : nil, workers: workers)
    }
    nonisolated(unsafe) let (this, x, parameters) = (self, x, parameters)
    // Rows do not depend on each other: one thread takes many at a time, several share out small blocks.
    let size = workers == 1 ? MatrixProduct.blockSize(x.count) : LayerStack.blockSize(x.count)
    forEachBlock(of: x.count, size: size, workers: workers) { rows in
      for index in this.layers.indices { this.forward(index, x, rows, parameters) }
    }
  }

  private func forward(
    _ index: Int, _ x: LayerInput, _ rows: Range<Int>, _ parameters: UnsafePointer<Float>
  ) {
    let layer = layers[index]
    let state = states[index].pointer + rows.lowerBound * layer.outputs
    maps[index].forward(input(index, x, rows), from: rows.lowerBound, parameters, into: state)
    guard let bias = layer.bias else { return }
    if let activation = layer.activation {
      Elementwise.activate(
        activation, rows: rows.count, columns: layer.outputs, bias: parameters + bias, x: state,
        y: output(index) + rows.lowerBound * layer.outputs)
    } else {
      Elementwise.addBias(rows: rows.count, columns: layer.outputs, bias: parameters + bias, x: state)
    }
  }

  /// Adds to the gradient what rows give it, from `resultSlopes`, after `forward` of the same rows.
  ///
  /// - Parameter inputSlopes: receives the slopes by a dense input [n×inputs]; nil to leave them out.
  func backward(
    _ x: LayerInput, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    inputSlopes: UnsafeMutablePointer<Float>? = nil
  ) {
    let size = LayerStack.blockSize(x.count)
    let blocks = (x.count + size - 1) / size
    let lanes = min(LayerStack.mostLanes, blocks)
    partials.clear(lanes * partialSize)
    for (index, map) in maps.enumerated() where index > 0 || inputSlopes != nil {
      map.prepareBackward(parameters, workers: workers)
    }
    nonisolated(unsafe) let (this, x, inputSlopes) = (self, x, inputSlopes)
    forEachBlock(of: lanes, size: 1, workers: workers) { lane in
      let partial = this.partials.pointer + lane.lowerBound * this.partialSize
      for block in stride(from: lane.lowerBound, to: blocks, by: lanes) {
        let rows = block * size..<min(x.count, (block + 1) * size)
        this.backward(x, rows, partial, inputSlopes)
      }
    }
    for lane in 0..<lanes { addPartials(partials.pointer + lane * partialSize, to: gradient) }
    for index in layers.indices {
      maps[index].addGradient(
        input(index, x, 0..<x.count), slopes: slopes[index].pointer, to: gradient, workers: workers)
    }
  }

  /// One block of rows, last layer first: slopes by every layer's input, and the sums that lanes keep.
  private func backward(
    _ x: LayerInput, _ rows: Range<Int>, _ partial: UnsafeMutablePointer<Float>,
    _ inputSlopes: UnsafeMutablePointer<Float>?
  ) {
    var partial = partial
    for index in layers.indices.reversed() {
      let (layer, map) = (layers[index], maps[index])
      let slope = slopes[index].pointer + rows.lowerBound * layer.outputs
      if let activation = layer.activation {
        let state = states[index].pointer + rows.lowerBound * layer.outputs
        Elementwise.backward(activation, rows.count * layer.outputs, x: state, slope: slope)
      }
      if layer.bias != nil {
        Elementwise.addColumnSums(rows: rows.count, columns: layer.outputs, x: slope, to: partial)
      }
      map.addPartial(input(index, x, rows), slopes: slope, to: partial + layer.outputs)
      partial += layer.outputs + map.partialSize
      if let below = index > 0 ? slopes[index - 1].pointer : inputSlopes {
        map.backward(slopes: slope, rows: rows.count, into: below + rows.lowerBound * layer.inputs)
      }
    }
  }

  /// Adds one lane's sums, which lie last layer first, bias before weight.
  private func addPartials(
    _ partial: UnsafeMutablePointer<Float>, to gradient: UnsafeMutablePointer<Float>
  ) {
    var partial = partial
    for (layer, map) in zip(layers, maps).reversed() {
      if let bias = layer.bias { Elementwise.add(layer.outputs, 1, partial, to: gradient + bias) }
      map.add(partial: partial + layer.outputs, to: gradient)
      partial += layer.outputs + map.partialSize
    }
  }
}
