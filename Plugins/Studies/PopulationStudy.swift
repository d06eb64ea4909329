import BenchmarkPlugins
import Hustings
import HustingsReports
import HustingsTraining
import JudgePlugins
import ModelPlugins
import Recipes

extension Study {
  /// Soft labels of a strong judge on real responses, by folds of instructions, without the entries made to please it and with.
  static let population = Study(
    name: "population",
    summary: "what is learned from real soft labels, and what adversarial entries do to it"
  ) { settings in
    try await PopulationStudy(settings: settings).report()
  }
}

private struct PopulationStudy {
  let settings: StudySettings
  private static let rank = "Spearman against baseline"
  private static let metrics = [
    "log loss against baseline", rank, "Pearson against baseline", "candidates",
  ]
  private static let ridge = 0.0001
  /// Words and the surface each know something that the other does not.
  private static let together = (
    name: "bt, gpm and decomposed, averaged", members: ["bt", "gpm d=8", "decomposed d=8"]
  )
  /// Recorded probabilities are certain where they are rounded; a hundredth keeps their log-odds in reach.
  private static let logOdds = PairLoss(.logOdds, smoothing: 0.01)

  private func entrants(_ seed: UInt64) -> [Entrant] {
    let (ridge, surface) = (PopulationStudy.ridge, Lineup.surface)
    return [
      Lineup.bradleyTerry("bt, surface", encoder: surface, ridge: ridge, labels: .soft, seed: seed),
      Lineup.bradleyTerry("bt", encoder: "hashed?bits=16", ridge: ridge / 3, labels: .soft, seed: seed),
      // Zhang et al. 2024, appendix A.2: what is far from even counts as much as what is near, which ranks ask for.
      Lineup.bradleyTerry(
        "bt, surface, on log-odds", encoder: surface, ridge: 10 * ridge, loss: PopulationStudy.logOdds,
        labels: .soft, seed: seed),
      Lineup.general(8, penalty: 0.1, encoder: surface, ridge: ridge, labels: .soft, seed: seed),
      Lineup.decomposed(8, penalty: 0.1, encoder: surface, ridge: ridge, labels: .soft, seed: seed),
      Lineup.pairwise(rate: 1e-3, epochs: 4, encoder: surface, labels: .soft, seed: seed),
    ]
  }

  func report() async throws -> StudyReport {
    let left = settings.without
    let clean = try await results("without", left)
    let dirty = try await results("with", [])
    let names = (left ?? Population.adversarial).joined(separator: " and ")
    return StudyReport(
      tables: [
        table(clean, "Without \(names)"), table(dirty, "With them, in training and test"),
      ], claims: claims(clean))
  }

  /// A model's numbers over all folds together, and the mean over folds of its rank correlation within each.
  private struct Row {
    let name: String
    let estimates: [String: Estimate]
    let meanOfFolds: Double?
    /// How far apart seeds are in the rank correlation over all folds.
    let spread: Double
  }

  private func results(_ what: String, _ without: [String]?) async throws -> [Row] {
    let option = without.map { ",without=\($0.joined(separator: "+"))" } ?? ""
    let benchmark = try Population.plugin.make("kind=both\(option)", settings.context)
    var trials = SeededTrials()
    for fold in 0..<5 {
      let part = try Population.plugin.make("fold=\(fold)\(option)", settings.context)
      let examples = try part.allExamples()
      let pairs = try Population.training.pairs("fold=\(fold),kind=baseline\(option)", settings.context)
      var models: [String: any PreferenceModel] = [:]
      for (place, seed) in settings.seeds.enumerated() {
        for entrant in entrants(seed) where place == 0 || entrant.isDrawn {
          settings.progress(
            "population \(what) adversarial entries, fold \(fold), seed \(seed): \(entrant.name)")
          let model = try await settings.train(entrant, on: pairs)
          trials.add(try await settings.trials(model, examples), of: entrant.name, seed: place)
          models[entrant.name] = model
        }
        let panel = JudgePanel(
          PopulationStudy.together.members.compactMap { models[$0] }, rule: .average,
          name: PopulationStudy.together.name)
        trials.add(try await settings.trials(panel, examples), of: panel.card.name, seed: place)
      }
      for null in [NullModel.length, NullModel.shorter] {
        trials.add(try await settings.trials(null, examples), of: null.card.name)
      }
    }
    return trials.names.map { name in
      var estimates: [String: Estimate] = [:]
      var (meanOfFolds, spread): (Double?, Double) = (nil, 0)
      for metric in benchmark.metrics where PopulationStudy.metrics.contains(metric.name) {
        let seeds = trials.estimates(metric, of: name)
        estimates[metric.name] = seeds.mean
        if metric.name == PopulationStudy.rank {
          (meanOfFolds, spread) = (trials.meanOfParts(metric, of: name), seeds.spread)
        }
      }
      return Row(name: name, estimates: estimates, meanOfFolds: meanOfFolds, spread: spread)
    }
  }

