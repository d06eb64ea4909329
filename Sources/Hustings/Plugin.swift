/// A model as one string: `scheme:argument#selection?name=value&name=value`.
///
/// `null:length`, `recorded:scores.csv#my-model`, `openai:NAME?base-url=http://localhost:8000/v1`.
public struct ModelSpecification: Sendable, Hashable, CustomStringConvertible {
  /// Which plugin makes the model.
  public let scheme: String
  /// What the plugin is to use: a file, a folder, a command, a name.
  public let argument: String
  /// Which of several models the argument holds; `*` for all of them; nil when none is named.
  public let selection: String?
  /// Settings, in the order written.
  public let options: [(name: String, value: String)]
  /// The string as written.
  public let description: String

  /// The parts of a model string; nil when it has no `scheme:` in front or an option has no `=`.
  ///
  /// Options start at the last `?` whose text holds a `=`, so that file names may hold `?` and values may hold `#`.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
    scheme = String(text[..<colon])
    var rest = text[text.index(after: colon)...]
    var options: [(name: String, value: String)] = []
    if let mark = rest.firstIndex(of: "?"), scheme != "exec", rest[mark...].contains("=") {
      for pair in rest[rest.index(after: mark)...].split(separator: "&") {
        guard let equals = pair.firstIndex(of: "=") else { return nil }
        options.append((String(pair[..<equals]), String(pair[pair.index(after: equals)...])))
      }
      rest = rest[..<mark]
    }
    if scheme != "exec", let hash = rest.firstIndex(of: "#") {
      selection = String(rest[rest.index(after: hash)...])
      rest = rest[..<hash]
    } else {
      selection = nil
    }
    argument = String(rest)
    self.options = options
    description = text
  }

  /// The value of an option; nil when it is not given.
  public func option(_ name: String) -> String? { options.last { $0.name == name }?.value }

  /// Two specifications are the same when they are written the same.
  public static func == (a: ModelSpecification, b: ModelSpecification) -> Bool {
    a.description == b.description
  }

  /// Feeds the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

/// A kind of model that can be named on the command line.
public struct ModelPlugin: Sendable {
  /// The word before the colon.
  public let scheme: String
  /// How to write it, such as `null:length`.
  public let usage: String
  /// One sentence: what it does.
  public let summary: String
  /// Makes the models that a specification names, which may mean to start a command or to ask a server who it is.
  public let make: @Sendable (ModelSpecification, ModelContext) async throws -> [any PreferenceModel]

  /// A kind of model.
  public init(
    scheme: String, usage: String, summary: String,
    make: @escaping @Sendable (ModelSpecification, ModelContext) async throws -> [any PreferenceModel]
  ) {
    self.scheme = scheme
    self.usage = usage
    self.summary = summary
    self.make = make
  }
}

/// A model whose answers were written down before, by item and candidate, and which must be matched to a benchmark.
///
/// Matching happens before any slate is judged, so that a recording of something else is refused as a whole.
public protocol Recording: PreferenceModel {
  /// The recording as a model of the benchmark with these answer keys.
  ///
  /// - Parameter keys: every item of the benchmark; only identities and candidate names are read, never the gold.
  /// - Parameter allowsMissing: whether an item without a row is an abstention; otherwise it is an error.
  func matched(to keys: [AnswerKey], allowsMissing: Bool) throws -> any PreferenceModel
}

/// A recording that was matched to a benchmark, and may know its answers by item alone.
public protocol MatchedRecording: PreferenceModel {
  /// Whether it has to see the responses' texts, as when rows name responses by digest. Without that need, texts are not read
  /// a second time, and the slates it is given have blank prompts and responses, of the right number.
  var needsTexts: Bool { get }
}

/// A benchmark that can be named on the command line.
public struct BenchmarkPlugin: Sendable {
  /// The name, or the scheme of `scheme:FILE`.
  public let name: String
  /// How to write it: the name, or `pairs:FILE`.
  public let usage: String
  /// One sentence: what it measures.
  public let summary: String
  /// The folder below the data root that it reads; nil when it reads a file the user names, or makes its own data.
  public let folder: String?
  /// The settings it takes behind a question mark, as in `name?setting=value`, each with what it means.
  public let settings: KeyValuePairs<String, String>
  /// The benchmark with an argument (the text after the colon, if any). The definition, metrics included, must not need the
  /// data: files are opened by `examples`.
  public let make: @Sendable (_ argument: String?, BenchmarkContext) throws -> any Benchmark

  /// A benchmark.
  public init(
    name: String, usage: String? = nil, summary: String, folder: String? = nil,
    settings: KeyValuePairs<String, String> = [:],
    make: @escaping @Sendable (_ argument: String?, BenchmarkContext) throws -> any Benchmark
  ) {
    self.name = name
    self.usage = usage ?? name
    self.summary = summary
    self.folder = folder
    self.settings = settings
    self.make = make
  }
}

/// A benchmark as one string: `name:argument?setting=value&setting=value`.
public struct BenchmarkSpecification: Sendable, Hashable {
  /// The plugin's name.
  public let name: String
  /// What stands behind the colon; nil without one.
  public let argument: String?
  /// Settings by name.
  public let settings: [String: String]
  /// The name as boards have it: without settings.
  public let title: String

  /// The parts of a benchmark string; nil when a setting has no `=`. Settings start at the last `?` with a `=` behind it, so
  /// that file names may hold a `?`.
  public init?(_ text: String) {
    var rest = text[...]
    var settings: [String: String] = [:]
    if let mark = rest.lastIndex(of: "?"), rest[mark...].contains("=") {
      for pair in rest[rest.index(after: mark)...].split(separator: "&") {
        guard let equals = pair.firstIndex(of: "=") else { return nil }
        settings[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      rest = rest[..<mark]
    }
    title = String(rest)
    let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(parts[0])
    argument = parts.count > 1 ? String(parts[1]) : nil
    self.settings = settings
  }
}

/// What the outside world lends to a benchmark plugin.
public struct BenchmarkContext: Sendable {
  /// The folder that holds one folder per data set.
  public let dataRoot: String
  /// The path of a file that a user named: as written when that exists, else below the data root.
  public let path: @Sendable (String) -> String
  /// The seed, for benchmarks that make their own data.
  public let seed: UInt64
  /// The settings that the user wrote, by name; only such as the plugin says it takes.
  public let settings: [String: String]
  /// The variables of the environment, which a command inherits.
  public let environment: [String: String]

  /// A context.
  public init(
    dataRoot: String, seed: UInt64, settings: [String: String] = [:], environment: [String: String] = [:],
    path: @escaping @Sendable (String) -> String
  ) {
    self.dataRoot = dataRoot
    self.seed = seed
    self.settings = settings
    self.environment = environment
    self.path = path
  }

  /// A file in a data set's folder.
  public func file(_ folder: String, _ name: String) -> String { "\(dataRoot)/\(folder)/\(name)" }
}
