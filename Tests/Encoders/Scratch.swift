import Foundation

/// A folder for one test, removed with the value.
struct Scratch: ~Copyable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("hustings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The paths of all files below the folder, ascending.
  var files: [String] {
    let names = FileManager.default.subpaths(atPath: path) ?? []
    return names.map { "\(path)/\($0)" }.filter { !FileManager.default.isFolder($0) }.sorted()
  }
}

extension FileManager {
  func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

/// What `body` throws, as the sentence a user would read, with the folder left out of paths.
func sentence(in folder: String, _ body: () async throws -> Void) async -> String {
  do {
    try await body()
    return "nothing was thrown"
  } catch {
    return "\(error)".replacingOccurrences(of: folder + "/", with: "")
  }
}
