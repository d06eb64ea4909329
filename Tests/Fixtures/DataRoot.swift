public import Foundation

/// The folder of real data that `HUSTINGS_DATA` names, for tests that need it; nil when it is not set or absent.
public enum DataRoot {
  /// Where the data lies, or nil, in which case a test on real data is skipped with `reason`.
  public static let url: URL? = {
    guard let path = ProcessInfo.processInfo.environment["HUSTINGS_DATA"], !path.isEmpty else { return nil }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return nil
    }
    return URL(fileURLWithPath: path, isDirectory: true)
  }()

  /// What a skipped test prints.
  public static let reason = "HUSTINGS_DATA names no folder, so there is no real data to test on"

  /// Whether the named data set is there.
  public static func has(_ name: String) -> Bool {
    guard let url else { return false }
    return FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path)
  }
}
