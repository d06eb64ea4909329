public import Foundation
public import Hustings

extension TrainerState {
  /// The name of the file of counters in a folder that holds an interrupted run.
  public static let countersFile = "run.json"
  /// The name of the file of tensors in that folder.
  public static let tensorsFile = "run.safetensors"

  /// The vectors of the state in 32 bits.
  public var tensors: [NamedTensor] {
    func vector(_ name: String, _ values: [Float]) -> NamedTensor {
      NamedTensor(name, shape: [values.count], values: values)
    }
    var tensors = parameters.isEmpty ? [] : [vector("parameters", parameters)]
    for (index, memory) in memories.enumerated() { tensors.append(vector("memory.\(index)", memory)) }
    if let best { tensors.append(vector("best", best)) }
    return tensors
  }

  /// What the state counts, as JSON; its numbers read back to the same bits.
  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(counters)
    }
  }

  /// A state from what its files hold; throws when that is not of one state.
  public init(json: Data, tensors: [NamedTensor], solveVectors: [String: [Double]] = [:]) throws {
    do {
      counters = try JSONDecoder().decode(Counters.self, from: json)
    } catch {
      throw TrainingFault.otherRun(what: "its counters cannot be read")
    }
    let named = Dictionary(tensors.map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
    guard let parameters = named["parameters"] ?? (solveVectors.isEmpty ? nil : []) else {
      throw TrainingFault.missingTensor("parameters")
    }
    self.parameters = parameters
    self.solveVectors = solveVectors
    memories = (0..<tensors.count).compactMap { named["memory.\($0)"] }
    best = named["best"]
    guard memories.allSatisfy({ $0.count == parameters.count }),
      best.map({ $0.count == parameters.count }) ?? true
    else { throw TrainingFault.otherRun(what: "its tensors differ in length") }
  }
}

extension TrainingResult {
  /// What the result says apart from weights, as JSON; its numbers read back to the same bits.
  private struct Record: Codable {
    let model: ModelSettings
    let inputs: Int
    let promptInputs: Int?
    let temperature: Double
    let curve: [CurvePoint]
    let epoch: Int
  }

  /// Everything but the weights, as JSON.
  public var json: Data {
    get throws {
      let record = Record(
        model: network.settings, inputs: network.inputs, promptInputs: network.promptInputs,
        temperature: network.temperature, curve: curve, epoch: epoch)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(record)
    }
  }

  /// A result from its JSON and its weights; throws when they are not of one model.
  public init(json: Data, tensors: [NamedTensor]) throws {
    let record: Record
    do {
      record = try JSONDecoder().decode(Record.self, from: json)
    } catch {
      throw TrainingFault.otherRun(what: "its record cannot be read")
    }
    self.init(
      network: try PreferenceNetwork(
        record.model, inputs: record.inputs, promptInputs: record.promptInputs,
        temperature: record.temperature, tensors: tensors), curve: record.curve, epoch: record.epoch)
  }
}
