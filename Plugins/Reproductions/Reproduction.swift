import Foundation

/// A published or independently computed set of numbers, and how this project computes the same ones from the same files.
///
/// A data set's folder holds `expected.json`; `obtain` returns a value of the same shape, computed from the other files of
/// the folder by the benchmarks, models and metrics that every other command uses. Nothing in it may depend on which files
/// of that format they are.
public struct Reproduction: Sendable {
  /// The folder below the data root.
  public let folder: String
  /// The file of expected numbers within the folder.
  public let expected: String
  /// How far an obtained number may lie from the expected one: `absolute + relative · |expected|`. Paths that need a wider
  /// limit (a published figure printed to four digits) are listed by prefix, the longest match deciding. `*` in the place of
  /// a key stands for any key.
  public let tolerance: Tolerance
  /// Wider limits that follow from the data, by path: what was obtained tells which numbers cannot be had any closer.
  public let allowances: @Sendable (_ obtained: Figures) -> [String: Double]
  /// Paths of `expected.json` that state facts nobody can compute from the folder (a note, a published figure quoted for
  /// reference), by prefix, each with the reason; `*` stands for any key. They are printed as quoted, not as reproduced.
  public let quoted: [String: String]
  /// The part of the expected file that is to be computed, where the file also holds what it is to be computed from.
  public let select: @Sendable (Figures) -> Figures
  /// Paths whose members each hold the best find of a search, with the name of the number that the search raises. To raise it
  /// further is as good, and makes the other numbers of that member numbers of another find; only counts stay comparable.
  public let searches: [String: String]
  /// Computes the numbers from the folder with the given path.
  public let obtain: @Sendable (_ folder: String) async throws -> Figures

  /// A reproduction.
  public init(
    folder: String, expected: String = "expected.json", tolerance: Tolerance,
    allowances: @escaping @Sendable (Figures) -> [String: Double] = { _ in [:] },
    quoted: [String: String] = [:], searches: [String: String] = [:],
    select: @escaping @Sendable (Figures) -> Figures = { $0 },
    obtain: @escaping @Sendable (_ folder: String) async throws -> Figures
  ) {
    self.folder = folder
    self.expected = expected
    self.tolerance = tolerance
    self.allowances = allowances
    self.quoted = quoted
    self.searches = searches
    self.select = select
    self.obtain = obtain
  }

  /// Why the number at `path` is quoted and not computed; nil when it is computed.
  public func quotation(at path: String) -> String? {
    PathPrefix.longest(quoted.keys, of: path).flatMap { quoted[$0] }
  }

  /// The limits for numbers that were obtained along with `obtained`.
  public func tolerance(for obtained: Figures) -> Tolerance {
    Tolerance(
      absolute: tolerance.absolute, relative: tolerance.relative,
      exceptions: tolerance.exceptions.merging(allowances(obtained)) { $1 })
  }

  /// The path of the number that a search raises, where the number at `path` belongs to what the search finds; nil elsewhere.
  public func raised(by path: String) -> String? {
    let parts = path.components(separatedBy: " / ")
    guard parts.count > 2, let number = searches[parts[0]] else { return nil }
    return "\(parts[0]) / \(parts[1]) / \(number)"
  }

  /// How far off is still right.
  public struct Tolerance: Sendable, Hashable {
    /// For a number in general.
    public let absolute: Double
    /// For a large number.
    public let relative: Double
    /// Absolute limits for paths with these prefixes.
    public let exceptions: [String: Double]

    /// A tolerance.
    public init(absolute: Double, relative: Double = 0, exceptions: [String: Double] = [:]) {
      self.absolute = absolute
      self.relative = relative
      self.exceptions = exceptions
    }

    /// The limit for the number at `path` when `expected` is expected.
    public func limit(at path: String, expected: Double) -> Double {
      PathPrefix.longest(exceptions.keys, of: path).flatMap { exceptions[$0] }
        ?? absolute + relative * abs(expected)
    }
  }
}

/// Numbers and names in the shape of a JSON file.
public indirect enum Figures: Sendable, Hashable {
  case number(Double)
  case text(String)
  case flag(Bool)
  case missing
  case list([Figures])
  case object([String: Figures])

  /// A whole number.
  public static func count(_ value: Int) -> Figures { .number(Double(value)) }
  /// A number that may not be defined.
  public static func maybe(_ value: Double?) -> Figures { value.map { .number($0) } ?? .missing }
  /// Several numbers.
  public static func numbers(_ values: [Double]) -> Figures { .list(values.map { .number($0) }) }

  /// Every leaf with its path: keys joined by ` / `, list elements by their place. Empty lists and objects are leaves too.
  public var leaves: [(path: String, value: Figures)] {
    switch self {
    case .list(let elements) where !elements.isEmpty:
      elements.enumerated().flatMap { place, element in Figures.under("\(place)", element) }
    case .object(let members) where !members.isEmpty:
      members.keys.sorted().flatMap { key in members[key].map { Figures.under(key, $0) } ?? [] }
    default: [("", self)]
    }
  }

  private static func under(_ key: String, _ value: Figures) -> [(path: String, value: Figures)] {
    value.leaves.map { ($0.path.isEmpty ? key : "\(key) / \($0.path)", $0.value) }
  }

  /// The member of an object; missing in anything else.
  public subscript(key: String) -> Figures {
    if case .object(let members) = self { members[key] ?? .missing } else { .missing }
  }

  /// The elements of a list; none of anything else.
  public var elements: [Figures] {
    if case .list(let elements) = self { elements } else { [] }
  }

  /// The members of an object; none of anything else.
  public var members: [String: Figures] {
    if case .object(let members) = self { members } else { [:] }
  }

  /// The number; nil of anything else.
  public var number: Double? {
    if case .number(let value) = self { value } else { nil }
  }

  /// The text; nil of anything else.
  public var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
}
