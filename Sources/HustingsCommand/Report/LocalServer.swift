import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A small HTTP server for one reader on the same machine: it answers GET and HEAD on 127.0.0.1.
///
/// A page of the web may make a browser call 127.0.0.1 under a name of its own; requests whose Host is not this server's are
/// refused, so no such page can read a store.
final class LocalServer: Sendable {
  /// What a request is answered with.
  enum Answer {
    case page([UInt8])
    case text(String)
    case missing(String)
    case failed(String)
  }

  /// The port it listens on.
  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (String) -> Answer

  /// Listens on a port, any free one when it is 0.
  ///
  /// - Parameter answer: what to say to a path, without the slash before it.
  init(port: UInt16, answer: @escaping @Sendable (String) -> Answer) throws {
    self.answer = answer
    // A reader that closes early must not end the process.
    signal(SIGPIPE, SIG_IGN)
    #if canImport(Darwin)
      let stream = SOCK_STREAM
    #else
      let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, stream, 0)
    guard descriptor >= 0 else { throw LocalServer.failure("open a socket") }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    guard bound == 0, listen(descriptor, 64) == 0 else {
      let failure = LocalServer.failure("listen on 127.0.0.1:\(port)")
      close(descriptor)
      throw failure
    }
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    listener = descriptor
    self.port = UInt16(bigEndian: address.sin_port)
  }

  private static func failure(_ what: String) -> InvalidRequest {
    InvalidRequest(
      "hustings cannot \(what): \(String(cString: strerror(errno))). Choose another port with --port.")
  }

  /// Answers requests until the socket is closed.
  func run() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return
      }
      let server = self
      Thread.detachNewThread {
        server.serve(connection)
        close(connection)
      }
    }
  }

  /// Ends `run`.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func serve(_ connection: Int32) {
    // Whoever says nothing for ten seconds is gone.
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    guard let head = readHead(connection) else { return }
    guard let request = LocalRequest(head) else {
      return reply(
        "400 Bad Request", "text/plain", Array("This is no HTTP request.\n".utf8), true, connection)
    }
    guard request.isFor(port: port) else {
      let text = "This server answers to 127.0.0.1:\(port) and localhost:\(port) alone.\n"
      return reply("421 Misdirected Request", "text/plain", Array(text.utf8), true, connection)
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      return reply(
        "405 Method Not Allowed", "text/plain", Array("GET and HEAD only.\n".utf8), true, connection)
    }
    let hasBody = request.method == "GET"
    switch answer(request.path) {
    case .page(let bytes): reply("200 OK", "text/html", bytes, hasBody, connection)
    case .text(let text): reply("200 OK", "text/plain", Array(text.utf8), hasBody, connection)
    case .missing(let text): reply("404 Not Found", "text/plain", Array(text.utf8), hasBody, connection)
    case .failed(let text):
      reply("500 Internal Server Error", "text/plain", Array(text.utf8), hasBody, connection)
    }
  }

  /// The bytes up to the empty line, at most 16 KiB of them.
  private func readHead(_ connection: Int32) -> [UInt8]? {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while head.count < 16_384 {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      head += buffer[..<count]
      if String(decoding: head, as: UTF8.self).contains("\r\n\r\n") { return head }
    }
    return nil
  }

  private func reply(
    _ status: String, _ type: String, _ body: [UInt8], _ hasBody: Bool, _ connection: Int32
  ) {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Length: \(body.count)\r\n"
      + "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
      + "Cross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    let bytes = Array(head.utf8) + (hasBody ? body : [])
    var sent = 0
    bytes.withUnsafeBytes { buffer in
      while sent < buffer.count {
        let count = send(connection, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, 0)
        if count <= 0 { return }
        sent += count
      }
    }
  }
}

/// The first lines of an HTTP request.
struct LocalRequest {
  let method: String
  /// The path without its first slash and without a query, percent signs undone.
  let path: String
  private let hosts: [String]

  init?(_ head: [UInt8]) {
    let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
    let parts = lines[0].split(separator: " ")
    guard parts.count == 3, parts[2].hasPrefix("HTTP/1."), parts[1].hasPrefix("/") else { return nil }
    method = String(parts[0])
    let target = parts[1].dropFirst().prefix { $0 != "?" && $0 != "#" }
    path = String(target).removingPercentEncoding ?? String(target)
    hosts = lines.dropFirst().prefix { !$0.isEmpty }.compactMap { line in
      let field = line.split(separator: ":", maxSplits: 1)
      guard field.count == 2, field[0].lowercased() == "host" else { return nil }
      return field[1].trimmingCharacters(in: .whitespaces).lowercased()
    }
  }

  /// Whether the one Host of the request is this server's.
  func isFor(port: UInt16) -> Bool {
    hosts.count == 1 && ["127.0.0.1:\(port)", "localhost:\(port)"].contains(hosts[0])
  }
}
