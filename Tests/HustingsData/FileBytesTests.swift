import HustingsData
import Testing

@Suite struct FileBytesTests {
  @Test func theByteOrderMarkIsDropped() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.txt", [0xef, 0xbb, 0xbf] + Array("é".utf8))
    #expect(try FileBytes(text: path).string == "é")
    #expect(try FileBytes(binary: path).bytes.count == 5)
  }

  @Test func aMissingFileIsReported() throws {
    let scratch = try Scratch()
    #expect(
      sentence("\(scratch.path)/no.txt") { _ = try FileBytes(text: "\(scratch.path)/no.txt") }
        == "no.txt cannot be read: No such file or directory. Check the path and its permissions.")
  }

  @Test func aPathThroughAFileIsReported() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.txt", "x") + "/b.txt"
    #expect(
      sentence(path) { _ = try FileBytes(text: path) }
        == "b.txt cannot be read: Not a directory. Check the path and its permissions.")
  }

  @Test func aFolderIsReported() throws {
    let scratch = try Scratch()
    let path = scratch.path
    #expect(sentence { _ = try FileBytes(text: path) } == "\(path) is a folder. Name a file in it.")
    #expect(sentence { _ = try FileBytes(binary: path) } == "\(path) is a folder. Name a file in it.")
  }

  @Test func anEmptyFileIsReported() throws {
    let scratch = try Scratch()
    for bytes in [[], [0xef, 0xbb, 0xbf], Gzip.compress([])] as [[UInt8]] {
      let path = try scratch.file("a.txt", bytes)
      #expect(sentence(path) { _ = try FileBytes(text: path) } == "a.txt is empty. Fetch or export it again.")
    }
  }

  /// The Unicode Standard 16, table 3-7, and its examples of ill-formed sequences (section 3.9).
  @Test(
    arguments: [
      [0x80], [0xc0, 0xaf], [0xc1, 0xbf], [0xe0, 0x80, 0xaf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80],
      [0xed, 0xbf, 0xbf],
      [0xf0, 0x80, 0x80, 0xaf], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
      [0xff],
      [0xc3], [0xe4, 0xb8], [0xf0, 0x9f, 0x98], [0xe4, 0x41, 0x41], [0xf0, 0x9f, 0x41, 0x41],
    ] as [[UInt8]])
  func illFormedSequencesAreFoundWhereTheyBegin(sequence: [UInt8]) {
    for length in [0, 1, 15, 16, 17, 40] {
      let before = [UInt8](repeating: 0x61, count: length) + Array("é\n".utf8)
      for after in [[], Array("tail of some length, é".utf8)] as [[UInt8]] {
        #expect(throws: DataError.invalidUTF8(at: Place(file: "x", line: 2), offset: before.count)) {
          try FileBytes(text: before + sequence + after, file: "x")
        }
      }
    }
  }

  @Test func everyScalarIsWellFormed() throws {
    var bytes: [UInt8] = []
    for value in UInt32(1)...0x10ffff {
      if let scalar = Unicode.Scalar(value) { bytes += Array(scalar.utf8) }
    }
    #expect(try FileBytes(text: bytes, file: "x").bytes.count == bytes.count)
  }
}
