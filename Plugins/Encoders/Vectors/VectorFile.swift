import Hustings
import HustingsData

/// Rows of numbers by the SHA-256 of the texts they stand for.
///
/// An `.npz` or `.safetensors` file holds `vectors`, one row per text, in any floating-point format, and `keys`, the 32
/// bytes of each text's digest as unsigned 8-bit integers. An `.npy` file holds the vectors alone, and the file of the same
/// name that ends in `.keys` holds one digest a line, in hexadecimal. From Python:
///
///     digests = [hashlib.sha256(text.encode()).digest() for text in texts]
///     numpy.savez("embeddings.npz", vectors=vectors, keys=numpy.frombuffer(b"".join(digests), "u1").reshape(-1, 32))
struct VectorFile: Sendable {
  let path: String
  let width: Int
  /// Row-major, one row per key.
  let vectors: [Float]
  let places: [Digest: Int]

  init(_ path: String) throws {
    self.path = path
    let (stored, keys, keyFile) = try VectorFile.read(path)
    guard stored.shape.count == 2, stored.shape[1] > 0 else {
      throw EncoderError.badVectors(
        file: path,
        fault: .wrongShape(tensor: "vectors", shape: stored.shape, expected: "[rows, columns]"))
    }
    let (rows, columns) = (stored.shape[0], stored.shape[1])
    guard keys.count == rows else {
      throw EncoderError.badVectors(
        file: path, fault: .wrongKeyCount(keys: keys.count, rows: rows, file: keyFile))
    }
    width = columns
    vectors = try stored.floats(nonFinite: .keep)
    if let place = vectors.firstIndex(where: { !$0.isFinite }) {
      throw EncoderError.badVectors(
        file: path, fault: .notFinite(row: place / columns, column: place % columns))
    }
    var places: [Digest: Int] = [:]
    for (row, key) in keys.enumerated() {
      guard let first = places.updateValue(row, forKey: key) else { continue }
      places[key] = first
      let same =
        vectors[first * columns..<(first + 1) * columns] == vectors[row * columns..<(row + 1) * columns]
      guard same else {
        throw EncoderError.badVectors(file: path, fault: .conflictingRows(first: first, second: row))
      }
    }
    self.places = places
  }

  private static func read(_ path: String) throws -> (StoredTensor, [Digest], String) {
    if path.hasSuffix(".npy") {
      let keyFile = path.dropLast(4) + ".keys"
      return (try NPY.read(path), try keys(inLinesOf: String(keyFile)), String(keyFile))
    }
    if path.hasSuffix(".npz") {
      let file = try NPZ(path)
      try require(["vectors", "keys"], among: file.names, path)
      return (try file.tensor("vectors"), try keys(of: file.tensor("keys"), path), path)
    }
    if path.hasSuffix(".safetensors") {
      let file = try SafetensorsFile(path)
      try require(["vectors", "keys"], among: file.names, path)
      return (try file.tensor("vectors"), try keys(of: file.tensor("keys"), path), path)
    }
    throw EncoderError.badVectors(file: path, fault: .unknownFormat)
  }

  private static func require(_ names: [String], among found: [String], _ path: String) throws {
    if let missing = names.first(where: { !found.contains($0) }) {
      throw EncoderError.badVectors(file: path, fault: .missingTensor(missing, found: found.sorted()))
    }
  }

  private static func keys(of tensor: StoredTensor, _ path: String) throws -> [Digest] {
    guard tensor.kind == .uint8, tensor.shape.count == 2, tensor.shape[1] == 32 else {
      throw EncoderError.badVectors(
        file: path,
        fault: .wrongShape(
          tensor: "keys", shape: tensor.shape, expected: "[rows, 32] of unsigned 8-bit integers"))
    }
    return tensor.bytes.withUnsafeBytes { bytes in
      (0..<tensor.shape[0]).map { row in
        func word(_ index: Int) -> UInt64 {
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: row * 32 + index * 8, as: UInt64.self))
        }
        return Digest(words: (word(0), word(1), word(2), word(3)))
      }
    }
  }

  private static func keys(inLinesOf file: String) throws -> [Digest] {
    let lines = try FileBytes(text: file).string.split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { number, line in
      let text = line.last == "\r" ? line.dropLast() : line
      if text.isEmpty, number == lines.count - 1 { return nil }
      guard let digest = Digest(hex: text) else {
        throw EncoderError.badVectors(
          file: String(file.dropLast(5)) + ".npy",
          fault: .badKey(line: number + 1, text: String(text), file: file))
      }
      return digest
    }
  }
}
