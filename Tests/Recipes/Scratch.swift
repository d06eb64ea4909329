import Foundation

/// A folder that is there for one test.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/hustings-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func edit(_ name: String, _ change: (inout String) -> Void) throws {
    var text = try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    change(&text)
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }
}
