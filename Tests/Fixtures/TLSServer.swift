import Foundation

/// A TLS server with a certificate made for the occasion, signed by nobody but itself.
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

  /// Whether certificates can be made and served over HTTP/1.
  public static let isAvailable = openssl != nil

  /// What a test skipped for want of `openssl` prints.
  public static let reason = "there is no openssl command on the path to make a certificate with"

  /// Whether certificates can be made and served over HTTP/2.
  public static let speaksHTTP2 = openssl != nil && nghttpd != nil

  /// What a test skipped for want of an HTTP/2 server prints.
  public static let http2Reason = "there are no openssl and nghttpd commands on the path to serve HTTP/2 with"

  private static let openssl = command("openssl")
  private static let nghttpd = command("nghttpd")

  /// Makes a certificate for `names`, such as `DNS:localhost,IP:127.0.0.1`, and serves a status page with it.
  public static func start(names: String) throws -> TLSServer {
    guard let openssl else { throw CocoaError(.fileNoSuchFile) }
    let (folder, key, certificate) = try makeCertificate(names)
    let arguments = ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"]
    let output = Pipe()
    let process = try run(openssl, arguments, output: output)
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

  /// Serves files by name over HTTP/2, with a certificate for 127.0.0.1.
  public static func startHTTP2(files: [String: String]) async throws -> TLSServer {
    guard let nghttpd else { throw CocoaError(.fileNoSuchFile) }
    let (folder, key, certificate) = try makeCertificate("IP:127.0.0.1")
    for (name, content) in files {
      try Data(content.utf8).write(to: folder.appendingPathComponent(name))
    }
    // It cannot be asked which port it was given, so it gets one that was free a moment ago.
    while true {
      let (descriptor, port) = try Socket.bind()
      close(descriptor)
      let arguments = ["--address=127.0.0.1", "-d", folder.path, "\(port)", key, certificate]
      let process = try run(nghttpd, arguments, output: nil)
      while process.isRunning {
        if Socket.isListening(port) {
          return TLSServer(port: port, certificate: certificate, process: process, folder: folder)
        }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  /// Ends the server and removes its files.
  public func stop() {
    // A process started from a concurrency thread inherits that thread's signal mask, in which SIGTERM is blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  private static func makeCertificate(_ names: String) throws -> (
    folder: URL, key: String, certificate: String
  ) {
    guard let openssl else { throw CocoaError(.fileNoSuchFile) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let key = folder.appendingPathComponent("key.pem").path
    let certificate = folder.appendingPathComponent("certificate.pem").path
    let process = try run(
      openssl,
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=scripted", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", certificate,
      ], output: nil)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return (folder, key, certificate)
  }

  private static func run(_ command: URL, _ arguments: [String], output: Pipe?) throws -> Process {
    let process = Process()
    process.executableURL = command
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func command(_ name: String) -> URL? {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"
    return path.split(separator: ":").map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
