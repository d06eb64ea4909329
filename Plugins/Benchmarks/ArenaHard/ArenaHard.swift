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
/// are read again from the judge's texts by the version's own rule; where a game has no text its stored score counts. Tables of
/// battles, which upstream makes of them, are read as well (`ArenaHardBattleTable`).
///
/// A judge may also be asked: a model's answers (`--outputs`) are the project's `model_answer/NAME.jsonl`, and the baseline's are
/// found in the data root's folder by its name, or named by `?answers=`.
///
/// Rules. A strong verdict counts as three rows of the battle table, any other as one. Version 0.1 drops a game without a
/// verdict, version 2 the whole prompt. The score is the share of points in the rows, in percent. Style-controlled scores are
/// one fit over a board, by the formulas of both versions, where the answers' tokens and markdown are known.
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
        "answers":
          "the baseline's answers, a file or a folder of NAME.jsonl, for a judge that is asked; of all models, a folder, for "
          + "style control of recorded judgments",
        "baseline": "the baseline's name; upstream's when not given",
        "judges": "apart (the default), or pooled: the recorded verdicts of several judges as one judge's",
      ]
    ) { argument, context in
      let baseline = context.settings["baseline"]
      let card = BenchmarkCard(
        name: argument.map { "\(name):\($0)" } ?? name, version: "\(name)/1", summary: summary,
        source: "Li et al. 2024, github.com/lmarena/arena-hard-auto", licence: "Apache-2.0", content: .names,
        ties: .half, failures: .excluded,
        aggregation: "share of points in percent, a strong verdict counting three times")
      let judges = context.settings["judges"] ?? "apart"
      guard ["apart", "pooled"].contains(judges) else {
        throw BenchmarkError.setting("judges", value: judges, known: "apart, pooled")
      }
      var pool: (@Sendable ([ContestRecord]) -> ContestRecord)?
      if judges == "pooled" { pool = { ArenaHardPool.pooled($0, rule) } }
      let answers = BaselineAnswers(
        context.settings["answers"].map(context.path), folder: "\(context.dataRoot)/\(folder)",
        benchmark: name)
      let meets: @Sendable (QuestionContest.Question) -> String = {
        baseline ?? ArenaHard.baseline(rule, $0.subset)
      }
      let questions: @Sendable () throws -> [QuestionContest.Question] = {
        try ArenaHard.questions(
          argument.map(context.path)
            ?? FolderListing.file(
              "\(context.dataRoot)/\(folder)", prefix: "question", suffix: ".jsonl",
              usage: "\(name):QUESTIONS.jsonl"))
      }
      return QuestionContest(
        card,
        .init(
          metrics: metrics(rule), questions: { _ in try questions() }, baseline: meets, answers: answers,
          hasTurns: false, hasStyles: true,
          pool: pool
        ) { file, items in
          let styles = ArenaHardStyles(
            answers,
            baselines: Dictionary(try questions().map { ($0.id, meets($0)) }, uniquingKeysWith: { $1 }))
          return try ArenaHardRecords(rule: rule, items: items, benchmark: card.name, styles: styles).read(
            file)
        })
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
    func controlled(_ formula: ArenaHardRule) -> any Metric {
      ArenaHardStyleRate("style_controlled_\(formula.rawValue)", formula: formula, rule: rule)
    }
    var metrics: [any Metric] = [
      ArenaHardRate("score", rule: rule), ArenaHardFigure(.upstreamScore, rule: rule), controlled(rule),
    ]
    for column in [ArenaHardFigure.Column.wins, .ties, .losses, .rating] {
      metrics.append(ArenaHardFigure(column, rule: rule))
    }
    metrics.append(controlled(rule == .v01 ? .v2 : .v01))
    // Version 2 has a baseline of its own in each category, so that upstream prints a table for each.
    for category in rule == .v2 ? ["hard_prompt", "creative_writing"] : [] {
      metrics.append(ArenaHardRate(category, rule: rule, subset: category))
      metrics.append(
        ArenaHardStyleRate("\(category) style_controlled_2", formula: .v2, rule: rule, subset: category))
    }
    metrics.append(ArenaHardFigure(.averageTokens, rule: rule))
    metrics.append(Accuracy("same in both orders", rule: OrderCredit(.agreement), subsets: .all))
    return metrics
  }

  private static func questions(_ file: String) throws -> [QuestionContest.Question] {
    try JSONLines.map(file) { row in
      .init(
        id: try ArenaHardRecords.id(row), subset: try row.optionalString("category") ?? "all",
        turns: [try row.string("prompt")])
    }
  }
}
