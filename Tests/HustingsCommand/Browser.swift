import Foundation

/// A headless browser, where there is one.
enum Browser {
  /// Chromium, under any of its names.
  static let executable: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] {
      for folder in folders {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return path }
      }
    }
    return nil
  }()

  /// What a skipped test prints.
  static let reason = "there is no Chromium on the PATH, so no page can be opened"

  /// A page as it is after its script has run, and what the browser had to say of it.
  struct Visit {
    let document: String
    let console: [String]
  }

  /// Opens a page and waits for it to settle.
  static func open(_ address: String, in folder: URL) throws -> Visit {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable ?? "/nonexistent")
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--user-data-dir=\(folder.appendingPathComponent("profile").path)", "--enable-logging=stderr", "--v=0",
      "--virtual-time-budget=3000", "--dump-dom", address,
    ]
    let (out, err) = (folder.appendingPathComponent("dom"), folder.appendingPathComponent("log"))
    for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = String(decoding: try Data(contentsOf: err), as: UTF8.self)
    return Visit(
      document: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      console: log.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init))
  }
}
