import Foundation
import HustingsNumerics

extension NetworkShape {
  /// Parameters to start from: a pure function of the seed, tensor by tensor.
  ///
  /// Weights before ReLU and GELU are normal with variance 2/inputs (He et al. 2015), before tanh 1/inputs (Glorot and
  /// Bengio 2010). A linear scalar starts at zero, which is where its one best solution is sought from in any case; a
  /// head over hidden layers at 1/√inputs. Biases start at zero.
  ///
  /// - Parameter rowLength: how long rows of features are; nil for √inputs, as of features with variance 1. A solve starts
  ///   linear planes at one over it: with rows of length 1 over many columns their outputs would else begin near zero, where
  ///   leaving the saddle takes most of the iterations. Its penalty takes back what the data do not ask for; steps would leave
  ///   such weights of columns that training never saw, so they start low.
  func initialParameters(seed: UInt64, rowLength: Double? = nil) -> [Float] {
    var parameters = [Float](repeating: 0, count: count)
    for layer in rowLayers + pairLayers {
      fill(&parameters, layer, spread: spread(of: layer, rowLength), seed: seed)
    }
    if let gateWeight, let planes = settings.head.form?.planes {
      // Published: normal with a spread of 1/(inputs + 1), so that scales begin almost equal.
      fill(
        &parameters, from: gateWeight, count: promptInputs * planes, spread: 1 / Double(promptInputs + 1),
        seed: seed, name: "gate")
    }
    startPlanes(&parameters, seed: seed, rowLength)
    return parameters
  }

  /// The spread of a linear head's weights that gives outputs with a spread of 1.
  private func unitSpread(_ inputs: Int, _ rowLength: Double?) -> Double {
    let length = settings.hidden.isEmpty ? rowLength : nil
    return 1 / (length.map { $0 > 0 ? $0 : 1 } ?? Double(inputs).squareRoot())
  }

  private func spread(of layer: Layer, _ rowLength: Double?) -> Double {
    let inputs = Double(layer.inputs)
    switch layer.activation ?? (joint.map { _ in rowLayers[0] == layer } == true ? joint?.activation : nil) {
    case .relu, .gelu:
      // A pair's first layer sums two halves, each of `inputs`.
      return (2 / (joint != nil && rowLayers[0] == layer ? 2 * inputs : inputs)).squareRoot()
    case .tanh: return (1 / inputs).squareRoot()
    case nil:
      // At zero a linear distribution head says nothing of anybody, and every gradient but that of the spread points somewhere.
      let isDistributional = if case .distributional = settings.head { true } else { false }
      let startsAtZero =
        settings.hidden.isEmpty && (settings.head == .bradleyTerry || joint != nil || isDistributional)
      return startsAtZero ? 0 : unitSpread(layer.inputs, rowLength)
    }
  }

  private func fill(_ parameters: inout [Float], _ layer: Layer, spread: Double, seed: UInt64) {
    fill(
      &parameters, from: layer.weight, count: layer.inputs * layer.outputs, spread: spread, seed: seed,
      name: "layer at \(layer.weight)")
  }

  private func fill(
    _ parameters: inout [Float], from offset: Int, count: Int, spread: Double, seed: UInt64, name: String
  ) {
    guard spread > 0 else { return }
    let generator = CounterGenerator(seed: seed, identity: "start of \(name)")
    for index in 0..<count { parameters[offset + index] = Float(spread * normal(generator, index)) }
  }

  /// The head's planes as their settings say.
  private func startPlanes(_ parameters: inout [Float], seed: UInt64, _ rowLength: Double?) {
    guard let form = settings.head.form, form.planes > 0, let layer = rowLayers.last else { return }
    let inputs = Double(layer.inputs)
    // A quarter of the usual spread, so that a reward leads.
    let small = 0.25 * unitSpread(layer.inputs, rowLength)
    switch settings.head {
    case .general(let general):
      switch general.start {
      case .random: return
      case .published: fill(&parameters, layer, spread: 1 / (inputs + 1), seed: seed)
      case .bradleyTerry:
        // (r, 1) in the first plane, small ones elsewhere.
        fill(&parameters, layer, spread: small, seed: seed)
        let generator = CounterGenerator(seed: seed, identity: "start of the reward")
        let spread = settings.hidden.isEmpty ? 0 : 1 / inputs.squareRoot()
        for input in 0..<layer.inputs {
          let row = layer.weight + input * layer.outputs
          parameters[row] = spread == 0 ? 0 : Float(spread * normal(generator, input))
          parameters[row + 1] = 0
        }
        if let bias = layer.bias { parameters[bias + 1] = 1 }
      }
    case .decomposed:
      fill(&parameters, layer, spread: small, seed: seed)
      let generator = CounterGenerator(seed: seed, identity: "start of the reward")
      let spread = settings.hidden.isEmpty ? 0 : 1 / inputs.squareRoot()
      for input in 0..<layer.inputs {
        parameters[layer.weight + input * layer.outputs] =
          spread == 0 ? 0 : Float(spread * normal(generator, input))
      }
    case .bradleyTerry, .pairwise, .distributional: return
    }
  }

  /// The number at a position of a stream of normal ones: Box and Muller 1958, two from two uniform numbers.
  private func normal(_ generator: CounterGenerator, _ position: Int) -> Double {
    let pair = UInt64(position) & ~1
    // Half a step up keeps 0 out of the logarithm.
    let radius = (-2 * log(generator.uniform(pair) + 0x1p-54)).squareRoot()
    let angle = 2 * Double.pi * generator.uniform(pair + 1)
    return radius * (position.isMultiple(of: 2) ? cos(angle) : sin(angle))
  }
}
