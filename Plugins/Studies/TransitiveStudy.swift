import BenchmarkPlugins
import Hustings
import HustingsNumerics
import HustingsReports
import HustingsStatistics
import HustingsTraining
import Recipes

extension Study {
  /// What a model that can hold cycles costs where preferences have next to none.
  static let transitive = Study(
    name: "transitive", summary: "whether general models lose anything on real preferences, by prompt"
  ) { settings in
    try await TransitiveStudy(settings: settings).report()
  }
}

private struct TransitiveStudy {
  let settings: StudySettings
  private static let folds = 5

  /// What one repetition says of every pair: right or wrong, and log loss.
  private struct Scores {
    var credits: [[Double]] = []
    var losses: [[Double]] = []
    var seconds = 0.0
  }

  /// With the ridge that `hustings train` takes for as many pairs as four of five folds have.
  private func entrants(_ seed: UInt64, pairs: Int) -> [Entrant] {
    let ridge = Recipe.ridge(pairs: pairs * (TransitiveStudy.folds - 1) / TransitiveStudy.folds)
    let hashed = "hashed?bits=15"
    return [
      Lineup.bradleyTerry(encoder: hashed, ridge: ridge, seed: seed),
      Lineup.bradleyTerry("bt, surface", encoder: Lineup.surface, ridge: ridge, seed: seed),
      Lineup.general(4, penalty: Recipe.penalty, encoder: hashed, ridge: ridge, seed: seed),
      Lineup.decomposed(4, penalty: 2, encoder: hashed, ridge: ridge, seed: seed),
    ].map { $0.solved(in: 100) }
  }

  func report() async throws -> StudyReport {
    let pairs = try TrainingPairs(of: HHHarmless.plugin.make(nil, settings.context)).pairs
    var names: [String] = []
    var scores: [String: Scores] = [:]
    for seed in settings.seeds {
      for entrant in entrants(seed, pairs: pairs.count) {
        settings.progress("hh-harmless, seed \(seed): \(entrant.name)")
        let began = settings.clock()
        let found = try await entrant.recipe.crossValidate(
          pairs, folds: TransitiveStudy.folds, by: .shuffled(seed: seed), workers: settings.workers)
        guard let margins = found?.margins else { continue }
        if scores[entrant.name] == nil { names.append(entrant.name) }
        scores[entrant.name, default: Scores()].credits.append(
          margins.map { $0 > 0 ? 1 : $0 == 0 ? 0.5 : 0 })
        scores[entrant.name, default: Scores()].losses.append(margins.map { 0 - logSigmoid($0) })
        scores[entrant.name, default: Scores()].seconds += settings.clock() - began
      }
    }
    let clusters = Clustering(labels: pairs.map(\.cluster))
    return StudyReport(
      tables: [table(names, scores, clusters, pairs.count)], claims: claims(names, scores, clusters))
  }

  /// One number per pair, the mean over repetitions.
  private func mean(_ rows: [[Double]]) -> [Double] {
    (rows.first ?? []).indices.map { i in rows.reduce(0) { $0 + $1[i] } / Double(rows.count) }
  }

  private func estimate(_ rows: [[Double]], _ clusters: Clustering) -> (Double, Hustings.Interval?) {
    guard let mean = ClusteredMean(mean(rows), clusters: clusters) else { return (0, nil) }
    return (mean.mean, mean.interval(level: 0.95).map(Self.interval))
  }

  private static func interval(_ interval: HustingsStatistics.Interval) -> Hustings.Interval {
    Hustings.Interval(
      low: interval.low, high: interval.high, level: interval.level, method: interval.method.rawValue)
  }

  private func difference(
    _ rows: [[Double]], from others: [[Double]], _ clusters: Clustering
  ) -> (mean: Double, interval: Hustings.Interval?, p: Double?) {
    guard
      let paired = PairedDifference(candidate: mean(rows), baseline: mean(others), clusters: clusters)
    else { return (0, nil, nil) }
    return (
      paired.mean.mean, paired.mean.interval(level: 0.95).map(Self.interval), paired.mean.pValue(null: 0)
    )
  }

  private func table(
    _ names: [String], _ scores: [String: Scores], _ clusters: Clustering, _ count: Int
  ) -> Table {
    let baseline = scores["bt"] ?? Scores()
    return Table(
      title: "hh-harmless · \(Format.grouped(count)) pairs · \(TransitiveStudy.folds) folds by prompt",
      columns: [
        .init("model"), .init("accuracy", isNumeric: true), .init("95 %", field: "interval", isNumeric: true),
        .init("log loss", isNumeric: true), .init("95 %", field: "log_loss_interval", isNumeric: true),
        .init("points from bt", isNumeric: true),
        .init("95 %", field: "difference_interval", isNumeric: true), .init("p", isNumeric: true),
        .init("log loss from bt", isNumeric: true), .init("p", field: "log_loss_p", isNumeric: true),
      ],
      rows: names.map { name in
        let own = scores[name] ?? Scores()
        let (accuracy, range) = estimate(own.credits, clusters)
        let (loss, lossRange) = estimate(own.losses, clusters)
        var cells: [Table.Cell] = [
          .text(name), Board.cell(accuracy, .share), Board.cell(interval: range, .share),
          Board.cell(loss, .number), Board.cell(interval: lossRange, .number),
        ]
        if name == "bt" { return cells + [Table.Cell](repeating: .missing, count: 5) }
        let credit = difference(own.credits, from: baseline.credits, clusters)
        let cost = difference(own.losses, from: baseline.losses, clusters)
        cells += [
          Board.cell(signed: credit.mean, .share),
          Board.cell(interval: credit.interval, .share, signed: true),
          .probability(credit.p), Board.cell(signed: cost.mean, .number), .probability(cost.p),
        ]
        return cells
      },
      notes: [
        "Every pair is scored by a model that never saw its prompt; \(settings.seeds.count) divisions into folds, averaged pair by pair.",
        "Intervals and tests are by prompt: they tell whether other prompts would give the same.",
      ])
  }

  private func claims(
    _ names: [String], _ scores: [String: Scores], _ clusters: Clustering
  ) -> [Claim] {
    guard let baseline = scores["bt"] else { return [] }
    let accuracy = estimate(baseline.credits, clusters).0
    var claims = [
      Claim(
        "Bradley–Terry on hashed texts reaches 63.5 %", accuracy >= 0.635, "\(Format.percent(accuracy)) %"),
      Claim("and 65 %", accuracy >= 0.65, "\(Format.percent(accuracy)) %"),
    ]
    for name in names where name.hasPrefix("gpm") || name.hasPrefix("decomposed") {
      guard let own = scores[name] else { continue }
      let credit = difference(own.credits, from: baseline.credits, clusters).mean
      let cost = difference(own.losses, from: baseline.losses, clusters).mean
      claims.append(
        Claim(
          "\(name) is within one point and .01 log loss of Bradley–Terry",
          abs(credit) <= 0.01 && abs(cost) <= 0.01,
          "\(Format.signed(100 * credit, 2)) points, \(Format.signed(cost, 4)) log loss"))
    }
    return claims
  }
}

extension Table.Cell {
  /// A p value; none when it could not be had.
  static func probability(_ p: Double?) -> Table.Cell {
    p.map { Table.Cell(Format.probability($0), .number($0)) } ?? .missing
  }
}
