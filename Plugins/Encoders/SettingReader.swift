/// Reads the settings of an encoder or a step one by one and refuses those that nobody asked for.
struct SettingReader {
  private let kind: String
  private let options: [String: String]
  private var known: [String] = []

  init(kind: String, _ options: [String: String]) {
    self.kind = kind
    self.options = options
  }

  /// The text of a setting; nil when it is not given.
  mutating func text(_ name: String) -> String? {
    known.append(name)
    return options[name]
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = text(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw bad(name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  mutating func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = text(name) else { return nil }
    guard let value = Double(text), range.contains(value) else {
      throw bad(name, text, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  mutating func flag(_ name: String) throws -> Bool? {
    guard let text = text(name) else { return nil }
    switch text {
    case "yes": return true
    case "no": return false
    default: throw bad(name, text, "yes or no")
    }
  }

  /// A range such as `3-5`; `no` counts as not given.
  mutating func range(_ name: String, in bounds: ClosedRange<Int>) throws -> ClosedRange<Int>? {
    guard let text = text(name), text != "no" else { return nil }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high, bounds.contains(low),
      bounds.contains(high)
    else {
      throw bad(name, text, "a range such as 3-5, within \(bounds.lowerBound)-\(bounds.upperBound), or no")
    }
    return low...high
  }

  /// Refuses settings that were given and never asked for.
  func finish() throws {
    if let unknown = options.keys.sorted().first(where: { !known.contains($0) }) {
      throw EncoderError.unknownSetting(kind: kind, name: unknown, known: known)
    }
  }

  private func bad(_ name: String, _ text: String, _ expected: String) -> EncoderError {
    .badSetting(kind: kind, name: name, text: text, expected: expected)
  }
}
