public import Foundation
public import Hustings

/// A trained model with its card, and what its encoder needs to be made again: a value, which becomes the two files
/// `card.json` and `weights.safetensors` of a folder.
public struct Checkpoint: Sendable, Hashable {
  /// The name of the card's file.
  public static let cardFile = "card.json"
  /// The name of the weights' file.
  public static let weightsFile = "weights.safetensors"
  /// What the names of the encoder's tensors begin with.
  public static let encoderPrefix = "encoder."

  /// What it says of itself.
  public let card: CheckpointCard
  /// The model.
  public let network: PreferenceNetwork
  /// What makes the encoder again.
  public let encoder: EncoderState

  /// The checkpoint of a finished run; throws when a tensor is not finite.
  ///
  /// - Parameters:
  ///   - encoder: the card and state of the encoder whose features the model reads.
  ///   - dataDigest: the digest of the data that it was trained on.
  ///   - pairs: how many pairs it was trained on.
  ///   - source: what the data is called.
  ///   - labels: what its labels say.
  public init(
    _ result: TrainingResult, training: TrainingSettings, encoder: (card: EncoderCard, state: EncoderState),
    dataDigest: String, pairs: Int, heldOut: CheckpointCard.HeldOut? = nil, source: String? = nil,
    labels: String? = nil
  ) throws {
    let network = result.network
    self.network = network
    self.encoder = encoder.state
    let parts = encoder.state.parts.map {
      CheckpointCard.Encoder.Part(
        kind: $0.kind, settings: $0.settings, hints: $0.hints, tensors: $0.tensors.map(\.name))
    }
    let tensors = network.tensors + Checkpoint.tensors(of: encoder.state)
    card = CheckpointCard(
      model: network.settings, training: training, inputs: network.inputs, promptInputs: network.promptInputs,
      temperature: network.temperature,
      encoder: .init(name: encoder.card.name, fingerprint: encoder.card.fingerprint.hex, parts: parts),
      source: source, labels: labels, dataDigest: dataDigest, pairs: pairs,
      heldOut: heldOut, curve: result.curve, epoch: result.epoch,
      weightsDigest: Checkpoint.digest(tensors).hex)
    try Checkpoint.checkFinite(tensors)
  }

  /// A checkpoint from its card's bytes and the tensors of its weights; throws the first thing wrong with it.
  public init(cardJSON: Data, tensors: [NamedTensor]) throws {
    let card = try Checkpoint.read(cardJSON)
    self.card = card
    network = try PreferenceNetwork(
      card.model, inputs: card.inputs, promptInputs: card.promptInputs, temperature: card.temperature,
      tensors: tensors.filter { !$0.name.hasPrefix(Checkpoint.encoderPrefix) })
    var rest = Dictionary(
      tensors.filter { $0.name.hasPrefix(Checkpoint.encoderPrefix) }.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    encoder = EncoderState(
      try card.encoder.parts.enumerated().map { index, part in
        let own = try part.tensors.map { name in
          let stored = Checkpoint.storedName(name, part: index)
          guard let tensor = rest.removeValue(forKey: stored) else {
            throw TrainingFault.missingTensor(stored)
          }
          return NamedTensor(name, shape: tensor.shape, values: tensor.values)
        }
        return EncoderState.Part(kind: part.kind, settings: part.settings, hints: part.hints, tensors: own)
      })
    if let surplus = rest.keys.min() { throw TrainingFault.surplusTensor(surplus) }
    try Checkpoint.checkFinite(self.tensors)
    let found = Checkpoint.digest(self.tensors).hex
    guard found == card.weightsDigest else {
      throw TrainingFault.weightsDigest(expected: card.weightsDigest, found: found)
    }
  }

  private static func checkFinite(_ tensors: [NamedTensor]) throws {
    for tensor in tensors {
      if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw TrainingFault.tensorNotFinite(name: tensor.name, index: index)
      }
    }
  }

  private static func read(_ json: Data) throws -> CheckpointCard {
    struct Version: Decodable { let format: Int }
    do {
      // The version first: a newer card may hold what this version cannot decode.
      let version = try JSONDecoder().decode(Version.self, from: json).format
      guard version <= CheckpointCard.currentFormat else {
        throw TrainingFault.cardVersion(found: version, supported: CheckpointCard.currentFormat)
      }
      return try JSONDecoder().decode(CheckpointCard.self, from: json)
    } catch let error as DecodingError {
      throw TrainingFault.unreadableCard(error.sentence)
    }
  }

  /// Throws unless an encoder is the one that the model was trained with.
  public func check(_ encoder: EncoderCard) throws {
    let width = encoder.sparseWidth + encoder.denseWidth
    guard width == card.inputs else {
      throw TrainingFault.otherDimension(expected: card.inputs, found: width)
    }
    guard encoder.fingerprint.hex == card.encoder.fingerprint else {
      throw TrainingFault.otherEncoder(expected: card.encoder.fingerprint, found: encoder.fingerprint.hex)
    }
  }

  /// All tensors of the model and its encoder, under the names that the weights' file has for them.
  public var tensors: [NamedTensor] { network.tensors + Checkpoint.tensors(of: encoder) }

  /// The card's bytes: keys in order, one per line, the same for the same card.
  public var cardJSON: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(card)
    }
  }

  /// The identity of the model: weights, what it is, and the encoder whose features it reads.
  public var fingerprint: Digest {
    var hash = SHA256()
    hash.updateFramed(card.weightsDigest)
    hash.updateFramed("\(card.model) \(card.temperature)")
    hash.updateFramed(card.encoder.fingerprint)
    return hash.finalize()
  }

  private static func storedName(_ name: String, part: Int) -> String { "\(encoderPrefix)\(part).\(name)" }

  private static func tensors(of encoder: EncoderState) -> [NamedTensor] {
    encoder.parts.enumerated().flatMap { index, part in
      part.tensors.map { NamedTensor(storedName($0.name, part: index), shape: $0.shape, values: $0.values) }
    }
  }

  private static func digest(_ tensors: [NamedTensor]) -> Digest {
    var hash = SHA256()
    for tensor in tensors {
      hash.updateFramed(tensor.name)
      hash.update(UInt64(tensor.shape.count))
      for dimension in tensor.shape { hash.update(UInt64(dimension)) }
      let bytes = tensor.values.map(\.bitPattern.littleEndian)
      bytes.withUnsafeBytes { hash.update($0) }
    }
    return hash.finalize()
  }
}

extension DecodingError {
  /// What is wrong and where, without the decoder's jargon.
  fileprivate var sentence: String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "at its top" : "at '\(path.map(\.stringValue).joined(separator: "."))'"
    }
    switch self {
    case .keyNotFound(let key, let context):
      return "'\(key.stringValue)' is missing \(place(context.codingPath))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the value \(place(context.codingPath)) is of the wrong kind"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "it is not JSON" : "the value \(place(context.codingPath)) is not valid"
    @unknown default: return "it is not a card"
    }
  }
}
