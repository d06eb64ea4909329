import Catalog
import Foundation
import Hustings
import HustingsData
import HustingsStore

/// Where a command finds its data and its results: the one place that reads the environment.
struct Workplace {
  let dataRoot: String
  let seed: UInt64

  init(data: DataOptions, seed: UInt64) throws {
    dataRoot = try DataFolder.resolve(
      explicit: data.data, environment: ProcessInfo.processInfo.environment
    ).path
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

  /// The benchmark of a name, or of `name:argument`.
  func benchmark(_ text: String) throws -> any Benchmark {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let plugin = try Workplace.plugin(String(parts[0]))
    let argument = parts.count > 1 ? String(parts[1]) : nil
    return try plugin.make(argument, benchmarkContext)
  }

  /// What the outside world lends to benchmarks.
  var benchmarkContext: BenchmarkContext { BenchmarkContext(dataRoot: dataRoot, seed: seed, path: path) }

  /// The definition of a stored benchmark: its metrics and rules, without any data.
  func definition(of card: BenchmarkCard) throws -> any Benchmark {
    let definition = try benchmark(card.name)
    guard definition.card.version == card.version else {
      throw InvalidRequest(
        "The stored results of \(card.name) follow definition \(card.version), and this build has "
          + "\(definition.card.version). Run the benchmark again, or use the build that made them.")
    }
    return definition
  }

  /// The definition of a benchmark by its name, without any data.
  func definition(named name: String) throws -> any Benchmark {
    try Workplace.plugin(name).make(nil, benchmarkContext)
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
    return try await plugin.make(specification, ModelContext(seed: seed, path: path))
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
