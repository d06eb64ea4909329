import Hustings

/// The settings behind the colon of a generated benchmark, as in `subjectivity:pairs=500,judges=5`.
struct GeneratedOptions {
  private var reader: SettingReader

  /// - Parameter text: what stands behind the colon; nil for no settings.
  init(_ text: String?, of benchmark: String) throws {
    var values: [String: String] = [:]
    for part in (text ?? "").split(separator: ",") {
      guard let equals = part.firstIndex(of: "=") else {
        throw GeneratedError.noValue(benchmark: benchmark, text: String(part))
      }
      values[String(part[..<equals])] = String(part[part.index(after: equals)...])
    }
    reader = SettingReader(values) { fault in
      switch fault {
      case .unknown(let name, let known):
        GeneratedError.unknown(benchmark: benchmark, name: name, known: known)
      case .bad(let name, let text, let expected):
        GeneratedError.bad(benchmark: benchmark, name: name, text: text, expected: expected)
      }
    }
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    try reader.integer(name, in: range)
  }

  mutating func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    try reader.number(name, in: range)
  }

  /// Names with a plus between them; an empty list for an empty value.
  mutating func names(_ name: String) -> [String]? {
    reader.text(name)?.split(separator: "+").map(String.init)
  }

  /// What random choices are a function of: the setting `seed`, else the run's.
  mutating func seed(_ context: BenchmarkContext) throws -> UInt64 {
    try integer("seed", in: 0...Int.max).map(UInt64.init) ?? context.seed
  }

  mutating func choice<Value>(_ name: String, _ meanings: KeyValuePairs<String, Value>) throws -> Value? {
    guard let text = reader.text(name) else { return nil }
    for (word, value) in meanings where word == text { return value }
    throw reader.bad(name, text, meanings.map(\.key).joined(separator: " or "))
  }

  /// Refuses settings that were given and never asked for.
  func finish() throws { try reader.finish() }
}

/// What can be wrong with the settings of a generated benchmark.
public enum GeneratedError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A setting has no value.
  case noValue(benchmark: String, text: String)
  /// There is no such setting.
  case unknown(benchmark: String, name: String, known: [String])
  /// A table of ratings has too few criteria for a cycle.
  case fewCriteria(file: String, found: [String])
  /// Nobody of that name is in the data.
  case nobody(benchmark: String, name: String, known: [String])
  /// A setting has a value it cannot have.
  case bad(benchmark: String, name: String, text: String, expected: String)

  /// Whether the command line is at fault, and no file.
  public var isUsage: Bool {
    switch self {
    case .noValue, .unknown, .bad: true
    case .fewCriteria, .nobody: false
    }
  }

  /// One sentence: what, where, and the next move.
  public var description: String {
    switch self {
    case .noValue(let benchmark, let text):
      "'\(text)' is no setting of \(benchmark). Write settings as NAME=VALUE, with commas between them."
    case .unknown(let benchmark, let name, let known):
      "\(benchmark) has no setting '\(name)'. It has \(known.joined(separator: ", "))."
    case .fewCriteria(let file, let found):
      "\(file) has \(found.count) columns of ratings beside item, prompt and response. A cycle needs at least 3 criteria."
    case .nobody(let benchmark, let name, let known):
      "\(benchmark) has nobody called '\(name)' to leave out. It has \(known.joined(separator: ", "))."
    case .bad(let benchmark, let name, let text, let expected):
      "\(name)=\(text) is no setting of \(benchmark). It needs \(expected)."
    }
  }
}
