public import Hustings

/// A block of numbers as a file stores it, row-major, not yet converted.
public struct StoredTensor: Sendable {
  /// The name in the file; empty where the file has no names.
  public let name: String
  /// How the numbers are written.
  public let kind: NumberKind
  /// The dimensions; none for a single number.
  public let shape: [Int]
  /// The numbers, `kind.width` bytes each.
  public let bytes: [UInt8]
  /// The file, for messages.
  let file: String

  init(name: String, kind: NumberKind, shape: [Int], bytes: [UInt8], file: String) {
    let wanted = NumberCount(shape)?.bytes(of: kind)
    precondition(wanted == bytes.count, "\(bytes.count) bytes for \(shape) of \(kind)")
    self.name = name
    self.kind = kind
    self.shape = shape
    self.bytes = bytes
    self.file = file
  }

  /// A tensor to be written as 32-bit floats.
  public init(_ tensor: NamedTensor) {
    self.init(name: tensor.name, shape: tensor.shape, floats: tensor.values)
  }

  /// A tensor to be written as 32-bit floats.
  public init(name: String, shape: [Int], floats: [Float]) {
    let bytes = floats.withUnsafeBytes { Array($0) }
    self.init(name: name, kind: .float32, shape: shape, bytes: bytes, file: "")
  }

  /// A tensor to be written as 64-bit floats.
  public init(name: String, shape: [Int], doubles: [Double]) {
    let bytes = doubles.withUnsafeBytes { Array($0) }
    self.init(name: name, kind: .float64, shape: shape, bytes: bytes, file: "")
  }

  /// How many numbers there are.
  public var count: Int { bytes.count / kind.width }

  /// The numbers in single precision, rounded where they have more digits.
  ///
  /// - Parameter nonFinite: whether NaN and infinities are an error, which names the first.
  public func floats(nonFinite: NonFiniteRule = .refuse) throws -> [Float] {
    let values: [Float] =
      switch kind {
      case .float16: convert(UInt16.self) { singleFromHalf(UInt16(littleEndian: $0)) }
      case .bfloat16: convert(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
      case .float32: convert(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
      case .float64: convert(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
      case .int8: convert(Int8.self) { Float($0) }
      case .int16: convert(Int16.self) { Float(Int16(littleEndian: $0)) }
      case .int32: convert(Int32.self) { Float(Int32(littleEndian: $0)) }
      case .int64: convert(Int64.self) { Float(Int64(littleEndian: $0)) }
      case .uint8: convert(UInt8.self) { Float($0) }
      case .uint16: convert(UInt16.self) { Float(UInt16(littleEndian: $0)) }
      case .uint32: convert(UInt32.self) { Float(UInt32(littleEndian: $0)) }
      case .uint64: convert(UInt64.self) { Float(UInt64(littleEndian: $0)) }
      case .bool: convert(UInt8.self) { $0 == 0 ? 0 : 1 }
      }
    if nonFinite == .refuse, kind.isFloating, let index = values.firstIndex(where: { !$0.isFinite }) {
      throw fault(.notFinite(tensor: name, index: index, value: "\(values[index])"))
    }
    return values
  }

  /// The numbers in double precision; 64-bit integers beyond 2^53 are rounded.
  ///
  /// - Parameter nonFinite: whether NaN and infinities are an error, which names the first.
  public func doubles(nonFinite: NonFiniteRule = .refuse) throws -> [Double] {
    let values: [Double] =
      switch kind {
      case .float64: convert(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
      case .int32: convert(Int32.self) { Double(Int32(littleEndian: $0)) }
      case .int64: convert(Int64.self) { Double(Int64(littleEndian: $0)) }
      case .uint32: convert(UInt32.self) { Double(UInt32(littleEndian: $0)) }
      case .uint64: convert(UInt64.self) { Double(UInt64(littleEndian: $0)) }
      // All others are exact in single precision.
      default: try floats(nonFinite: .keep).map(Double.init)
      }
    if nonFinite == .refuse, kind.isFloating, let index = values.firstIndex(where: { !$0.isFinite }) {
      throw fault(.notFinite(tensor: name, index: index, value: "\(values[index])"))
    }
    return values
  }

  /// The numbers as integers; throws when the file stores floats, or an integer beyond 63 bits.
  public func integers() throws -> [Int] {
    switch kind {
    case .int8: return convert(Int8.self) { Int($0) }
    case .int16: return convert(Int16.self) { Int(Int16(littleEndian: $0)) }
    case .int32: return convert(Int32.self) { Int(Int32(littleEndian: $0)) }
    case .int64: return convert(Int64.self) { Int(Int64(littleEndian: $0)) }
    case .uint8: return convert(UInt8.self) { Int($0) }
    case .uint16: return convert(UInt16.self) { Int(UInt16(littleEndian: $0)) }
    case .uint32: return convert(UInt32.self) { Int(UInt32(littleEndian: $0)) }
    case .uint64:
      let values = convert(UInt64.self) { UInt64(littleEndian: $0) }
      if let large = values.first(where: { $0 > UInt64(Int.max) }) {
        throw fault(.unsupported("the integer \(large)"))
      }
      return values.map { Int($0) }
    case .bool: return convert(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .float16, .float32, .float64, .bfloat16: throw fault(.notIntegers(tensor: name))
    }
  }

  /// The tensor with its numbers in single precision.
  public func named(nonFinite: NonFiniteRule = .refuse) throws -> NamedTensor {
    NamedTensor(name, shape: shape, values: try floats(nonFinite: nonFinite))
  }

  /// An error about this tensor.
  public func fault(_ fault: TensorFault) -> DataError { .tensors(file: file, fault: fault) }

  /// The stored numbers start at any address, so each is loaded unaligned.
  @inline(__always)
  private func convert<Stored, Value>(_: Stored.Type, _ value: (Stored) -> Value) -> [Value] {
    let count = count
    return bytes.withUnsafeBytes { source in
      [Value](large: count) { target, initialised in
        for index in 0..<count {
          let stored = source.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
          target.initializeElement(at: index, to: value(stored))
        }
        initialised = count
      }
    }
  }
}

/// How many numbers a shape holds; nil when a dimension is negative or the product is beyond any memory.
struct NumberCount {
  let value: Int

  init?(_ shape: [Int]) {
    var product = 1
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      product = next
    }
    value = product
  }

  func bytes(of kind: NumberKind) -> Int? {
    let (bytes, overflow) = value.multipliedReportingOverflow(by: kind.width)
    return overflow ? nil : bytes
  }
}
