import BenchmarkPlugins
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// The published leaderboards of RewardBench 1 and 2: overall numbers from sections, and how the columns correlate.
  static let rewardBenchLeaderboards = Reproduction(
    folder: "rewardbench_leaderboards",
    tolerance: .init(absolute: 1e-10)
  ) { folder in
    let first = try PublishedFile.read("\(folder)/rewardbench1.csv", RewardBench1.priorDefinition)
    let second = try PublishedFile.read("\(folder)/rewardbench2.csv", RewardBench2.definition)
    let shared = overlap(first, second)
    let correlated = correlations(shared.map(\.0), shared.map(\.1))
    return .object([
      "rewardbench1": .object([
        "models": .count(first.rows.count), "rule_counts": .object(ruleCounts(first)),
        "mismatches": .list(first.rows.filter { !agrees($0) }.map { .text($0.model) }),
        "types": types(first), "top10": top(first),
      ]),
      "rewardbench2": .object([
        "models": .count(second.rows.count),
        "max_abs_difference_of_score_from_mean_of_six": .maybe(
          second.rows.compactMap { $0.difference.map(abs) }.max()),
        "types": types(second), "top10": top(second), "column_correlations": .object(columns(second)),
      ]),
      "models_in_both": .object(["n": .count(shared.count), "score_correlation": .object(correlated)]),
    ])
  }

  /// Whether a recomputed number is the published one, both being rounded to four decimals.
  private static func agrees(_ row: PublishedTable.Row) -> Bool {
    row.difference.map { abs($0) <= 1e-4 } ?? true
  }

  /// Which rule each row follows: all sections with the prior sets, the four sections, or what is present.
  private static func ruleCounts(_ table: PublishedTable) -> [String: Figures] {
    var counts: [String: Int] = [:]
    for row in table.rows {
      let rule =
        if row.sections.count == 5 {
          "weighted_with_prior"
        } else if !row.zeroes.isEmpty {
          "prior_recorded_zero_means_missing"
        } else if row.sections.count == 4, row.sections["Prior Sets"] == nil {
          "mean_of_four"
        } else {
          "mean_of_present_sections"
        }
      counts[rule, default: 0] += 1
    }
    return counts.mapValues { .count($0) }
  }

  private static func types(_ table: PublishedTable) -> Figures {
    let counts = table.rows.reduce(into: [String: Int]()) { $0[$1.kind ?? "", default: 0] += 1 }
    return .object(counts.mapValues { .count($0) })
  }

  private static func top(_ table: PublishedTable) -> Figures {
    let ranked = table.rows.enumerated().sorted { a, b in
      let (x, y) = (a.element.published ?? -.infinity, b.element.published ?? -.infinity)
      return x == y ? a.offset < b.offset : x > y
    }
    return .list(
      ranked.prefix(10).map { .list([.text($0.element.model), .maybe($0.element.published)]) })
  }

  private static func columns(_ table: PublishedTable) -> [String: Figures] {
    let names = ["Score"] + RewardBench2.definition.sections.map(\.name)
    var figures: [String: Figures] = [:]
    for (i, a) in names.enumerated() {
      for b in names[(i + 1)...] {
        let pairs = table.rows.compactMap { row -> (Double, Double)? in
          guard let x = value(a, row), let y = value(b, row) else { return nil }
          return (x, y)
        }
        figures["\(a) | \(b)"] = .object(correlations(pairs.map(\.0), pairs.map(\.1)))
      }
    }
    return figures
  }

  private static func value(_ column: String, _ row: PublishedTable.Row) -> Double? {
    column == "Score" ? row.published : row.sections[column]
  }

  /// The published scores of the models on both boards.
  private static func overlap(_ a: PublishedTable, _ b: PublishedTable) -> [(Double, Double)] {
    let scores = Dictionary(
      b.rows.compactMap { row in row.published.map { (row.model, $0) } },
      uniquingKeysWith: { first, _ in first })
    return a.rows.compactMap { row in
      guard let x = row.published, let y = scores[row.model] else { return nil }
      return (x, y)
    }
  }
}
