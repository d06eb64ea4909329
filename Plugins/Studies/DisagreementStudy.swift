import Foundation
import Hustings
import HustingsNumerics
import HustingsReports
import HustingsTraining
import Populations

extension Study {
  /// The answers to disagreement on one board: one reward, margins, soft labels, distributions of rewards, types of annotator.
  static let disagreement = Study(
    name: "disagreement",
    summary: "plain, margin, soft labels, distributional and mixture, on annotators of hidden types"
  ) { settings in
    try DisagreementStudy(settings: settings).report()
  }
}

/// Annotators of three types (shares .5, .3, .2) vote on pairs of responses to 45 prompts; everything is measured on 15 others,
/// where the share of annotators who prefer a response is known.
private struct DisagreementStudy {
  let settings: StudySettings
  private static let trainingPrompts = 45
  private static let columns = [
    "log loss above the least", "Pearson with the share", "error of the share", "log loss of own votes",
  ]
  private static let kinds: [(name: String, annotators: Int)] = [
    ("few annotators", 20), ("many annotators", 100),
  ]

  func report() throws -> StudyReport {
    var tables: [Table] = []
    var claims: [Claim] = []
    for kind in Self.kinds {
      var results = Results()
      for seed in settings.seeds {
        settings.progress("\(kind.name), seed \(seed)")
        let population = try HiddenPopulation(
          .binary, shares: [0.5, 0.3, 0.2], annotators: kind.annotators, votes: 40, seed: seed)
        try Trial(population, seed: seed, workers: settings.workers).add(to: &results)
      }
      tables.append(table(results, kind.name, kind.annotators))
      claims += self.claims(results, kind.name)
    }
    return StudyReport(tables: tables, claims: claims)
  }

  private func table(_ results: Results, _ name: String, _ annotators: Int) -> Table {
    Table(
      title: "\(name): \(annotators), 40 votes each · \(settings.seeds.count) seeds",
      columns: [.init("model")]
        + Self.columns.flatMap { column -> [Table.Column] in
          [
            .init(column, isNumeric: true),
            .init("95 %", field: "\(column) interval".replacing(" ", with: "_"), isNumeric: true),
          ]
        },
      rows: results.rows.map { row in
        [.text(row)]
          + Self.columns.flatMap { column in
            [results[row, column].cell(.coefficient), results[row, column].intervalCell(.coefficient)]
          }
      },
      notes: [
        "Plain and margin train on the majority's choice of each pair, the others on how votes were shared; the mixture on who voted what.",
        "Log loss above the least, Pearson and error are against the share of annotators who prefer a response; own votes are single "
          + "annotators' votes on prompts of the test, which the mixture predicts from what it knows of each annotator.",
      ])
  }

  private func claims(_ results: Results, _ name: String) -> [Claim] {
    func claim(_ statement: String, _ better: String, _ worse: String, _ column: String) -> Claim {
      let (a, b) = (results[better, column], results[worse, column])
      let p = a.pValue(against: b)
      return Claim(
        "\(name): \(statement)", a.mean < b.mean,
        "\(Format.decimal(a.mean, 4)) against \(Format.decimal(b.mean, 4))"
          + (p.map { ", p \(Format.probability($0))" } ?? ""))
    }
    return [
      claim("soft labels tell shares better than plain labels", "soft labels", "plain", "error of the share"),
      claim("a mixture tells shares better than soft labels", "mixture", "soft labels", "error of the share"),
      claim(
        "a mixture predicts people's own votes better than soft labels", "mixture", "soft labels",
        "log loss of own votes"),
      claim(
        "a spread tells shares better than soft labels alone", "Gaussian rewards", "soft labels",
        "error of the share"),
    ]
  }

  /// One population: its models and what they are worth.
  private struct Trial {
    private struct Pair: Hashable {
      let first: Int
      let second: Int
    }

