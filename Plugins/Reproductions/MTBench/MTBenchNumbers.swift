import BenchmarkPlugins
import HustingsData
import HustingsMetrics

extension Reproductions {
  /// MT-Bench: mean ratings by turn and category, with and without repeats; pairwise records; reference-guided ratings.
  static let mtBench = Reproduction(
    folder: "mt_bench", tolerance: .init(absolute: 1e-9), select: \.withoutMissing
  ) { folder in
    var categories: [String: String] = [:]
    for row in try JSONLines.read("\(folder)/question.jsonl") {
      categories["\(try row.integer("question_id"))"] = try row.string("category")
    }
    var figures: [String: Figures] = [:]
    for (path, stem) in FolderListing.files(folder, prefix: "single_", suffix: ".jsonl") {
      let grades = try JSONLines.map(path) { try grade($0, categories) }
      figures["single_\(set(stem))"] = scores(grades)
    }
    for (path, stem) in FolderListing.files(folder, prefix: "pair_", suffix: ".jsonl") {
      figures["pair_\(set(stem))"] = records(try JSONLines.map(path, pairing))
    }
    for name in FolderListing.names(folder) where name.hasSuffix("_single") {
      figures[String(name.dropLast(7))] = try guided("\(folder)/\(name)")
    }
    return .object(figures)
  }

  /// The set's name in a file name: what follows the judge's.
  private static func set(_ stem: String) -> String {
    stem.split(separator: "_", maxSplits: 1).last.map(String.init) ?? stem
  }

  // MARK: Ratings

  private static func grade(_ row: JSONNode, _ categories: [String: String]) throws -> MTBenchGrade {
    let question = try row.integer("question_id")
    return MTBenchGrade(
      question: "\(question)", category: categories["\(question)"], model: try row.string("model"),
      turn: try row.optionalInteger("turn"), judge: try row.strings("judge").joined(separator: "/"),
      rating: MTBenchReply.rating(in: try row.string("judgment")))
  }

  private static func scores(_ grades: [MTBenchGrade]) -> Figures {
    let once = MTBenchScores.byModel(MTBenchScores.firstOccurrences(grades))
    return .object(
      Dictionary(
        uniqueKeysWithValues: MTBenchScores.byModel(grades).map { model, scores in
          let figures: [String: Figures] = [
            "rows": .count(scores.rows), "failed": .count(scores.failed),
            "turn1": .maybe(scores.byTurn[1]), "turn2": .maybe(scores.byTurn[2]),
            "average": .maybe(scores.average),
            "by_category": .object(scores.byCategory.mapValues { .number($0) }),
            "dedup_rows": .count(once[model]?.rows ?? 0), "dedup_average": .maybe(once[model]?.average),
          ]
          return (model, .object(figures))
        }))
  }

  /// Ratings by a judge that was shown a reference, one file per model.
  private static func guided(_ folder: String) throws -> Figures {
    var models: [String: Figures] = [:]
    for (path, stem) in FolderListing.files(folder, suffix: ".jsonl") {
      let grades = try JSONLines.map(path) { row in
        MTBenchGrade(
          question: try row.string("question_id"), category: nil, model: try row.string("model"), turn: nil,
          judge: "", rating: MTBenchReply.wholeRating(in: try row.string("judgment")))
      }
      for (model, scores) in MTBenchScores.byModel(grades) {
        models[model] = .object([
          "file": .text("\(stem).jsonl"), "rows": .count(scores.rows),
          "valid": .count(scores.rows - scores.failed), "mean": .maybe(scores.average),
        ])
      }
    }
    return .object(models)
  }

  // MARK: Pairs

  private static func pairing(_ row: JSONNode) throws -> MTBenchPairing {
    MTBenchPairing(
      question: "\(try row.integer("question_id"))", first: try row.string("model_1"),
      second: try row.string("model_2"),
      game1: .init(MTBenchReply.verdict(in: try row.string("g1_judgment")), isSwapped: false),
      game2: .init(MTBenchReply.verdict(in: try row.string("g2_judgment")), isSwapped: true))
  }

  private static func records(_ pairings: [MTBenchPairing]) -> Figures {
    var games: [String: Int] = [:]
    for pairing in pairings { games["\(pairing.game1.rawValue)|\(pairing.game2.rawValue)", default: 0] += 1 }
    return .object([
      "models": .object(
        MTBenchRecord.byModel(pairings).mapValues { record in
          .object([
            "win": .count(record.wins), "loss": .count(record.losses), "tie": .count(record.ties),
            "win_rate": .maybe(record.winRate), "loss_rate": .maybe(record.lossRate),
            "win_rate_adjusted": .maybe(record.adjustedWinRate),
          ])
        }), "consistency_g1_eq_g2": .maybe(MTBenchRecord.consistency(pairings)),
      "pairs": .object(games.mapValues { .count($0) }),
    ])
  }
}
