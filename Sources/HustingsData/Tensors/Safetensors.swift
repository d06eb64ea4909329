/// Named tensors in one file (github.com/huggingface/safetensors, format section of its README).
///
/// Eight bytes give the length of a JSON header, which gives each tensor's kind, shape and place. Opening checks the whole
/// header: known kinds, places that follow one another without gap or overlap, and a file that ends where they do.
public struct SafetensorsFile: Sendable {
  /// A tensor in the file.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// How its numbers are written.
    public let kind: NumberKind
    /// Its dimensions.
    public let shape: [Int]
    /// Its bytes, counted from the end of the header.
    let range: Range<Int>
  }

  /// The tensors, in the order of their places.
  public let entries: [Entry]
  /// What the writer noted about the file.
  public let metadata: [String: String]
  private let file: SharedFile
  private let dataStart: Int

  /// The largest header there may be, as in the reference implementation.
  static let longestHeader = 100_000_000

  /// Opens the file and reads its header; the numbers stay on disk until asked for.
  public init(_ path: String) throws {
    file = try SharedFile(path)
    func fault(_ fault: TensorFault) -> DataError { .tensors(file: path, fault: fault) }
    guard let start = try file.read(count: 8, at: 0) else { throw fault(.truncated) }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.longestHeader) else {
      throw fault(.damaged("its header claims \(length) bytes, so it is no safetensors file"))
    }
    guard let header = try file.read(count: Int(length), at: 8) else { throw fault(.truncated) }
    dataStart = 8 + Int(length)
    let root = try JSONNode.parse(header, name: path, nonFinite: .refuse)
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    for (key, node) in try root.members() {
      if key == "__metadata__" {
        for (key, value) in try node.members() { metadata[key] = try value.string() }
      } else {
        entries.append(try Self.entry(key, node))
      }
    }
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let word = entry.range.lowerBound < end ? "overlap" : "leave a gap"
        throw fault(.damaged("its tensors \(word) at '\(entry.name)'"))
      }
      end = entry.range.upperBound
    }
    guard file.size - dataStart >= end else { throw fault(.truncated) }
    guard file.size - dataStart == end else { throw fault(.trailingBytes(file.size - dataStart - end)) }
    self.entries = entries
    self.metadata = metadata
  }

  private static func entry(_ name: String, _ node: JSONNode) throws -> Entry {
    try node.allow(only: ["dtype", "shape", "data_offsets"])
    let spelling = try node.string("dtype")
    guard let kind = kinds.first(where: { $0.spelling == spelling })?.kind else {
      let known = kinds.map(\.spelling).joined(separator: ", ")
      throw node.fault("dtype", .notAllowed(found: "'\(spelling)'", expected: "one of \(known)"))
    }
    let shape = try node.array("shape").map { try $0.integer() }
    let offsets = try node.array("data_offsets").map { try $0.integer() }
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw node.fault("data_offsets", .notAllowed(found: "\(offsets)", expected: "a start and an end"))
    }
    guard let wanted = NumberCount(shape)?.bytes(of: kind), wanted == offsets[1] - offsets[0] else {
      throw node.fault(
        "shape", .notAllowed(found: "\(shape)", expected: "a shape of \(offsets[1] - offsets[0]) bytes"))
    }
    return Entry(name: name, kind: kind, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// The names of the tensors, in the order of their places.
  public var names: [String] { entries.map(\.name) }

  /// Reads one tensor.
  public func tensor(_ name: String) throws -> StoredTensor {
    guard let entry = entries.first(where: { $0.name == name }) else {
      let nearest = nearestName(to: name, among: names)
      throw DataError.tensors(file: file.path, fault: .missing(tensor: name, nearest: nearest))
    }
    guard let bytes = try file.read(count: entry.range.count, at: dataStart + entry.range.lowerBound) else {
      throw DataError.tensors(file: file.path, fault: .truncated)
    }
    return StoredTensor(name: name, kind: entry.kind, shape: entry.shape, bytes: bytes, file: file.path)
  }

  /// Reads all tensors, in the order of their places.
  public func tensors() throws -> [StoredTensor] { try names.map { try tensor($0) } }

  /// Writes tensors to `path`, whole or not at all. Wider numbers come first, then the order of names, as in the
  /// reference implementation, so that the same tensors always give the same bytes.
  public static func write(
    _ tensors: [StoredTensor], metadata: [String: String] = [:], to path: String
  ) throws {
    let ordered = tensors.sorted { ($1.kind.width, $0.name) < ($0.kind.width, $1.name) }
    var header = JSONObject()
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
      header["__metadata__"] = .object(JSONObject(pairs.map { ($0.key, .string($0.value)) }))
    }
    var end = 0
    for tensor in ordered {
      precondition(tensor.name != "__metadata__", "'__metadata__' cannot name a tensor")
      let isNew = header.append(
        tensor.name,
        [
          "dtype": .string(spelling(of: tensor.kind)), "shape": .array(tensor.shape.map { .integer($0) }),
          "data_offsets": [.integer(end), .integer(end + tensor.bytes.count)],
        ])
      precondition(isNew, "two tensors are named '\(tensor.name)'")
      end += tensor.bytes.count
    }
    var text = try JSONValue.object(header).encoded()
    // Spaces behind the header put the numbers at a multiple of eight.
    text += repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    try AtomicFile.write(to: path) { output in
      try withUnsafeBytes(of: UInt64(text.count).littleEndian) { try output.write($0) }
      try output.write(text)
      for tensor in ordered { try output.write(tensor.bytes) }
    }
  }

  private static let kinds: [(spelling: String, kind: NumberKind)] = [
    ("F16", .float16), ("BF16", .bfloat16), ("F32", .float32), ("F64", .float64), ("I8", .int8),
    ("I16", .int16),
    ("I32", .int32), ("I64", .int64), ("U8", .uint8), ("U16", .uint16), ("U32", .uint32), ("U64", .uint64),
    ("BOOL", .bool),
  ]

  private static func spelling(of kind: NumberKind) -> String {
    kinds.first { $0.kind == kind }?.spelling ?? "\(kind)"
  }
}