  private func table(_ results: [Row], _ title: String) -> Table {
    let units: [String: MetricUnit] = [
      "candidates": .share, "log loss against baseline": .number,
    ]
    return Table(
      title: "\(title) · 5 folds, instruction i in fold i mod 5",
      columns: [.init("model")]
        + PopulationStudy.metrics.flatMap { metric -> [Table.Column] in
          [
            .init(metric, isNumeric: true),
            .init("95 %", field: "\(metric) interval".replacing(" ", with: "_"), isNumeric: true),
          ]
        } + [.init("Spearman, mean of folds", isNumeric: true)],
      rows: results.map { row in
        // A null model's score is no log-odds, and its loss would mean nothing.
        let (isNull, estimates) = (row.name.hasPrefix("null:"), row.estimates)
        return [.text(row.name)]
          + PopulationStudy.metrics.flatMap { metric -> [Table.Cell] in
            if isNull, metric == "log loss against baseline" { return [.missing, .missing] }
            let unit = units[metric] ?? .coefficient
            return [
              Board.cell(estimates[metric]?.value, unit),
              Board.cell(interval: estimates[metric]?.interval, unit),
            ]
          } + [Board.cell(row.meanOfFolds, .coefficient)]
      },
      notes: [
        "Trained on responses against the baseline's with the recorded probability as label; candidates are other models' responses to one"
          + " instruction whose recorded probabilities differ by more than 0.1.",
        "Intervals keep the responses to one instruction together. Each fold is judged by a model of its own, whose scores need not"
          + " compare with another's: the last column ranks within folds.",
        "Ridges, dimension and penalty are the best of a handful tried on these folds; intervals are several times as wide as what that"
          + " changed.",
        settings.seedsNote("Spearman is", results.map(\.spread).max(), .coefficient),
      ])
  }

  private func claims(_ results: [Row]) -> [Claim] {
    func best(
      _ metric: String, _ isBetter: (Double, Double) -> Bool
    ) -> (name: String, value: Double, meanOfFolds: Double?)? {
      results.filter { !$0.name.hasPrefix("null:") }
        .compactMap { row in row.estimates[metric].map { (row.name, $0.value, row.meanOfFolds) } }
        .reduce(nil) { best, row in best.map { isBetter(row.1, $0.1) ? row : $0 } ?? row }
    }
    var claims: [Claim] = []
    if let loss = best("log loss against baseline", <) {
      claims.append(
        Claim(
          "log loss against the baseline is at most .316", loss.value <= 0.316,
          "\(loss.name): \(Format.decimal(loss.value, 4))"))
    }
    if let rank = best(PopulationStudy.rank, >) {
      claims.append(
        Claim(
          "Spearman with the recorded probability is at least .51, as a mean over folds",
          (rank.meanOfFolds ?? 0) >= 0.51,
          "\(rank.name): \(Format.decimal(rank.value, 4)) over all folds, "
            + "\(rank.meanOfFolds.map { Format.decimal($0, 4) } ?? "–") within folds"))
    }
    if let pairs = best("candidates", >) {
      claims.append(
        Claim(
          "candidate against candidate is at least 84.5 %", pairs.value >= 0.845,
          "\(pairs.name): \(Format.percent(pairs.value)) %"))
    }
    return claims
  }
}
