import Foundation

/// Files that are written as a whole or not at all.
public enum AtomicFile {
  /// Writes bytes to a file, replacing it in one step.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
