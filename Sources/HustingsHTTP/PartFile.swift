import Foundation

/// The incomplete file of a download, `NAME.part`, held by one process at a time.
///
/// Beside it, `NAME.part.from` keeps whose bytes these are: the address without query, and the version the server gave
/// them. Used by one attempt at a time: by the loop's thread while a transfer runs, by its task otherwise.
final class PartFile: BodySink, @unchecked Sendable {
  /// The server answered with another stretch of the file than was asked for.
  struct OtherRange: Error {}

  let path: String
  private let sourcePath: String
  private var descriptor: Int32
  private let download: Download
  private let progress: (@Sendable (DownloadProgress) -> Void)?
  /// Bytes in the file.
  private(set) var length: Int64
  /// The version the server gave the bytes, such as an entity tag; nil when it gave none.
  private(set) var version: String?
  /// Where the newest answer began to write; nil when none did.
  private(set) var beganAt: Int64?
  private var total: Int64?
  private var reported: Int64 = 0

  /// Opens and locks the file, or creates it and its folder.
  init(_ download: Download, progress: (@Sendable (DownloadProgress) -> Void)?) throws(DownloadFailure) {
    self.download = download
    self.progress = progress
    path = download.destination.path + ".part"
    sourcePath = path + ".from"
    descriptor = try PartFile.open(path, for: download.destination)
    length = PartFile.status(descriptor).map { Int64($0.st_size) } ?? 0
    let lines = (try? String(contentsOfFile: sourcePath, encoding: .utf8))?.split(separator: "\n") ?? []
    if lines.count == 2, lines[0] == download.address.description { version = String(lines[1]) }
  }

  deinit { release() }

  /// Closes the file and with it gives up the lock; the thread of the loop may hold on to this value a little longer.
  func release() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  /// Throws away what is there.
  func restart() throws(DownloadFailure) {
    version = nil
    _ = unlink(sourcePath)
    beganAt = nil
    guard length > 0 else { return }
    guard ftruncate(descriptor, 0) == 0 else { throw fault(errno) }
    length = 0
  }

  func begin(status: Int, headers: Headers) throws -> Bool {
    switch status {
    case 200:
      try restart()
      total = headers["Content-Length"].flatMap { Int64($0) }
      try remember(PartFile.version(headers))
    case 206:
      guard let range = ContentRange(headers["Content-Range"]), range.first == length else {
        throw OtherRange()
      }
      total = range.total
    default: return false
    }
    if let wanted = download.length, let total, total != wanted {
      throw DownloadFailure.wrongLength(download.address, expected: wanted, got: total)
    }
    beganAt = length
    return true
  }

  func receive(_ bytes: UnsafeRawBufferPointer) throws {
    if let wanted = download.length, length + Int64(bytes.count) > wanted {
      throw DownloadFailure.wrongLength(
        download.address, expected: wanted, got: length + Int64(bytes.count))
    }
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written, off_t(length))
      if count < 0 {
        if errno == EINTR { continue }
        throw fault(errno)
      }
      written += count
      length += Int64(count)
    }
    if length - reported >= 1 << 18 { report() }
  }

  /// Tells how far the download is.
  func report() {
    reported = length
    progress?(DownloadProgress(received: length, total: total ?? download.length))
  }

  /// Gives the file its final name in one step, after everything in it has reached the disk.
  func publish() throws(DownloadFailure) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw fault(errno) }
    guard rename(path, download.destination.path) == 0 else {
      throw .unwritable(download.destination.path, reason: FileFault.reason(errno))
    }
    _ = unlink(sourcePath)
    let folder = Foundation.open(download.destination.deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Removes the file.
  func discard() {
    _ = unlink(path)
    _ = unlink(sourcePath)
  }

  private func remember(_ version: String?) throws(DownloadFailure) {
    guard let version else { return }
    do {
      try Data("\(download.address)\n\(version)\n".utf8).write(
        to: URL(fileURLWithPath: sourcePath), options: .atomic)
    } catch {
      throw .unwritable(sourcePath, reason: FileFault.reason(error))
    }
    self.version = version
  }

  /// What `If-Range` may carry: a strong entity tag, else the date of the last change (RFC 9110, section 13.1.5).
  private static func version(_ headers: Headers) -> String? {
    if let tag = headers["ETag"], tag.hasPrefix("\""), tag.count > 2 { return tag }
    return headers["Last-Modified"]
  }

  private func fault(_ code: Int32) -> DownloadFailure {
    code == ENOSPC || code == EDQUOT
      ? .diskFull(partial: path) : .unwritable(path, reason: FileFault.reason(code))
  }

  private static func open(_ path: String, for destination: URL) throws(DownloadFailure) -> Int32 {
    do {
      try FileManager.default.createDirectory(
        at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw .unwritable(destination.deletingLastPathComponent().path, reason: FileFault.reason(error))
    }
    while true {
      let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw .unwritable(path, reason: FileFault.reason(errno)) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { throw .busy(destination.path) }
        throw .unwritable(path, reason: FileFault.reason(code))
      }
      // Whoever held the lock before may have renamed the file: then this is the finished one.
      var named = stat()
      if let held = status(descriptor), stat(path, &named) == 0, named.st_ino == held.st_ino,
        named.st_dev == held.st_dev
      {
        return descriptor
      }
      close(descriptor)
    }
  }

  private static func status(_ descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }
}

/// `Content-Range: bytes 5-9/10`; the total is nil for `*`.
struct ContentRange {
  let first: Int64?
  let total: Int64?

  init?(_ text: String?) {
    guard let text, text.lowercased().hasPrefix("bytes") else { return nil }
    let parts = text.dropFirst(5).split(separator: "/")
    guard parts.count == 2 else { return nil }
    first = parts[0].split(separator: "-").first.flatMap { Int64($0.trimmingCharacters(in: .whitespaces)) }
    total = Int64(parts[1].trimmingCharacters(in: .whitespaces))
  }
}
