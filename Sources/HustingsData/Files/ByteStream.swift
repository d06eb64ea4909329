/// The bytes of a file in order, decompressed on the way when the file begins with gzip's magic bytes.
///
/// The name plays no part: a `.gz` that is plain text is read as text, and the other way round.
struct ByteStream: ~Copyable {
  private let file: OpenFile
  private let inflater: GzipInflater?
  /// Bytes read from the file and not yet passed on: compressed ones, or the first look at a plain file.
  private var waiting: [UInt8]
  private var next = 0
  private var isFileOver: Bool

  init(_ path: String) throws {
    let file = try OpenFile(reading: path)
    var start: [UInt8] = []
    var isFileOver = false
    // A pipe may give one byte at a time; two are needed to tell.
    while start.count < 2, !isFileOver {
      let piece = try Self.piece(of: file, size: 1 << 16)
      isFileOver = piece.isEmpty
      start += piece
    }
    self.file = file
    self.isFileOver = isFileOver
    waiting = start
    inflater = Gzip.isGzip(start) ? GzipInflater(file: path) : nil
  }

  /// The size of the content when it is known beforehand, to reserve memory.
  var expectedSize: Int? { inflater == nil ? file.size : nil }

  private static func piece(of file: borrowing OpenFile, size: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialised in
      initialised = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Fills some of `buffer` with the next bytes; 0 means the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let inflater else { return try readPlain(into: buffer) }
    while true {
      let step = try waiting.withUnsafeBytes { input in
        try inflater.inflate(UnsafeRawBufferPointer(rebasing: input[next...]), into: buffer)
      }
      next += step.consumed
      if step.produced > 0 { return step.produced }
      if step.consumed > 0 { continue }
      if isFileOver {
        try inflater.finish()
        return 0
      }
      let piece = try Self.piece(of: file, size: 1 << 18)
      isFileOver = piece.isEmpty
      waiting = waiting[next...] + piece
      next = 0
    }
  }

  private mutating func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if next < waiting.count {
      let count = min(buffer.count, waiting.count - next)
      waiting.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[next..<next + count]))
      }
      next += count
      return count
    }
    return isFileOver ? 0 : try file.read(into: buffer)
  }

  /// All bytes that are left.
  mutating func readAll() throws -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(expectedSize ?? 0)
    var size = 1 << 16
    while true {
      let piece = try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialised in
        initialised = try read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { return content }
      content += piece
      size = min(size * 2, 1 << 22)
    }
  }
}
