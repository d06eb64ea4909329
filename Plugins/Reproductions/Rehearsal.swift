import BenchmarkPlugins
import Hustings
import HustingsMetrics
import ModelPlugins

/// A benchmark read from its folder, with every model that one cares to run on it, without a store.
struct Rehearsal {
  let examples: [Example]

  /// The benchmark of a plugin; `folder` is the path of its own folder.
  init(_ plugin: BenchmarkPlugin, folder: String) throws {
    let root = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
    let benchmark = try plugin.make(
      nil, BenchmarkContext(dataRoot: root.isEmpty ? "." : root, seed: 0, path: { $0 }))
    examples = try benchmark.allExamples()
  }

  /// A model's trials.
  func trials(_ model: any PreferenceModel) async throws -> [Trial] {
    let keys = examples.map(\.key)
    let ready = try (model as? any Recording)?.matched(to: keys, allowsMissing: true) ?? model
    return zip(keys, try await ready.judge(examples.map(\.slate))).map { Trial(key: $0, tournament: $1) }
  }

  /// The models recorded in a file, in the file's order.
  static func recorded(_ file: String) throws -> [any PreferenceModel] {
    let text = "recorded:\(file)#*"
    guard let specification = ModelSpecification(text) else { return [] }
    return try RecordedModel.models(specification, ModelContext(seed: 0, path: { $0 }))
  }
}

extension [Trial] {
  /// The trials of one subset.
  func of(_ subset: String) -> [Trial] { filter { $0.key.subset == subset } }

  /// The subsets, in the order of their first item.
  var subsets: [String] {
    reduce(into: []) { if !$0.contains($1.key.subset) { $0.append($1.key.subset) } }
  }

  /// The value of a metric; missing when it does not apply.
  func figure(_ metric: any Metric) -> Figures { .maybe(metric.estimate(self)?.value) }

  /// How many items earn a full point under a rule.
  func count(_ rule: any CreditRule) -> Figures {
    .count(self.count { rule.credit(for: $0)?.value == 1 })
  }
}
