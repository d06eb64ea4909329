import EncoderPlugins
import Foundation
import Hustings
import HustingsData
import Testing

private let context = EncoderContext(seed: 1)

/// An array in NumPy's format 1.0.
private func npy(_ format: String, _ shape: [Int], _ content: [UInt8]) -> [UInt8] {
  let dimensions = shape.map { "\($0), " }.joined()
  var header = "{'descr': '\(format)', 'fortran_order': False, 'shape': (\(dimensions)), }"
  header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
  let length = UInt16(header.utf8.count)
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
    + content
}

private func floats(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

private func bytes(_ digest: Digest) -> [UInt8] {
  [digest.words.0, digest.words.1, digest.words.2, digest.words.3].flatMap { word in
    withUnsafeBytes(of: word.bigEndian) { Array($0) }
  }
}

/// A zip archive of stored members, without checksums of its own making: CRC-32 is computed bit by bit.
private func zip(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
  func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
  func crc(_ content: [UInt8]) -> Int {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in content {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return Int(~value)
  }
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in members {
    let common =
      little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(crc(content), 4)
      + little(content.count, 4) + little(content.count, 4) + little(name.utf8.count, 2) + little(0, 2)
    directory +=
      [0x50, 0x4B, 1, 2] + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
      + little(archive.count, 4) + Array(name.utf8)
    archive += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + content
  }
  let end =
    [0x50, 0x4B, 5, 6] + little(0, 4) + little(members.count, 2) + little(members.count, 2)
    + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
  return archive + directory + end
}

private let texts = ["Paris.", "Grüße", ""]
private let vectors: [Float] = [1, 2, 3, 4, 5, 6]
private let prompt = Prompt("Where?")
private let items = texts.map { Passage(prompt, Response($0)) }

@Suite struct VectorFileTests {
  static let digests = texts.map { SHA256.digest($0) }

  private func write(_ name: String, _ content: [UInt8], in folder: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(content).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func npz(_ folder: String, _ members: [(name: String, content: [UInt8])]) throws -> String {
    try write("v.npz", zip(members), in: folder)
  }

  static let keys = npy("|u1", [3, 32], digests.flatMap { bytes($0) })

  @Test func digestsAreThoseOfSHA256Sum() {
    // printf Paris. | sha256sum
    #expect(VectorFileTests.digests[0].hex == parisDigest)
  }

  @Test func everyFormatGivesTheSameRowsAndTheSameIdentity() async throws {
    let scratch = try Scratch()
    let half = npy(
      "<f2", [3, 2],
      vectors.flatMap { value in
        // 1…6 as IEEE half: exponent 15 + e, ten bits of fraction.
        let bits: [Float: UInt16] = [1: 0x3C00, 2: 0x4000, 3: 0x4200, 4: 0x4400, 5: 0x4500, 6: 0x4600]
        return withUnsafeBytes(of: (bits[value] ?? 0).littleEndian) { Array($0) }
      })
    let paths = [
      try npz(
        scratch.path,
        [("vectors.npy", npy("<f4", [3, 2], floats(vectors))), ("keys.npy", VectorFileTests.keys)]),
      try write("v.npy", half, in: scratch.path),
    ]
    let lines = VectorFileTests.digests.map { $0.hex + "\n" }.joined()
    _ = try write("v.keys", Array(lines.utf8), in: scratch.path)
    var cards: [EncoderCard] = []
    for path in paths {
      let encoder = try await Encoders.fit("vectors:\(path)", on: [], context: context)
      #expect(try await encoder.encode(items).dense == vectors)
      #expect(try await encoder.encode([items[2], items[0]]).dense == [5, 6, 1, 2])
      cards.append(encoder.card)
      let restored = try Encoders.restore(encoder.state, context: context)
      #expect(restored.card == encoder.card)
    }
    #expect(cards[0].fingerprint == cards[1].fingerprint)
    #expect(cards[0].denseColumns == ["vector.1", "vector.2"])
  }

  @Test func passagesMayBeTheKey() async throws {
    let scratch = try Scratch()
    let keys = ["Where?\n\nParis.", "Where?\n\nGrüße", "Where?"].flatMap { bytes(SHA256.digest($0)) }
    let path = try npz(
      scratch.path,
      [("vectors.npy", npy("<f4", [3, 2], floats(vectors))), ("keys.npy", npy("|u1", [3, 32], keys))])
    let encoder = try await Encoders.fit("vectors:\(path)?key=passage", on: [], context: context)
    let rows = try await encoder.encode([items[1], items[0], Passage(prompt, nil)])
    #expect(rows.dense == [3, 4, 1, 2, 5, 6])
  }

  @Test func missingTextsAreNamed() async throws {
    let scratch = try Scratch()
    let path = try npz(
      scratch.path,
      [("vectors.npy", npy("<f4", [3, 2], floats(vectors))), ("keys.npy", VectorFileTests.keys)])
    let encoder = try VectorFileEncoder(path: path)
    let said = await sentence(in: scratch.path) {
      _ = try await encoder.encode([Passage(prompt, Response("London\nor so"))])
    }
    #expect(
      said
        == "v.npz has no row with the key \(SHA256.digest("London\nor so").hex), the digest of 'London'. Add the row."
    )
  }

  @Test func anotherFileIsRefusedWhenRestored() async throws {
    let scratch = try Scratch()
    let path = try npz(
      scratch.path,
      [("vectors.npy", npy("<f4", [3, 2], floats(vectors))), ("keys.npy", VectorFileTests.keys)])
    let state = try VectorFileEncoder(path: path).state
    _ = try npz(
      scratch.path,
      [("vectors.npy", npy("<f4", [3, 2], floats([1, 2, 3, 4, 5, 7]))), ("keys.npy", VectorFileTests.keys)])
    let said = await sentence(in: scratch.path) { _ = try Encoders.restore(state, context: context) }
    #expect(said.hasPrefix("v.npz has the digest "))
    #expect(said.hasSuffix("Name the file it was made with, or train again."))
  }

  struct Bad: Sendable {
    let members: [(name: String, content: [UInt8])]
    let sentence: String
  }

  static let bad: [Bad] = [
    Bad(
      members: [("embeddings.npy", npy("<f4", [3, 2], floats(vectors)))],
      sentence: "v.npz has no tensor 'vectors', only embeddings. Store the vectors as 'vectors'."),
    Bad(
      members: (1...8).map { ("row\($0).npy", npy("<f4", [2], floats([1, 2]))) },
      sentence: "v.npz has no tensor 'vectors', only row1, row2, row3, row4, row5 and 3 more. "
        + "Store the vectors as 'vectors'."),
    Bad(
      members: [("vectors.npy", npy("<f4", [6], floats(vectors))), ("keys.npy", keys)],
      sentence:
        "v.npz holds 'vectors' in the shape [6] where [rows, columns] is needed. Store one row per text."),
    Bad(
      members: [("vectors.npy", npy("<f4", [2, 3], floats(vectors))), ("keys.npy", keys)],
      sentence: "v.npz has 2 rows and v.npz names 3. Write one key per row."),
    Bad(
      members: [("vectors.npy", npy("<f4", [3, 2], floats([1, 2, 3, .nan, 5, 6]))), ("keys.npy", keys)],
      sentence: "v.npz has no finite number in row 2, column 2. Compute that vector again."),
    Bad(
      members: [
        ("vectors.npy", npy("<f4", [3, 2], floats(vectors))),
        ("keys.npy", npy("|u1", [3, 32], (0..<3).flatMap { _ in bytes(digests[0]) })),
      ],
      sentence: "v.npz has two different rows, 1 and 2, with one key. Keep one of them."),
    Bad(
      members: [
        ("vectors.npy", npy("<f4", [3, 2], floats(vectors))),
        ("keys.npy", npy("|u1", [3, 3], [UInt8](repeating: 0, count: 9))),
      ],
      sentence:
        "v.npz holds 'keys' in the shape [3, 3] where [rows, 32] of unsigned 8-bit integers is needed. "
        + "Store one row per text."),
  ]

  @Test(arguments: bad) func damagedFilesGetOneSentence(_ bad: Bad) async throws {
    let scratch = try Scratch()
    let path = try npz(scratch.path, bad.members)
    let folder = scratch.path
    let said = await sentence(in: folder) { _ = try VectorFileEncoder(path: path) }
    #expect(said == bad.sentence)
  }

  @Test func equalRowsMayStandTwice() async throws {
    let scratch = try Scratch()
    let keys = npy("|u1", [3, 32], [digests(0), digests(1), digests(0)].flatMap { bytes($0) })
    let path = try npz(
      scratch.path, [("vectors.npy", npy("<f4", [3, 2], floats([1, 2, 3, 4, 1, 2]))), ("keys.npy", keys)])
    #expect(try await VectorFileEncoder(path: path).encode([items[0]]).dense == [1, 2])
  }

  private func digests(_ index: Int) -> Digest { VectorFileTests.digests[index] }

  @Test func namesAndKeysAreChecked() async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    let unknown = await sentence(in: folder) { _ = try VectorFileEncoder(path: "\(folder)/v.parquet") }
    #expect(unknown == "v.parquet is none of .npy, .npz and .safetensors. Convert it to one of them.")
    let path = try write("w.npy", npy("<f4", [1, 2], floats([1, 2])), in: folder)
    _ = try write("w.keys", Array("no digest\n".utf8), in: folder)
    let key = await sentence(in: folder) { _ = try VectorFileEncoder(path: path) }
    #expect(
      key
        == "w.npy has its keys in w.keys, whose line 1 is 'no digest' and no digest of 64 hexadecimal digits. "
        + "Write the SHA-256 of each text there.")
    let missing = await sentence(in: folder) {
      _ = try await Encoders.fit("vectors", on: [], context: context)
    }
    #expect(missing == "vectors needs something behind a colon. Write vectors:embeddings.npz.")
    let setting = await sentence(in: folder) {
      _ = try await Encoders.fit("vectors:\(path)?key=both", on: [], context: context)
    }
    #expect(setting == "key=both is no setting of vectors. It needs response or passage.")
  }
}
private let parisDigest = "bdff8c417ab50e95e95cce16035a3799c7e00104de4a7b3453f06728c620faf7"
