import BenchmarkPlugins
import Foundation
import Hustings
import HustingsReports
import HustingsTraining
import Populations

/// `hustings run --benchmark hidden-types`: whether types of made-up annotators are found again.
struct HiddenTypesReport {
  static let name = "hidden-types"

  /// Whether a benchmark's name is this one, with or without the kind of vote behind a colon.
  static func isNamed(_ text: String) -> Bool { text == name || text.hasPrefix("\(name):") }

  private let rows: [(kind: HiddenPopulation.Kind, shares: String, results: [HiddenTypes.Result])]
  private let text: String
  private let seed: UInt64

  /// Runs every kind, or the one behind the colon, over some seeds.
  init(_ text: String, seeds: Int, seed: UInt64) throws {
    let kinds: [HiddenPopulation.Kind]
    if text == HiddenTypesReport.name {
      kinds = HiddenPopulation.Kind.allCases
    } else {
      let word = String(text.dropFirst(HiddenTypesReport.name.count + 1))
      guard let kind = HiddenPopulation.Kind(rawValue: word) else {
        let known = HiddenPopulation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("\(HiddenTypesReport.name) has no kind of vote '\(word)'. Choose from \(known).")
      }
      kinds = [kind]
    }
    var rows: [(HiddenPopulation.Kind, String, [HiddenTypes.Result])] = []
    for kind in kinds {
      let mixes: [[Double]] =
        kind == .bandit
        ? [[1.0 / 3, 1.0 / 3, 1.0 / 3], [0.2, 0.3, 0.5], [0.2, 0, 0.8]] : [[0.5, 0.3, 0.2]]
      for shares in mixes {
        let results = try (0..<seeds).map { number -> HiddenTypes.Result in
          Terminal.progress(
            "\(kind.rawValue) \(shares.map { Format.decimal($0, 2) }), seed \(number + 1) of \(seeds)")
          let own = seed &+ UInt64(number)
          let population = try HiddenPopulation(
            kind, shares: shares, annotators: 100, votes: kind == .bandit ? 100 : 30, seed: own)
          return try HiddenTypes.result(
            of: population, types: 3, beta: kind == .bandit ? 5 : 1, seed: own,
            workers: PopulationText.workers)
        }
        rows.append((kind, shares.map { Format.decimal($0, 2) }.joined(separator: " "), results))
      }
    }
    Terminal.endProgress()
    self.rows = rows
    self.text = text
    self.seed = seed
  }

  private var populations: [(id: String, kind: String, result: HiddenTypes.Result)] {
    rows.flatMap { row in
      row.results.enumerated().map { number, result in
        (
          "\(row.kind.rawValue), shares \(row.shares), seed \(seed &+ UInt64(number))", row.kind.rawValue,
          result
        )
      }
    }
  }

  private static func name(_ type: Int) -> String { "type \(type + 1)" }

  /// The populations as items.
  var benchmark: any Benchmark {
    let examples = populations.map { id, kind, result in
      HiddenTypesBenchmark.example(
        id, kind: kind, shares: result.present.map { (name: Self.name($0.type), share: $0.share) })
    }
    let argument = text == Self.name ? nil : String(text.dropFirst(Self.name.count + 1))
    return HiddenTypesBenchmark.benchmark(examples, argument: argument)
  }

  /// Ways of serving them as models.
  var models: [any PreferenceModel] {
    func model(
      _ name: String, _ regrets: (HiddenTypes.Result) -> [Double],
      _ recovery: ((HiddenTypes.Result) -> Double)?
    ) -> any PreferenceModel {
      var values: [String: [Digest: Double]] = [:]
      var traits: [String: [String: Double]] = [:]
      for (id, _, result) in populations {
        var own: [Digest: Double] = [:]
        for (part, regret) in zip(result.present, regrets(result)) {
          own[Response(Self.name(part.type)).digest] = 0 - regret
        }
        values[id] = own
        if let recovery { traits[id] = [Trait.recovered: recovery(result)] }
      }
      return ChoicePolicy(name: name, values: values, traits: traits)
    }
    return [
      model("one policy for all", \.pooled, nil),
      model("hard clusters, min-max", \.clustered, \.clusterRecovery),
      model("EM, by shares", \.shared, \.recovery), model("EM, min-max", \.fair, \.recovery),
    ]
  }

  var table: Table {
    Table(
      title:
        "\(HiddenTypesReport.name) · 100 annotators of known types · up to three sought, BIC chooses · means over seeds",
      columns: [
        .init("votes"), .init("shares"), .init("seeds", isNumeric: true), .init("all found", isNumeric: true),
        .init("types", isNumeric: true), .init("recovered", isNumeric: true),
        .init("hard clusters", isNumeric: true),
        .init("loss", isNumeric: true),
        .init("share error", isNumeric: true), .init("worst regret, one policy", isNumeric: true),
        .init("by shares", isNumeric: true), .init("min-max", isNumeric: true),
        .init("spread", isNumeric: true),
        .init("min-max least", isNumeric: true),
      ],
      rows: rows.map { kind, shares, results in
        func mean(_ value: (HiddenTypes.Result) -> Double) -> Double {
          results.reduce(0) { $0 + value($1) } / Double(max(1, results.count))
        }
        let complete = results.count { $0.recovery == 1 }
        let least = results.count {
          $0.found.fair <= $0.found.shared + 1e-12 && $0.found.fair <= $0.found.single + 1e-12
        }
        return [
          .text(kind.rawValue), .text(shares), .integer(results.count),
          Table.Cell("\(complete) of \(results.count)", .integer(complete)),
          .number(mean { Double($0.types) }, decimals: 1),
          Table.Cell(Format.percent(mean(\.recovery), 1), .number(mean(\.recovery))),
          Table.Cell(Format.percent(mean(\.clusterRecovery), 1), .number(mean(\.clusterRecovery))),
          .number(mean(\.loss), decimals: 4), .number(mean(\.shareError), decimals: 3),
          .number(mean { $0.pooled.max() ?? 0 }, decimals: 3),
          .number(mean { $0.shared.max() ?? 0 }, decimals: 3),
          .number(mean { $0.fair.max() ?? 0 }, decimals: 3),
          .number(mean { ($0.fair.max() ?? 0) - ($0.fair.min() ?? 0) }, decimals: 3),
          Table.Cell("\(least) of \(results.count)", .integer(least)),
        ]
      },
      notes: [
        "Regrets are of the true types, in units of β. Spread: the largest less the least under the min-max mixture. Min-max "
          + "least: how often the largest regret by the policies found is no larger than that of their mixture by shares and of "
          + "every single policy.",
        "bandit: arXiv 2405.15065's three arms; its loss has the floor ln(2)/3 = 0.2310, for a third of its pairs are coin flips.",
      ])
  }
}
