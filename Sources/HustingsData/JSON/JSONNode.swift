/// A JSON value that knows where it came from, so that a wrong or missing field can be named with its file and line.
///
/// ```swift
/// for row in try JSONLines.read("pairs.jsonl") {
///   let prompt = try row.string("prompt")
///   let margin = try row.optionalDouble("margin")   // nil when missing or null
/// }
/// ```
public struct JSONNode: Sendable {
  /// The value.
  public let value: JSONValue
  let trail: JSONTrail

  init(_ value: JSONValue, _ trail: JSONTrail) {
    self.value = value
    self.trail = trail
  }

  /// The way from the root of the document, such as `turns[2].role`; empty for the root.
  public var path: String { trail.path }

  /// The file and the line on which the value stands. Finding the line of an inner value reads the text again.
  public var place: Place { trail.place }

  /// Reads a JSON file, gzip or plain.
  public static func read(_ path: String, nonFinite: NonFiniteRule = .keep) throws -> JSONNode {
    try JSONNode(parsing: FileBytes(text: path), nonFinite: nonFinite)
  }

  /// Reads a JSON text in memory; `name` stands for the file in messages.
  public static func parse(
    _ text: String, name: String, nonFinite: NonFiniteRule = .keep
  ) throws -> JSONNode {
    try JSONNode(parsing: FileBytes(text: Array(text.utf8), file: name), nonFinite: nonFinite)
  }

  /// Reads JSON bytes in memory; `name` stands for the file in messages.
  public static func parse(
    _ bytes: [UInt8], name: String, nonFinite: NonFiniteRule = .keep
  ) throws -> JSONNode {
    try JSONNode(parsing: FileBytes(text: bytes, file: name), nonFinite: nonFinite)
  }

  init(parsing text: FileBytes, nonFinite: NonFiniteRule) throws {
    var cursor = JSONCursor(file: text.file, nonFinite: nonFinite, length: text.bytes.count)
    value = try text.bytes.withUnsafeBufferPointer { bytes in
      cursor.aim(at: bytes)
      let value = try cursor.value()
      try cursor.finish()
      return value
    }
    trail = .document(text)
  }

  /// An error about this value.
  public func fault(_ fault: FieldFault) -> DataError { .field(at: place, path: path, fault: fault) }

  /// An error about the member `key` of this object.
  public func fault(_ key: String, _ fault: FieldFault) -> DataError { node(value, key).fault(fault) }

  func node(_ value: JSONValue, _ key: String) -> JSONNode { JSONNode(value, .member(trail, key)) }

  func wrongType(_ expected: String) -> DataError {
    if case .nonFinite(let token) = value, expected.hasSuffix("number") {
      return fault(.notFinite(token.rawValue))
    }
    return fault(.wrongType(expected: expected, found: value.typeName))
  }
}

// MARK: This value

extension JSONNode {
  /// This value as a string.
  public func string() throws -> String {
    guard case .string(let text) = value else { throw wrongType("a string") }
    return text
  }

  /// This value as a finite double; whole numbers become the nearest one.
  public func double() throws -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .double(let number): return number
    default: throw wrongType("a number")
    }
  }

  /// This value as a whole number; `1.0` is one.
  public func integer() throws -> Int {
    guard let number = value.wholeNumber else { throw wrongType("a whole number") }
    return number
  }

  /// This value as true or false.
  public func bool() throws -> Bool {
    guard case .bool(let flag) = value else { throw wrongType("true or false") }
    return flag
  }

  /// The elements of this array.
  public func elements() throws -> [JSONNode] {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return values.indices.map { JSONNode(values[$0], .element(trail, $0)) }
  }

  /// The members of this object, in the order of the file.
  public func members() throws -> [(key: String, node: JSONNode)] {
    try object().members.map { ($0.key, node($0.value, $0.key)) }
  }

  /// This value as an object.
  public func object() throws -> JSONObject {
    guard case .object(let object) = value else { throw wrongType("an object") }
    return object
  }

  /// The elements of this array, which must all be strings.
  public func strings() throws -> [String] {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return try values.enumerated().map { index, value in
      guard case .string(let text) = value else {
        return try JSONNode(value, .element(trail, index)).string()
      }
      return text
    }
  }

  /// The elements of this array, which must all be finite numbers.
  public func doubles() throws -> [Double] {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return try values.enumerated().map { index, value in
      if case .double(let number) = value { return number }
      return try JSONNode(value, .element(trail, index)).double()
    }
  }

  /// Whether this is `null`.
  public var isNull: Bool { value == .null }
}

