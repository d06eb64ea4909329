import Foundation
import Hustings
import HustingsData
public import HustingsTraining

/// A checkpoint on disk: `weights.safetensors` and, written last, `card.json`. An ensemble is a folder of such folders with
/// `ensemble.json`, written last.
public struct CheckpointFolder: Sendable, Hashable {
  /// The name of the file that lists an ensemble's members.
  public static let ensembleFile = "ensemble.json"
  /// Where it lies.
  public let path: String

  /// The folder at a path, whether or not it is there.
  public init(_ path: String) { self.path = path }

  /// Whether a whole checkpoint or ensemble is there.
  public var isComplete: Bool { has(Checkpoint.cardFile) || has(CheckpointFolder.ensembleFile) }

  /// Writes a trained model, in place of whatever checkpoint is there. A reader never finds half of it: what makes a folder a
  /// checkpoint goes first and comes last.
  public func write(_ model: TrainedModel) throws {
    try makeFolder()
    try remove(CheckpointFolder.ensembleFile)
    try remove(Checkpoint.cardFile)
    if model.checkpoints.count == 1, let only = model.checkpoints.first {
      try write(only)
    } else {
      let folders = model.checkpoints.indices.map { "member-\($0 + 1)" }
      for (name, checkpoint) in zip(folders, model.checkpoints) {
        let folder = CheckpointFolder("\(path)/\(name)")
        try folder.makeFolder()
        try folder.remove(Checkpoint.cardFile)
        try folder.write(checkpoint)
      }
      let list = EnsembleList(
        rule: model.recipe.rule,
        members: zip(folders, model.checkpoints).map { .init(folder: $0, fingerprint: $1.fingerprint.hex) })
      try AtomicFile.write(try list.json, to: "\(path)/\(CheckpointFolder.ensembleFile)")
      try remove(Checkpoint.weightsFile)
    }
  }

  /// Reads the checkpoint, or every member of an ensemble; throws the first thing wrong with it.
  public func read() throws -> (checkpoints: [Checkpoint], rule: EnsembleRule) {
    guard has(CheckpointFolder.ensembleFile) else { return ([try readOne()], .mean) }
    let list = try EnsembleList(path: "\(path)/\(CheckpointFolder.ensembleFile)", folder: path)
    let checkpoints = try list.members.map { member in
      let checkpoint = try CheckpointFolder("\(path)/\(member.folder)").readOne()
      guard checkpoint.fingerprint.hex == member.fingerprint else {
        throw RecipeError.damagedEnsemble(
          folder: path, reason: "\(member.folder) is another model than it lists")
      }
      return checkpoint
    }
    return (checkpoints, list.rule)
  }

  private func write(_ checkpoint: Checkpoint) throws {
    try SafetensorsFile.write(
      checkpoint.tensors.map(StoredTensor.init), metadata: ["format": "hustings-checkpoint"],
      to: "\(path)/\(Checkpoint.weightsFile)")
    try AtomicFile.write([UInt8](try checkpoint.cardJSON) + [10], to: "\(path)/\(Checkpoint.cardFile)")
  }

  private func readOne() throws -> Checkpoint {
    guard has(Checkpoint.cardFile) else {
      if has(TrainingRunFile.name) { throw RecipeError.interrupted(folder: path) }
      throw has(Checkpoint.weightsFile)
        ? RecipeError.incomplete(folder: path, missing: Checkpoint.cardFile)
        : RecipeError.noCheckpoint(folder: path)
    }
    guard has(Checkpoint.weightsFile) else {
      throw RecipeError.incomplete(folder: path, missing: Checkpoint.weightsFile)
    }
    let card = try FileBytes(binary: "\(path)/\(Checkpoint.cardFile)").bytes
    let tensors = try SafetensorsFile("\(path)/\(Checkpoint.weightsFile)").tensors()
    do {
      return try Checkpoint(
        cardJSON: Data(card), tensors: try tensors.map { try $0.named(nonFinite: .keep) })
    } catch let fault as TrainingFault {
      throw RecipeError.checkpoint(folder: path, fault: fault)
    }
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func remove(_ name: String) throws {
    if has(name) { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
  }

  func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw DataError.unwritable(file: path, reason: "the folder cannot be made")
    }
  }
}

/// The list of an ensemble's members.
private struct EnsembleList: Codable {
  struct Member: Codable {
    let folder: String
    let fingerprint: String
  }

  var format = 1
  let rule: EnsembleRule
  let members: [Member]

  init(rule: EnsembleRule, members: [Member]) {
    self.rule = rule
    self.members = members
  }

  init(path: String, folder: String) throws {
    let bytes = try FileBytes(binary: path).bytes
    do {
      self = try JSONDecoder().decode(EnsembleList.self, from: Data(bytes))
    } catch {
      throw RecipeError.damagedEnsemble(folder: folder, reason: "it is not the JSON that was written")
    }
    guard format == 1, !members.isEmpty else {
      throw RecipeError.damagedEnsemble(folder: folder, reason: "it is of format \(format), or empty")
    }
  }

  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return [UInt8](try encoder.encode(self)) + [10]
    }
  }
}
