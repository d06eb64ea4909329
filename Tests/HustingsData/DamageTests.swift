import HustingsData
import Testing

/// Valid files with bytes changed, removed, repeated and cut at random: reading them may fail, but only by throwing.
///
/// Whatever is still accepted must be well formed, so JSON and tables that are read are also written and read again.
@Suite struct DamageTests {
  /// One to four random changes of `bytes`.
  func damaged(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let interesting: [UInt8] = [
        0, 0x0a, 0x0d, 0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc3, 0xff,
      ]
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes[at] = interesting.randomElement(using: &random) ?? 0
      case 3: bytes.remove(at: at)
      case 4: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: at)
      case 5: bytes.removeSubrange(at...)
      default:
        let end = min(bytes.count, at + Int.random(in: 1...40, using: &random))
        bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
      }
    }
    return bytes
  }

  /// Runs `read` on `count` damaged copies and gives how many were accepted; any error but a `DataError` is a failure.
  func survive(_ valid: [UInt8], seed: UInt64, count: Int = 3_000, _ read: ([UInt8]) throws -> Void) -> Int {
    var random = SeededNumbers(seed: seed)
    var accepted = 0
    for _ in 0..<count {
      do {
        try read(damaged(valid, &random))
        accepted += 1
      } catch let error as DataError {
        #expect(!error.description.isEmpty)
      } catch {
        Issue.record("\(error) is no DataError")
      }
    }
    return accepted
  }

  let json = Array(
    #"""
    {"id": "pair-1", "prompt": [{"role": "user", "content": "What is 1 + 1?\n\"Think\" \u00e9 \ud83d\ude00"}],
     "chosen": "Two – a longer text than one block.", "rejected": "Three", "margin": -1.25e-3, "votes": [1, 0, 2],
     "none": null, "flags": [true, false], "big": 18446744073709551615, "nan": NaN, "inf": [-Infinity, Infinity]}
    """#.utf8)

  @Test func damagedJSONOnlyThrows() {
    let accepted = survive(json, seed: 1, count: 6_000) { bytes in
      let value = try JSONNode.parse(bytes, name: "x").value
      // Words that are no number cannot be written; everything else must come back the same.
      if let again = try? value.encoded() { #expect(try JSONNode.parse(again, name: "x").value == value) }
    }
    #expect(accepted > 0)
  }

  @Test func damagedJSONLinesOnlyThrow() throws {
    let scratch = try Scratch()
    let line = json.filter { $0 != 0x0a } + [0x0a]
    let accepted = survive(line + line + line, seed: 2, count: 300) { bytes in
      let path = try scratch.file("x.jsonl", bytes)
      let rows = try JSONLines.map(path) { $0.value }
      var lines = try JSONLines(path)
      var skipped = 0
      while try lines.next(with: { try $0.skip() }) != nil { skipped += 1 }
      #expect(skipped == rows.count)
    }
    #expect(accepted > 0)
  }

  @Test func damagedTablesOnlyThrow() {
    let table = Array("id,text,score\n1,\"a, \"\"b\"\"\r\nc\",0.5\n2,é,-1e3\n3,,\n4,\"\",7\n".utf8)
    let accepted = survive(table, seed: 3, count: 6_000) { bytes in
      let table = try CSVTable.parse(String(decoding: bytes, as: UTF8.self), name: "x")
      var writer = CSVWriter(columns: table.columns)
      for row in table.rows { writer.append(row.fields) }
      let again = try CSVTable.parse(writer.text, name: "x")
      #expect(again.rows.map(\.fields) == table.rows.map(\.fields))
      for column in table.columns { _ = try table.optionalDoubles(column) }
    }
    #expect(accepted > 0)
  }

  @Test func damagedGzipOnlyThrows() {
    let text = Array(String(repeating: "the same words again and again, with numbers ", count: 40).utf8)
    let valid = Gzip.compress(text) + Gzip.compress(json)
    let accepted = survive(valid, seed: 4) { bytes in
      let content = try Gzip.decompress(bytes, file: "x")
      // Only the parts that no checksum covers, such as the time stamp, may differ.
      #expect(content == text + json || content == text || content == json)
    }
    #expect(accepted > 0)
  }

  @Test(arguments: [false, true], [false, true])
  func damagedArchivesOnlyThrow(isWide: Bool, deflated: Bool) throws {
    let scratch = try Scratch()
    var builder = ZipBuilder(isWide: isWide)
    builder.add("x.npy", npyBytes("<f4", "(2, 2)", (0..<16).map { $0 }), deflated: deflated)
    builder.add("y.npy", npyBytes("<f2", "(3,)", (0..<6).map { $0 }), deflated: deflated)
    let accepted = survive(builder.bytes(), seed: 5, count: 200) { bytes in
      let archive = try NPZ(try scratch.file("x.npz", bytes))
      for name in archive.names { _ = try archive.tensor(name).floats(nonFinite: .keep) }
    }
    #expect(accepted > 0)
  }

  @Test func damagedArraysOnlyThrow() throws {
    let scratch = try Scratch()
    let accepted = survive(npyBytes("<f8", "(2, 3)", (0..<48).map { $0 }), seed: 6, count: 300) { bytes in
      let tensor = try NPY.read(try scratch.file("x.npy", bytes))
      #expect(tensor.count == tensor.shape.reduce(1, *))
      _ = try tensor.doubles(nonFinite: .keep)
    }
    #expect(accepted > 0)
  }

  @Test func damagedSafetensorsOnlyThrow() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/valid.safetensors"
    try SafetensorsFile.write(
      [
        StoredTensor(name: "weight", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6]),
        StoredTensor(name: "bias", shape: [2], doubles: [0.5, -0.5]),
      ], metadata: ["kind": "head"], to: path)
    let accepted = survive(try FileBytes(binary: path).bytes, seed: 7, count: 300) { bytes in
      let file = try SafetensorsFile(try scratch.file("x.safetensors", bytes))
      for tensor in try file.tensors() { _ = try tensor.floats(nonFinite: .keep) }
    }
    #expect(accepted > 0)
  }
}
