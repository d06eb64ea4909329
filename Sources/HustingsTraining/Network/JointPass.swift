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

  /// scores[n] from halves[rows×2·width] of the responses presented first and second.
  func forward(
    halves: UnsafePointer<Float>, _ first: [Int32], _ second: [Int32], parameters: UnsafePointer<Float>,
    into scores: UnsafeMutablePointer<Float>
  ) {
    let width = joint.width
    nonisolated(unsafe) let (this, halves, parameters) = (self, halves, parameters)
    forEachBlock(of: first.count, size: MatrixProduct.blockSize(first.count), workers: workers) { pairs in
      let state = this.state.pointer + pairs.lowerBound * width
      for pair in pairs {
        let a = halves + Int(first[pair]) * 2 * width
        let b = halves + Int(second[pair]) * 2 * width + width
        let to = this.state.pointer + pair * width
        to.update(from: a, count: width)
        Elementwise.add(width, 1, b, to: to)
      }
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
      scores.update(from: state.pointer, count: first.count)
      return
    }
    stack.forward(LayerInput(input, columns: width, count: first.count), parameters: parameters)
    scores.update(from: stack.result, count: first.count)
  }

  /// Adds to the gradient, and to the slopes by halves[rows×2·width], from the slopes by scores[n].
  func backward(
    _ first: [Int32], _ second: [Int32],
    slopes scoreSlopes: UnsafePointer<Float>,
    parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    into halfSlopes: UnsafeMutablePointer<Float>
  ) {
    let (width, n) = (joint.width, first.count)
    if let stack {
      stack.resultSlopes.update(from: scoreSlopes, count: n)
      stack.backward(
        LayerInput(input, columns: width, count: n), parameters: parameters, gradient: gradient,
        inputSlopes: slopes.pointer)
    } else {
      slopes.pointer.update(from: scoreSlopes, count: n)
    }
    nonisolated(unsafe) let (this, bias, halfSlopes) = (self, gradient + joint.bias, halfSlopes)
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
        for half in [Int(first[pair]) * 2, Int(second[pair]) * 2 + 1] {
          Elementwise.add(columns.count, 1, slope, to: halfSlopes + half * width + columns.lowerBound)
        }
      }
    }
  }
}
