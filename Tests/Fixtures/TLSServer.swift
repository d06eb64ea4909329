import Foundation

/// `openssl s_server` with a certificate made for the occasion, signed by nobody but itself.
public final class TLSServer: Sendable {
  /// The port it listens on.
  public let port: Int
  /// The file of its certificate, for clients that are to believe it.
  public let certificate: String
  private let process: Process
  private let folder: URL

  private init(port: Int, certificate: String, process: Process, folder: URL) {
    self.port = port
    self.certificate = certificate
    self.process = process
    self.folder = folder
  }

  /// Whether the `openssl` command is there.
  public static let isAvailable = command != nil

  /// What a skipped test prints.
  public static let reason = "there is no openssl command on the path to make a certificate with"

  private static let command: URL? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map {
      URL(fileURLWithPath: String($0)).appendingPathComponent("openssl")
    }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  /// Makes a certificate for `names`, such as `DNS:localhost,IP:127.0.0.1`, and serves a status page with it.
  public static func start(names: String) async throws -> TLSServer {
    guard let command else { throw CocoaError(.fileNoSuchFile) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let key = folder.appendingPathComponent("key.pem").path
    let certificate = folder.appendingPathComponent("certificate.pem").path
    try run(
      command,
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=scripted", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", certificate,
      ])
    let process = Process()
    let output = Pipe()
    process.executableURL = command
    process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The line `ACCEPT 127.0.0.1:PORT` comes once it listens.
    var said = Data()
    while true {
      let more = output.fileHandleForReading.availableData
      said.append(more)
      let text = String(decoding: said, as: UTF8.self)
      if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT ") }),
        text.hasSuffix("\n"), let port = line.split(separator: ":").last.flatMap({ Int($0) })
      {
        return TLSServer(port: port, certificate: certificate, process: process, folder: folder)
      }
      guard !more.isEmpty else { throw CocoaError(.executableLoad) }
    }
  }

  /// Ends the server and removes its files.
  public func stop() {
    // A process started from a concurrency thread inherits that thread's signal mask, in which SIGTERM is blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  private static func run(_ command: URL, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = command
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }
}
