import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `hustings serve` as a process of its own.
private final class Served {
  let process = Process()
  let port: Int

  init(_ bench: Workbench, store: String) throws {
    process.executableURL = Workbench.executable
    process.currentDirectoryURL = bench.folder
    process.arguments = ["serve", "--port", "0", "--store", store]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let digits = line.components(separatedBy: "127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
    port = Int(digits) ?? 0
  }

  func stop() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Sends bytes and reads all that comes back.
  func exchange(_ request: String) throws -> String {
    #if canImport(Darwin)
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    try #require(connected == 0)
    let bytes = Array(request.utf8)
    try #require(send(descriptor, bytes, bytes.count, 0) == bytes.count)
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  func get(_ path: String, host: String? = nil) throws -> String {
    try exchange("GET \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n\r\n")
  }
}

@Suite struct ServeTests {
  @Test func pagesAreServedAndFollowTheStore() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    func run(_ model: String) throws {
      let result = try bench.hustings(
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#\(model)", "--no-nulls",
        "--store", "s.sqlite")
      #expect(result.status == 0, "\(result.errors)")
    }
    try run("sure")
    let served = try Served(bench, store: "s.sqlite")
    defer { served.stop() }
    try #require(served.port > 0)

    let first = try served.get("/")
    #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(first.contains("Content-Type: text/html; charset=utf-8"))
    #expect(first.contains(">sure<"))
    #expect(!first.contains(">guess<"))
    let version = try served.get("/version")
    try run("guess")
    #expect(try served.get("/version") != version)
    #expect(try served.get("/index.html").contains(">guess<"))

    #expect(try served.get("/nothing.html").hasPrefix("HTTP/1.1 404"))
    #expect(try served.get("/../../etc/passwd").hasPrefix("HTTP/1.1 404"))
    #expect(try served.get("/%2e%2e/s.sqlite").hasPrefix("HTTP/1.1 404"))
  }

  @Test func nobodyElseIsAnswered() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs()
    _ = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#sure", "--no-nulls",
      "--store",
      "s.sqlite")
    let served = try Served(bench, store: "s.sqlite")
    defer { served.stop() }
    try #require(served.port > 0)
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:\(served.port)", ""] {
      let answer = try served.get("/", host: host)
      #expect(answer.hasPrefix("HTTP/1.1 421"), "\(host)")
      #expect(!answer.contains(">sure<"))
    }
    #expect(try served.exchange("GET / HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 421"))
    let two = "Host: 127.0.0.1:\(served.port)\r\nHost: evil.example\r\n\r\n"
    #expect(try served.exchange("GET / HTTP/1.1\r\n\(two)").hasPrefix("HTTP/1.1 421"))
    #expect(try served.get("/", host: "localhost:\(served.port)").hasPrefix("HTTP/1.1 200"))
    #expect(
      try served.exchange("POST / HTTP/1.1\r\nHost: 127.0.0.1:\(served.port)\r\n\r\n").hasPrefix(
        "HTTP/1.1 405"))
    let head = try served.exchange("HEAD / HTTP/1.1\r\nHost: 127.0.0.1:\(served.port)\r\n\r\n")
    #expect(head.hasSuffix("\r\n\r\n"))
    #expect(try served.exchange("nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400"))
  }

  @Test func aStoreThatIsNotThereIsAFault() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    #expect(try bench.hustings("serve", "--port", "0", "--store", "absent.sqlite").status == 3)
  }
}
