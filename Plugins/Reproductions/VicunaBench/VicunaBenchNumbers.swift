import BenchmarkPlugins
import HustingsData
import HustingsMetrics

extension Reproductions {
  /// Vicuna-Bench: two models' totals, and who was ahead how often, from the first line of each review.
  static let vicunaBench = Reproduction(
    folder: "vicuna_bench", tolerance: .init(absolute: 1e-9), select: \.withoutMissing
  ) { folder in
    var files: [String: Figures] = [:]
    for (path, stem) in FolderListing.files(folder, suffix: ".jsonl") {
      var unscored = 0
      let reviews = try JSONLines.map(path) { row -> VicunaReview? in
        let stored = try row.doubles("stored_score")
        guard stored.count == 2 else {
          throw row.fault("stored_score", .notAllowed(found: "\(stored.count) numbers", expected: "two"))
        }
        // What could not be read was scored by hand.
        let review = VicunaReview(
          question: "\(try row.integer("question_id"))", reply: try row.string("text"),
          fallback: ScorePair(first: stored[0], second: stored[1]))
        if review == nil { unscored += 1 }
        return review
      }.compactMap { $0 }
      let totals = VicunaTotals(reviews)
      files[stem] = .object([
        "n": .count(reviews.count + unscored), "total_1": .number(totals.first),
        "total_2": .number(totals.second), "model1_better": .count(totals.firstBetter),
        "tie": .count(totals.ties), "model2_better": .count(totals.secondBetter),
        "first_line_unparsable": .count(totals.unreadable),
        "published": .numbers([totals.first, totals.second]),
      ])
    }
    return .object(files)
  }
}
