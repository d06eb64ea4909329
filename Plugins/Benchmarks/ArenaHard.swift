public import Hustings
import HustingsData
import HustingsMetrics

/// Arena-Hard: hard prompts of the Chatbot Arena, each model in two games with the baseline before a judge.
///
/// Li, Chiang, Frick et al., "From Crowdsourced Data to High-Quality Benchmarks: Arena-Hard and BenchBuilder" (2024),
/// github.com/lmarena/arena-hard-auto, Apache-2.0. Version 0.1 has 500 prompts and the baseline gpt-4-0314; version 2 has
/// hard prompts and creative writing, with a baseline for each.
///
/// Reads `question*.jsonl` of the data root's folder, or any such file behind the colon, and recorded judgments as the project
/// writes them: rows of `question_id` (or `uid`), `model`, `judge`, and two `games`, the first with the baseline as A. Verdicts
/// are read again from the judge's texts by the version's own rule; where a game has no text its stored score counts.
///
/// A judge may also be asked: a model's answers (`--outputs`) are the project's `model_answer/NAME.jsonl`, and the baseline's are
/// found in the data root's folder by its name, or named by `?answers=`.
///
/// Rules. A strong verdict counts as three rows of the battle table, any other as one. Version 0.1 drops a game without a
/// verdict, version 2 the whole prompt. The score is the share of points in the rows, in percent.
public enum ArenaHard {
  /// `arena-hard`: version 0.1.
  public static let plugin = plugin("arena-hard", .v01, folder: "arena_hard", prompts: "500 hard prompts")
  /// `arena-hard-2`: version 2.
  public static let secondPlugin = plugin(
    "arena-hard-2", .v2, folder: "arena_hard_2", prompts: "hard prompts and creative writing")

  private static func plugin(
    _ name: String, _ rule: ArenaHardRule, folder: String, prompts: String
  ) -> BenchmarkPlugin {
    let summary = "\(prompts) in two games with a baseline each, version \(rule.rawValue)"
    return BenchmarkPlugin(
      name: name, usage: "\(name)[:QUESTIONS.jsonl]", summary: summary, folder: folder,
      settings: [
        "answers": "the baseline's answers, a file or a folder of NAME.jsonl, for a judge that is asked",
        "baseline": "the baseline's name; upstream's when not given",
      ]
    ) { argument, context in
      let baseline = context.settings["baseline"]
      let card = BenchmarkCard(
        name: argument.map { "\(name):\($0)" } ?? name, version: "\(name)/1", summary: summary,
        source: "Li et al. 2024, github.com/lmarena/arena-hard-auto", licence: "Apache-2.0", content: .names,
        ties: .half, failures: .excluded,
        aggregation: "share of points in percent, a strong verdict counting three times")
      return QuestionContest(
        card,
        .init(
          metrics: metrics(rule),
          questions: { _ in
            try questions(
              argument.map(context.path)
                ?? FolderListing.file("\(context.dataRoot)/\(folder)", prefix: "question", suffix: ".jsonl"))
          }, baseline: { baseline ?? ArenaHard.baseline(rule, $0.subset) },
          answers: BaselineAnswers(
            context.settings["answers"].map(context.path), folder: "\(context.dataRoot)/\(folder)",
            benchmark: name), hasTurns: false
        ) { file, items in try records(file, rule, items: items, benchmark: card.name) })
    }
  }

  /// Upstream's baseline for a category.
  private static func baseline(_ rule: ArenaHardRule, _ category: String) -> String {
    switch rule {
    case .v01: "gpt-4-0314"
    case .v2: category == "creative_writing" ? "gemini-2.0-flash-001" : "o3-mini-2025-01-31"
    }
  }

  private static func metrics(_ rule: ArenaHardRule) -> [any Metric] {
    [ArenaHardRate("score", rule: rule), ArenaHardFigure(.upstreamScore, rule: rule)]
      + [.wins, .ties, .losses, .rating].map { ArenaHardFigure($0, rule: rule) }
      + [Accuracy("same in both orders", rule: OrderCredit(.agreement), subsets: .all)]
  }

