import BenchmarkPlugins
import Hustings
import HustingsReports
import HustingsStatistics
import HustingsTraining
import Recipes

extension Study {
  /// Padmakumar et al. 2024 (arXiv 2412.03822): does a margin of disagreement bring rewards closer to what people prefer?
  static let margins = Study(
    name: "margins",
    summary: "whether a margin of disagreement makes rewards tell how many people prefer a response"
  ) { settings in
    try await MarginsStudy(settings: settings).report()
  }
}

private struct MarginsStudy {
  let settings: StudySettings
  private static let ridge = 0.001

  /// What is known of the training pairs.
  private struct Condition {
    let labels: Int
    let judges: Int
    let noise: Double

    var name: String {
      "\(labels) label\(labels == 1 ? "" : "s"), \(judges) judges, noise \(Format.decimal(noise, 0))"
    }
    func arguments(pairs: Int) -> String { "pairs=\(pairs),labels=\(labels),judges=\(judges),noise=\(noise)" }
  }

  private let conditions = [
    Condition(labels: 1, judges: 10, noise: 0), Condition(labels: 1, judges: 3, noise: 0),
    Condition(labels: 1, judges: 10, noise: 1), Condition(labels: 1, judges: 10, noise: 3),
    Condition(labels: 3, judges: 10, noise: 0), Condition(labels: 10, judges: 10, noise: 0),
  ]
  private static let losses = [
    "plain", "margin votes", "margin votes ×3", "margin signed", "constant margin", "soft labels",
    "smoothed labels",
  ]
  private static let domains = ["in", "out"]
  private static let cells = ["one-distinct", "one-paraphrase", "many-distinct", "many-paraphrase"]
  private static let pairs = 2_000

  /// The models of one training set: one encoder, one solver, one ridge, and a loss each.
  private func entrants(_ pairs: [PreferencePair], seed: UInt64) -> [Entrant] {
    let agreements = pairs.compactMap { $0.votes?.agreement }
    let mean = agreements.isEmpty ? 0 : agreements.reduce(0, +) / Double(agreements.count)
    func entrant(_ name: String, _ loss: PairLoss, _ labels: Recipe.Labels = .hard) -> Entrant {
      Lineup.bradleyTerry(
        name, encoder: "hashed?bits=14", ridge: MarginsStudy.ridge, loss: loss, labels: labels, seed: seed)
    }
    return [
      entrant("plain", PairLoss()), entrant("margin votes", PairLoss(margin: .unsigned(scale: 1))),
      entrant("margin votes ×3", PairLoss(margin: .unsigned(scale: 3))),
      entrant("margin signed", PairLoss(margin: .signed(scale: 1))),
      entrant("constant margin", PairLoss(margin: .constant(mean))),
      entrant("soft labels", PairLoss(), .soft),
      entrant("smoothed labels", PairLoss(smoothing: 0.1)),
    ]
  }

  func report() async throws -> StudyReport {
    var names: [String] = []
    for domain in MarginsStudy.domains {
      names += ["Pearson, \(domain)", "Spearman, \(domain)", "Pearson of probability, \(domain)"]
      names += MarginsStudy.cells.map { "Pearson, \($0)-\(domain)" }
    }
    var results: [String: Results] = [:]
    for seed in settings.seeds {
      let context = settings.context(seed: seed)
      let benchmark = try Subjectivity.plugin.make(nil, context)
      let examples = try benchmark.allExamples()
      for condition in conditions {
        settings.progress("subjectivity, seed \(seed): \(condition.name)")
        let known = try Subjectivity.training.pairs(condition.arguments(pairs: MarginsStudy.pairs), context)
        // Soft labels are the votes: the true share is what nobody knows.
        let pairs = known.map { $0.withoutProbability }
        for entrant in entrants(pairs, seed: seed) {
          let trials = try await settings.trials(settings.train(entrant, on: pairs), examples)
          let values = benchmark.values(names, trials)
          for name in names {
            results[condition.name, default: Results()].add(values[name], row: entrant.name, column: name)
          }
        }
      }
    }
    return StudyReport(
      tables: [overview(results)] + MarginsStudy.domains.map { byCell(results, $0) },
      claims: claims(results))
  }

  private var note: String {
    "Differences from plain and Student's t tests are paired over \(settings.seeds.count) seeds"
      + " (\(settings.seeds.map(String.init).joined(separator: ", "))), each with data of its own."
  }

