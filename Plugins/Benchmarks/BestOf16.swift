public import Hustings
import HustingsData
import HustingsMetrics

/// Best of 16: candidates of one policy for AlpacaEval's prompts, with a judge's preference for each over a reference.
///
/// Recorded by RewardBench's first best-of-n study (github.com/allenai/reward-bench, commit 4319b31, removed later),
/// Apache-2.0. 805 prompts; numbers only, because the prompts are CC BY-NC. Candidates are named `0` to `15`. The judge's
/// preference is known for 0 to 10, and for whichever candidate the DeBERTa reward model picked.
///
/// Rules. A candidate's rating is the judge's preference less 1, so that 1 means it beats the reference. The headline is
/// the mean rating of the candidate picked among all 16; where it was never judged the item counts as unanswered. Ties
/// at the top are averaged. The candidates are ordered by length class, so their position says something of them.
public enum BestOf16 {
  private static let candidates = (0..<16).map(String.init)
  private static let judged = Array(candidates.prefix(11))
  private static let extraPick = "pick:OpenAssistant/reward-model-deberta-v3-large-v2"
  private static let extraPreference = "pref_of_deberta_pick"

  /// `best-of-16`.
  public static let plugin = BenchmarkPlugin(
    name: "best-of-16", summary: card.summary, folder: "bon_alpaca_tulu"
  ) { _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      let table = try CSVTable.read(context.folder("bon_alpaca_tulu").file("preferences.csv"))
      for row in table.rows { try sink.put(example(row, of: table), at: row.place) }
    }
  }

  private static let card = BenchmarkCard(
    name: "best-of-16", version: "best-of-16/1",
    summary: "what picking one of sixteen candidates is worth to a judge",
    source: "github.com/allenai/reward-bench at 4319b31", licence: "Apache-2.0", content: .names,
    ties: .shared,
    failures: .excluded, aggregation: "every prompt counts the same")

  private static let metrics: [any Metric] =
    [
      BestOfValue("win rate of the pick", ties: .averaged, unit: .share),
      PreferencePairs("accuracy", ties: .half, failures: .excluded),
      BestOfValue("win rate of the best of 11", among: judged, ties: .averaged, unit: .share),
    ]
    + (1...11).map { (draws: Int) in
      BestOfValue(
        "win rate of the best of \(draws) of 11, first of equals", draws: draws, among: judged,
        ties: .firstWins,
        unit: .share)
    } + judged.map { CandidateMean("win rate of candidate \($0)", candidate: $0, unit: .share) }

  private static func example(_ row: CSVRow, of table: CSVTable) throws -> Example {
    var ratings = try candidates.map { name -> Double? in
      table.has("pref_\(name)") ? try row.optionalDouble("pref_\(name)").map { $0 - 1 } : nil
    }
    if table.has(extraPick), table.has(extraPreference),
      let preference = try row.optionalDouble(extraPreference)
    {
      let pick = try row.integer(extraPick)
      guard ratings.indices.contains(pick) else {
        throw BenchmarkError.candidate(String(pick), of: candidates, column: extraPick, at: row.place)
      }
      ratings[pick] = ratings[pick] ?? preference - 1
    }
    return Example(
      id: try row.string("prompt_index"), subset: try row.string("dataset"), prompt: Prompt([]),
      cluster: try row.string("prompt_index"), candidates: candidates.map { Candidate($0, $0) },
      gold: .ratings(ratings))
  }
}
