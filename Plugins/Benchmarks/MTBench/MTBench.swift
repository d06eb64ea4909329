public import Hustings
import HustingsData
import HustingsMetrics

/// MT-Bench: 80 questions of two turns in eight categories, each answer rated, or judged against a baseline's in two games.
///
/// Zheng et al., "Judging LLM-as-a-judge with MT-Bench and Chatbot Arena" (NeurIPS 2023), github.com/lm-sys/FastChat, Apache-2.0.
///
/// Reads `question.jsonl` of the data root's folder, or any such file behind the colon, and recorded judgments as FastChat writes
/// them. Ratings and verdicts are read again from the judge's texts; where a row has no text its stored score or winner counts.
/// A judge may also be asked: a model's answers (`--outputs`) are FastChat's `model_answer/NAME.jsonl`.
///
/// Rules. `mt-bench`: the mean rating; an answer without a rating is left out and shown as missing. Of several rows on one answer
/// the first counts, as in FastChat's clean-up (its table counts repeats twice). `mt-bench-pairs`: a win counts only if both games
/// give it, a tie or a contradiction is a tie, and a pair with an unreadable game is left out; the headline counts ties as half.
public enum MTBench {
  static let folder = "mt_bench"
  static let source = "Zheng et al. 2023, github.com/lm-sys/FastChat"

  /// `mt-bench`: ratings of single answers.
  public static let plugin = plugin(
    "mt-bench", "80 questions of two turns, each answer rated from 1 to 10", ties: .half, hasBaseline: false,
    aggregation: "mean rating, every rated answer the same",
    metrics: [SeatRating("average")] + parts { name, covers in SeatRating(name, covers: covers) }
  ) { file, _, items, name in try ratings(file, items, name) }

  /// `mt-bench-pairs`: two games with a baseline.
  public static let pairsPlugin = plugin(
    "mt-bench-pairs", "80 questions of two turns, each answer in two games with a baseline's", ties: .half,
    hasBaseline: true, aggregation: "wins and half the ties over all pairs, in percent",
    settings: [
      "baseline":
        "the baseline's name: among the models of a file the second of each row when not given, and for a judge that is "
        + "asked \(MTBenchPlan.usualBaseline)",
      "answers": "the baseline's answers, a file or a folder of NAME.jsonl, for a judge that is asked",
    ],
    metrics: [
      SeatRate("win_rate_adjusted", rule: GameCredit(.adjusted)),
      GameCount("win", .wins), GameCount("loss", .losses), GameCount("tie", .ties),
      SeatRate("win_rate", rule: GameCredit(.wins)),
      SeatRate("loss_rate", rule: GameCredit(.losses)), SeatRate("tie_rate", rule: GameCredit(.ties)),
      Accuracy("same in both orders", rule: OrderCredit(.agreement), subsets: .all),
    ] + parts { name, covers in SeatRate(name, rule: GameCredit(.adjusted), covers: covers) }
  ) { file, context, items, name in try pairs(file, baseline: context.settings["baseline"], items, name) }

  /// A column for each turn and each category.
  static func parts(
    _ make: (String, @escaping @Sendable (AnswerKey) -> Bool) -> any Metric
  ) -> [any Metric] {
    [1, 2].map { turn in make("turn \(turn)") { $0.item.hasSuffix("/\(turn)") } }
      + MTBenchPlan.categories.map { category in make(category) { $0.subset == category } }
  }

  private static func plugin(
    _ name: String, _ summary: String, ties: TieRule, hasBaseline: Bool, aggregation: String,
    settings: KeyValuePairs<String, String> = [:], metrics: [any Metric],
    read: @escaping @Sendable (String, BenchmarkContext, Set<String>, String) throws -> [ContestRecord]
  ) -> BenchmarkPlugin {
    BenchmarkPlugin(
      name: name, usage: "\(name)[:QUESTIONS.jsonl]", summary: summary, folder: folder, settings: settings
    ) { argument, context in
      let baseline = context.settings["baseline"].map { "; the baseline is \($0)" } ?? ""
      let card = BenchmarkCard(
        name: argument.map { "\(name):\($0)" } ?? name, version: "\(name)/1", summary: summary,
        source: source, licence: "Apache-2.0", content: .names, ties: ties, failures: .excluded,
        aggregation: aggregation + baseline)
      let usual = "\(context.dataRoot)/\(folder)"
      let questionFile = argument.map(context.path) ?? "\(usual)/question.jsonl"
      let opponent = context.settings["baseline"] ?? MTBenchPlan.usualBaseline
      let meets: @Sendable (QuestionContest.Question) -> String = { _ in opponent }
      let rules = QuestionContest.Rules(
        metrics: metrics, questions: { _ in try questions(questionFile) },
        baseline: hasBaseline ? meets : nil,
        answers: BaselineAnswers(
          context.settings["answers"].map(context.path), folder: usual, benchmark: card.name),
        hasTurns: true, read: { file, items in try read(file, context, items, card.name) })
      return QuestionContest(card, rules)
    }
  }

