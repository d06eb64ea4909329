import Foundation

extension HTTPClient {
  /// Fetches a file, continuing an earlier try where the server allows it, and gives it its name only when length and
  /// digest are right.
  ///
  /// An attempt that brought new bytes does not count against `retry.attempts`, so a large file gets through a bad
  /// line. `progress` is called from the client's thread and has to return quickly. Throws `DownloadFailure`, or
  /// `CancellationError`, after which the next try continues.
  public func download(
    _ download: Download, retry: RetryPolicy = RetryPolicy(), time: TimeSource = .system,
    progress: (@Sendable (DownloadProgress) -> Void)? = nil
  ) async throws -> DownloadOutcome {
    if try download.isThere() { return .alreadyThere }
    let part = try PartFile(download, progress: progress)
    defer { part.release() }
    // Another process may have finished between the two steps.
    if try download.isThere() {
      part.discard()
      return .alreadyThere
    }
    var errand = Errand(download: download, part: part, retry: retry, time: time)
    return try await errand.run(self)
  }
}

extension Download {
  /// Whether the destination holds the right file already.
  fileprivate func isThere() throws(DownloadFailure) -> Bool {
    var status = stat()
    guard stat(destination.path, &status) == 0 else { return false }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unwritable(destination.path, reason: "there is something else of that name")
    }
    if let length, Int64(status.st_size) != length { return false }
    return try wrongDigest(of: destination) == nil
  }

  /// The digest of a file when it is not the promised one.
  fileprivate func wrongDigest(of file: URL) throws(DownloadFailure) -> String? {
    guard let digest else { return nil }
    do {
      let got = try digest.compute(file)
      return got.lowercased() == digest.expected.lowercased() ? nil : got
    } catch {
      throw .unwritable(file.path, reason: FileFault.reason(error))
    }
  }
}

extension DownloadFailure {
  fileprivate var isWrongContent: Bool {
    switch self {
    case .wrongLength, .wrongDigest: true
    default: false
    }
  }
}

/// The attempts of one download.
private struct Errand {
  let download: Download
  let part: PartFile
  let retry: RetryPolicy
  let time: TimeSource
  /// The most bytes there ever were: growing beyond is progress, fetching the same again is not.
  var highest: Int64 = 0
  var fruitless = 0
  /// Bytes of an earlier run still in the file.
  var resumedAt: Int64 = 0
  /// Whether the file was put together from several answers, which may be of different versions.
  var isPatched = false
  var restarts = 0

  /// Attempts in all, however much progress each makes.
  private static let longestErrand = 1_000

  mutating func run(_ client: HTTPClient) async throws -> DownloadOutcome {
    try prepare()
    for number in 1... {
      do {
        if part.length == 0 || part.length != download.length {
          guard try await fetch(client) else { continue }
        }
        if try isRight() { break }
      } catch is PartFile.OtherRange {
        try startAnew()
      } catch let pause as Pause {
        try await wait(pause, number)
      } catch let fault as DownloadFailure where fault.isWrongContent {
        try settle(fault)
      } catch let failure as HTTPFailure {
        guard retry.isWorthRepeating(failure) else { throw DownloadFailure.transfer(failure) }
        try await wait(Pause(failure: failure, asked: nil), number)
      }
    }
    part.report()
    try part.publish()
    return .fetched(length: part.length, resumedAt: resumedAt)
  }

  /// An attempt that may be followed by another.
  private struct Pause: Error {
    let failure: HTTPFailure
    let asked: Duration?
  }

  private mutating func prepare() throws(DownloadFailure) {
    if let length = download.length, part.length > length { try part.restart() }
    try keepWhatFits()
    resumedAt = part.length
    highest = part.length
    isPatched = part.length > 0
  }

  /// Without a version or a digest nothing could tell whether two pieces belong together.
  private func keepWhatFits() throws(DownloadFailure) {
    if part.version == nil, download.digest == nil { try part.restart() }
  }

  /// One answer; false when there is nothing to look at yet.
  private mutating func fetch(_ client: HTTPClient) async throws -> Bool {
    try keepWhatFits()
    var request = HTTPRequest(
      .get, download.address, credentials: download.credentials, timeouts: download.timeouts)
    if part.length > 0 {
      request.headers["Range"] = "bytes=\(part.length)-"
      if let version = part.version { request.headers["If-Range"] = version }
    }
    let before = part.length
    defer {
      // A whole answer, finished or not, has replaced what was there.
      if part.beganAt == 0 {
        resumedAt = 0
        isPatched = false
      } else if part.length > before {
        isPatched = true
      }
    }
    let response = try await client.send(request, into: part)
    switch response.status {
    case 200, 206: return true
    case 416:
      // Nothing lies beyond what is there: either that is all, or the file has changed.
      guard ContentRange(response.headers["Content-Range"])?.total != before else { return true }
      try startAnew()
      return false
    default:
      let failure = HTTPFailure.status(response.status, at: response.address, excerpt: response.excerpt)
      guard retry.isWorthRepeating(response) else { throw DownloadFailure.transfer(failure) }
      throw Pause(failure: failure, asked: RateLimitNotice(response.headers, date: time.date()).wait)
    }
  }

  /// Whether the file is complete and the promised one; throws when it is not and never will be.
  private mutating func isRight() throws(DownloadFailure) -> Bool {
    if let length = download.length, part.length != length {
      try settle(.wrongLength(download.address, expected: length, got: part.length))
      return false
    }
    guard let digest = download.digest,
      let got = try download.wrongDigest(of: URL(fileURLWithPath: part.path))
    else { return true }
    try settle(.wrongDigest(download.address, expected: digest.expected, got: got))
    return false
  }

  /// Wrong content that was put together from several answers gets a second chance from the beginning.
  private mutating func settle(_ fault: DownloadFailure) throws(DownloadFailure) {
    guard isPatched, restarts == 0 else {
      part.discard()
      throw fault
    }
    try startAnew()
  }

  private mutating func startAnew() throws(DownloadFailure) {
    restarts += 1
    guard restarts < retry.attempts + 1 else {
      throw .transfer(.broken(download.address, detail: "the server keeps changing what it sends"))
    }
    resumedAt = 0
    isPatched = false
    try part.restart()
  }

  private mutating func wait(_ pause: Pause, _ number: Int) async throws {
    fruitless = part.length > highest ? 0 : fruitless + 1
    highest = max(highest, part.length)
    guard fruitless < retry.attempts, number < Errand.longestErrand else {
      let last = pause.failure
      throw DownloadFailure.transfer(number == 1 ? last : .gaveUp(attempts: number, last))
    }
    try await time.sleep(
      retry.delay(
        after: max(1, fruitless), identity: "\(download.address) \(number)", asked: pause.asked))
  }
}
