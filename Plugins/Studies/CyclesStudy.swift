import BenchmarkPlugins
import Foundation
import Hustings
import HustingsReports
import Recipes

extension Study {
  /// Zhang et al. 2024 (arXiv 2410.02197), sections 4 and 6.2: what a scalar cannot hold, and which dimension it takes.
  static let cycles = Study(
    name: "cycles", summary: "who can learn preferences that go round in a circle"
  ) { settings in
    try await CyclesStudy(settings).report()
  }
}

private struct CyclesStudy {
  let settings: StudySettings
  private let clean = [3, 4, 5, 8].flatMap { ["seen-\($0)", "ring-\($0)"] }
  private let others = ["dominant", "unseen-pairs", "noisy-3", "noisy-5", "transitive"]
  private let criteria = (1...4).map { "criteria-\($0)" } + ["criteria-all"]
  private let heads = ["accuracy", "scalar ceiling", "log loss", "cyclicity", "queries per response"]

  /// The number of types in each ring decides the ceiling; noise adds nothing to it.
  private func ceiling(_ subset: String) -> Double? {
    guard clean.contains(subset), let n = Double(subset.split(separator: "-")[1]) else { return nil }
    return (n - 1) / n
  }

  init(_ settings: StudySettings) { self.settings = settings }

  /// What is learned together, and how far weights and planes are held back: certain labels can be learned by heart, noisy ones
  /// must not.
  private var parts: [(subsets: [String], ridge: Double, penalty: Double)] {
    [
      (clean + ["dominant", "unseen-pairs", "transitive"], 1e-5, 0.01), (["noisy-3", "noisy-5"], 3e-3, 0.1),
      (criteria, 1e-3, 0.1),
    ]
  }

  private func entrants(_ ridge: Double, _ penalty: Double, _ seed: UInt64) -> [Entrant] {
    let words = Lineup.words
    return [
      Lineup.bradleyTerry(encoder: words, ridge: ridge, seed: seed),
      Lineup.general(2, encoder: words, ridge: ridge, seed: seed),
      Lineup.general(4, penalty: penalty, encoder: words, ridge: ridge, seed: seed),
      Lineup.general(8, penalty: penalty, encoder: words, ridge: ridge, seed: seed),
      Lineup.decomposed(4, penalty: Recipe.penalty, encoder: words, ridge: ridge, seed: seed),
      Lineup.pairwise(seed: seed),
    ]
  }

  func report() async throws -> StudyReport {
    var results = Results()
    let names = heads + clean + others + criteria
    for seed in settings.seeds {
      let context = settings.context(seed: seed)
      let benchmark = try Cycles.plugin.make(nil, context)
      let examples = try benchmark.allExamples()
      let pairs = try Cycles.training.pairs(nil, context)
      var trials: [String: [Trial]] = [:]
      for part in parts {
        let own = examples.filter { part.subsets.contains($0.key.subset) }
        for entrant in entrants(part.ridge, part.penalty, seed) {
          settings.progress("cycles, seed \(seed): \(entrant.name)")
          let model = try await settings.train(entrant, on: pairs.filter { part.subsets.contains($0.subset) })
          trials[entrant.name, default: []] += try await settings.trials(model, own)
        }
      }
      for entrant in entrants(0, 0, seed) {
        let values = benchmark.values(names, trials[entrant.name] ?? [])
        for name in names { results.add(values[name], row: entrant.name, column: name) }
      }
    }
    return StudyReport(tables: [overview(results), subsets(results)], claims: claims(results))
  }

  private var note: String {
    "Means over \(settings.seeds.count) seeds (\(settings.seeds.map(String.init).joined(separator: ", "))), each with data of its own;"
      + " intervals are Student's t over seeds. Clean subsets, noisy ones and criteria are learned apart."
  }

  private func overview(_ results: Results) -> Table {
    Table(
      title: "Clean rings, mean over seen and new texts and n = 3, 4, 5, 8",
      columns: [
        .init("model"), .init("accuracy", isNumeric: true), .init("95 %", field: "interval", isNumeric: true),
        .init("floor", isNumeric: true), .init("scalar ceiling", isNumeric: true),
        .init("log loss", isNumeric: true), .init("cyclicity", isNumeric: true),
        .init("queries per response", isNumeric: true),
      ],
      rows: results.rows.map { row in
        [
          .text(row), results[row, "accuracy"].cell(.share), results[row, "accuracy"].intervalCell(.share),
          Board.cell(0.5, .share), results[row, "scalar ceiling"].cell(.share),
          results[row, "log loss"].cell(.number), results[row, "cyclicity"].cell(.share),
          results[row, "queries per response"].cell(.number),
        ]
      }, notes: [note, "Saying nothing costs ln 2 = 0.6931."])
  }

  private func subsets(_ results: Results) -> Table {
    Table(
      title: "Accuracy by subset",
      columns: [.init("subset"), .init("scalar ceiling", isNumeric: true)]
        + results.rows.map { .init($0, isNumeric: true) },
      rows: (clean + others + criteria).map { subset in
        [.text(subset), Board.cell(ceiling(subset), .share)]
          + results.rows.map { results[$0, subset].cell(.share) }
      }, notes: [note])
  }

  private func claims(_ results: Results) -> [Claim] {
    let general = ["gpm d=2", "gpm d=4", "gpm d=8", "decomposed d=4"]
    func least(_ rows: [String], _ columns: [String]) -> Double {
      rows.flatMap { row in columns.flatMap { results[row, $0].values } }.min() ?? 0
    }
    func most(_ row: String, _ column: String) -> Double { results[row, column].values.max() ?? 1 }
    let overCeiling = clean.map { most("bt", $0) - (ceiling($0) ?? 0) }.max() ?? 1
    let loss = results["bt", "log loss"].values.min() ?? 0
    let transitive = results["decomposed d=4", "transitive"].difference(from: results["bt", "transitive"])
      .mean
    let cyclic = results["decomposed d=4", "accuracy"].difference(from: results["gpm d=4", "accuracy"]).mean
    return [
      Claim(
        "a general preference model gets every link of every clean ring", least(general, clean) == 1,
        "the least of d = 2, 4, 8 and decomposed, over subsets and seeds, is \(Format.percent(least(general, clean))) %"
      ),
      Claim(
        "Bradley–Terry stays at or below (n − 1)/n on every ring", overCeiling <= 1e-9,
        "the most it exceeds a ceiling by is \(Format.signed(100 * overCeiling, 2)) points"),
      Claim(
        "Bradley–Terry's log loss on rings is at least ln 2", loss >= log(2) - 1e-9,
        "the least over seeds is \(Format.decimal(loss, 4))"),
      Claim(
        "two dimensions cannot hold a ring of three and an item that beats all",
        most("gpm d=2", "dominant") < 1,
        "the best over seeds is \(Format.percent(most("gpm d=2", "dominant"))) %"),
      Claim(
        "four can", least(["gpm d=4"], ["dominant"]) == 1,
        "the least over seeds is \(Format.percent(least(["gpm d=4"], ["dominant"]))) %"),
      Claim(
        "the decomposed head is Bradley–Terry where preferences are an order, and general where they are not",
        abs(transitive) < 0.01 && abs(cyclic) < 0.01,
        "\(Format.signed(100 * transitive, 2)) points from Bradley–Terry on orders, "
          + "\(Format.signed(100 * cyclic, 2)) from d = 4 on rings"),
    ]
  }
}
