#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Files that appear whole or not at all.
///
/// The bytes go to a hidden file in the same folder, are forced to disk, and take the name in one step; so a reader, a
/// full disk or a pulled plug finds either the old file or the new one. A device or a pipe, such as `/dev/stdout`, is
/// written to directly, and a link keeps pointing where it did. Folders of the path that are not there are made.
public enum AtomicFile {
  /// Writes `bytes` to `path`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { output in try output.write(bytes) }
  }

  /// Writes the UTF-8 of `text` to `path`.
  public static func write(_ text: String, to path: String) throws {
    try write(to: path) { output in try output.write(text) }
  }

  /// Writes to `path` whatever `body` hands to the output; if `body` throws, nothing changes under that name.
  public static func write(to path: String, _ body: (inout FileOutput) throws -> Void) throws {
    let target = WriteTarget(path)
    switch target.kind {
    case .folder: throw DataError.folderInsteadOfFile(file: path)
    case .device:
      var output = FileOutput(try descriptor(path, path, O_WRONLY), path: path)
      try body(&output)
      try output.flush()
    case .regular(let mode):
      let (temporary, opened) = try openTemporary(for: target.path, named: path)
      do {
        var output = FileOutput(opened, path: path)
        try body(&output)
        try output.flush()
        try output.settle(mode: mode)
        guard rename(temporary, target.path) == 0 else {
          throw DataError.unwritable(file: path, reason: systemReason())
        }
      } catch {
        unlink(temporary)
        throw error
      }
      syncFolder(of: target.path)
    }
  }

  private static func descriptor(_ file: String, _ name: String, _ flags: Int32) throws -> Int32 {
    let descriptor = open(file, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DataError.unwritable(file: name, reason: systemReason()) }
    return descriptor
  }

  /// A new hidden file beside `path`; the number in its name is the first that is free.
  private static func openTemporary(for path: String, named name: String) throws -> (String, Int32) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    for number in 0..<10_000 {
      let temporary = "\(folder).hustings-\(getpid())-\(number).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      if number == 0, errno == ENOENT, makeFolder(folder) { continue }
      if errno != EEXIST { break }
    }
    throw DataError.unwritable(file: name, reason: systemReason())
  }

  /// Makes a folder and those above it; false when one of them cannot be made, with the reason in `errno`.
  private static func makeFolder(_ path: String) -> Bool {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += "\(part)/"
      guard mkdir(made, 0o777) == 0 || errno == EEXIST else { return false }
    }
    return !made.isEmpty
  }

  /// Makes the new name itself durable. Some file systems cannot, and the file is whole either way.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}

/// Where bytes for a path must go.
private struct WriteTarget {
  enum Kind {
    case folder
    case device
    /// A regular file, present with this mode or still to come.
    case regular(mode: mode_t?)
  }

  let path: String
  let kind: Kind

  init(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self.path = path
      kind = .regular(mode: nil)
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: kind = .folder
    case S_IFREG: kind = .regular(mode: status.st_mode & 0o7777)
    default: kind = .device
    }
    // Renaming over a link would replace the link.
    let resolved = realpath(path, nil)
    self.path = resolved.map { String(cString: $0) } ?? path
    free(resolved)
  }
}

/// Takes the bytes of a file being written, in pieces.
public struct FileOutput: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16

  fileprivate init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Appends the UTF-8 of `text`.
  public mutating func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize { try put(bytes) } else { buffer.append(contentsOf: bytes) }
  }

  fileprivate mutating func flush() throws {
    try buffer.withUnsafeBytes { try put($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Forces the bytes to disk, and gives the file the permissions of the one it replaces.
  fileprivate borrowing func settle(mode: mode_t?) throws {
    if let mode { _ = fchmod(descriptor, mode) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw DataError.unwritable(file: path, reason: systemReason())
    }
  }

  private borrowing func put(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      #if canImport(Darwin)
        let count = Darwin.write(
          descriptor, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, 1 << 30))
      #elseif canImport(Musl)
        let count = Musl.write(
          descriptor, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, 1 << 30))
      #else
        let count = Glibc.write(
          descriptor, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, 1 << 30))
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw DataError.unwritable(file: path, reason: systemReason())
      }
      done += count
    }
  }
}
