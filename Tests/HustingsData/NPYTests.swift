import Foundation
import HustingsData
import Testing

/// Arrays written by numpy 2.4.6 (`numpy.save`, `savez`, `savez_compressed`) are the reference.
@Suite struct NPYTests {
  func bytes(_ base64: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: base64))) }

  func read(_ bytes: [UInt8]) throws -> StoredTensor {
    let scratch = try Scratch()
    return try NPY.read(try scratch.file("a.npy", bytes))
  }

  func complaint(_ bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.file("a.npy", bytes)
    return sentence(path) { _ = try NPY.read(path) }
  }

  let half = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAA8AMH/ewEAAIA=
    """
  let scalar = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/
    """
  let integers = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr//////////wAAAAAAAQAA
    """
  let flags = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==
    """
  let columnMajor = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAA=
    """
  let bigEndian = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/gAAA
    """
  let text = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPFUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAphAAAAYgAAAA==
    """
  let compressed = """
    UEsDBC0AAAAIAAAAIQBP6QAq//////////8OABQAZW1iZWRkaW5ncy5ucHkBABAAmAAAAAAAAABVAAAAAAAAAJvsF+obEMnI\
    UMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYwaLAHEg5ABMQN\
    QLzAAQBQSwMELQAAAAgAAAAhAPI+I97//////////woAFABsYWJlbHMubnB5AQAQAIwAAAAAAAAATQAAAAAAAACb7BfqGxDJ\
    yFDGUK2eklqcXKRupaBuk2mirqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuZgYGBkYgZgJiAFBL\
    AQItAy0AAAAIAAAAIQBP6QAqVQAAAJgAAAAOAAAAAAAAAAAAAACAAQAAAABlbWJlZGRpbmdzLm5weVBLAQItAy0AAAAIAAAA\
    IQDyPiPeTQAAAIwAAAAKAAAAAAAAAAAAAACAAZUAAABsYWJlbHMubnB5UEsFBgAAAAACAAIAdAAAAB4BAAAAAA==
    """
  let stored = """
    UEsDBC0AAAAAAAAAIQC4EdbF//////////8FABQAYS5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2Ny\
    JzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA4D8AAAAAAAD0v1BLAwQtAAAAAAAAACEAyqQ7\
    bP//////////BQAUAGIubnB5AQAQAIAAAAAAAAAAgAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJh\
    bl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMCwgNCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgClBLAQItAy0AAAAAAAAAIQC4EdbFkAAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5w\
    eVBLAQItAy0AAAAAAAAAIQDKpDtsgAAAAIAAAAAFAAAAAAAAAAAAAACAAccAAABiLm5weVBLBQYAAAAAAgACAGYAAAB+AQAA\
    AAA=
    """
  let wide = """
    UEsDBC0AAAAAAAAAIQBkW6q///////////8FABQAeC5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2Ny\
    JzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA8D8AAAAAAAAAQFBLAQItAy0AAAAAAAAAIQBk\
    W6q/kAAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLBQYAAAAAAQABADMAAADHAAAAAAA=
    """

  @Test func whatNumPySavedIsRead() throws {
    let half = try read(bytes(half))
    #expect(half.shape == [2, 3])
    #expect(half.kind == .float16)
    // 6e-8 rounds to the smallest half, 2^-24.
    #expect(try half.floats() == [0, 1, -2.5, 65504, 0x1p-24, -0.0])
    #expect(try half.floats().last?.sign == .minus)
    #expect(try read(bytes(scalar)).shape == [])
    #expect(try read(bytes(scalar)).floats() == [1.5])
    #expect(try read(bytes(integers)).integers() == [-1, 1 << 40])
    #expect(try read(bytes(integers)).doubles() == [-1, 0x1p40])
    #expect(try read(bytes(flags)).integers() == [1, 0])
  }

  @Test func everyKindOfNumberIsConverted() throws {
    func tensor(_ format: String, _ content: [UInt8]) throws -> StoredTensor {
      let width = Int(String(format.suffix(1))) ?? 1
      return try read(npyBytes(format, "(\(content.count / width),)", content))
    }
    #expect(try tensor("|i1", [0xff, 2]).integers() == [-1, 2])
    #expect(try tensor("|u1", [0xff, 2]).integers() == [255, 2])
    #expect(try tensor("<i2", [0xfe, 0xff]).integers() == [-2])
    #expect(try tensor("<u2", [0xfe, 0xff]).floats() == [65534])
    #expect(try tensor("<i4", [0xfd, 0xff, 0xff, 0xff]).doubles() == [-3])
    #expect(try tensor("<u4", [0xfd, 0xff, 0xff, 0xff]).doubles() == [4_294_967_293])
    #expect(try tensor("<u8", [0, 0, 0, 0, 0, 0, 0, 0x40]).doubles() == [0x1p62])
    #expect(try tensor("<f8", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]).floats() == [1.5])
    #expect(
      sentence { _ = try tensor("<u8", [0, 0, 0, 0, 0, 0, 0, 0x80]).integers() }
        .contains("uses the integer 9223372036854775808, which is not read here."))
    #expect(
      sentence { _ = try tensor("<f4", [0, 0, 0, 0]).integers() }
        .contains("stores its array as floats where integers are needed. Convert it."))
  }

  @Test func numbersThatAreNoneAreNamedOrKept() throws {
    let infinite = npyBytes("<f4", "(3,)", [0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xff, 0, 0, 0xc0, 0x7f])
    let tensor = try read(infinite)
    #expect(
      sentence { _ = try tensor.floats() }
        .hasSuffix("a.npy holds -inf at position 1 of its array. Correct what produced it."))
    #expect(sentence { _ = try tensor.doubles() }.contains("holds -inf at position 1"))
    #expect(try tensor.floats(nonFinite: .keep)[1] == -.infinity)
    let halves = try read(npyBytes("<f2", "(2,)", [0, 0x7c, 1, 0x7e])).floats(nonFinite: .keep)
    #expect(halves[0] == .infinity)
    #expect(halves[1].isNaN)
  }

  /// The standard library's own half precision is the reference, where the processor has it.
  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalfIsConvertedAsTheStandardLibraryDoes() throws {
      let content = (0...0xffff).flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
      let read = try read(npyBytes("<f2", "(65536,)", content)).floats(nonFinite: .keep)
      for (index, value) in read.enumerated() {
        let reference = Float(Float16(bitPattern: UInt16(index)))
        #expect(value.bitPattern == reference.bitPattern || (value.isNaN && reference.isNaN))
      }
    }
  #endif

  @Test func whatIsNotReadIsNamed() throws {
    #expect(
      try complaint(bytes(columnMajor))
        == "a.npy stores its array column by column. Save it with numpy.ascontiguousarray.")
    #expect(
      try complaint(bytes(bigEndian))
        == "a.npy uses the number format '>f4', which is not read here. Save it in another format.")
    #expect(try complaint(bytes(text)).contains("the number format '<U2'"))
    #expect(
      try complaint(Array("PK".utf8))
        == "a.npy is damaged: it does not begin as a NumPy array. Fetch or write it again.")
    #expect(
      try complaint([0x93] + Array("NUMPY".utf8) + [9, 0, 0, 0]).contains("version 9 of NumPy's format"))
  }

  @Test func everyTruncationAndEveryAdditionIsReported() throws {
    let whole = try bytes(integers)
    for length in stride(from: 10, to: whole.count, by: 7) + [whole.count - 1] {
      #expect(
        try complaint(Array(whole[..<length]))
          == "a.npy is truncated: it ends before its numbers do. Fetch or write it again.")
    }
    #expect(
      try complaint(whole + [0]) == "a.npy has 1 bytes after its last number. Fetch or write it again.")
  }

  @Test(arguments: [
    "(2,3)x", "(-1,)", "2", "(99999999999999999999,)", "(2 3)", "(2,,3)", "(", "",
  ])
  func impossibleShapesAreReported(shape: String) throws {
    #expect(
      try complaint(npyBytes("<f4", shape, []))
        == "a.npy is damaged: its header is not one that NumPy writes. Fetch or write it again.")
  }

  @Test func aShapeBeyondAnyMemoryIsReported() throws {
    #expect(try complaint(npyBytes("<f8", "(4611686018427387904, 2)", [])).contains("is impossible"))
    #expect(try complaint(npyBytes("<f8", "(4611686018427387904,)", [])).contains("is impossible"))
    #expect(try complaint(npyBytes("<f8", "(1152921504606846975,)", [])).contains("is truncated"))
  }

  @Test func archivesOfNumPyAreRead() throws {
    let scratch = try Scratch()
    let packed = try NPZ(try scratch.file("packed.npz", bytes(compressed)))
    #expect(packed.names == ["embeddings", "labels"])
    #expect(try packed.tensor("embeddings").floats() == [0, 1, 2, 3, 4, 5])
    #expect(try packed.tensor("embeddings").shape == [2, 3])
    #expect(try packed.tensor("labels").integers() == [3, 1, 2])
    let plain = try NPZ(try scratch.file("plain.npz", bytes(stored)))
    #expect(try plain.tensor("a").doubles() == [0.5, -1.25])
    #expect(try plain.tensor("b").shape == [0, 4])
    #expect(try plain.tensor("b").floats() == [])
    #expect(try NPZ(try scratch.file("wide.npz", bytes(wide))).tensor("x").doubles() == [1, 2])
  }

  @Test(arguments: [false, true], [false, true])
  func archivesOfAnyMakeAreRead(isWide: Bool, deflated: Bool) throws {
    var builder = ZipBuilder(isWide: isWide)
    builder.add("x.npy", npyBytes("<f4", "(1,)", [0, 0, 0x80, 0x3f]), deflated: deflated)
    builder.add("note.txt", Array("a note".utf8))
    builder.add("y.npy", npyBytes("|i1", "(2,)", [7, 0xff]), deflated: deflated)
    let scratch = try Scratch()
    for comment in ["", "a comment"] {
      let archive = try NPZ(try scratch.file("a.npz", builder.bytes(comment: comment)))
      #expect(archive.names == ["x", "y"])
      #expect(try archive.tensor("x").floats() == [1])
      #expect(try archive.tensor("y").integers() == [7, -1])
    }
  }

  @Test func faultsOfArchivesAreNamed() throws {
    let scratch = try Scratch()
    func complaint(_ bytes: [UInt8], _ name: String = "x") throws -> String {
      let path = try scratch.file("a.npz", bytes)
      return sentence(path) { _ = try NPZ(path).tensor(name) }
    }
    let array = npyBytes("<f4", "(1,)", [0, 0, 0x80, 0x3f])
    var builder = ZipBuilder()
    builder.add("x.npy", array)
    builder.add("method.npy", array, method: 12)
    let whole = builder.bytes()
    #expect(
      try complaint(whole, "y")
        == "a.npz has no tensor 'y'. Did you mean 'x'? Check that this is the right file.")
    #expect(
      try complaint(whole, "method")
        == "a.npz uses zip method 12 of the member 'method.npy', which is not read here. Save it in another format."
    )
    var wrong = whole
    wrong[30 + 5 + array.count - 1] ^= 1
    #expect(
      try complaint(wrong)
        == "a.npz is damaged: its member 'x.npy' is damaged: its checksum does not match. Fetch or write it again."
    )
    #expect(
      try complaint(Array(whole.dropLast()))
        == "a.npz is damaged: it is no zip archive, or its end is missing. Fetch or write it again.")
    #expect(try complaint([]).contains("is no zip archive"))
    var locked = ZipBuilder()
    locked.add("x.npy", array, flags: 1)
    #expect(try complaint(locked.bytes()).contains("encryption of the member 'x.npy'"))
    builder.add("x.npy", array)
    #expect(try complaint(builder.bytes()).contains("it holds two members named 'x.npy'"))
  }
}
