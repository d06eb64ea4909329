import HustingsNumerics

/// One tensor of a model and its place in the vector of all parameters.
public struct TensorShape: Sendable, Hashable, Codable {
  /// What checkpoints call it.
  public let name: String
  /// Its dimensions, row-major; a weight is inputs × outputs.
  public let shape: [Int]
  /// Where it begins.
  public let offset: Int
  /// Whether weight decay applies: to weights, not to biases.
  public let decays: Bool

  /// How many elements it has.
  public var count: Int { shape.reduce(1, *) }
}

/// One fully connected layer: y = activation(x·W + b).
struct Layer: Sendable, Hashable {
  let inputs: Int
  let outputs: Int
  /// Where W [inputs×outputs] begins.
  let weight: Int
  /// Where b [outputs] begins; nil for no bias.
  let bias: Int?
  let activation: Activation?
}

/// The layers of a model over features of a given width, and where each parameter lies.
///
/// A model that reads responses one by one has `rowLayers` up to the head's outputs. One that reads pairs has in
/// `rowLayers` the two halves of its first layer side by side, W x for a response presented first and for one presented
/// second, and in `pairLayers` what follows their sum: so a response in many pairs is read once.
struct NetworkShape: Sendable, Hashable {
  let settings: ModelSettings
  let inputs: Int
  let promptInputs: Int
  let tensors: [TensorShape]
  let rowLayers: [Layer]
  let pairLayers: [Layer]
  /// Bias and activation of the sum of the two halves; nil for a model that reads responses one by one.
  let joint: Joint?
  /// Where the gate's weight [promptInputs×planes] begins; nil without a gate.
  let gateWeight: Int?

  struct Joint: Sendable, Hashable {
    let width: Int
    let bias: Int
    let activation: Activation?
  }

  init(_ settings: ModelSettings, inputs: Int, promptInputs: Int?) throws {
    try settings.check()
    precondition(inputs > 0, "a model of \(inputs) features")
    var builder = Builder()
    self.settings = settings
    self.inputs = inputs
    let widths = settings.hidden
    if let outputs = settings.head.width {
      var layers: [Layer] = []
      var width = inputs
      for (index, hidden) in widths.enumerated() {
        layers.append(builder.layer("body.\(index)", width, hidden, bias: true, settings.activation))
        width = hidden
      }
      let hasBias: Bool =
        if case .general(let general) = settings.head { general.start == .bradleyTerry } else { false }
      layers.append(builder.layer("head", width, outputs, bias: hasBias, nil))
      rowLayers = layers
      pairLayers = []
      joint = nil
      if settings.head.gate != nil {
        guard let promptInputs else { throw TrainingFault.noPromptFeatures }
        self.promptInputs = promptInputs
        gateWeight = builder.tensor(
          "gate.weight", [promptInputs, settings.head.form?.planes ?? 0], decays: true)
      } else {
        self.promptInputs = 0
        gateWeight = nil
      }
    } else {
      let first = widths.first ?? 1
      rowLayers = [builder.layer("pair.0", inputs, 2 * first, bias: false, nil)]
      joint = Joint(
        width: first, bias: builder.tensor("pair.0.bias", [first], decays: false),
        activation: widths.isEmpty ? nil : settings.activation)
      var layers: [Layer] = []
      var width = first
      for (index, hidden) in widths.dropFirst().enumerated() {
        layers.append(builder.layer("body.\(index + 1)", width, hidden, bias: true, settings.activation))
        width = hidden
      }
      if !widths.isEmpty { layers.append(builder.layer("head", width, 1, bias: true, nil)) }
      pairLayers = layers
      self.promptInputs = 0
      gateWeight = nil
    }
    tensors = builder.tensors
  }

  /// Parameters that stay as they start: the biases of planes that start as Bradley–Terry, of which one is 1 and the others 0.
  ///
  /// A bias that is learned makes a reward out of any plane, (c, r), at a price that falls as c grows; held, the reward has the
  /// one price that Bradley–Terry pays.
  var heldParameters: Range<Int>? {
    guard case .general(let general) = settings.head, general.start == .bradleyTerry,
      let bias = rowLayers.last?.bias
    else { return nil }
    return bias..<bias + general.dimension
  }

  /// How many parameters there are.
  var count: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Outputs per row of the row layers.
  var rowWidth: Int { rowLayers[rowLayers.count - 1].outputs }

  /// Whether the model is linear in the features of each response, with one scalar output.
  var isLinearBradleyTerry: Bool { settings.head == .bradleyTerry && settings.hidden.isEmpty }

  /// The tensor of a name.
  func tensor(_ name: String) -> TensorShape? { tensors.first { $0.name == name } }

  private struct Builder {
    var tensors: [TensorShape] = []
    var end = 0

    mutating func tensor(_ name: String, _ shape: [Int], decays: Bool) -> Int {
      let tensor = TensorShape(name: name, shape: shape, offset: end, decays: decays)
      tensors.append(tensor)
      end += tensor.count
      return tensor.offset
    }

    mutating func layer(
      _ name: String, _ inputs: Int, _ outputs: Int, bias: Bool, _ activation: Activation?
    ) -> Layer {
      let weight = tensor("\(name).weight", [inputs, outputs], decays: true)
      return Layer(
        inputs: inputs, outputs: outputs, weight: weight,
        bias: bias ? tensor("\(name).bias", [outputs], decays: false) : nil, activation: activation)
    }
  }
}
