import BenchmarkPlugins
import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// Best of 16: win rates of the candidates and of picks among them, and what best-of-k is worth.
  static let bestOf16 = Reproduction(
    folder: "bon_alpaca_tulu",
    // The published table was computed from more digits of each preference than the file keeps.
    tolerance: .init(absolute: 1e-8),
    quoted: [
      "published_reward_models_best_of_16": "the judge's files of five of the six are missing",
      "best_of_k_expected_value / note": "a remark",
    ]
  ) { folder in
    let pool = try CandidatePool("\(folder)/preferences.csv")
    var candidates: [String: Figures] = [:]
    for candidate in pool.judged {
      var figures = winRate(pool.preferences.map { $0[candidate] })
      let length = Descriptive.mean(pool.lengths.map { $0[candidate] })
      figures["published"] = .object(
        figures.merging(["avg_length": .maybe(length?.rounded(.down))], uniquingKeysWith: { a, _ in a }))
      figures["mean_length"] = .maybe(length)
      candidates["\(candidate)"] = .object(figures)
    }
    return .object([
      "prompts": .count(pool.preferences.count),
      "candidates_per_prompt": .count(pool.lengths.first?.count ?? 0),
      "candidates_with_judge_preference": .count(pool.judged.count), "candidates": .object(candidates),
      "deberta_recomputed": .object(winRate(pool.pickedPreference)),
      "best_of_11": .object(bestOf(pool)), "best_of_k_expected_value": .object(curves(pool)),
      "reward_model_picks": .object(pool.picks.mapValues { .object(picks($0, pool)) }),
      "pick_agreement": .object(agreement(pool)),
    ])
  }

  /// Win rate in per cent, its standard error, and counts, of preferences between 1 and 2.
  private static func winRate(_ preferences: [Double]) -> [String: Figures] {
    let values = preferences.map { $0 - 1 }
    let deviation = Descriptive.standardDeviation(values, divisor: .sample) ?? 0
    return [
      "win_rate": .maybe(Descriptive.mean(values).map { 100 * $0 }),
      "standard_error": .number(100 * deviation / Double(values.count).squareRoot()),
      "n_wins": .count(values.count { $0 > 0.5 }), "n_wins_base": .count(values.count { $0 < 0.5 }),
      "n_draws": .count(values.count { $0 == 0.5 }),
    ]
  }

  private static func bestOf(_ pool: CandidatePool) -> [String: Figures] {
    func mean(_ value: ([Double], [Double]) -> Double?) -> Figures {
      .maybe(Descriptive.mean(pool.rows.compactMap { value($0.values, $0.lengths) }).map { 100 * $0 })
    }
    func pick(_ scores: [Double], _ values: [Double], _ ties: BestOfK.TieRule) -> Double {
      BestOfK.expectedValue(scores: scores, values: values, k: values.count, ties: ties)
    }
    return [
      "random_pick": mean { values, _ in Descriptive.mean(values) },
      "oracle": mean { values, _ in values.max() },
      "worst": mean { values, _ in values.min() },
      "longest_ties_averaged": mean { values, lengths in pick(lengths, values, .averaged) },
      "shortest_ties_averaged": mean { values, lengths in pick(lengths.map { -$0 }, values, .averaged) },
      "longest_first_index": mean { values, lengths in pick(lengths, values, .lowerIndex) },
    ]
  }

  private static func curves(_ pool: CandidatePool) -> [String: Figures] {
    func curve(_ scores: ([Double], [Double]) -> [Double]) -> Figures {
      let rows = pool.rows.map { row in
        BestOfK.curve(scores: scores(row.values, row.lengths), values: row.values, ties: .lowerIndex)
      }
      var figures: [String: Figures] = [:]
      for k in pool.judged.indices {
        figures["\(k + 1)"] = .maybe(Descriptive.mean(rows.map { $0[k] }).map { 100 * $0 })
      }
      return .object(figures)
    }
    return [
      "select_by_judge_preference": curve { values, _ in values },
      "select_by_length": curve { _, lengths in lengths },
    ]
  }

  private static func picks(_ picks: [Int?], _ pool: CandidatePool) -> [String: Figures] {
    let known = picks.enumerated().compactMap { row, pick in pick.map { (row: row, pick: $0) } }
    let judged = known.filter { pool.judged.contains($0.pick) }
    return [
      "picks_known": .count(known.count), "picks_among_judged": .count(judged.count),
      "mean_judge_value_on_those": .maybe(
        Descriptive.mean(judged.map { pool.preferences[$0.row][$0.pick] - 1 }).map { 100 * $0 }),
      "mean_of_random_on_those": .maybe(
        Descriptive.mean(judged.compactMap { Descriptive.mean(pool.rows[$0.row].values) }).map { 100 * $0 }),
      "mean_picked_length": .maybe(Descriptive.mean(known.map { pool.lengths[$0.row][$0.pick] })),
      "mean_pick_rank_by_length": .maybe(
        Descriptive.mean(known.map { meanRanks(pool.lengths[$0.row])[$0.pick] })),
    ]
  }

  private static func agreement(_ pool: CandidatePool) -> [String: Figures] {
    let names = pool.picks.keys.sorted()
    var figures: [String: Figures] = [:]
    for (i, a) in names.enumerated() {
      for b in names[(i + 1)...] {
        let shared = zip(pool.picks[a] ?? [], pool.picks[b] ?? []).filter { $0 != nil && $1 != nil }
        figures["\(a) | \(b)"] = .number(Double(shared.count { $0 == $1 }) / Double(shared.count))
      }
    }
    return figures
  }
}

/// The table of candidates: what the judge said of each, how long it is, and what six reward models picked.
private struct CandidatePool {
  let judged: [Int]
  let preferences: [[Double]]
  let lengths: [[Double]]
  let picks: [String: [Int?]]
  let pickedPreference: [Double]

  init(_ file: String) throws {
    let table = try CSVTable.read(file)
    func numbers(_ prefix: String) throws -> [[Double]] {
      let columns = try table.columns.filter {
        $0.hasPrefix(prefix) && Int($0.dropFirst(prefix.count)) != nil
      }
      .map(table.doubles)
      return (0..<table.rowCount).map { row in columns.map { $0[row] } }
    }
    preferences = try numbers("pref_")
    lengths = try numbers("len_")
    judged = Array(0..<(preferences.first?.count ?? 0))
    var picks: [String: [Int?]] = [:]
    for column in table.columns where column.hasPrefix("pick:") {
      picks[String(column.dropFirst("pick:".count))] = try table.rows.map { try $0.optionalInteger(column) }
    }
    self.picks = picks
    pickedPreference = try table.doubles("pref_of_deberta_pick")
  }

  /// The judged candidates of each prompt: what each is worth, between 0 and 1, and its length.
  var rows: [(values: [Double], lengths: [Double])] {
    zip(preferences, lengths).map { preference, length in
      (preference.map { $0 - 1 }, judged.map { length[$0] })
    }
  }
}
