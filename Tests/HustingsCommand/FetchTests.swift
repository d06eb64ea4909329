import Foundation
import Hustings
import HustingsFixtures
import Testing

/// `hustings data fetch` against a server that misbehaves.
@Suite struct FetchTests {
  let content = Data(String(repeating: "a line of data\n", count: 2_000).utf8)

  private func manifest(_ server: ScriptedServer, digest: String? = nil) -> String {
    """
    {"name": "made", "version": "1", "title": "Made up", "source": ["http://127.0.0.1"], "licence": "none",
     "files": [{"path": "made.txt", "url": "\(server.address)/made.txt", "sha256": "\(digest ?? hash(content))",
                "bytes": \(content.count)}]}
    """
  }

  private func hash(_ data: Data) -> String {
    var hash = SHA256()
    [UInt8](data).withUnsafeBytes { hash.update($0) }
    return hash.finalize().hex
  }

  private func bench(_ server: ScriptedServer, digest: String? = nil) throws -> Workbench {
    let bench = try Workbench()
    try bench.write("manifests/made.json", manifest(server, digest: digest))
    return bench
  }

  @Test func aFetchedFileIsVerifiedAndNotFetchedTwice() throws {
    let content = self.content
    let server = try ScriptedServer { _ in .status(200, [], content) }
    defer { server.stop() }
    let bench = try bench(server)
    defer { bench.remove() }
    #expect(try bench.hustings("data", "fetch", "made", "--manifests", "manifests").status == 0)
    #expect(try bench.hustings("data", "verify", "made", "--manifests", "manifests").status == 0)
    let again = try bench.hustings("data", "fetch", "made", "--manifests", "manifests")
    #expect(again.errors.contains("there already"))
    #expect(server.requests.count == 1)
  }

  @Test func aDownloadThatBreaksOffIsResumed() throws {
    let content = self.content
    let server = try ScriptedServer { request in
      guard let range = request.header("Range"), let start = Int(range.dropFirst(6).dropLast()) else {
        return .cut(content, after: 9_000)
      }
      return .status(
        206, [("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)")],
        content.dropFirst(start))
    }
    defer { server.stop() }
    let bench = try bench(server)
    defer { bench.remove() }
    let result = try bench.hustings("data", "fetch", "made", "--manifests", "manifests")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Data(contentsOf: bench.folder.appendingPathComponent("data/made/made.txt")) == content)
  }

  @Test func whatHasTheWrongDigestGetsNoName() throws {
    let content = self.content
    let server = try ScriptedServer { _ in .status(200, [], content) }
    defer { server.stop() }
    let bench = try bench(server, digest: String(repeating: "0", count: 64))
    defer { bench.remove() }
    let result = try bench.hustings("data", "fetch", "made", "--manifests", "manifests")
    #expect(result.status == 3, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: bench.path("data/made/made.txt")))
  }

  @Test func aFileThatIsNotThereIsNamed() throws {
    let server = try ScriptedServer { _ in .status(404, [], Data("no".utf8)) }
    defer { server.stop() }
    let bench = try bench(server)
    defer { bench.remove() }
    let result = try bench.hustings("data", "fetch", "made", "--manifests", "manifests")
    #expect(result.status == 3)
    #expect(result.errors.contains("404"))
    #expect(!FileManager.default.fileExists(atPath: bench.path("data/made/made.txt")))
  }

  @Test func aServerThatIsBusyIsAskedAgain() throws {
    let content = self.content
    let server = try ScriptedServer { request in
      request.number == 0
        ? .status(429, [("Retry-After", "0")], Data()) : .status(200, [], content)
    }
    defer { server.stop() }
    let bench = try bench(server)
    defer { bench.remove() }
    let result = try bench.hustings("data", "fetch", "made", "--manifests", "manifests")
    #expect(result.status == 0, "\(result.errors)")
    #expect(server.requests.count >= 2)
  }

  @Test func rowsComeInPagesAndAreHeldToTheirPin() throws {
    let server = try ScriptedServer { request in
      let query = request.target.split(separator: "&")
      let offset = query.first { $0.hasPrefix("offset=") }.flatMap { Int($0.dropFirst(7)) } ?? 0
      let length = query.first { $0.hasPrefix("length=") }.flatMap { Int($0.dropFirst(7)) } ?? 0
      let rows = (offset..<offset + length).map { "{\"row_idx\": \($0), \"row\": {\"id\": \($0)}}" }
      return .status(
        200, [("Content-Type", "application/json")], Data("{\"rows\": [\(rows.joined(separator: ","))]}".utf8)
      )
    }
    defer { server.stop() }
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "manifests/paged.json",
      """
      {"name": "paged", "version": "1", "title": "Paged", "source": ["http://127.0.0.1"], "licence": "none",
       "rows": [{"path": "rows.jsonl", "dataset": "org/paged", "config": "default", "split": "test", "items": 230}]}
      """)
    let result = try bench.hustings(
      "data", "fetch", "paged", "--manifests", "manifests", "--rows-server", server.address)
    #expect(result.status == 0, "\(result.errors)")
    #expect(server.requests.count == 3)
    let lines = try bench.read("data/paged/rows.jsonl").split(separator: "\n")
    #expect(lines.count == 230)
    #expect(lines[229] == "{\"id\":229}" || lines[229] == "{\"id\": 229}")
    #expect(result.errors.contains("pinned"))
    try bench.write("data/paged/rows.jsonl", "{\"id\": 0}\n")
    let verify = try bench.hustings("data", "verify", "paged", "--manifests", "manifests")
    #expect(verify.status == 3)
  }
}
