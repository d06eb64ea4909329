/// What can be wrong with settings written as NAME=VALUE.
package enum SettingFault: Sendable {
  /// There is no such setting.
  case unknown(name: String, known: [String])
  /// A setting has a value it cannot have.
  case bad(name: String, text: String, expected: String)
}

/// Reads settings one by one and refuses those that nobody asked for.
package struct SettingReader {
  private let values: [String: String]
  private let error: (SettingFault) -> any Error
  private var known: [String] = []

  /// - Parameter error: how the owner of the settings says what is wrong with one.
  package init(_ values: [String: String], error: @escaping (SettingFault) -> any Error) {
    self.values = values
    self.error = error
  }

  /// The text of a setting; nil when it is not given.
  package mutating func text(_ name: String) -> String? {
    known.append(name)
    return values[name]
  }

  /// A whole number within a range; nil when it is not given.
  package mutating func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = text(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw bad(name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number within a range; nil when it is not given.
  package mutating func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = text(name) else { return nil }
    guard let value = Double(text), range.contains(value) else {
      throw bad(name, text, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The error of a value that a setting cannot have.
  package func bad(_ name: String, _ text: String, _ expected: String) -> any Error {
    error(.bad(name: name, text: text, expected: expected))
  }

  /// Refuses settings that were given and never asked for.
  package func finish() throws {
    if let unknown = values.keys.sorted().first(where: { !known.contains($0) }) {
      throw error(.unknown(name: unknown, known: known))
    }
  }
}
