import Foundation
public import Hustings
import HustingsData
import HustingsTraining

/// Where an interrupted training keeps its members: `run.safetensors` in the checkpoint's folder, one file per member, each
/// written whole or not at all.
public struct TrainingRunFile: Sendable {
  /// The name of the first member's file.
  public static let name = "run.safetensors"
  private let folder: CheckpointFolder
  private let identity: Digest

  /// The files of the run of an identity (`Recipe.identity`) in a folder.
  public init(_ folder: CheckpointFolder, identity: Digest) {
    self.folder = folder
    self.identity = identity
  }

  /// Whether a run is kept in a folder.
  public static func isThere(_ folder: CheckpointFolder) -> Bool { folder.has(name) }

  /// What was kept of a member; nil for nothing. Throws when it is of another run.
  public func kept(_ member: Int) throws -> KeptRun? {
    let name = TrainingRunFile.name(member)
    guard folder.has(name) else { return nil }
    let file = try SafetensorsFile("\(folder.path)/\(name)")
    guard file.metadata["run"] == identity.hex else {
      throw RecipeError.otherRun(folder: folder.path, reason: "its settings or pairs differ")
    }
    let isWide = { (tensor: StoredTensor) in tensor.kind == .float64 }
    let stored = try file.tensors()
    let tensors = try stored.filter { !isWide($0) }.map { try $0.named() }
    let counters = Data((file.metadata["counters"] ?? "").utf8)
    do {
      if file.metadata["state"] == "finished" {
        return .finished(try TrainingResult(json: counters, tensors: tensors))
      }
      let solve = try stored.filter(isWide).map { ($0.name, try $0.doubles()) }
      return .underway(
        try TrainerState(
          json: counters, tensors: tensors, solveVectors: Dictionary(solve) { first, _ in first }))
    } catch let fault as TrainingFault {
      throw RecipeError.otherRun(folder: folder.path, reason: "\(fault)")
    }
  }

  /// Keeps where a member is.
  public func keep(_ member: Int, _ run: KeptRun) throws {
    try folder.makeFolder()
    let (state, json, tensors): (String, Data, [StoredTensor]) =
      switch run {
      case .underway(let state):
        (
          "underway", try state.json,
          state.tensors.map(StoredTensor.init)
            + state.solveVectors.map { StoredTensor(name: $0, shape: [$1.count], doubles: $1) }
        )
      case .finished(let result):
        ("finished", try result.json, result.network.tensors.map(StoredTensor.init))
      }
    try SafetensorsFile.write(
      tensors,
      metadata: [
        "run": identity.hex, "state": state, "counters": String(decoding: json, as: UTF8.self),
      ], to: "\(folder.path)/\(TrainingRunFile.name(member))")
  }

  /// Removes what was kept, for a run that is done or that diverged.
  public static func remove(from folder: CheckpointFolder) throws {
    for member in 0..<64 { try folder.remove(name(member)) }
  }

  private static func name(_ member: Int) -> String {
    member == 0 ? name : "run-\(member + 1).safetensors"
  }
}
