import HustingsNumerics

/// Plane scales of prompts, λᵖ with λ = c·softmax(t·x·W), and their gradient by W.
final class GatePass {
  private let gate: Gate
  private let planes: Int
  private let inputs: Int
  private let stack: LayerStack
  /// λ of each pair, before its power.
  private let lambda: FloatBuffer
  /// What enters the form, λᵖ [pairs×planes].
  let scales: FloatBuffer
  /// Where the loss's slopes by `scales` go.
  let slopes: FloatBuffer

  init(
    _ gate: Gate, planes: Int, inputs: Int, weight: Int, denseInputs: Int, capacity: Int,
    arithmetic: Arithmetic, workers: Int
  ) {
    self.gate = gate
    self.planes = planes
    self.inputs = inputs
    let layer = Layer(inputs: inputs, outputs: planes, weight: weight, bias: nil, activation: nil)
    stack = LayerStack(
      [layer], denseInputs: denseInputs, capacity: capacity, arithmetic: arithmetic, workers: workers)
    lambda = FloatBuffer(capacity * planes)
    scales = FloatBuffer(capacity * planes)
    slopes = FloatBuffer(capacity * planes)
  }

  /// Fills `scales` for prompts, one row per pair.
  func forward(_ prompts: LayerInput, parameters: UnsafePointer<Float>) {
    stack.forward(prompts, parameters: parameters)
    let n = prompts.count
    lambda.pointer.update(from: stack.result, count: n * planes)
    Elementwise.softmaxRows(
      rows: n, columns: planes, sharpness: gate.sharpness(inputs: inputs), scale: gate.scale(planes: planes),
      x: lambda.pointer)
    for i in 0..<n * planes {
      let value = lambda.pointer[i]
      scales.pointer[i] = gate.power == .first ? value : value * value
    }
  }

  /// Adds to the gradient by W, from `slopes`.
  func backward(
    _ prompts: LayerInput, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    let (c, t) = (gate.scale(planes: planes), gate.sharpness(inputs: inputs))
    for row in 0..<prompts.count {
      let at = row * planes
      var along: Float = 0
      for plane in at..<at + planes {
        if gate.power == .second { slopes.pointer[plane] *= 2 * lambda.pointer[plane] }
        along += slopes.pointer[plane] * lambda.pointer[plane]
      }
      for plane in at..<at + planes {
        stack.resultSlopes[plane] = t * lambda.pointer[plane] * (slopes.pointer[plane] - along / c)
      }
    }
    stack.backward(prompts, parameters: parameters, gradient: gradient)
  }
}