  private static func questions(_ file: String) throws -> [QuestionContest.Question] {
    try JSONLines.map(file) { row in
      .init(
        id: try id(row), subset: try row.optionalString("category") ?? "all",
        turns: [try row.string("prompt")])
    }
  }

  private static func id(_ row: JSONNode) throws -> String {
    try row.optionalString("uid") ?? row.string("question_id")
  }

  // MARK: Recorded judgments

  private static func records(
    _ file: String, _ rule: ArenaHardRule, items: Set<String>, benchmark: String
  ) throws -> [ContestRecord] {
    var groups = RecordGroups<(item: String, games: [ArenaHardReading])>()
    try RowFile.rows(file) { row in
      let games = try row.array("games")
      guard games.count >= 2 else {
        throw row.fault("games", .notAllowed(found: "\(games.count) games", expected: "two"))
      }
      groups.add(
        (try id(row), try games.prefix(2).map { try reading($0, rule) }),
        judge: try row.optionalString("judge") ?? "unnamed judge", author: try row.optionalString("model"))
    }
    return try groups.groups.map { group in
      let known = group.rows.filter { items.contains($0.item) }
      guard !known.isEmpty else {
        throw BenchmarkError.noCommonPrompt(file: file, benchmark: benchmark, count: group.rows.count)
      }
      var warnings = report(ArenaHardReport(known.flatMap(\.games)))
      if known.count < group.rows.count {
        warnings.append(
          "\(group.rows.count - known.count) rows about prompts that \(benchmark) does not have are left out."
        )
      }
      return ContestRecord(
        judge: .recordedJudge(group.judge, of: "arena-hard"), author: group.author,
        entries: Dictionary(known.map { ($0.item, entry($0.games)) }, uniquingKeysWith: { $1 }),
        warnings: warnings)
    }
  }

  /// Version 2 keeps the text in an object.
  private static func reading(_ game: JSONNode, _ rule: ArenaHardRule) throws -> ArenaHardReading {
    if let judgment = try game.optionalNode("judgment") {
      if case .string(let text) = judgment.value { return rule.reading(of: text) }
      if case .object = judgment.value, let text = try judgment.optionalString("answer") {
        return rule.reading(of: text)
      }
    }
    guard let score = try game.optionalString("score") else { return .missing }
    return rule.reading(of: "[[\(score)]]")
  }

  private static func entry(_ games: [ArenaHardReading]) -> ContestRecord.Entry {
    func judgment(_ reading: ArenaHardReading) -> Judgment {
      guard let label = reading.label else { return .absent(Absence(.abstention, words(reading))) }
      return .margin(label.credit == 1 ? 1 : label.credit == 0 ? -1 : 0)
    }
    return ContestRecord.Entry(
      tournament: Tournament(
        count: 2, ordered: [Matchup(0, 1): judgment(games[0]), Matchup(1, 0): judgment(games[1])],
        areVerdicts: true),
      traits: [
        Trait.queries: [1, 1], Trait.rows: games.map { $0.label.map { $0.isStrong ? 3 : 1 } },
      ])
  }

  private static func words(_ reading: ArenaHardReading) -> String {
    switch reading {
    case .label(let label): label.rawValue
    case .missing: "the judge's reply holds no verdict"
    case .contradictory(let verdicts): "the judge's verdicts differ: \(verdicts.joined(separator: ", "))"
    case .unknown(let text): "the judge's verdict '\(text)' is no label"
    }
  }

  private static func report(_ report: ArenaHardReport) -> [String] {
    var parts: [String] = []
    if report.missing > 0 { parts.append("\(report.missing) games have no verdict") }
    if report.contradictory > 0 { parts.append("\(report.contradictory) have verdicts that differ") }
    parts += report.unknown.sorted { $0.key < $1.key }.map {
      "\($0.value) say '\($0.key)', which is no label"
    }
    return parts.isEmpty ? [] : [parts.joined(separator: "; ") + "."]
  }
}
