/// How the numbers of a stored tensor are written, all least significant byte first.
public enum NumberKind: Sendable, Equatable {
  /// IEEE 754 binary floating point.
  case float16, float32, float64
  /// The upper half of a 32-bit float.
  case bfloat16
  /// Two's complement integers.
  case int8, int16, int32, int64
  /// Integers without sign.
  case uint8, uint16, uint32, uint64
  /// One byte, zero for false.
  case bool

  /// The bytes of one number.
  public var width: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether the numbers are floating point.
  public var isFloating: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }
}

/// The value of a half precision float: 1 sign, 5 exponent and 10 fraction bits.
///
/// Computed from the bits because `Float16` does not exist on every processor that macOS runs on.
@inline(__always)
func singleFromHalf(_ bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10 & 0x1f)
  let fraction = UInt32(bits & 0x3ff)
  switch exponent {
  case 0:
    // Subnormal: the fraction counts steps of 2^-24, which is exact in single precision.
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 0x1f: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
