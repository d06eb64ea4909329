import ArgumentParser
import BenchmarkPlugins
import Catalog
import Foundation
import Hustings
import Recipes

/// Which pairs a model is trained on.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: """
      A file of pairs (JSON lines, JSON or CSV, plain or gzip), or the name of a benchmark or data set such as hh-harmless; \
      may be given more than once.
      """, completion: .file())
  var data: [String]

  @Option(
    name: .long, help: "The folder of data sets. Default: $HUSTINGS_DATA, else the user's cache folder.",
    completion: .directory)
  var dataRoot: String?

  @Option(name: .long, help: "Take the pairs of this subset only; may be given more than once.")
  var subset: [String] = []

  @Option(name: .long, help: "Take pairs with at least so many valid votes only.")
  var minVotes: Int?

  @Option(name: .long, help: "Take the first N pairs only.")
  var limit: Int?

  @Flag(name: .long, help: "Leave out pairs with equal or empty responses, which are refused otherwise.")
  var skipFaulty = false

  func validate() throws {
    if data.isEmpty { throw ValidationError("--data is missing: a file of pairs or the name of a data set.") }
    if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on, not \(limit).") }
  }

  /// What happens to pairs from which nothing can be learned.
  var faulty: PairsFile.FaultyPairs { skipFaulty ? .skip : .refuse }

  /// The pairs that are left after filtering; throws when none are.
  func pairs(_ workplace: Workplace) throws -> LoadedPairs {
    var loaded = LoadedPairs(source: data.joined(separator: ", "))
    for name in data { try loaded.add(name, workplace, faulty: faulty) }
    let all = loaded.pairs.count
    if !subset.isEmpty { loaded.pairs.removeAll { !subset.contains($0.subset) } }
    if let minVotes { loaded.pairs.removeAll { ($0.votes?.valid ?? 0) < minVotes } }
    if let limit { loaded.pairs = Array(loaded.pairs.prefix(limit)) }
    if loaded.pairs.isEmpty { throw RecipeError.nothingLeft(of: all, source: loaded.source) }
    return loaded
  }
}

extension TrainingDataOptions {
  /// The data as benchmarks, for recordings, which know items: a file is `pairs:FILE`.
  func benchmarks(_ workplace: Workplace) throws -> [any Benchmark] {
    try data.map { name in
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: workplace.resolved(name), isDirectory: &isFolder)
      if isThere, !isFolder.boolValue { return try workplace.benchmark("pairs:\(name)") }
      let folder = name.split(separator: "/").last.map(String.init) ?? name
      let known = Catalog.benchmarks.first { $0.folder == folder }
      return try workplace.benchmark(known?.name ?? name)
    }
  }
}

/// Pairs to train on, and what has to be said of them.
struct LoadedPairs {
  var pairs: [PreferencePair] = []
  let source: String
  var notes: [String] = []
  private var names = Set<String>()

  init(source: String) { self.source = source }

  /// Adds the pairs of a file, or of a data set by its name or folder.
  mutating func add(_ name: String, _ workplace: Workplace, faulty: PairsFile.FaultyPairs) throws {
    let path = workplace.resolved(name)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      let read = try PairsFile.pairs(at: path, faulty: faulty)
      if read.skipped > 0 {
        notes.append("\(name): \(read.skipped) pairs with equal or empty responses left out.")
      }
      return append(read.pairs, from: name)
    }
    let folder = name.split(separator: "/").last.map(String.init) ?? name
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    if let plugin = Catalog.training.first(where: { $0.name == parts[0] }) {
      return append(try workplace.trainingPairs(plugin, parts.count > 1 ? parts[1] : nil), from: name)
    }
    let known = Catalog.benchmarks.first { $0.folder == folder || $0.name == parts[0] }
    guard let known else {
      if name.contains(".") || name.contains("/") {
        throw InvalidRequest(
          "There is no file \(name). Name a file of pairs, or a benchmark of pairs such as hh-harmless.")
      }
      throw UsageError(
        "'\(name)' is neither a file of pairs nor a benchmark. `hustings list benchmarks` shows all benchmarks."
      )
    }
    let read = try TrainingPairs(
      of: workplace.benchmark(known.folder == folder ? known.name : name))
    if read.ties > 0 { notes.append("\(name): \(read.ties) ties left out.") }
    append(read.pairs, from: name)
  }

  /// Names stay unique when several sources are read.
  private mutating func append(_ more: [PreferencePair], from name: String) {
    let isClear = names.isDisjoint(with: more.map(\.id))
    for pair in more {
      let pair = isClear ? pair : pair.named("\(name) \(pair.id)")
      names.insert(pair.id)
      pairs.append(pair)
    }
  }
}

extension PreferencePair {
  /// The same pair under another name.
  fileprivate func named(_ name: String) -> PreferencePair {
    PreferencePair(
      id: name, subset: subset, cluster: cluster, prompt: prompt, chosen: chosen, rejected: rejected,
      votes: votes, probability: probability)
  }
}
