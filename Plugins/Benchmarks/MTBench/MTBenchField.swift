public import Hustings
import HustingsData
import HustingsMetrics

/// FastChat's `pairwise-all`: each model's answers meet every other model's, in two games each.
///
/// Zheng et al., "Judging LLM-as-a-judge with MT-Bench and Chatbot Arena" (NeurIPS 2023), github.com/lm-sys/FastChat, Apache-2.0.
///
/// Recorded judgments are FastChat's rows of pairs, whichever models they are of; a judge may also be asked about the answers of
/// two models or more (`--outputs`). Who takes part belongs to the board's identity, as everybody's numbers depend on everybody.
///
/// Rules. A pairing is won only if both games say so, a tie or a contradiction is a tie, and one with an unreadable game is left
/// out. The rates are over all of a model's pairings, as FastChat's `show_result` prints them; the headline counts ties as half.
public enum MTBenchField {
  /// `mt-bench-all`.
  public static let plugin = BenchmarkPlugin(
    name: "mt-bench-all", usage: "mt-bench-all[:QUESTIONS.jsonl]", summary: summary, folder: MTBench.folder
  ) { argument, context in
    let card = BenchmarkCard(
      name: argument.map { "mt-bench-all:\($0)" } ?? "mt-bench-all", version: "mt-bench-all/1",
      summary: summary,
      source: MTBench.source, licence: "Apache-2.0", content: .names, ties: .half, failures: .excluded,
      aggregation: "wins and half the ties over all pairings, in percent")
    let usual = "\(context.dataRoot)/\(MTBench.folder)"
    let file = argument.map(context.path) ?? "\(usual)/question.jsonl"
    return QuestionField(
      QuestionContest(
        card,
        .init(
          metrics: metrics, questions: { _ in try MTBench.questions(file) }, baseline: nil,
          answers: BaselineAnswers(nil, folder: usual, benchmark: card.name), hasTurns: true,
          read: { file, items in try records(file, items, benchmark: card.name) })))
  }

  private static let summary = "80 questions of two turns, each answer in two games with every other model's"

  private static let metrics: [any Metric] =
    [FieldRate("win_rate_adjusted", .adjusted)]
    + [(Trait.wins, "win"), (Trait.losses, "loss"), (Trait.ties, "tie")].map { trait, name in
      FieldCount(name, of: trait)
    }
    + [
      FieldRate("win_rate", .wins), FieldRate("loss_rate", .losses), FieldRate("tie_rate", .ties),
      FieldRate("same in both orders", .agreement), FieldCount("unreadable", of: Trait.unreadable),
    ]
    + MTBench.parts { name, covers in FieldRate(name, .adjusted, covers: covers) }

  /// A pairing's model names, the first of the file's row first.
  private struct Pair: Hashable {
    let item: String
    let models: Set<String>
  }

  private static func records(
    _ file: String, _ items: Set<String>, benchmark: String
  ) throws -> [ContestRecord] {
    var order: [String] = []
    var rows: [String: [(pair: Pair, pairing: MTBenchPairing)]] = [:]
    var count = 0
    try RowFile.rows(file) { row in
      count += 1
      let item = try MTBench.item(row)
      let pairing = MTBenchPairing(
        question: item, first: try row.string("model_1"), second: try row.string("model_2"),
        game1: try MTBench.winner(row, game: 1), game2: try MTBench.winner(row, game: 2))
      guard pairing.first != pairing.second else {
        throw row.fault("model_2", .notAllowed(found: "'\(pairing.second)' again", expected: "another model"))
      }
      let judge = try MTBench.judge(row)
      if rows[judge] == nil { order.append(judge) }
      rows[judge, default: []].append(
        (Pair(item: item, models: [pairing.first, pairing.second]), pairing))
    }
    return try order.flatMap { judge in
      let all = rows[judge] ?? []
      let known = all.filter { items.contains($0.pair.item) }
      guard !known.isEmpty else {
        throw BenchmarkError.noCommonPrompt(file: file, benchmark: benchmark, count: count)
      }
      var seen: Set<Pair> = []
      let unique = known.filter { seen.insert($0.pair).inserted }.map(\.pairing)
      var warnings: [String] = []
      if unique.count < known.count {
        warnings.append(
          "\(known.count - unique.count) rows of its judge repeat a judgment; of each the first counts.")
      }
      if known.count < all.count {
        warnings.append(
          "\(all.count - known.count) rows about answers that \(benchmark) does not ask for are left out.")
      }
      let models = Set(unique.flatMap { [$0.first, $0.second] }).sorted()
      return models.enumerated().map { place, model in
        record(model, unique, judge: judge, warnings: place == 0 ? warnings : [])
      }
    }
  }

  /// What the pairings come to for one model.
  private static func record(
    _ model: String, _ pairings: [MTBenchPairing], judge: String, warnings: [String]
  ) -> ContestRecord {
    var counts: [String: (pairings: PairingCount, games: Double)] = [:]
    for pairing in pairings where pairing.first == model || pairing.second == model {
      var own = counts[pairing.question] ?? (PairingCount(), 0)
      own.pairings.add(
        result(pairing, of: model), isAgreed: pairing.game1 == pairing.game2)
      // Each of the two is shown first in one of the games.
      own.games += 1
      counts[pairing.question] = own
    }
    return ContestRecord(
      judge: .recordedJudge(judge, of: "mt-bench"), author: model,
      entries: counts.mapValues { own in
        ContestRecord.Entry(
          tournament: own.pairings.tournament(),
          traits: own.pairings.traits.merging([Trait.queries: [own.games]]) { $1 })
      }, warnings: warnings)
  }

  private static func result(_ pairing: MTBenchPairing, of model: String) -> Judgment {
    switch pairing.result {
    case nil, .unreadable?: .absent(Absence(.abstention, "the judge's reply holds no verdict"))
    case .tie?: .margin(0)
    case .first?: .margin(pairing.first == model ? 1 : -1)
    case .second?: .margin(pairing.second == model ? 1 : -1)
    }
  }
}
