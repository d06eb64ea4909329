public import Hustings
import HustingsData
import Foundation

/// Keeps the rows of another encoder on disk, by the content of what was encoded.
///
/// Rows lie in `FOLDER/FINGERPRINT/SEGMENT.safetensors`, one segment for the passages of each call that were not there yet.
/// A segment is written whole or not at all and named by the passages in it, so that any number of processes may share a
/// folder. A segment that cannot be read is left out, and its rows are encoded again; so are rows where nothing can be
/// written. Beyond a limit the segments that were not read for longest go.
public actor CachedEncoder: Encoder {
  /// That of the encoder behind.
  public nonisolated let card: EncoderCard
  /// That of the encoder behind.
  public nonisolated let state: EncoderState
  private let base: any Encoder
  private let shelf: SegmentFolder
  private let folder: String
  /// Where rows are that are on disk.
  private var places: [Digest: (segment: String, row: Int)] = [:]
  private var isOpen = false
  /// How many passages were encoded by the encoder behind, and how many were found.
  public private(set) var counts = (encoded: 0, found: 0)

  /// Rows of `base`, kept in `folder`, which is made when the first of them is written.
  ///
  /// - Parameter limit: the most bytes that all encoders together may keep there.
  public init(_ base: any Encoder, folder: String, limit: Int = 2 << 30) {
    self.base = base
    shelf = SegmentFolder(path: folder, limit: limit)
    self.folder = "\(folder)/\(base.card.fingerprint.hex)"
    card = base.card
    state = base.state
  }

  /// One row per passage, in order; only passages that were never encoded before reach the encoder behind.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix {
    open()
    let digests = passages.map(\.digest)
    var blocks: [FeatureMatrix] = []
    var found: [Digest: (block: Int, row: Int)] = [:]
    // Only what these passages need is read, and let go when they are done.
    for name in Set(digests.compactMap { places[$0]?.segment }).sorted() {
      guard let (rows, keys) = try? read("\(folder)/\(name)") else {
        places = places.filter { $0.value.segment != name }
        continue
      }
      for (row, key) in keys.enumerated() { found[key] = (blocks.count, row) }
      blocks.append(rows)
      shelf.touch("\(folder)/\(name)")
    }
    var missing: [Passage] = []
    var asked = Set<Digest>()
    for (passage, digest) in zip(passages, digests) where found[digest] == nil {
      if asked.insert(digest).inserted { missing.append(passage) }
    }
    if !missing.isEmpty {
      let rows = try await base.encode(missing)
      let keys = missing.map(\.digest)
      for (row, key) in keys.enumerated() { found[key] = (blocks.count, row) }
      blocks.append(rows)
      // Rows that cannot be kept are still rows.
      if let name = try? write(rows, keys: keys) {
        for (row, key) in keys.enumerated() { places[key] = (name, row) }
        shelf.trim(keeping: "\(folder)/\(name)")
      }
    }
    counts.encoded += missing.count
    counts.found += passages.count - missing.count
    if blocks.count == 1, blocks[0].count == digests.count, missing.count == digests.count {
      return blocks[0]
    }
    return gather(digests, found, blocks)
  }

  private func gather(
    _ digests: [Digest], _ found: [Digest: (block: Int, row: Int)], _ blocks: [FeatureMatrix]
  ) -> FeatureMatrix {
    var dense: [Float] = []
    dense.reserveLargeCapacity(digests.count * card.denseWidth)
    var offsets: [Int64] = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for digest in digests {
      guard let place = found[digest] else {
        preconditionFailure("the row of \(digest.short) was neither found nor encoded")
      }
      let block = blocks[place.block]
      dense += block.dense[place.row * block.denseWidth..<(place.row + 1) * block.denseWidth]
      if let sparse = block.sparse {
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

  /// Writes a segment and returns its name.
  private func write(_ rows: FeatureMatrix, keys: [Digest]) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var hash = SHA256()
    for key in keys { hash.update(key) }
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
    let name = "\(hash.finalize().hex).safetensors"
    try SafetensorsFile.write(
      tensors, metadata: ["passages": keys.map(\.hex).joined(separator: " ")], to: "\(folder)/\(name)")
    return name
  }

  /// Reads which passages the segments that are there hold, once.
  private func open() {
    guard !isOpen else { return }
    isOpen = true
    for name in SegmentFolder.segments(in: folder) {
      guard let file = try? SafetensorsFile("\(folder)/\(name)") else { continue }
      for (row, key) in Self.keys(of: file).enumerated() { places[key] = (name, row) }
    }
  }

  private struct Damaged: Error {}

  private static func keys(of file: SafetensorsFile) -> [Digest] {
    (file.metadata["passages"] ?? "").split(separator: " ").compactMap { Digest(hex: $0) }
  }

  private func read(_ path: String) throws -> (FeatureMatrix, [Digest]) {
    let file = try SafetensorsFile(path)
    let keys = Self.keys(of: file)
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