// MARK: Members

extension JSONNode {
  /// The member `key`, whatever it is; nil when there is none. A `null` is a member.
  public func member(_ key: String) throws -> JSONNode? {
    guard case .object(let object) = value else { throw wrongType("an object") }
    return object[key].map { node($0, key) }
  }

  /// The value of the member `key`; throws when there is none.
  private func required(_ key: String) throws -> JSONValue {
    guard case .object(let object) = value else { throw wrongType("an object") }
    guard let member = object[key] else {
      throw fault(key, .missing(nearest: nearestName(to: key, among: object.keys)))
    }
    return member
  }

  /// The value of the member `key`; nil when there is none or it is `null`.
  private func optional(_ key: String) throws -> JSONNode? {
    guard case .object(let object) = value else { throw wrongType("an object") }
    guard let member = object[key], member != .null else { return nil }
    return node(member, key)
  }

  /// The member `key`, which must be there; it may be `null`.
  public func node(_ key: String) throws -> JSONNode { node(try required(key), key) }

  /// The string `key`.
  public func string(_ key: String) throws -> String {
    let member = try required(key)
    guard case .string(let text) = member else { return try node(member, key).string() }
    return text
  }

  /// The finite number `key`.
  public func double(_ key: String) throws -> Double {
    let member = try required(key)
    guard case .double(let number) = member else { return try node(member, key).double() }
    return number
  }

  /// The whole number `key`.
  public func integer(_ key: String) throws -> Int {
    let member = try required(key)
    guard case .integer(let number) = member else { return try node(member, key).integer() }
    return number
  }

  /// The boolean `key`.
  public func bool(_ key: String) throws -> Bool { try node(key).bool() }

  /// The first element of the array `key`, which must be there; nil when it is empty.
  public func first(of key: String) throws -> JSONNode? {
    let member = try required(key)
    guard case .array(let values) = member else { throw node(member, key).wrongType("an array") }
    return values.first.map { JSONNode($0, .element(.member(trail, key), 0)) }
  }

  /// The elements of the array `key`.
  public func array(_ key: String) throws -> [JSONNode] { try node(key).elements() }

  /// The strings of the array `key`.
  public func strings(_ key: String) throws -> [String] { try node(key).strings() }

  /// The finite numbers of the array `key`.
  public func doubles(_ key: String) throws -> [Double] { try node(key).doubles() }

  /// The string `key`; nil when missing or `null`.
  public func optionalString(_ key: String) throws -> String? {
    if case .object(let object) = value, case .string(let text)? = object[key] { return text }
    return try optional(key)?.string()
  }

  /// The finite number `key`; nil when missing or `null`.
  public func optionalDouble(_ key: String) throws -> Double? { try optional(key)?.double() }

  /// The whole number `key`; nil when missing or `null`.
  public func optionalInteger(_ key: String) throws -> Int? { try optional(key)?.integer() }

  /// The boolean `key`; nil when missing or `null`.
  public func optionalBool(_ key: String) throws -> Bool? { try optional(key)?.bool() }

  /// The elements of the array `key`; nil when missing or `null`.
  public func optionalArray(_ key: String) throws -> [JSONNode]? { try optional(key)?.elements() }

  /// The member `key`; nil when missing or `null`.
  public func optionalNode(_ key: String) throws -> JSONNode? { try optional(key) }

  /// Insists that this object has no keys but `allowed`.
  public func allow(only allowed: [String]) throws {
    for key in try object().keys where !allowed.contains(key) {
      throw fault(key, .unknown(nearest: nearestName(to: key, among: allowed)))
    }
  }
}
