import Catalog
import Foundation
import Hustings
import HustingsData
import HustingsEndpoints
import HustingsStore

/// Where a command finds its data and its results: the one place that reads the environment.
struct Workplace {
  let dataRoot: String
  let seed: UInt64
  let environment = ProcessInfo.processInfo.environment
  private let calls: CallDesk?

  init(data: DataOptions, seed: UInt64, calls: CallDesk? = nil) throws {
    try self.init(dataRoot: data.data, seed: seed, calls: calls)
  }

  /// - Parameter dataRoot: the folder of data sets that was named; nil for the usual one.
  init(dataRoot: String?, seed: UInt64, calls: CallDesk? = nil) throws {
    self.calls = calls
    self.dataRoot = try DataFolder.resolve(explicit: dataRoot, environment: environment).path
    self.seed = seed
  }

  /// The path of a file that a user named: as written when that exists, else below the data root.
  private var path: @Sendable (String) -> String {
    let root = dataRoot
    return { name in
      let below = "\(root)/\(name)"
      return !FileManager.default.fileExists(atPath: name) && FileManager.default.fileExists(atPath: below)
        ? below : name
    }
  }

  /// The path of a file that a user named.
  func resolved(_ name: String) -> String { path(name) }

  /// The benchmark of a string: `name`, `name:argument`, either with `?setting=value`.
  func benchmark(_ text: String) throws -> any Benchmark {
    let specification = try Workplace.specification(text)
    return try make(specification.name, specification.argument, specification.settings)
  }

  /// The parts of a benchmark string.
  static func specification(_ text: String) throws -> BenchmarkSpecification {
    guard let specification = BenchmarkSpecification(text) else {
      throw UsageError("'\(text)' is no benchmark: a setting behind the question mark is written name=value.")
    }
    return specification
  }

  private func make(
    _ name: String, _ argument: String?, _ settings: [String: String]
  ) throws -> any Benchmark {
    let plugin = try Workplace.plugin(name)
    for setting in settings.keys.sorted() where !plugin.settings.contains(where: { $0.key == setting }) {
      let known = plugin.settings.map(\.key).joined(separator: ", ")
      throw UsageError(
        "\(name) has no setting '\(setting)'. It has \(known.isEmpty ? "none" : known).")
    }
    return try plugin.make(
      argument, benchmarkContext(settings))
  }

  /// What the outside world lends to benchmarks.
  var benchmarkContext: BenchmarkContext { benchmarkContext([:]) }

  private func benchmarkContext(_ settings: [String: String]) -> BenchmarkContext {
    BenchmarkContext(dataRoot: dataRoot, seed: seed, settings: settings, environment: environment, path: path)
  }

  /// The pairs that a benchmark makes for training, with an argument.
  func trainingPairs(_ plugin: TrainingPlugin, _ argument: String?) throws -> [PreferencePair] {
    try plugin.pairs(argument, benchmarkContext)
  }

  /// The definition of a stored benchmark: its metrics and rules, without any data.
  ///
  /// - Parameter names: what the user named, whose settings count for the benchmarks of their names.
  func definition(of card: BenchmarkCard, named names: [String] = []) throws -> any Benchmark {
    let settings = try names.map(Workplace.specification).last { $0.title.baseTitle == card.name }?.settings
    let own = try Workplace.specification(card.name)
    let definition = try make(own.name, own.argument, own.settings.merging(settings ?? [:]) { $1 })
    guard definition.card.version == card.version else {
      throw InvalidRequest(
        "The stored results of \(card.name) follow definition \(card.version), and this build has "
          + "\(definition.card.version). Run the benchmark again, or use the build that made them.")
    }
    return definition
  }

  /// The definition of a benchmark by its name, without any data.
  func definition(named name: String) throws -> any Benchmark {
    try make(name, nil, [:])
  }

  /// The models that a specification names.
  func models(_ text: String) async throws -> [any PreferenceModel] {
    guard let specification = ModelSpecification(text) else {
      throw UsageError(
        "'\(text)' is no model. Write scheme:argument, such as null:length or recorded:scores.csv; "
          + "`hustings list models` shows all.")
    }
    guard let plugin = Catalog.models.first(where: { $0.scheme == specification.scheme }) else {
      let known = Catalog.models.map { "\($0.scheme):" }.joined(separator: ", ")
      throw UsageError("There is no kind of model '\(specification.scheme):'. Choose one of \(known).")
    }
    let context = ModelContext(
      seed: seed, environment: environment, replies: calls?.shelf, meter: calls?.meter ?? CallMeter(),
      price: { [prices = calls?.prices ?? .listed] in prices[$0] }, note: { Terminal.note($0) },
      models: { try await models($0) }, path: path)
    return try await plugin.make(specification, context)
  }

  private static func plugin(_ name: String) throws -> BenchmarkPlugin {
    guard let plugin = Catalog.benchmarks.first(where: { $0.name == name }) else {
      let known = Catalog.benchmarks.map(\.name)
      let hint = nearestName(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
      throw UsageError(
        "There is no benchmark '\(name)'.\(hint) `hustings list benchmarks` shows all \(known.count).")
    }
    return plugin
  }
}

/// A request that the stored results cannot answer.
struct InvalidRequest: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension String {
  /// A benchmark's name without the identity that may stand behind an `@`.
  var baseTitle: String { String(prefix { $0 != "@" }) }
}
