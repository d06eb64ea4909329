/// One array in NumPy's format (numpy.lib.format, versions 1.0 to 3.0), in C order.
public enum NPY {
  /// Reads the array in the file `path`.
  public static func read(_ path: String) throws -> StoredTensor {
    try parse(FileBytes(binary: path).bytes, name: "", file: path)
  }

  static func parse(_ bytes: [UInt8], name: String, file: String) throws -> StoredTensor {
    func fault(_ fault: TensorFault) -> DataError { .tensors(file: file, fault: fault) }
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 10 else {
      throw fault(.damaged("it does not begin as a NumPy array"))
    }
    let isShort = bytes[6] == 1
    guard (1...3).contains(bytes[6]) else {
      throw fault(.unsupported("version \(bytes[6]) of NumPy's format"))
    }
    let start = isShort ? 10 : 12
    guard bytes.count >= start else { throw fault(.truncated) }
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard length <= bytes.count - start else { throw fault(.truncated) }
    guard let text = String(validating: bytes[start..<(start + length)], as: UTF8.self),
      let header = NPYHeader(text)
    else { throw fault(.damaged("its header is not one that NumPy writes")) }
    guard let kind = header.kind else { throw fault(.unsupported("the number format '\(header.format)'")) }
    guard !header.isFortran || header.shape.count < 2 else { throw fault(.columnMajor(tensor: name)) }
    guard let wanted = NumberCount(header.shape)?.bytes(of: kind) else {
      throw fault(.damaged("its shape \(header.shape) is impossible"))
    }
    let content = bytes.count - start - length
    guard content >= wanted else { throw fault(.truncated) }
    guard content == wanted else { throw fault(.trailingBytes(content - wanted)) }
    return StoredTensor(
      name: name, kind: kind, shape: header.shape, bytes: Array(bytes[(start + length)...]), file: file)
  }
}

/// Arrays in a zip archive, as `numpy.savez` and `numpy.savez_compressed` write them.
public struct NPZ: Sendable {
  private let archive: ZipArchive
  /// The names of the arrays, in the order of the file.
  public let names: [String]

  /// Opens the archive at `path` and reads its list of members.
  public init(_ path: String) throws {
    archive = try ZipArchive(path)
    names = archive.entries.compactMap { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : nil }
  }

  /// Reads one array.
  public func tensor(_ name: String) throws -> StoredTensor {
    guard let entry = archive.entries.first(where: { $0.name == name + ".npy" }) else {
      let nearest = nearestName(to: name, among: names)
      throw DataError.tensors(file: archive.path, fault: .missing(tensor: name, nearest: nearest))
    }
    return try NPY.parse(try archive.content(of: entry), name: name, file: archive.path)
  }
}

/// The header of an array: a Python dictionary of three entries.
struct NPYHeader {
  var format = ""
  var isFortran = false
  var shape: [Int] = []

  /// Nil when the text is not a dictionary of exactly `descr`, `fortran_order` and `shape`.
  init?(_ text: String) {
    var rest = Substring(text)
    var keys: Set<String> = []
    guard Self.take("{", &rest) else { return nil }
    while !Self.take("}", &rest) {
      guard let key = Self.quoted(&rest), keys.insert(key).inserted, Self.take(":", &rest) else { return nil }
      switch key {
      case "descr":
        guard let value = Self.quoted(&rest) else { return nil }
        format = value
      case "fortran_order":
        if Self.take("True", &rest) { isFortran = true } else if !Self.take("False", &rest) { return nil }
      case "shape":
        guard let value = Self.tuple(&rest) else { return nil }
        shape = value
      default: return nil
      }
      guard Self.take(",", &rest) || rest.first == "}" else { return nil }
    }
    Self.skipSpace(&rest)
    guard rest.isEmpty, keys.count == 3 else { return nil }
  }

  /// Nil for numbers most significant byte first, complex numbers, texts and records.
  var kind: NumberKind? {
    switch format {
    case "<f2": .float16
    case "<f4": .float32
    case "<f8": .float64
    case "|i1": .int8
    case "<i2": .int16
    case "<i4": .int32
    case "<i8": .int64
    case "|u1": .uint8
    case "<u2": .uint16
    case "<u4": .uint32
    case "<u8": .uint64
    case "|b1": .bool
    default: nil
    }
  }

  private static func skipSpace(_ rest: inout Substring) { rest = rest.drop { $0 == " " || $0 == "\n" } }

  private static func take(_ token: String, _ rest: inout Substring) -> Bool {
    skipSpace(&rest)
    guard rest.hasPrefix(token) else { return false }
    rest.removeFirst(token.count)
    skipSpace(&rest)
    return true
  }

  private static func quoted(_ rest: inout Substring) -> String? {
    guard let mark = rest.first, mark == "'" || mark == "\"" else { return nil }
    rest.removeFirst()
    guard let end = rest.firstIndex(of: mark) else { return nil }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end])
  }

  private static func tuple(_ rest: inout Substring) -> [Int]? {
    guard take("(", &rest) else { return nil }
    var values: [Int] = []
    while !take(")", &rest) {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let value = Int(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      values.append(value)
      guard take(",", &rest) || rest.first == ")" else { return nil }
    }
    return values
  }
}
