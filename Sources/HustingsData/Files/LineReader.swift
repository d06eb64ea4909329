#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The lines of a file, one after another, decompressed on the way when the file is gzip.
///
/// Only byte 10 ends a line, so U+2028 and a lone carriage return stay inside; a carriage return before byte 10 is
/// dropped. A byte order mark is dropped. The bytes are not checked for UTF-8 here.
struct LineReader: ~Copyable {
  /// The longest line there may be, so that a binary file does not fill the memory.
  static let longestLine = 1 << 30

  let file: String
  /// The number of the line moved to, counted from 1.
  private(set) var line = 0
  /// Whether that line was closed by byte 10.
  private(set) var isTerminated = true
  private var stream: ByteStream
  private var buffer: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var filled = 0
  private var isOver = false
  /// The offset of `buffer[0]` in the decompressed file.
  private var bufferOffset = 0
  /// The offset of that line in the decompressed file.
  private(set) var lineOffset = 0
  private var lineStart = 0
  private var lineCount = 0

  /// Opens the file `path` and reads its first `chunk` bytes.
  static func open(_ path: String, chunk: Int = 1 << 20) throws -> LineReader {
    var reader = LineReader(stream: try ByteStream(path), file: path, chunk: chunk)
    try reader.begin()
    return reader
  }

  private init(stream: consuming ByteStream, file: String, chunk: Int) {
    precondition(chunk >= 4, "a chunk of \(chunk) bytes cannot hold a byte order mark")
    self.file = file
    self.stream = stream
    capacity = chunk
    buffer = .allocate(byteCount: chunk, alignment: 16)
  }

  private mutating func begin() throws {
    while try filled < 4 && fill() {}
    let beginning = UnsafeRawBufferPointer(start: buffer, count: min(filled, 4))
    start = try TextEncoding.byteOrderMark(beginning, file: file)
    if start == filled { throw DataError.empty(file: file) }
  }

  deinit { buffer.deallocate() }

  /// Moves to the next line; false when there is none.
  mutating func advance() throws -> Bool {
    var searched = start
    while true {
      if let found = memchr(buffer + searched, 10, filled - searched) {
        let end = UnsafeRawPointer(found) - UnsafeRawPointer(buffer)
        take(end: end, next: end + 1, isTerminated: true)
        return true
      }
      searched = filled - start
      if try isOver || !fill() {
        guard start < filled else { return false }
        take(end: filled, next: filled, isTerminated: false)
        return true
      }
    }
  }

  /// The bytes of the line moved to, without its end; they are valid until the next `advance`.
  var current: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: (buffer + lineStart).assumingMemoryBound(to: UInt8.self), count: lineCount)
  }

  private mutating func take(end: Int, next: Int, isTerminated: Bool) {
    line += 1
    lineOffset = bufferOffset + start
    lineStart = start
    lineCount = end - start
    if lineCount > 0, buffer.load(fromByteOffset: end - 1, as: UInt8.self) == UInt8(ascii: "\r") {
      lineCount -= 1
    }
    self.isTerminated = isTerminated
    start = next
  }

  /// Moves what is left to the front and reads more behind it; false at the end of the file.
  private mutating func fill() throws -> Bool {
    if start > 0 {
      memmove(buffer, buffer + start, filled - start)
      filled -= start
      bufferOffset += start
      start = 0
    }
    if filled == capacity {
      guard capacity < Self.longestLine else {
        throw DataError.lines(at: Place(file: file, line: line + 1), fault: .tooLong(limit: Self.longestLine))
      }
      capacity *= 2
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      larger.copyMemory(from: buffer, byteCount: filled)
      buffer.deallocate()
      buffer = larger
    }
    let room = UnsafeMutableRawBufferPointer(start: buffer + filled, count: capacity - filled)
    let count = try stream.read(into: room)
    filled += count
    isOver = count == 0
    return count > 0
  }
}
