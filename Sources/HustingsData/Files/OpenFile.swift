#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file open for reading, closed when it goes out of scope.
struct OpenFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  init(reading path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else { throw DataError.unreadable(file: path, reason: systemReason()) }
    // A folder opens without complaint and fails at the first read, with a less helpful reason.
    if isFolder { throw DataError.folderInsteadOfFile(file: path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private var status: stat {
    var status = stat()
    _ = fstat(descriptor, &status)
    return status
  }

  private var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }

  /// The number of bytes in a regular file; nil for pipes and devices, which cannot tell.
  var size: Int? {
    let status = status
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  /// Reads the next bytes into `buffer`; 0 means the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, buffer.baseAddress, min(buffer.count, largestRead))
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, min(buffer.count, largestRead))
      #else
        let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, largestRead))
      #endif
      if count >= 0 { return count }
      if errno != EINTR { throw DataError.unreadable(file: path, reason: systemReason()) }
    }
  }

  /// Reads exactly `count` bytes from `offset`; nil when the file ends before.
  func read(count: Int, at offset: Int) throws -> [UInt8]? {
    var filled = 0
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, min(count - filled, largestRead),
          off_t(offset + filled))
        if got == 0 { break }
        if got < 0 {
          if errno == EINTR { continue }
          throw DataError.unreadable(file: path, reason: systemReason())
        }
        filled += got
      }
      initialised = filled
    }
    return filled == count ? bytes : nil
  }
}

/// What stands at a path, links followed.
enum PathKind {
  case missing
  case folder
  /// A regular file, a pipe or a device.
  case file

  init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self = .missing
      return
    }
    self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }
}

/// One call reads at most this much: macOS refuses more than 2 GiB, Linux cuts it short.
private let largestRead = 1 << 30

/// The operating system's words for the last error of this thread, such as "No such file or directory".
func systemReason() -> String {
  strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
}
