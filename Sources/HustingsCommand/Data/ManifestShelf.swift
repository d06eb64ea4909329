import BuiltInManifests
import Foundation
import HustingsData

/// Where manifests come from.
enum ManifestShelf {
  /// The manifests of a folder, by name, or the ones the executable carries.
  static func manifests(in folder: String?) throws -> [Manifest] {
    guard let folder else {
      return try BuiltInManifests.all.map { name, json in
        try Manifest(JSONNode.parse(json, name: "benchmarks/manifests/\(name).json"))
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
    guard !names.isEmpty else {
      throw InvalidRequest("\(folder) holds no manifest. Manifests are JSON files, one per data set.")
    }
    return try names.sorted().map { try Manifest.read("\(folder)/\($0)") }
  }
}
