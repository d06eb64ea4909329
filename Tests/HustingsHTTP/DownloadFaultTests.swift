import Foundation
import HustingsFixtures
import HustingsHTTP
import Testing

@Suite struct DownloadFaultTests {
  @Test func aWrongDigestLeavesNothing() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let wrong = Data(repeating: 1, count: 1_000)
    let server = try ScriptedServer { _ in .status(200, [("ETag", "\"x\"")], wrong) }
    let download = try bench.download(server)
    let expected = DownloadBench.digest(bench.content).uppercased()
    let failure = await bench.failure(download)
    #expect(
      failure == .wrongDigest(download.address, expected: expected, got: DownloadBench.digest(wrong)))
    #expect(
      failure?.description
        == "The content of \(server.address)/file has the digest \(DownloadBench.digest(wrong)) where \(expected) "
        + "was promised; nothing was kept. The source may have changed: check its version, or try again.")
    #expect(bench.names.isEmpty)
    #expect(server.requests.count == 1)
  }

  @Test func aWrongLengthIsFoundBeforeTheBody() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    // The body never comes; the promise alone is enough to know.
    let server = try ScriptedServer { _ in
      ScriptedReply([
        .send(ScriptedReply.head(200, length: 5_000) + Data(count: 1)), .pause(milliseconds: 600_000),
      ])
    }
    let download = try bench.download(server, length: true)
    #expect(
      await bench.failure(download) == .wrongLength(download.address, expected: 1_000, got: 5_000))
    #expect(bench.names.isEmpty)
  }

  @Test func aBodyOfUnknownLengthIsStoppedWhenItGrowsTooLong() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { _ in
      ScriptedReply([.send(ScriptedReply.head(200, length: nil) + Data(count: 50_000)), .close])
    }
    let failure = await bench.failure(try bench.download(server, length: true))
    guard case .wrongLength(_, 1_000, let got) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(got > 1_000)
    #expect(bench.names.isEmpty)
  }

  @Test func aBodyThatEndsEarlyIsNoFile() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { _ in
      ScriptedReply([.send(ScriptedReply.head(200, length: nil) + bench.content.prefix(400)), .close])
    }
    let download = try bench.download(server, digest: false, length: true)
    #expect(await bench.failure(download) == .wrongLength(download.address, expected: 1_000, got: 400))
    #expect(bench.names.isEmpty)
  }

  @Test func aMissingSourceIsSaidWithItsAnswer() async throws {
    let bench = try DownloadBench(bytes: 10)
    defer { bench.remove() }
    let server = try ScriptedServer { _ in .text("no such revision", type: "text/plain", 404) }
    let download = try bench.download(server)
    #expect(
      await bench.failure(download)
        == .transfer(.status(404, at: download.address, excerpt: "no such revision")))
    #expect(!FileManager.default.fileExists(atPath: bench.destination.path))
    #expect(server.requests.count == 1)
  }

  @Test func aBusyServerIsAskedAgainWhenItSaid() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { request in
      request.number < 2 ? .status(503, [("Retry-After", "30")]) : bench.serve(request)
    }
    _ = try await bench.fetch(bench.download(server))
    #expect(bench.isComplete())
    #expect(bench.time.sleeps.count == 2)
    #expect(bench.time.sleeps.allSatisfy { $0 >= .seconds(30) && $0 <= .seconds(31) })
  }

  @Test func fruitlessAttemptsEndAndKeepWhatArrived() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0, limit: $0.number == 0 ? 300 : 0) }
    let failure = await bench.failure(try bench.download(server), attempts: 3)
    guard case .transfer(.gaveUp(attempts: 4, .broken)) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(try Data(contentsOf: bench.part) == bench.content.prefix(300))
    #expect(!FileManager.default.fileExists(atPath: bench.destination.path))
  }

  @Test func aServerThatNeverSendsTheSameRangeEnds() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { _ in .status(206, [("Content-Range", "bytes 5-9/1000")], Data(count: 5))
    }
    let failure = await bench.failure(try bench.download(server), attempts: 3)
    guard case .transfer(.broken) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func anErrorPageIsNotPutIntoTheFile() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { request in
      request.number == 0 ? .text("<html>busy</html>", type: "text/html", 500) : bench.serve(request)
    }
    _ = try await bench.fetch(bench.download(server, digest: false))
    #expect(bench.isComplete())
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
  func aFullDiskIsSaidSo() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0, tag: nil) }
    try FileManager.default.createSymbolicLink(atPath: bench.part.path, withDestinationPath: "/dev/full")
    let failure = await bench.failure(try bench.download(server))
    #expect(failure == .diskFull(partial: bench.part.path))
    #expect(
      failure?.description
        == "The disk is full; what arrived is kept in \(bench.part.path). Free some space and start again to "
        + "continue there.")
  }

  @Test func aFolderThatCannotBeMadeIsSaidSo() async throws {
    let bench = try DownloadBench(bytes: 10)
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0) }
    let obstacle = bench.folder.appendingPathComponent("obstacle")
    try Data("a file".utf8).write(to: obstacle)
    var download = try bench.download(server)
    download.destination = obstacle.appendingPathComponent("sub/file.bin")
    let failure = await bench.failure(download)
    guard case .unwritable(let path, _) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(path.hasPrefix(obstacle.path))
    #expect(server.requests.isEmpty)
  }

  @Test func aFolderInTheFilesPlaceIsSaidSo() async throws {
    let bench = try DownloadBench(bytes: 10)
    defer { bench.remove() }
    let server = try ScriptedServer { bench.serve($0) }
    try FileManager.default.createDirectory(at: bench.destination, withIntermediateDirectories: true)
    #expect(
      await bench.failure(try bench.download(server))
        == .unwritable(bench.destination.path, reason: "there is something else of that name"))
  }

  @Test func twoFetchesOfOneFileDoNotMix() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let gate = Gate()
    let server = try ScriptedServer { request in
      ScriptedReply([.pass(gate)] + bench.serve(request).steps)
    }
    let first = try bench.download(server)
    let running = Task { try await bench.fetch(first) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    #expect(await bench.failure(first) == .busy(bench.destination.path))
    gate.open()
    #expect(try await running.value == .fetched(length: 1_000, resumedAt: 0))
    #expect(bench.isComplete())
  }

  @Test func aCancelledDownloadContinuesLater() async throws {
    let bench = try DownloadBench()
    defer { bench.remove() }
    let head = bench.content.prefix(100_000)
    let server = try ScriptedServer { request in
      guard request.number == 0 else { return bench.serve(request) }
      return ScriptedReply([
        .send(ScriptedReply.head(200, [("ETag", "\"v1\"")], length: 300_000) + head),
        .pause(milliseconds: 600_000),
      ])
    }
    let download = try bench.download(server)
    let running = Task { try await bench.fetch(download) }
    while bench.partLength != 100_000 { try await Task.sleep(for: .milliseconds(1)) }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    #expect(try await bench.fetch(download) == .fetched(length: 300_000, resumedAt: 100_000))
    #expect(bench.isComplete())
  }

  @Test func secretsDoNotFollowADownloadToAnotherHost() async throws {
    let bench = try DownloadBench(bytes: 1_000)
    defer { bench.remove() }
    let store = try ScriptedServer { bench.serve($0, limit: $0.number == 0 ? 400 : nil) }
    let hub = try ScriptedServer { request in
      .text("moved", 302, [("Location", store.address + "/blob?signature=s"), ("X-Seen", request.target)])
    }
    var download = try bench.download(hub)
    download.credentials = [.bearer(try Secret(value: "hf_0123456789", source: "HF_TOKEN"))]
    _ = try await bench.fetch(download)
    #expect(bench.isComplete())
    #expect(hub.requests.allSatisfy { $0.header("Authorization") == "Bearer hf_0123456789" })
    #expect(store.requests.allSatisfy { $0.header("Authorization") == nil })
    #expect(store.requests.map { $0.header("Range") } == [nil, "bytes=400-"])
  }
}
