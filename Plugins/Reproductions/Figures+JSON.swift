import HustingsData

extension Figures {
  /// The figures of a JSON file.
  public init(file: String) throws { self.init(try JSONNode.read(file).value) }

  init(_ value: JSONValue) {
    switch value {
    case .bool(let flag): self = .flag(flag)
    case .integer(let number): self = .number(Double(number))
    case .double(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .array(let elements): self = .list(elements.map { Figures($0) })
    case .object(let object):
      self = .object(
        Dictionary(
          object.members.map { ($0.key, Figures($0.value)) }, uniquingKeysWith: { first, _ in first }))
    default: self = .missing
    }
  }
}
