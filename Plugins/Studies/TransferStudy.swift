import BenchmarkPlugins
import Hustings
import HustingsReports
import HustingsTraining
import ModelPlugins
import Recipes

extension Study {
  /// What models have learned shows where habits such as "longer is better" are punished.
  static let transfer = Study(
    name: "transfer", summary: "how every trained model fares on LLMBar, beside the null models"
  ) { settings in
    try await TransferStudy(settings: settings).report()
  }
}

private struct TransferStudy {
  let settings: StudySettings

  private func entrants(_ labels: Recipe.Labels, _ seed: UInt64) -> [Entrant] {
    let (ridge, surface) = (0.001, Lineup.surface)
    return [
      Lineup.bradleyTerry(encoder: "hashed?bits=16", ridge: ridge, labels: labels, seed: seed),
      Lineup.bradleyTerry("bt, surface", encoder: surface, ridge: ridge, labels: labels, seed: seed),
      Lineup.general(4, encoder: surface, ridge: ridge, labels: labels, seed: seed),
      Lineup.decomposed(4, penalty: 0.05, encoder: surface, ridge: ridge, labels: labels, seed: seed),
      Lineup.pairwise(rate: 1e-3, epochs: 4, encoder: surface, labels: labels, seed: seed),
    ]
  }

  func report() async throws -> StudyReport {
    let benchmark = try LLMBar.plugin.make(nil, settings.context)
    let examples = try benchmark.allExamples()
    var trials: [(data: String, trials: SeededTrials)] = []
    for (name, labels, pairs) in try sources() {
      var own = SeededTrials()
      for (place, seed) in settings.seeds.enumerated() {
        for entrant in entrants(labels, seed) where place == 0 || entrant.isDrawn {
          settings.progress("llmbar: \(entrant.name) trained on \(name), seed \(seed)")
          let model = try await settings.train(entrant, on: pairs)
          own.add(try await settings.trials(model, examples), of: entrant.name, seed: place)
        }
      }
      trials.append((name, own))
    }
    var untrained = SeededTrials()
    for (place, seed) in settings.seeds.enumerated() {
      for null in place == 0 ? NullModel.all(seed: seed) : [.random(seed: seed)] {
        untrained.add(try await settings.trials(null, examples), of: null.card.name, seed: place)
      }
    }
    return StudyReport(tables: [table(benchmark, trials + [("nothing", untrained)])])
  }

  private func sources() throws -> [(String, Recipe.Labels, [PreferencePair])] {
    let option = settings.without.map { ",without=\($0.joined(separator: "+"))" } ?? ""
    return [
      ("hh-harmless", .hard, try TrainingPairs(of: HHHarmless.plugin.make(nil, settings.context)).pairs),
      ("population", .soft, try Population.training.pairs("kind=baseline\(option)", settings.context)),
    ]
  }

  private func table(
    _ benchmark: any Benchmark, _ trials: [(data: String, trials: SeededTrials)]
  ) -> Table {
    let metrics = Array(benchmark.metrics.prefix(7))
    let lines = trials.flatMap { part in
      part.trials.names.map { name in
        (data: part.data, model: name, estimates: metrics.map { part.trials.estimates($0, of: name) })
      }
    }
    return Table(
      title: "llmbar",
      columns: [.init("trained on"), .init("model")]
        + metrics.enumerated().flatMap { place, metric -> [Table.Column] in
          let value = Table.Column(metric.name, isNumeric: true)
          return place == 0 ? [value, .init("95 %", field: "interval", isNumeric: true)] : [value]
        },
      rows: lines.map { data, model, estimates in
        [.text(data), .text(model)]
          + metrics.enumerated().flatMap { place, metric -> [Table.Cell] in
            let estimate = estimates[place].mean
            let value = Board.cell(estimate?.value, metric.unit)
            return place == 0 ? [value, Board.cell(interval: estimate?.interval, metric.unit)] : [value]
          }
      },
      notes: [
        "A coin gets 50. Far below it, a model has learned the opposite of what is asked here.",
        settings.seedsNote(
          "overall is", lines.filter { $0.data != "nothing" }.compactMap(\.estimates.first?.spread).max(),
          .share),
      ])
  }
}
