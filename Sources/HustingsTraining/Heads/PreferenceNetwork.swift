public import Hustings

/// A preference model over encoded texts: what it is, and its weights.
public struct PreferenceNetwork: Sendable, Hashable {
  /// What the model is.
  public let settings: ModelSettings
  /// Features per response.
  public let inputs: Int
  /// Features per prompt, for a gate; nil without one.
  public let promptInputs: Int?
  /// What scores are divided by to be log-odds.
  public let temperature: Double
  /// All weights and biases, tensor after tensor.
  public internal(set) var parameters: [Float]
  let shape: NetworkShape

  private init(
    _ settings: ModelSettings, inputs: Int, promptInputs: Int?, temperature: Double,
    parameters: (NetworkShape) -> [Float]
  ) throws {
    shape = try NetworkShape(settings, inputs: inputs, promptInputs: promptInputs)
    self.settings = settings
    self.inputs = inputs
    self.promptInputs = settings.head.gate == nil ? nil : promptInputs
    self.temperature = temperature
    self.parameters = parameters(shape)
  }

  /// A model at its start, which is a pure function of the seed.
  public init(
    _ settings: ModelSettings, inputs: Int, promptInputs: Int? = nil, temperature: Double = 1, seed: UInt64
  ) throws {
    try self.init(settings, inputs: inputs, promptInputs: promptInputs, temperature: temperature) {
      $0.initialParameters(seed: seed)
    }
  }

  /// A model of given weights and biases, tensor after tensor.
  init(
    _ settings: ModelSettings, inputs: Int, promptInputs: Int?, temperature: Double, parameters: [Float]
  ) throws {
    try self.init(settings, inputs: inputs, promptInputs: promptInputs, temperature: temperature) {
      precondition(parameters.count == $0.count, "\(parameters.count) parameters for a model of \($0.count)")
      return parameters
    }
  }

  /// A model of given tensors; throws the first that is missing, misshapen, not finite, or not the model's.
  public init(
    _ settings: ModelSettings, inputs: Int, promptInputs: Int? = nil, temperature: Double,
    tensors: [NamedTensor]
  ) throws {
    try self.init(settings, inputs: inputs, promptInputs: promptInputs, temperature: temperature) {
      [Float](repeating: 0, count: $0.count)
    }
    var given: [String: NamedTensor] = [:]
    for tensor in tensors { given[tensor.name] = tensor }
    for place in shape.tensors {
      guard let tensor = given.removeValue(forKey: place.name) else {
        throw TrainingFault.missingTensor(place.name)
      }
      guard tensor.shape == place.shape else {
        throw TrainingFault.tensorShape(name: place.name, expected: place.shape, found: tensor.shape)
      }
      if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw TrainingFault.tensorNotFinite(name: place.name, index: index)
      }
      parameters.replaceSubrange(place.offset..<place.offset + place.count, with: tensor.values)
    }
    if let surplus = given.keys.min() { throw TrainingFault.surplusTensor(surplus) }
  }

  /// The weights and biases by name.
  public var tensors: [NamedTensor] {
    shape.tensors.map {
      NamedTensor($0.name, shape: $0.shape, values: Array(parameters[$0.offset..<$0.offset + $0.count]))
    }
  }

  /// How many weights and biases there are.
  public var parameterCount: Int { parameters.count }
}
