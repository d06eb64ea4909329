/// A whole file in memory.
///
/// Files are read, never mapped: a mapped file that another program cuts short would stop this one with a signal,
/// and no file may do that.
public struct FileBytes: Sendable {
  /// The file as the caller named it.
  public let file: String
  /// The content: decompressed, without a byte order mark.
  public let bytes: [UInt8]

  /// Reads a text: decompresses gzip, drops the byte order mark, and insists on UTF-8 and at least one byte.
  public init(text path: String) throws {
    var stream = try ByteStream(path)
    try self.init(text: try stream.readAll(), file: path)
  }

  /// Checks a text that is already in memory; `file` names it in errors.
  public init(text bytes: [UInt8], file: String) throws {
    let mark = try TextEncoding.byteOrderMark(bytes.prefix(4), file: file)
    self.file = file
    self.bytes = mark == 0 ? bytes : Array(bytes[mark...])
    guard !self.bytes.isEmpty else { throw DataError.empty(file: file) }
    try self.bytes.withUnsafeBufferPointer { buffer in
      guard let invalid = TextEncoding.firstInvalidByte(buffer) else { return }
      let line = 1 + buffer[..<invalid].count { $0 == UInt8(ascii: "\n") }
      throw DataError.invalidUTF8(at: Place(file: file, line: line), offset: invalid + mark)
    }
  }

  /// Reads any file as it is.
  public init(binary path: String) throws {
    let file = try OpenFile(reading: path)
    var content: [UInt8] = []
    content.reserveCapacity(file.size ?? 0)
    while true {
      let piece = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, initialised in
        initialised = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { break }
      content += piece
    }
    self.file = path
    bytes = content
  }

  /// The content as a string.
  public var string: String { String(decoding: bytes, as: UTF8.self) }
}
