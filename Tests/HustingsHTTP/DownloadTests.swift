import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

/// A folder of its own for each test, a file's worth of bytes, and a digest that is not worth anything outside tests.
struct DownloadBench {
  let folder: URL
  let content: Data
  let time = ManualTime()
  let client = Local.client(maximumBody: 1_000)

  var destination: URL { folder.appendingPathComponent("file.bin") }
  var part: URL { folder.appendingPathComponent("file.bin.part") }

  init(bytes: Int = 300_000) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("download-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    content = Data((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
  }

  /// Bytes in the incomplete file; nil without one.
  var partLength: Int? {
    (try? FileManager.default.attributesOfItem(atPath: part.path))?[.size] as? Int
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  static func digest(_ data: Data) -> String {
    String(data.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
  }

  func download(
    _ server: ScriptedServer, digest: Bool = true, length: Bool = false, path: String = "/file?sig=hidden"
  ) throws -> Download {
    Download(
      try Address(server.address + path), to: destination, length: length ? Int64(content.count) : nil,
      digest: digest
        ? Download.Digest(Self.digest(content).uppercased(), by: { Self.digest(try Data(contentsOf: $0)) })
        : nil)
  }

  func fetch(_ download: Download, attempts: Int = 4) async throws -> DownloadOutcome {
    try await client.download(download, retry: RetryPolicy(attempts: attempts), time: time.source)
  }

  func failure(_ download: Download, attempts: Int = 4) async -> DownloadFailure? {
    do {
      _ = try await fetch(download, attempts: attempts)
      return nil
    } catch { return error as? DownloadFailure }
  }

  /// Names in the folder, sorted.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  func isComplete() -> Bool { (try? Data(contentsOf: destination)) == content && names == ["file.bin"] }

  /// What a server that knows ranges and versions answers, `limit` bytes at most before it drops the connection.
  func serve(_ request: ScriptedRequest, tag: String? = "\"v1\"", limit: Int? = nil) -> ScriptedReply {
    let fields = tag.map { [("ETag", $0)] } ?? []
    let first = request.header("Range").flatMap { Int($0.dropFirst(6).dropLast()) }
    guard let first, request.header("If-Range") == nil || request.header("If-Range") == tag else {
      return answer(200, content, fields, limit)
    }
    guard first < content.count else {
      return .status(416, [("Content-Range", "bytes */\(content.count)")])
    }
    let range = ("Content-Range", "bytes \(first)-\(content.count - 1)/\(content.count)")
    return answer(206, Data(content.dropFirst(first)), fields + [range], limit)
  }

  private func answer(_ status: Int, _ body: Data, _ fields: [(String, String)], _ limit: Int?)
    -> ScriptedReply
  {
    guard let limit, limit < body.count else { return .status(status, fields, body) }
    let head = ScriptedReply.head(status, fields, length: body.count)
    return ScriptedReply([.send(head + body.prefix(limit)), .close])
  }
}

@Suite struct DownloadTests {
  @Test func aFileArrivesUnderItsNameAndNothingElseStays() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0) }
    let outcome = try await bench.fetch(bench.download(server, length: true))
    #expect(outcome == .fetched(length: 300_000, resumedAt: 0))
    #expect(bench.isComplete())
    #expect(server.requests.count == 1)
    #expect(server.requests.first?.header("Accept-Encoding") == "identity")
    #expect(server.requests.first?.header("Range") == nil)
  }

  @Test func aMissingFolderIsMade() async throws {
    let bench = try DownloadBench(bytes: 10)
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0) }
    var download = try bench.download(server)
    download.destination = bench.folder.appendingPathComponent("a/b/file.bin")
    _ = try await bench.fetch(download)
    #expect(try Data(contentsOf: download.destination) == bench.content)
  }

  @Test func aFileThatIsThereIsNotFetchedAgain() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0) }
    try bench.content.write(to: bench.destination)
    #expect(try await bench.fetch(bench.download(server)) == .alreadyThere)
    #expect(server.requests.isEmpty)
  }

  @Test func aFileThatIsWrongIsReplaced() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0) }
    try Data("something else".utf8).write(to: bench.destination)
    _ = try await bench.fetch(bench.download(server))
    #expect(bench.isComplete())
  }

  @Test func aDroppedConnectionIsResumedWhereItBroke() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0, limit: $0.number < 2 ? 100_000 : nil) }
    #expect(try await bench.fetch(bench.download(server)) == .fetched(length: 300_000, resumedAt: 0))
    #expect(bench.isComplete())
    let ranges = server.requests.map { $0.header("Range") }
    #expect(ranges == [nil, "bytes=100000-", "bytes=200000-"])
    #expect(server.requests.last?.header("If-Range") == "\"v1\"")
  }

  @Test func attemptsThatBringBytesDoNotCount() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0, limit: 10_000) }
    _ = try await bench.fetch(bench.download(server), attempts: 2)
    #expect(bench.isComplete())
    #expect(server.requests.count == 30)
  }

  @Test func aLaterRunContinues() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let isMended = Toggle()
    let server = try ScriptedServer {
      guard isMended.isOn else { return $0.number == 0 ? bench.serve($0, limit: 120_000) : .status(404) }
      return bench.serve($0)
    }
    let failure = await bench.failure(try bench.download(server))
    #expect(
      failure == .transfer(.status(404, at: try Address(server.address + "/file?sig=hidden"), excerpt: "")))
    #expect(bench.names == ["file.bin.part", "file.bin.part.from"])
    let note = try String(
      contentsOf: bench.folder.appendingPathComponent("file.bin.part.from"), encoding: .utf8)
    #expect(note == "\(server.address)/file\n\"v1\"\n")
    isMended.isOn = true
    // The signature in the query may differ from run to run.
    let outcome = try await bench.fetch(bench.download(server, path: "/file?sig=other"))
    #expect(outcome == .fetched(length: 300_000, resumedAt: 120_000))
    #expect(bench.isComplete())
  }

  @Test func aServerThatIgnoresRangesStartsAgain() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let server = try ScriptedServer { request in
      request.number == 0
        ? .cut(bench.content, after: 50_000) : .status(200, [], bench.content)
    }
    #expect(try await bench.fetch(bench.download(server)) == .fetched(length: 300_000, resumedAt: 0))
    #expect(bench.isComplete())
  }

  @Test func aFileThatChangedMeanwhileStartsAgain() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try Data("stale".utf8).write(to: bench.part)
    let server = try ScriptedServer { bench.serve($0, tag: "\"v2\"") }
    let address = try Address(server.address + "/file").description
    try Data("\(address)\n\"v1\"\n".utf8).write(to: bench.folder.appendingPathComponent("file.bin.part.from"))
    #expect(try await bench.fetch(bench.download(server)) == .fetched(length: 300_000, resumedAt: 0))
    #expect(server.requests.first?.header("If-Range") == "\"v1\"")
    #expect(bench.isComplete())
  }

  @Test func withoutVersionAndDigestNothingIsPatchedTogether() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try Data("stale".utf8).write(to: bench.part)
    let server = try ScriptedServer { bench.serve($0, tag: nil, limit: $0.number == 0 ? 100_000 : nil) }
    _ = try await bench.fetch(bench.download(server, digest: false))
    #expect(server.requests.map { $0.header("Range") } == [nil, nil])
    #expect(bench.isComplete())
  }

  @Test func piecesThatDoNotFitAreFoundByTheDigestAndFetchedAnew() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try Data(repeating: 9, count: 1_000).write(to: bench.part)
    let server = try ScriptedServer { bench.serve($0, tag: nil) }
    #expect(try await bench.fetch(bench.download(server)) == .fetched(length: 300_000, resumedAt: 0))
    #expect(server.requests.map { $0.header("Range") } == ["bytes=1000-", nil])
    #expect(bench.isComplete())
  }

  @Test func aCompletePartIsPublishedWithoutAskingAgain() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try bench.content.write(to: bench.part)
    let server = try ScriptedServer { bench.serve($0) }
    #expect(
      try await bench.fetch(bench.download(server, length: true))
        == .fetched(length: 300_000, resumedAt: 300_000))
    #expect(server.requests.isEmpty)
    #expect(bench.isComplete())
  }

  @Test func aCompletePartOfUnknownLengthIsConfirmedByTheServer() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try bench.content.write(to: bench.part)
    let server = try ScriptedServer { bench.serve($0) }
    _ = try await bench.fetch(bench.download(server))
    #expect(server.requests.map { $0.header("Range") } == ["bytes=300000-"])
    #expect(bench.isComplete())
  }

  @Test func aPartThatIsTooLongStartsAgain() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try Data(count: 400_000).write(to: bench.part)
    let server = try ScriptedServer { bench.serve($0) }
    _ = try await bench.fetch(bench.download(server))
    #expect(bench.isComplete())
    try FileManager.default.removeItem(at: bench.destination)
    try Data(count: 400_000).write(to: bench.part)
    _ = try await bench.fetch(bench.download(server, length: true))
    #expect(bench.isComplete())
  }

  @Test func anotherRangeThanAskedForStartsAgain() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    try bench.content.prefix(1_000).write(to: bench.part)
    let server = try ScriptedServer { request in
      request.number == 0
        ? .status(206, [("Content-Range", "bytes 0-9/300000")], Data(bench.content.prefix(10)))
        : bench.serve(request)
    }
    _ = try await bench.fetch(bench.download(server))
    #expect(server.requests.map { $0.header("Range") } == ["bytes=1000-", nil])
    #expect(bench.isComplete())
  }

  @Test func progressRisesToTheWhole() async throws {
    let bench = try DownloadBench(bytes: 2_000_000)
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0, limit: $0.number == 0 ? 700_000 : nil) }
    let seen = Seen()
    _ = try await bench.client.download(
      bench.download(server), time: bench.time.source, progress: { seen.add($0) })
    let list = seen.list
    #expect(list.count >= 4)
    #expect(zip(list, list.dropFirst()).allSatisfy { $0.received <= $1.received })
    #expect(list.allSatisfy { $0.total == 2_000_000 })
    #expect(list.last?.received == 2_000_000)
  }

  private final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [DownloadProgress] = []
    var list: [DownloadProgress] { lock.withLock { values } }
    func add(_ value: DownloadProgress) { lock.withLock { values.append(value) } }
  }
}

/// A flag a test throws while a server looks at it.
final class Toggle: @unchecked Sendable {
  private let lock = NSLock()
  private var value = false
  var isOn: Bool {
    get { lock.withLock { value } }
    set { lock.withLock { value = newValue } }
  }
}
