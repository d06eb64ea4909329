import Foundation
public import Hustings
import HustingsData
import HustingsMetrics

/// Vicuna-Bench: 80 questions, a judge giving two models' answers a score each.
///
/// Chiang et al., "Vicuna: An Open-Source Chatbot Impressing GPT-4 with 90% ChatGPT Quality" (2023), github.com/lm-sys/FastChat,
/// Apache-2.0. Reads the reviews themselves (`question_id` and `text`, whose first line holds both scores), as `--annotations
/// NAME=FILE`; the first score is the model's, the second the baseline's, or with `?first=baseline` the other way round.
/// A judge may also be asked: questions, the model's answers (`--outputs`) and the baseline's (`?answers=`) are FastChat's files.
///
/// Rules. A first line that holds no bare pair falls back on `stored_score`, which was set by hand, and is counted. Who has more
/// points on a question wins it. A question without a review is left out and shown as missing.
public enum VicunaBench {
  private static let name = "vicuna-bench"
  private static let folder = "vicuna_bench"
  private static let summary = "80 questions, a judge scoring two models' answers"

  /// `vicuna-bench`.
  public static let plugin = BenchmarkPlugin(
    name: name, usage: "\(name)[:QUESTIONS.jsonl]", summary: summary, folder: folder,
    settings: [
      "baseline": "the baseline's name", "first": "whose score stands first: model (the default) or baseline",
      "answers": "the baseline's answers, a file or a folder of NAME.jsonl, for a judge that is asked",
    ]
  ) { argument, context in
    let first = context.settings["first"] ?? "model"
    guard ["model", "baseline"].contains(first) else {
      throw BenchmarkError.setting("first", value: first, known: "model, baseline")
    }
    let card = BenchmarkCard(
      name: argument.map { "\(name):\($0)" } ?? name, version: "\(name)/1", summary: summary,
      source: "Chiang et al. 2023, github.com/lm-sys/FastChat", licence: "Apache-2.0", content: .names,
      ties: .half, failures: .excluded,
      aggregation: "questions won and half of those tied, in percent"
        + (context.settings["baseline"].map { "; the baseline is \($0)" } ?? ""))
    let usual = "\(context.dataRoot)/\(folder)"
    let baseline = context.settings["baseline"] ?? "vicuna-13b"
    return QuestionContest(
      card,
      .init(
        metrics: metrics,
        questions: {
          try questions(argument.map(context.path), usual: "\(usual)/question.jsonl", isAsking: $0)
        },
        baseline: { _ in baseline },
        answers: BaselineAnswers(
          context.settings["answers"].map(context.path), folder: usual, benchmark: name),
        hasTurns: false
      ) { file, items in [try record(file, items, modelFirst: first == "model")] })
  }

  private static let metrics: [any Metric] = [
    SeatRate("better", rule: GameCredit(.adjusted)), PointTotal("points", of: "model"),
    PointTotal("baseline points", of: "baseline"), SeatRate("won", rule: GameCredit(.wins)),
    SeatRate("lost", rule: GameCredit(.losses)), SeatRate("tied", rule: GameCredit(.ties)),
  ]

  /// Recorded reviews go by numbers alone; a judge that is asked needs the texts.
  private static func questions(
    _ file: String?, usual: String, isAsking: Bool
  ) throws -> [QuestionContest.Question] {
    guard let file = file ?? (isAsking && FileManager.default.fileExists(atPath: usual) ? usual : nil) else {
      guard !isAsking else { throw BenchmarkError.needsFile(usage: "\(name):QUESTIONS.jsonl") }
      return (1...80).map { .init(id: "\($0)", subset: "all", turns: ["question \($0)"]) }
    }
    return try JSONLines.map(file) { row in
      .init(
        id: try AnswerFile.question(row), subset: try row.optionalString("category") ?? "all",
        turns: [try row.optionalString("text") ?? row.strings("turns").first ?? ""])
    }
  }

  private static func record(
    _ file: String, _ known: Set<String>, modelFirst: Bool
  ) throws -> ContestRecord {
    var entries: [String: ContestRecord.Entry] = [:]
    var byHand = 0
    var unreadable = 0
    try RowFile.rows(file) { row in
      let question = "\(try row.integer("question_id"))"
      guard known.contains(question) else {
        throw row.fault(
          "question_id", .notAllowed(found: question, expected: "one of the \(known.count) questions"))
      }
      let stored = try row.optionalNode("stored_score")?.doubles()
      let review = VicunaReview(
        question: question, reply: try row.string("text"),
        fallback: stored.flatMap { $0.count == 2 ? ScorePair(first: $0[0], second: $0[1]) : nil })
      if review?.read == nil { if review == nil { unreadable += 1 } else { byHand += 1 } }
      let points = review.map { [$0.scores.first, $0.scores.second] } ?? []
      let told: [Double?] = points.isEmpty ? [nil, nil] : modelFirst ? points.reversed() : points
      let absence = Absence(.abstention, "the review's first line holds no two scores")
      entries[question] = ContestRecord.Entry(
        tournament: Tournament(rewards: told, absences: [0: absence, 1: absence]),
        traits: [Trait.queries: [1, 0]])
    }
    var warnings: [String] = []
    if byHand > 0 { warnings.append("\(byHand) reviews cannot be read and count with their stored scores.") }
    if unreadable > 0 { warnings.append("\(unreadable) reviews cannot be read.") }
    return ContestRecord(
      judge: .recordedJudge("recorded reviews", of: name), author: nil, entries: entries, warnings: warnings)
  }
}
