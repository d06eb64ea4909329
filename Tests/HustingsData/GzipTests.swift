import HustingsData
import Testing

@Suite struct GzipTests {
  let text = Array("Hustings\nare where the candidates speak before the vote.\n".utf8)

  /// `gzip -n` of "hello\n" by GNU gzip 1.12: an independent writer.
  let hello: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02,
    0x00, 0x20,
    0x30, 0x3a, 0x36, 0x06, 0x00, 0x00, 0x00,
  ]

  @Test func whatGNUGzipWroteIsRead() throws {
    #expect(try Gzip.decompress(hello, file: "hello.gz") == Array("hello\n".utf8))
  }

  @Test(arguments: [0, 1, 100, 65_535, 65_536, 65_537, 300_000])
  func whatIsCompressedComesBack(count: Int) throws {
    var random = SeededNumbers(seed: UInt64(count))
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) & 0x3f }
    for level in [1, 6, 9] {
      #expect(try Gzip.decompress(Gzip.compress(bytes, level: level), file: "x") == bytes)
    }
  }

  @Test func equalBytesCompressToEqualBytes() {
    #expect(Gzip.compress(text) == Gzip.compress(text))
  }

  @Test func concatenatedMembersAreReadAsOne() throws {
    let members = Gzip.compress(text) + hello + Gzip.compress([]) + Gzip.compress(text)
    #expect(try Gzip.decompress(members, file: "x") == text + Array("hello\n".utf8) + text)
    let scratch = try Scratch()
    let path = try scratch.file("x.gz", members)
    #expect(try FileBytes(text: path).bytes == text + Array("hello\n".utf8) + text)
  }

  @Test func everyTruncationIsReported() throws {
    for length in 0..<hello.count {
      #expect(
        sentence { _ = try Gzip.decompress(Array(hello[..<length]), file: "x") }
          == "x is a truncated gzip file: it ends inside the compressed data. Fetch it again.")
    }
  }

  @Test func bytesAfterTheEndAreReportedWithTheirPlace() throws {
    for garbage in [[0], [0, 0, 0, 0], Array("garbage".utf8), [0x1f, 0x00, 0x01, 0x02]] as [[UInt8]] {
      #expect(
        sentence { _ = try Gzip.decompress(hello + garbage, file: "x") }
          == "x has bytes after the end of its gzip data, from byte 26 on. Fetch it again, or cut it there.")
      let scratch = try Scratch()
      let path = try scratch.file("x", hello + garbage)
      #expect(
        sentence(path) { _ = try FileBytes(text: path) }
          == "x has bytes after the end of its gzip data, from byte 26 on. Fetch it again, or cut it there.")
    }
  }

  @Test func aWrongChecksumOrLengthIsReported() {
    for index in [18, 22] {
      var bytes = hello
      bytes[index] ^= 1
      #expect(
        sentence { _ = try Gzip.decompress(bytes, file: "x") }
          == "x is a damaged gzip file: its content does not match its checksum. Fetch it again.")
    }
  }

  @Test func damagedDeflateDataIsReported() {
    var bytes = hello
    bytes[10] = 0xff
    #expect(
      sentence { _ = try Gzip.decompress(bytes, file: "x") }
        == "x is a damaged gzip file (invalid block type). Fetch it again.")
  }
}