    private let population: HiddenPopulation
    private let seed: UInt64
    private let workers: Int
    /// Votes for the first and for the second response of each pair of training prompts.
    private var tallies: [Pair: (first: Double, second: Double)] = [:]
    private let training: VotePanel
    private let menuOfRow: [Int]
    private let isTest: [Bool]

    init(_ population: HiddenPopulation, seed: UInt64, workers: Int) throws {
      (self.population, self.seed, self.workers) = (population, seed, workers)
      let panel = population.panel
      let rows = panel.menus.enumerated().flatMap { [Int](repeating: $0, count: $1.rows.count) }
      let tests = panel.menus.map { menu in
        (Int(menu.prompt.text.split(separator: " ").last ?? "") ?? 0) >= DisagreementStudy.trainingPrompts
      }
      (menuOfRow, isTest) = (rows, tests)
      training = panel.picking { _, _, pattern in
        panel.patterns.rows(of: pattern).first.map { !tests[rows[Int($0)]] } ?? false
      }
      for annotator in training.annotators.indices {
        for vote in training.votes(of: annotator) {
          let placed = panel.patterns.rows(of: Int(vote)).map(Int.init)
          let pair = Pair(first: min(placed[0], placed[1]), second: max(placed[0], placed[1]))
          if placed[0] == pair.first {
            tallies[pair, default: (0, 0)].first += 1
          } else {
            tallies[pair, default: (0, 0)].second += 1
          }
        }
      }
    }

    private var features: FeatureMatrix { population.features }

    /// The pairs of training prompts, the majority's choice first, with how votes were shared.
    private func pairs(soft: Bool) -> [EncodedPair] {
      tallies.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }.map { pair, votes in
        let total = votes.first + votes.second
        let isFirst = votes.first >= votes.second
        let share = max(votes.first, votes.second) / total
        return EncodedPair(
          chosen: isFirst ? pair.first : pair.second, rejected: isFirst ? pair.second : pair.first, prompt: 0,
          target: soft ? Float(share) : 1, share: Float(share), weight: Float(total))
      }
    }

    /// P(first preferred) for every two rows of a prompt.
    private func probabilities(
      _ head: Head, loss: PairLoss = PairLoss(), soft: Bool
    ) throws -> (Int, Int) -> Double {
      let data = try EncodedDataset(features: features, pairs: pairs(soft: soft))
      let ridge = 0.5 / Double(data.pairs.reduce(0) { $0 + $1.weight })
      let trained = try Trainer(
        model: ModelSettings(head),
        settings: TrainingSettings(
          loss: loss, method: .lbfgs(LBFGSSettings(ridge: ridge, iterations: 300)), seed: seed),
        data: data, workers: workers
      ).run()
      let questions = tests.map { RowPair($0.0, $0.1) }
      let margins = trained.network.margins(questions, features: features)
      var table: [Pair: Double] = [:]
      for (pair, margin) in zip(tests, margins) {
        table[Pair(first: pair.0, second: pair.1)] = 1 / (1 + exp(-margin))
      }
      return { a, b in
        table[Pair(first: a, second: b)] ?? table[Pair(first: b, second: a)].map { 1 - $0 } ?? 0.5
      }
    }

    /// Every two responses to a prompt of the test.
    private var tests: [(Int, Int)] {
      population.panel.menus.enumerated().filter { isTest[$0.offset] }.flatMap { _, menu in
        menu.rows.flatMap { a in menu.rows.filter { $0 > a }.map { (a, $0) } }
      }
    }

    /// The share of annotators who prefer a over b.
    private func share(_ a: Int, _ b: Int) -> Double {
      sum(
        population.truth.map { type in
          1 / (1 + exp(population.scores[type][b] - population.scores[type][a]))
        }) / Double(population.truth.count)
    }

