import BenchmarkPlugins
import Hustings
import HustingsReports
import HustingsTraining
import Recipes

extension StudySettings {
  /// The same settings for another seed of generated data.
  func context(seed: UInt64) -> BenchmarkContext {
    BenchmarkContext(dataRoot: context.dataRoot, seed: seed, path: context.path)
  }

  /// What a table says of seeds: how many there were, and the most by which a number differs between two of one model.
  func seedsNote(_ what: String, _ spread: Double?, _ unit: MetricUnit) -> String {
    guard seeds.count > 1, let spread else { return "One seed." }
    return
      "Models in which something is drawn are means over \(seeds.count) seeds; between two of them \(what) at most "
      + "\(Board.cell(spread, unit).text)\(unit == .share ? " points" : "") apart."
  }

  /// The model that comes of an entrant and some pairs.
  func train(_ entrant: Entrant, on pairs: [PreferencePair]) async throws -> any PreferenceModel {
    try await entrant.recipe.train(on: pairs, workers: workers).preferenceModel(named: entrant.name)
  }

  /// What a model says of some examples.
  func trials(_ model: any PreferenceModel, _ examples: [Example]) async throws -> [Trial] {
    let tournaments = try await model.judge(examples.map(\.slate))
    return zip(examples, tournaments).map { Trial(key: $0.key, tournament: $1) }
  }
}

extension Benchmark {
  /// The values of the named metrics.
  func values(_ names: [String], _ trials: [Trial]) -> [String: Double] {
    var values: [String: Double] = [:]
    for metric in metrics where names.contains(metric.name) {
      values[metric.name] = metric.estimate(trials)?.value
    }
    return values
  }
}