  private func overview(_ results: [String: Results]) -> Table {
    var rows: [[Table.Cell]] = []
    for condition in conditions {
      let here = results[condition.name] ?? Results()
      for loss in MarginsStudy.losses {
        var cells: [Table.Cell] = [.text(condition.name), .text(loss)]
        for domain in MarginsStudy.domains {
          let (own, plain) = (here[loss, "Pearson, \(domain)"], here["plain", "Pearson, \(domain)"])
          cells.append(own.cell(.coefficient))
          if loss == "plain" {
            cells += [.missing, .missing]
          } else {
            cells += [
              own.difference(from: plain).cell(.coefficient, signed: true),
              .probability(own.pValue(against: plain)),
            ]
          }
          cells.append(here[loss, "Spearman, \(domain)"].cell(.coefficient))
        }
        rows.append(cells)
      }
    }
    return Table(
      title:
        "Correlation of reward differences with the share of people, \(Format.grouped(MarginsStudy.pairs)) training pairs",
      columns: [.init("training data"), .init("loss")]
        + MarginsStudy.domains.flatMap { domain -> [Table.Column] in
          [
            .init("Pearson, \(domain)", isNumeric: true),
            .init("from plain", field: "difference_\(domain)", isNumeric: true),
            .init("p", field: "p_\(domain)", isNumeric: true), .init("Spearman, \(domain)", isNumeric: true),
          ]
        }, rows: rows,
      notes: [
        note, "In: as trained. Out: a third of the telling words are new, styles stronger, texts longer.",
      ])
  }

  /// Every training set and loss by cell. Holm's correction is over the tests of one training set.
  private func byCell(_ results: [String: Results], _ domain: String) -> Table {
    Table(
      title: "By cell, \(domain == "in" ? "in" : "out of") distribution: Pearson",
      columns: [.init("training data"), .init("loss")]
        + MarginsStudy.cells.flatMap { cell -> [Table.Column] in
          [
            .init(cell, isNumeric: true), .init("from plain", field: "\(cell)_difference", isNumeric: true),
            .init("p (Holm)", field: "\(cell)_p", isNumeric: true),
          ]
        },
      rows: conditions.flatMap { byCell($0, results[$0.name] ?? Results(), domain) },
      notes: [note, "Holm's correction is over the tests of one training set, \(tests.count)."])
  }

  private var tests: [(loss: String, cell: String)] {
    MarginsStudy.losses.dropFirst().flatMap { loss in MarginsStudy.cells.map { (loss, $0) } }
  }

  private func byCell(_ condition: Condition, _ results: Results, _ domain: String) -> [[Table.Cell]] {
    let raw = tests.map { test in
      results[test.loss, "Pearson, \(test.cell)-\(domain)"].pValue(
        against: results["plain", "Pearson, \(test.cell)-\(domain)"])
    }
    let known = raw.compactMap { $0 }
    let adjusted = known.count == raw.count ? Multiplicity.holm(known) : []
    return MarginsStudy.losses.map { loss in
      [.text(condition.name), .text(loss)]
        + MarginsStudy.cells.flatMap { cell -> [Table.Cell] in
          let (own, plain) = (
            results[loss, "Pearson, \(cell)-\(domain)"], results["plain", "Pearson, \(cell)-\(domain)"]
          )
          guard let place = tests.firstIndex(where: { $0 == (loss, cell) }) else {
            return [own.cell(.coefficient), .missing, .missing]
          }
          return [
            own.cell(.coefficient), own.difference(from: plain).cell(.coefficient, signed: true),
            .probability(adjusted.isEmpty ? nil : adjusted[place]),
          ]
        }
    }
  }

  private func claims(_ results: [String: Results]) -> [Claim] {
    let base = results[conditions[0].name] ?? Results()
    func gain(_ loss: String, _ column: String, over other: String = "plain") -> (Double, Double?) {
      let (own, reference) = (base[loss, column], base[other, column])
      return (own.difference(from: reference).mean, own.pValue(against: reference))
    }
    func claim(_ statement: String, _ loss: String, _ column: String, over other: String = "plain") -> Claim {
      let (mean, p) = gain(loss, column, over: other)
      return Claim(
        statement, mean > 0 && (p ?? 1) < 0.05,
        "\(Format.signed(mean, 4)) over \(other), p \(p.map(Format.probability) ?? "unknown")")
    }
    let subjective = gain("margin votes", "Pearson, many-distinct-out").0
    let objective = gain("margin votes", "Pearson, one-distinct-out").0
    return [
      claim("a margin of votes helps in distribution", "margin votes", "Pearson, in"),
      claim("a margin of votes helps out of distribution", "margin votes", "Pearson, out"),
      claim(
        "it helps more than a constant margin, out", "margin votes", "Pearson, out", over: "constant margin"),
      claim("it helps where prompts have many answers, out", "margin votes", "Pearson, many-distinct-out"),
      Claim(
        "it helps more there than where prompts have one answer", subjective > objective,
        "\(Format.signed(subjective, 4)) against \(Format.signed(objective, 4))"),
      claim(
        "soft labels from the same votes help more than the margin, in", "soft labels", "Pearson, in",
        over: "margin votes"),
      claim("and out", "soft labels", "Pearson, out", over: "margin votes"),
    ]
  }
}

extension PreferencePair {
  /// The same pair without the share of people, which training data do not have.
  fileprivate var withoutProbability: PreferencePair {
    PreferencePair(
      id: id, subset: subset, cluster: cluster, prompt: prompt, chosen: chosen, rejected: rejected,
      votes: votes)
  }
}