  /// One item per question and turn; the turns of a question are one cluster.
  static func questions(_ file: String) throws -> [QuestionContest.Question] {
    try JSONLines.map(file) { row in
      .init(
        id: "\(try row.integer("question_id"))", subset: try row.optionalString("category") ?? "all",
        turns: try row.strings("turns"))
    }
  }

  static func item(_ row: JSONNode) throws -> String {
    "\(try row.integer("question_id"))/\(try row.optionalInteger("turn") ?? 1)"
  }

  /// The judge, without its prompt, which differs between categories and turns.
  static func judge(_ row: JSONNode) throws -> String {
    guard let node = try row.optionalNode("judge") else { return "unnamed judge" }
    if case .string(let name) = node.value { return name }
    return try node.strings().first ?? "unnamed judge"
  }

  // MARK: Ratings

  private static func ratings(
    _ file: String, _ items: Set<String>, _ benchmark: String
  ) throws -> [ContestRecord] {
    var groups = RecordGroups<(item: String, rating: Double?)>()
    try RowFile.rows(file) { row in
      let rating: Double?
      if let text = try row.optionalString("judgment") {
        rating = MTBenchReply.rating(in: text)
      } else {
        rating = try row.optionalDouble("score").flatMap { $0 < 0 ? nil : $0 }
      }
      groups.add((try item(row), rating), judge: try judge(row), author: try row.optionalString("model"))
    }
    return try groups.groups.map { group in
      try record(group.judge, group.author, group.rows, items, file: file, benchmark) { rating in
        ContestRecord.Entry(
          tournament: Tournament(
            rewards: [rating], absences: [0: Absence(.abstention, "the judge's reply holds no rating")]),
          traits: [Trait.queries: [1]])
      }
    }
  }

  // MARK: Pairs

  private static func pairs(
    _ file: String, baseline: String?, _ items: Set<String>, _ benchmark: String
  ) throws -> [ContestRecord] {
    var groups = RecordGroups<(item: String, games: [MTBenchPairing.Winner])>()
    try RowFile.rows(file) { row in
      let (first, second) = (try row.string("model_1"), try row.string("model_2"))
      let games = try [1, 2].map { try winner(row, game: $0) }
      if baseline == nil || baseline == second {
        groups.add((try item(row), games), judge: try judge(row), author: first)
      } else if baseline == first {
        groups.add((try item(row), games.map(\.mirrored)), judge: try judge(row), author: second)
      }
    }
    guard !groups.groups.isEmpty else {
      throw BenchmarkError.setting(
        "baseline", value: baseline ?? "", known: "the models that \(file) compares")
    }
    return try groups.groups.map { group in
      try record(group.judge, group.author, group.rows, items, file: file, benchmark) { games in
        // In the first game the model that the row names first is shown first.
        ContestRecord.Entry(
          tournament: Tournament(
            count: 2,
            ordered: [Matchup(1, 0): games[0].judgment, Matchup(0, 1): games[1].judgment.negated],
            areVerdicts: true), traits: [Trait.queries: [1, 1]])
      }
    }
  }

  static func winner(_ row: JSONNode, game: Int) throws -> MTBenchPairing.Winner {
    if let text = try row.optionalString("g\(game)_judgment") {
      return MTBenchPairing.Winner(MTBenchReply.verdict(in: text), isSwapped: game == 2)
    }
    let stored = try row.string("g\(game)_winner")
    guard let winner = MTBenchPairing.Winner(rawValue: stored) else {
      let known = MTBenchPairing.Winner.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw row.fault("g\(game)_winner", .notAllowed(found: "'\(stored)'", expected: known))
    }
    return winner
  }

  // MARK: Both

  private static func record<Said>(
    _ judge: String, _ author: String?, _ rows: [(item: String, Said)], _ items: Set<String>, file: String,
    _ benchmark: String, entry: (Said) -> ContestRecord.Entry
  ) throws -> ContestRecord {
    var entries: [String: ContestRecord.Entry] = [:]
    var repeats = 0
    var strangers = 0
    for (item, said) in rows {
      if !items.contains(item) {
        strangers += 1
      } else if entries[item] != nil {
        repeats += 1
      } else {
        entries[item] = entry(said)
      }
    }
    guard !entries.isEmpty else {
      throw BenchmarkError.noCommonPrompt(file: file, benchmark: benchmark, count: rows.count)
    }
    var warnings: [String] = []
    if repeats > 0 { warnings.append("\(repeats) rows repeat a judgment; of each the first counts.") }
    if strangers > 0 {
      warnings.append("\(strangers) rows about answers that \(benchmark) does not ask for are left out.")
    }
    return ContestRecord(
      judge: .recordedJudge(judge, of: "mt-bench"), author: author, entries: entries, warnings: warnings)
  }
}

extension MTBenchPairing.Winner {
  /// The same told with the models in the other order.
  fileprivate var mirrored: MTBenchPairing.Winner {
    switch self {
    case .first: .second
    case .second: .first
    case .tie, .unreadable: self
    }
  }

  /// For the model named first.
  fileprivate var judgment: Judgment {
    switch self {
    case .first: .margin(1)
    case .second: .margin(-1)
    case .tie: .margin(0)
    case .unreadable: .absent(Absence(.abstention, "the judge's reply holds no verdict"))
    }
  }
}
