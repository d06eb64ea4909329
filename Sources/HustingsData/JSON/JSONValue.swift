/// A JSON value (RFC 8259). Whole numbers that fit 64 bits stay whole; all others are doubles.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent that fits 64 bits.
  case integer(Int)
  /// Any other number, correctly rounded.
  case double(Double)
  /// `NaN`, `Infinity` or `-Infinity`, as Python writes them; only where the reader was told to let them through.
  case nonFinite(NonFinite)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, with its keys in the order of the file.
  case object(JSONObject)

  /// What Python's `json` writes for numbers that are none.
  public enum NonFinite: String, Sendable, Hashable {
    /// Not a number.
    case nan = "NaN"
    /// Positive infinity.
    case infinity = "Infinity"
    /// Negative infinity.
    case negativeInfinity = "-Infinity"
  }

  /// The type in words, for messages.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .double: "a number"
    case .nonFinite(let token): token.rawValue
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object with the keys in the order written; a key twice is a bug and stops.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
