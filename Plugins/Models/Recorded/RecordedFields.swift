import HustingsData

/// One row of a table or of JSON, for formats that are written either way.
enum RecordedFields {
  case table(CSVRow, CSVTable)
  case json(JSONNode)

  /// An identifier: a text, or a whole number in its decimal form.
  func identifier(_ name: String) throws -> String {
    switch self {
    case .table(let row, _):
      let text = try row.string(name)
      if text.isEmpty { throw row.fault(.emptyField(column: name)) }
      return text
    case .json(let node): return try node.node(name).identifier()
    }
  }

  /// A text; nil when the column or key is not there, or is empty or null.
  func optionalText(_ name: String) throws -> String? {
    switch self {
    case .table(let row, let table): table.has(name) ? try row.optionalString(name) : nil
    case .json(let node):
      if let text = try node.optionalNode(name)?.identifier(), !text.isEmpty { text } else { nil }
    }
  }

  /// A finite number; nil when it is empty or null. The column or key must be there.
  func optionalNumber(_ name: String) throws -> Double? {
    switch self {
    case .table(let row, _): return try row.optionalDouble(name)
    case .json(let node):
      let member = try node.node(name)
      return member.isNull ? nil : try member.double()
    }
  }

  func has(_ name: String) throws -> Bool {
    switch self {
    case .table(_, let table): table.has(name)
    case .json(let node): try node.member(name) != nil
    }
  }

  var place: Place {
    switch self {
    case .table(let row, _): row.place
    case .json(let node): node.place
    }
  }
}

extension JSONNode {
  /// This value as an identifier: a string, or a whole number in its decimal form.
  func identifier() throws -> String {
    if let number = value.wholeNumber { return String(number) }
    return try string()
  }

  /// A number, which pipelines with several heads wrap in a list of one; nil for null.
  func optionalReward() throws -> Double? {
    if isNull { return nil }
    if case .array = value, let elements = try? elements(), elements.count == 1 {
      return try elements[0].optionalReward()
    }
    return try double()
  }
}
