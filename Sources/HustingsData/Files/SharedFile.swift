/// A regular file open for reading anywhere in it, from any thread, for as long as anyone holds it.
final class SharedFile: Sendable {
  let path: String
  /// The number of bytes when it was opened.
  let size: Int
  private let file: OpenFile

  init(_ path: String) throws {
    let file = try OpenFile(reading: path)
    guard let size = file.size else {
      throw DataError.unreadable(file: path, reason: "it is a pipe or a device")
    }
    self.path = path
    self.size = size
    self.file = file
  }

  /// The `count` bytes from `offset`; nil when they are not all in the file.
  func read(count: Int, at offset: Int) throws -> [UInt8]? {
    guard count >= 0, offset >= 0, offset <= size, count <= size - offset else { return nil }
    return try file.read(count: count, at: offset)
  }
}
