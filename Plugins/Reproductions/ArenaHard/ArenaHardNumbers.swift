import BenchmarkPlugins
import Foundation
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// Arena-Hard: scores and ratings with seeded intervals, verdicts read from the judge's replies, lengths, and style
  /// control by both formulas.
  static let arenaHard = Reproduction(
    folder: "arena_hard",
    tolerance: .init(
      absolute: 6e-7,
      exceptions: [
        // Published to two digits.
        "battles / * / published / score": 0.0051,
        // Intervals move by up to 0.7 points from seed to seed.
        "battles / * / published / q": 0.7, "battles / * / boot2000_ci95": 0.7,
        "style_control_reference": 1e-6,
      ]),
    quoted: [
      "style_control_reference / note": "a remark",
      "style_control_reference / v01 / feature": "a formula in words",
      "style_control_reference / v2 / feature": "a formula in words",
    ], select: \.withoutMissing
  ) { folder in
    var answers: [String: ArenaHardAnswers] = [:]
    for (path, _) in FolderListing.files(folder, prefix: "answers_", suffix: ".jsonl") {
      if let read = try ArenaHardAnswers(path) { answers[read.model] = read }
    }
    let battles = try ArenaHardBattleTable(
      JSONNode.read(FolderListing.file(folder, prefix: "battles_", suffix: ".json")))
    return .object([
      "battles": .object(
        Dictionary(
          uniqueKeysWithValues: battles.rows.map { model, rows in
            (model, battleFigures(rows, answers: answers[model]))
          })),
      "verdicts": .object(
        Dictionary(
          uniqueKeysWithValues: try FolderListing.files(folder, prefix: "verdicts_", suffix: ".jsonl")
            .map { path, stem in (stem, try verdicts(path)) })),
      "avg_tokens": .object(answers.mapValues { .maybe($0.averageTokens) }),
      "style_control_reference": ArenaHardStyleFigures(battles, answers).figures,
    ])
  }

  private static func battleFigures(_ rows: [ArenaHardRow], answers: ArenaHardAnswers?) -> Figures {
    let score = ArenaHardScore(rows)
    let interval = ArenaHardScore.bootstrap(rows, resampling: .rows, rounds: 2000, seed: 42)?
      .interval(level: 0.95, method: .percentile)
    let low = percent(interval?.low)
    let high = percent(interval?.high)
    return .object([
      "n_rows": .count(score.total), "wins": .count(score.wins), "ties": .count(score.ties),
      "losses": .count(score.losses), "score": percent(score.share), "elo": .maybe(score.rating()),
      "boot2000_ci95": .list([low, high]),
      "published": .object([
        "score": percent(score.share), "q025": low, "q975": high,
        // Upstream's table cuts the mean off.
        "avg_tokens": .maybe(answers?.averageTokens.map { $0.rounded(.down) }),
      ]),
    ])
  }

  private static func verdicts(_ path: String) throws -> Figures {
    var rows = 0
    var readings: [ArenaHardReading] = []
    for row in try JSONLines.read(path) {
      rows += 1
      for game in try row.array("games") {
        readings.append(ArenaHardRule.v01.reading(of: try game.string("judgment")))
      }
    }
    let report = ArenaHardReport(readings)
    var counts: [String: Figures] = [:]
    for (label, count) in report.labels { counts[label.rawValue] = .count(count) }
    // Upstream stores an unknown label as it stands and anything else as null.
    for (text, count) in report.unknown { counts[text] = .count(count) }
    if report.missing + report.contradictory > 0 {
      counts["None"] = .count(report.missing + report.contradictory)
    }
    return .object(["rows": .count(rows), "games": .count(readings.count), "scores": .object(counts)])
  }
}

/// Style control over the models whose answers are there, by the formulas of both versions.
private struct ArenaHardStyleFigures {
  private let models: [String]
  private let fit01: ArenaStyleControl?
  private let unpenalised01: ArenaStyleControl?
  private let fit2: ArenaStyleControl?

  init(_ battles: ArenaHardBattleTable, _ answers: [String: ArenaHardAnswers]) {
    let others = battles.rows.keys.filter { answers[$0] != nil && $0 != battles.baseline }.sorted()
    models = [battles.baseline] + others
    guard let baseline = answers[battles.baseline] else {
      (fit01, unpenalised01, fit2) = (nil, nil, nil)
      return
    }
    var first: [ArenaStyleControl.Battle] = []
    var second: [ArenaStyleControl.Battle] = []
    for (place, model) in models.enumerated().dropFirst() {
      for row in battles.rows[model] ?? [] {
        guard let ours = answers[model]?.styles[row.prompt], let theirs = baseline.styles[row.prompt] else {
          continue
        }
        first.append(
          .init(
            first: 0, second: place, outcome: 1 - row.credit, rows: 1, style: theirs.excess01(over: ours)))
        second.append(
          .init(first: place, second: 0, outcome: row.credit, rows: 1, style: ours.excess2(over: theirs)))
      }
    }
    fit01 = ArenaStyleControl(first, models: models.count, anchor: 0, design: .arenaHard01)
    unpenalised01 = ArenaStyleControl(
      first, models: models.count, anchor: 0,
      design: .init(unit: log(10), divisor: .population, ridge: 0))
    fit2 = ArenaStyleControl(second, models: models.count, anchor: 0, design: .arenaHard2)
  }

  var figures: Figures {
    .object([
      "v01": .object([
        "score": scores(fit01), "style_coef": named(fit01, ["token_len", "header", "list", "bold"]),
        "l2_per_unduplicated_row_set": .number(ArenaStyleControl.Design.arenaHard01.ridge),
        "std_ddof": .count(ArenaStyleControl.Design.arenaHard01.divisor == .population ? 0 : 1),
      ]),
      "v01_no_penalty": .object([
        "score": scores(unpenalised01), "style_coef": .numbers(unpenalised01?.style ?? []),
      ]),
      "v2": .object([
        "score": scores(fit2),
        "style_coef": named(fit2, ["length", "header_density", "list_density", "bold_density"]),
        "std_ddof": .count(ArenaStyleControl.Design.arenaHard2.divisor == .population ? 0 : 1),
      ]),
    ])
  }

  private func scores(_ fit: ArenaStyleControl?) -> Figures {
    guard let fit else { return .missing }
    return .object(
      Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1, percent(fit.winRate($0))) }))
  }

  private func named(_ fit: ArenaStyleControl?, _ names: [String]) -> Figures {
    guard let fit else { return .missing }
    return .object(Dictionary(uniqueKeysWithValues: zip(names, fit.style.map { .number($0) })))
  }
}
