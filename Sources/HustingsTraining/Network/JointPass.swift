import HustingsNumerics

/// What follows the first layer of a model that reads two responses together: the sum of the half for the response
/// presented first and the half for the one presented second, its bias and activation, and further layers.
final class JointPass {
  private let joint: NetworkShape.Joint
  private let stack: LayerStack?
  private let state: FloatBuffer
  private let output: FloatBuffer?
  private let slopes: FloatBuffer
  private let workers: Int

  init(_ joint: NetworkShape.Joint, layers: [Layer], capacity: Int, arithmetic: Arithmetic, workers: Int) {
    self.joint = joint
    self.workers = workers
    stack =
      layers.isEmpty
      ? nil
      : LayerStack(
        layers, denseInputs: joint.width, capacity: capacity, arithmetic: arithmetic, workers: workers)
    state = FloatBuffer(capacity * joint.width)
    output = joint.activation == .gelu ? FloatBuffer(capacity * joint.width) : nil
    slopes = FloatBuffer(capacity * joint.width)
  }

  private var input: UnsafeMutablePointer<Float> { (output ?? state).pointer }

  /// scores[n] of pairs; `fill` writes the first layer of some of them, without bias and activation, [pairs×width].
  func forward(
    _ n: Int, parameters: UnsafePointer<Float>, into scores: UnsafeMutablePointer<Float>,
    fill: @Sendable (_ pairs: Range<Int>, _ state: UnsafeMutablePointer<Float>) -> Void
  ) {
    let width = joint.width
    nonisolated(unsafe) let (this, parameters) = (self, parameters)
    forEachBlock(of: n, size: LayerStack.blockSize(n), workers: workers) { pairs in
      let state = this.state.pointer + pairs.lowerBound * width
      fill(pairs, state)
      let bias = parameters + this.joint.bias
      if let activation = this.joint.activation {
        Elementwise.activate(
          activation, rows: pairs.count, columns: width, bias: bias, x: state,
          y: this.input + pairs.lowerBound * width)
      } else {
        Elementwise.addBias(rows: pairs.count, columns: width, bias: bias, x: state)
      }
    }
    guard let stack else {
      scores.update(from: state.pointer, count: n)
      return
    }
    stack.forward(LayerInput(input, columns: width, count: n), parameters: parameters)
    scores.update(from: stack.result, count: n)
  }

  /// Adds to the gradient, from the slopes by scores[n]; `take` is given, for some columns of the first layer of all pairs in
  /// turn, the slopes by them [n×width].
  func backward(
    _ n: Int, slopes scoreSlopes: UnsafePointer<Float>, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>,
    take: @Sendable (_ columns: Range<Int>, _ slopes: UnsafePointer<Float>) -> Void
  ) {
    let width = joint.width
    if let stack {
      stack.resultSlopes.update(from: scoreSlopes, count: n)
      stack.backward(
        LayerInput(input, columns: width, count: n), parameters: parameters, gradient: gradient,
        inputSlopes: slopes.pointer)
    } else {
      slopes.pointer.update(from: scoreSlopes, count: n)
    }
    nonisolated(unsafe) let (this, bias) = (self, gradient + joint.bias)
    let activation = stack == nil ? nil : joint.activation
    // Threads share out columns, so that each sum over pairs is made by one of them.
    forEachBlock(of: width, size: max(64, (width + workers - 1) / workers), workers: workers) { columns in
      for pair in 0..<n {
        let place = pair * width + columns.lowerBound
        let slope = this.slopes.pointer + place
        if let activation {
          Elementwise.backward(activation, columns.count, x: this.state.pointer + place, slope: slope)
        }
        Elementwise.add(columns.count, 1, slope, to: bias + columns.lowerBound)
      }
      take(columns, this.slopes.pointer)
    }
  }
}

/// The two halves of a model's first layer for the rows of a batch, W₁x and W₂x side by side [rows×2·width], or the loss's slopes
/// by them, and where the responses of pairs have theirs.
struct ResponseHalves: @unchecked Sendable {
  private let values: UnsafeMutablePointer<Float>
  private let width: Int
  private let first: [Int32]
  private let second: [Int32]

  init(_ values: UnsafeMutablePointer<Float>, width: Int, _ first: [Int32], _ second: [Int32]) {
    self.values = values
    self.width = width
    self.first = first
    self.second = second
  }

  /// out[pairs×width], for each pair the first half of its first response and the second half of its second one.
  func sums(_ pairs: Range<Int>, into out: UnsafeMutablePointer<Float>) {
    for pair in pairs {
      let to = out + (pair - pairs.lowerBound) * width
      to.update(from: values + Int(first[pair]) * 2 * width, count: width)
      Elementwise.add(width, 1, values + (Int(second[pair]) * 2 + 1) * width, to: to)
    }
  }

  /// Adds the slopes by some columns of all sums [pairs×width] to those of their halves.
  func take(_ columns: Range<Int>, slopes: UnsafePointer<Float>) {
    for pair in first.indices {
      let slope = slopes + pair * width + columns.lowerBound
      for half in [Int(first[pair]) * 2, Int(second[pair]) * 2 + 1] {
        Elementwise.add(columns.count, 1, slope, to: values + half * width + columns.lowerBound)
      }
    }
  }
}
