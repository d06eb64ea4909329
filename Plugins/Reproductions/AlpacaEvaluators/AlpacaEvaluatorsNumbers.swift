import BenchmarkPlugins
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// A judge of AlpacaFarm's pairs asked four times: its variance, cost, and taste for length, lists and the first place.
  static let alpacaEvaluators = Reproduction(
    folder: "alpaca_eval_evaluators", tolerance: .init(absolute: 1e-9),
    quoted: [
      "published / human_agreement": "needs the human labels, which are not in the folder",
      "published / bias": "needs the human labels, which are not in the folder",
    ]
  ) { folder in
    let rows = try JSONLines.map(FolderListing.file(folder, prefix: "", suffix: ".jsonl")) { row in
      EvaluatedPair(
        first: try row.string("output_1"), second: try row.string("output_2"),
        codes: try row.doubles("preferences"), dollars: try row.doubles("usd"),
        seconds: try row.doubles("sec"))
    }
    let judgments = RepeatedJudgments(rows.map(\.codes))
    let pairs = rows.compactMap(\.judged)
    let longer = JudgeTaste.longer(pairs)
    let lists = JudgeTaste.lists(pairs, by: .anywhere)
    let currentLists = JudgeTaste.lists(pairs, by: .atLineStart)
    let dollars = Descriptive.mean(rows.flatMap(\.dollars)).map { 1000 * $0 }
    let seconds = Descriptive.mean(rows.flatMap(\.seconds)).map { 1000 * $0 }
    return .object([
      "computed": .object([
        "n": .count(rows.count), "variance": percent(judgments.variance), "price": .maybe(dollars),
        "time": .maybe(seconds), "longer": .maybe(longer.share), "n_long": .count(longer.eligible),
        "lists": .maybe(lists.share), "n_list": .count(lists.eligible),
        "prefer1": .maybe(judgments.firstShare), "parsed": .count(judgments.count),
      ]),
      "prefer_lists_with_current_regex": .object([
        "value": .maybe(currentLists.share), "n": .count(currentLists.eligible),
      ]),
      "published": .object([
        "variance": percent(judgments.variance), "price": .maybe(dollars), "time": .maybe(seconds),
        "prefer_longer": .maybe(longer.share), "prefer_lists": .maybe(lists.share),
        "parsed": .count(judgments.count),
      ]),
    ])
  }
}

private struct EvaluatedPair {
  let first: String
  let second: String
  let codes: [Double]
  let dollars: [Double]
  let seconds: [Double]

  /// The pair with the first of its judgments, which is the one that upstream's tastes are taken from.
  var judged: JudgeTaste.Pair? {
    codes.first.flatMap { AlpacaPreference.probability(code: $0) }.map {
      JudgeTaste.Pair(first: first, second: second, label: PairLabel(preference: $0))
    }
  }
}
