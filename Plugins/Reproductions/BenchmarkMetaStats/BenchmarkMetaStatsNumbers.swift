import BenchmarkPlugins
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// How well benchmarks tell models apart, and how well they agree with Chatbot Arena.
  static let benchmarkMetaStats = Reproduction(
    folder: "benchmark_meta_stats", tolerance: .init(absolute: 1e-12),
    quoted: ["note": "a remark on how the entries are to be read"]
  ) { folder in
    let arena = try ArenaTable(folder: folder)
    let maps = try JSONNode.read("\(folder)/name_maps.json")
    var wide: [String: Figures] = [
      "chatbot_arena_\(arena.models.count)": separability(arena.models.values.map(\.interval))
    ]
    var narrow: [String: Figures] = [:]
    var measures: [String: [String: Figures]] = [:]
    var shared: Set<String> = []
    for (path, benchmark) in FolderListing.files(folder, prefix: "bootstrap_", suffix: ".jsonl") {
      let all = try JSONLines.map(path) { try BenchmarkModel($0) }
      wide["\(benchmark)_\(all.count)"] = separability(all.map(\.standing.interval))
      guard let names = try maps.optionalNode("arena_to_\(benchmark)") else { continue }
      let common = try CommonModels(all, arena: arena, names: names)
      shared.formUnion(common.names)
      wide["\(benchmark)_\(common.names.count)"] = separability(common.benchmark.map(\.standing.interval))
      narrow["\(benchmark)_\(common.names.count)"] = separability(
        common.benchmark.compactMap { $0.interval(level: 0.8) })
      for (measure, value) in common.measures { measures[measure, default: [:]][benchmark] = .maybe(value) }
    }
    let sharedArena = shared.compactMap { arena.models[$0] }
    wide["chatbot_arena_\(shared.count)"] = separability(sharedArena.map(\.interval))
    narrow["chatbot_arena_\(shared.count)_computed"] = separability(
      shared.compactMap { arena.interval($0, level: 0.8) })
    var figures = measures.mapValues(Figures.object)
    figures["separability_95"] = .object(wide)
    figures["separability_80"] = .object(narrow)
    return .object(figures)
  }

  private static func separability(_ intervals: [ClosedRange<Double>]) -> Figures {
    let separability = ArenaSeparability(intervals)
    return .list([.count(separability.overlapping), .count(separability.pairs)])
  }
}

/// The table of Chatbot Arena with its bootstrap.
private struct ArenaTable {
  let models: [String: ArenaAgreement.Standing]
  private let rounds: [String: [Double]]

  init(folder: String) throws {
    let files = FolderListing.files(folder, prefix: "chatbot_arena_", suffix: ".json")
    var models: [String: ArenaAgreement.Standing] = [:]
    var rounds: [String: [Double]] = [:]
    for (path, stem) in files {
      let node = try JSONNode.read(path)
      if stem.hasSuffix("_bootstrap") {
        let names = try node.strings("models")
        for round in try node.array("rounds") {
          for (name, rating) in zip(names, try round.doubles()) { rounds[name, default: []].append(rating) }
        }
      } else {
        for (name, row) in try node.node("models").members() {
          models[name] = ArenaAgreement.Standing(
            score: try row.double("rating"), interval: try row.range("q025", "q975"))
        }
      }
    }
    self.models = models
    self.rounds = rounds
  }

  func interval(_ model: String, level: Double) -> ClosedRange<Double>? {
    rounds[model].flatMap { ClosedRange(quantilesOf: $0, level: level) }
  }
}

/// A model's score on a benchmark, with its bootstrap.
private struct BenchmarkModel {
  let name: String
  let standing: ArenaAgreement.Standing
  let rounds: [Double]

  init(_ row: JSONNode) throws {
    name = try row.string("model")
    standing = ArenaAgreement.Standing(
      score: try row.double("score"), interval: try row.range("lower", "upper"))
    rounds = try row.doubles("results")
  }

  func interval(level: Double) -> ClosedRange<Double>? { ClosedRange(quantilesOf: rounds, level: level) }
}

/// The models that a benchmark and the arena have in common, by their names in the arena.
private struct CommonModels {
  let names: [String]
  let benchmark: [BenchmarkModel]
  private let reference: [ArenaAgreement.Standing]

  init(_ all: [BenchmarkModel], arena: ArenaTable, names: JSONNode) throws {
    // The benchmark's names are compared in lower case, as upstream does.
    let byName = Dictionary(all.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    var common: [(name: String, model: BenchmarkModel, standing: ArenaAgreement.Standing)] = []
    for (name, node) in try names.members() {
      guard let standing = arena.models[name], let model = byName[try node.string().lowercased()] else {
        continue
      }
      common.append((name, model, standing))
    }
    common.sort { $0.name < $1.name }
    self.names = common.map(\.name)
    benchmark = common.map(\.model)
    reference = common.map(\.standing)
  }

  var measures: [String: Double?] {
    let ours = benchmark.map(\.standing.score)
    let theirs = reference.map(\.score)
    let forecast = ArenaAgreement.Forecast(
      replicates: benchmark.map(\.rounds), reference: theirs, order: Array(names.indices))
    return [
      "strict_agreement": ArenaAgreement.strict(ours, theirs),
      "agreement_with_confidence": ArenaAgreement.confident(benchmark.map(\.standing), reference),
      "spearman": Correlation.spearman.value(theirs, ours),
      "kendall_computed": Correlation.kendall.value(theirs, ours), "log_loss": forecast?.logLoss,
      "brier": forecast?.brier,
    ]
  }
}

extension JSONNode {
  /// Two numbers as the ends of a range.
  fileprivate func range(_ low: String, _ high: String) throws -> ClosedRange<Double> {
    let (from, to) = (try double(low), try double(high))
    guard from <= to else { throw fault(high, .notAllowed(found: "\(to)", expected: "at least \(from)")) }
    return from...to
  }
}

extension ClosedRange where Bound == Double {
  /// The middle part of the values; nil for none.
  fileprivate init?(quantilesOf values: [Double], level: Double) {
    guard let low = Descriptive.quantile(values, (1 - level) / 2, rule: .linear),
      let high = Descriptive.quantile(values, 1 - (1 - level) / 2, rule: .linear)
    else { return nil }
    self = low...high
  }
}
