/// A value written in a judge's reply, as JSON or as a Python literal.
public indirect enum ReplyValue: Sendable, Hashable {
  /// `null` or `None`.
  case null
  /// `true` or `True`, `false` or `False`.
  case flag(Bool)
  /// A finite number.
  case number(Double)
  /// A string.
  case text(String)
  /// An array, a list, a tuple or a set.
  case list([ReplyValue])
  /// An object, or a dictionary whose keys are strings; of equal keys the last counts.
  case object([String: ReplyValue])

  /// Reads a JSON text; nil when it is none.
  public init?(json text: String) {
    guard let value = ReplyScanner.read(text, as: .json) else { return nil }
    self = value
  }

  /// Reads a Python literal, as `ast.literal_eval` does; nil when it is none.
  public init?(pythonLiteral text: String) {
    guard let value = ReplyScanner.read(text, as: .python) else { return nil }
    self = value
  }

  /// The number; nil for anything else. Python counts true as 1 and false as 0.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .flag(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The member `key` of an object.
  public subscript(key: String) -> ReplyValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}
