public import Hustings

extension Manifest {
  /// What a check of one file found.
  public struct FileCheck: Sendable, Equatable, CustomStringConvertible {
    /// The path in the manifest.
    public let path: String
    /// Whether the file is as it must be.
    public let state: FileState

    /// The path and what was found.
    public var description: String { "\(path): \(state)" }
  }

  /// Whether a file is as its manifest says.
  public enum FileState: Sendable, Equatable, CustomStringConvertible {
    /// It is.
    case ok
    /// It is not there.
    case missing
    /// It has another number of bytes.
    case wrongSize(found: Int, expected: Int)
    /// Its bytes are others.
    case wrongDigest(found: Digest, expected: Digest)
    /// It has another number of records.
    case wrongCount(found: Int, expected: Int)

    /// A few words for a table.
    public var description: String {
      switch self {
      case .ok: "ok"
      case .missing: "missing"
      case .wrongSize(let found, let expected): "\(found) bytes instead of \(expected)"
      case .wrongDigest(let found, let expected): "digest \(found.short) instead of \(expected.short)"
      case .wrongCount(let found, let expected): "\(found) rows instead of \(expected)"
      }
    }
  }

  /// Checks every file of the manifest in `folder`.
  ///
  /// - Parameter pins: digests of files made from pages of rows, for those whose manifest does not state one.
  public func verify(_ folder: BenchmarkFolder, pins: [String: Digest] = [:]) throws -> [FileCheck] {
    let fileChecks = try files.map { file in
      FileCheck(path: file.path, state: try state(of: file, in: folder))
    }
    let rowChecks = try rows.map { source in
      FileCheck(path: source.path, state: try state(of: source, in: folder, pin: pins[source.path]))
    }
    return fileChecks + rowChecks
  }

  private func state(of file: FileSource, in folder: BenchmarkFolder) throws -> FileState {
    guard folder.has(file.path) else { return .missing }
    let path = try folder.file(file.path)
    let size = try OpenFile(reading: path).size ?? 0
    guard size == file.bytes else { return .wrongSize(found: size, expected: file.bytes) }
    let digest = try Digest(ofFile: path)
    return digest == file.sha256 ? .ok : .wrongDigest(found: digest, expected: file.sha256)
  }

  private func state(of source: RowsSource, in folder: BenchmarkFolder, pin: Digest?) throws -> FileState {
    guard folder.has(source.path) else { return .missing }
    let path = try folder.file(source.path)
    if let expected = source.sha256 ?? pin {
      let digest = try Digest(ofFile: path)
      return digest == expected ? .ok : .wrongDigest(found: digest, expected: expected)
    }
    var reader = try JSONLines(path)
    var count = 0
    while try reader.next(with: { cursor in try cursor.skip() }) != nil { count += 1 }
    return count == source.items ? .ok : .wrongCount(found: count, expected: source.items)
  }
}

/// The digests that a first download found, kept beside the files so that later ones are held to them.
public enum PinnedDigests {
  /// The name of the file in the folder of a benchmark.
  public static let file = "pinned-digests.json"

  /// The digests by path; none when nothing was pinned yet.
  public static func read(in folder: BenchmarkFolder) throws -> [String: Digest] {
    guard folder.has(file) else { return [:] }
    let root = try JSONNode.read(try folder.file(file))
    var pins: [String: Digest] = [:]
    for (path, node) in try root.members() {
      let text = try node.string()
      guard let digest = Digest(hex: text) else {
        throw node.fault(.notAllowed(found: "'\(text)'", expected: "64 hexadecimal digits"))
      }
      pins[path] = digest
    }
    return pins
  }

  /// Writes the digests, in the order of the paths.
  public static func write(_ pins: [String: Digest], in folder: BenchmarkFolder) throws {
    let members = pins.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value.hex)) }
    let text = try JSONValue.object(JSONObject(members)).text(.pretty)
    try AtomicFile.write(text + "\n", to: DataFolder.join(folder.path, file))
  }
}

extension Digest {
  /// The SHA-256 digest of a file's bytes as they lie on disk.
  public init(ofFile path: String) throws {
    let file = try OpenFile(reading: path)
    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { break }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    self = hash.finalize()
  }
}