    func add(to results: inout Results) throws {
      let spread = Head.distributional(DistributionSettings(.gaussian))
      let levels = Head.distributional(DistributionSettings(.categorical(levels: 10, evenness: 0.1)))
      let models: [(String, (Int, Int) -> Double)] = [
        ("plain", try probabilities(.bradleyTerry, soft: false)),
        (
          "margin",
          try probabilities(.bradleyTerry, loss: PairLoss(margin: .unsigned(scale: 1)), soft: false)
        ),
        ("soft labels", try probabilities(.bradleyTerry, soft: true)),
        ("Gaussian rewards", try probabilities(spread, soft: true)),
        ("ten levels", try probabilities(levels, soft: true)),
      ]
      for (name, probability) in models {
        add(name, probability, own: { _, a, b in probability(a, b) }, to: &results)
      }
      let mixture = try mixture()
      let family = LinearScores(features)
      let scores = mixture.parameters.map { family.scores($0) }
      func chance(_ weights: ArraySlice<Double>, _ a: Int, _ b: Int) -> Double {
        zip(weights, scores).reduce(0) { $0 + $1.0 / (1 + exp($1.1[b] - $1.1[a])) }
      }
      let types = mixture.types
      add(
        "mixture", { chance(mixture.shares[...], $0, $1) },
        own: { annotator, a, b in
          chance(mixture.responsibilities[annotator * types..<(annotator + 1) * types], a, b)
        }, to: &results)
    }

    /// As many types as BIC chooses, up to four.
    private func mixture() throws -> TypeMixture {
      let family = LinearScores(features)
      let found = try (1...4).map { types in
        let search = try TypeSearch(
          training, family, TypeSettings(types: types, ridge: 0.5, precision: 1e-6, seed: seed),
          workers: workers
        )
        let starts: [TypeStart] =
          types == 1
          ? [.uniform] : [.clusters(seed: seed)] + (0..<4).map { .random(scale: 1, seed: seed &+ $0) }
        let runs = try starts.map { try search.run(from: $0) }
        return runs.dropFirst().reduce(runs[0]) { $1.objective > $0.objective ? $1 : $0 }
      }
      func bic(_ mixture: TypeMixture) -> Double {
        -2 * mixture.logLikelihood
          + Double(mixture.types * family.parameterCount + mixture.types - 1)
          * log(Double(training.annotators.count))
      }
      return found.dropFirst().reduce(found[0]) { bic($1) < bic($0) ? $1 : $0 }
    }

    private func add(
      _ name: String, _ probability: (Int, Int) -> Double, own: (Int, Int, Int) -> Double,
      to results: inout Results
    ) {
      func bounded(_ p: Double) -> Double { min(1 - 1e-9, max(1e-9, p)) }
      func loss(_ p: Double, _ q: Double) -> Double { -p * log(bounded(q)) - (1 - p) * log(bounded(1 - q)) }
      let shares = tests.map { share($0.0, $0.1) }
      let found = tests.map { probability($0.0, $0.1) }
      let count = Double(shares.count)
      let excess = zip(shares, found).map { loss($0, $1) - loss($0, $0) }
      let error = zip(shares, found).map { abs($0 - $1) }
      let panel = population.panel
      var losses: [Double] = []
      for annotator in panel.annotators.indices {
        for vote in panel.votes(of: annotator) {
          let placed = panel.patterns.rows(of: Int(vote)).map(Int.init)
          guard isTest[menuOfRow[placed[0]]] else { continue }
          losses.append(-log(bounded(own(annotator, placed[0], placed[1]))))
        }
      }
      let values = [
        sum(excess) / count, Self.pearson(shares, found), sum(error) / count,
        losses.isEmpty ? nil : sum(losses) / Double(losses.count),
      ]
      for (column, value) in zip(DisagreementStudy.columns, values) {
        results.add(value, row: name, column: column)
      }
    }

    /// Pearson's correlation over both orders of every pair, so that which is first does not matter; nil without any spread.
    private static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
      let (a, b) = (x.map { $0 - 0.5 }, y.map { $0 - 0.5 })
      let (xx, yy) = (sum(a.map { $0 * $0 }), sum(b.map { $0 * $0 }))
      guard xx > 0, yy > 0 else { return nil }
      return sum(zip(a, b).map { $0 * $1 }) / (xx * yy).squareRoot()
    }
  }
}
