import HustingsData

extension JSONNode {
  /// What the value of the member `key` stands for among the few it may have; whole numbers may be written as strings.
  func label<Meaning>(_ key: String, _ meanings: KeyValuePairs<String, Meaning>) throws -> Meaning {
    let node = try node(key)
    let found = try node.identifier()
    for (label, meaning) in meanings where label == found { return meaning }
    throw node.fault(
      .notAllowed(found: "'\(found)'", expected: meanings.map { "'\($0.key)'" }.joined(separator: " or ")))
  }

  /// The value of the member `key`, which must be one of a few names.
  func label(_ key: String, among names: [String]) throws -> String {
    let found = try string(key)
    guard names.contains(found) else {
      let expected =
        names.count <= 6
        ? names.map { "'\($0)'" }.joined(separator: " or ")
        : "one of \(names.count) names: \(names.joined(separator: ", "))"
      throw fault(key, .notAllowed(found: "'\(found)'", expected: expected))
    }
    return found
  }

  /// This value as an identifier: a string, or a whole number in its decimal form.
  func identifier() throws -> String {
    if let number = value.wholeNumber { return String(number) }
    return try string()
  }
}
