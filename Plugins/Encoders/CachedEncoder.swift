public import Hustings
import HustingsData
import Foundation

/// Keeps the rows of another encoder on disk, by the content of what was encoded.
///
/// Rows lie in `FOLDER/FINGERPRINT/SEGMENT.safetensors`, one segment for the passages of each call that were not there yet.
/// A segment is written whole or not at all and named by the passages in it, so that any number of processes may share a
/// folder. A segment that cannot be read is left out, and its rows are encoded again.
public actor CachedEncoder: Encoder {
  /// That of the encoder behind.
  public nonisolated let card: EncoderCard
  /// That of the encoder behind.
  public nonisolated let state: EncoderState
  private let base: any Encoder
  private let folder: String
  private var segments: [FeatureMatrix] = []
  private var places: [Digest: (segment: Int, row: Int)] = [:]
  private var isOpen = false
  /// How many passages were encoded by the encoder behind, and how many were found.
  public private(set) var counts = (encoded: 0, found: 0)

  /// Rows of `base`, kept in `folder`, which is made when the first of them is written.
  public init(_ base: any Encoder, folder: String) {
    self.base = base
    self.folder = "\(folder)/\(base.card.fingerprint.hex)"
    card = base.card
    state = base.state
  }

  /// One row per passage, in order; only passages that were never encoded before reach the encoder behind.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    open()
    let digests = passages.map(\.digest)
    var missing: [Passage] = []
    var asked = Set<Digest>()
    for (passage, digest) in zip(passages, digests) where places[digest] == nil {
      if asked.insert(digest).inserted { missing.append(passage) }
    }
    if !missing.isEmpty {
      let rows = try await base.encode(missing)
      let keys = missing.map(\.digest)
      try write(rows, keys: keys)
      add(rows, keys: keys)
    }
    counts.encoded += missing.count
    counts.found += passages.count - missing.count
    return gather(digests)
  }

  private func add(_ rows: FeatureMatrix, keys: [Digest]) {
    for (row, key) in keys.enumerated() where places[key] == nil { places[key] = (segments.count, row) }
    segments.append(rows)
  }

  private func gather(_ digests: [Digest]) -> FeatureMatrix {
    var dense: [Float] = []
    dense.reserveCapacity(digests.count * card.denseWidth)
    var offsets: [Int64] = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for digest in digests {
      guard let place = places[digest] else {
        preconditionFailure("the row of \(digest.short) was neither found nor encoded")
      }
      let segment = segments[place.segment]
      dense += segment.dense[place.row * segment.denseWidth..<(place.row + 1) * segment.denseWidth]
      if let sparse = segment.sparse {
        let range = Int(sparse.offsets[place.row])..<Int(sparse.offsets[place.row + 1])
        columns += sparse.columns[range]
        values += sparse.values[range]
      }
      offsets.append(Int64(columns.count))
    }
    let sparse =
      card.sparseWidth == 0
      ? nil : SparseRows(width: card.sparseWidth, offsets: offsets, columns: columns, values: values)
    return FeatureMatrix(
      count: digests.count, sparse: sparse, denseWidth: card.denseWidth, dense: dense)
  }

  // MARK: Segments

  private func write(_ rows: FeatureMatrix, keys: [Digest]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var name = SHA256()
    for key in keys { name.update(key) }
    var tensors = [StoredTensor(name: "dense", shape: [rows.count, rows.denseWidth], floats: rows.dense)]
    if let sparse = rows.sparse {
      // Columns and lengths are below 2^24, so 32-bit floats hold them exactly.
      precondition(sparse.width <= 1 << 24, "\(sparse.width) sparse columns")
      let lengths = (0..<rows.count).map { Float(sparse.offsets[$0 + 1] - sparse.offsets[$0]) }
      tensors.append(StoredTensor(name: "lengths", shape: [lengths.count], floats: lengths))
      tensors.append(
        StoredTensor(
          name: "columns", shape: [sparse.columns.count], floats: sparse.columns.map { Float($0) }))
      tensors.append(StoredTensor(name: "values", shape: [sparse.values.count], floats: sparse.values))
    }
    try SafetensorsFile.write(
      tensors, metadata: ["passages": keys.map(\.hex).joined(separator: " ")],
      to: "\(folder)/\(name.finalize().hex).safetensors")
  }

  /// Reads the segments that are there, once.
  private func open() {
    guard !isOpen else { return }
    isOpen = true
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() where name.hasSuffix(".safetensors") {
      guard let (rows, keys) = try? read("\(folder)/\(name)") else { continue }
      add(rows, keys: keys)
    }
  }

  private struct Damaged: Error {}

  private func read(_ path: String) throws -> (FeatureMatrix, [Digest]) {
    let file = try SafetensorsFile(path)
    let keys = (file.metadata["passages"] ?? "").split(separator: " ").compactMap { Digest(hex: $0) }
    let dense = try file.tensor("dense")
    guard dense.shape == [keys.count, card.denseWidth] else { throw Damaged() }
    guard card.sparseWidth > 0 else {
      return (
        FeatureMatrix(count: keys.count, denseWidth: card.denseWidth, dense: try dense.floats()), keys
      )
    }
    let lengths = try file.tensor("lengths").floats().compactMap { Int64(exactly: $0) }
    let columns = try file.tensor("columns").floats().compactMap { Int32(exactly: $0) }
    let values = try file.tensor("values").floats()
    guard lengths.count == keys.count, lengths.allSatisfy({ $0 >= 0 }), columns.count == values.count,
      lengths.reduce(0, +) == Int64(columns.count),
      columns.allSatisfy({ $0 >= 0 && Int($0) < card.sparseWidth })
    else { throw Damaged() }
    let offsets = lengths.reduce(into: [Int64(0)]) { $0.append(($0.last ?? 0) + $1) }
    let sparse = SparseRows(width: card.sparseWidth, offsets: offsets, columns: columns, values: values)
    return (
      FeatureMatrix(
        count: keys.count, sparse: sparse, denseWidth: card.denseWidth, dense: try dense.floats()), keys
    )
  }
}
