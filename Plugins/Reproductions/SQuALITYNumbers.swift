import BenchmarkPlugins
import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// SQuALITY: ratings of three systems by three of four raters, their agreement, and the votes that the ranks imply.
  static let squality = Reproduction(
    folder: "squality", tolerance: .init(absolute: 1e-10, relative: 1e-12)
  ) { folder in
    let keys = try Rehearsal(SQuALITY.plugin, folder: folder).examples.map(\.key)
    let raters = Set(keys.flatMap(\.raters.keys)).sorted()
    var workers: [String: Int] = [:]
    var ratings: [String: [String: Double]] = [:]
    var sums: [String: [Double]] = [:]
    for key in keys {
      for (rater, tournament) in key.raters {
        for (name, place) in zip(key.names, key.candidates) {
          guard let rating = tournament.rewards?[place] else { continue }
          workers[rater, default: 0] += 1
          ratings[rater, default: [:]]["\(key.item) \(name)"] = rating
          sums[name, default: []].append(rating)
        }
      }
    }
    var pairs: [String: Figures] = [:]
    for (i, a) in raters.enumerated() {
      for b in raters[(i + 1)...] {
        let mine = ratings[a] ?? [:]
        let yours = ratings[b] ?? [:]
        let shared = mine.keys.filter { yours[$0] != nil }.sorted()
        var figures = correlations(shared.compactMap { mine[$0] }, shared.compactMap { yours[$0] })
        figures["n_items"] = .count(shared.count)
        pairs["\(a)-\(b)"] = .object(figures)
      }
    }
    let items = Set(ratings.values.flatMap(\.keys)).sorted()
    let units = items.map { item in raters.compactMap { ratings[$0]?[item] } }
    return .object([
      "rows": .count(workers.values.reduce(0, +)), "questions": .count(keys.count),
      "workers": .object(workers.mapValues { .count($0) }),
      "mean_overall_rating": .object(sums.mapValues { .maybe(Descriptive.mean($0)) }),
      "inter_rater_overall_rating": .object(pairs),
      "krippendorff_interval_overall_rating": .maybe(KrippendorffAlpha.interval.value(units)),
      "pairwise_votes_from_overall_rank": votes(try ranks("\(folder)/all-responses.jsonl")),
    ])
  }

  /// For each question the overall ranks that each rater gave the systems.
  private static func ranks(_ file: String) throws -> [[String: [String: Int]]] {
    var questions: [[String: [String: Int]]] = []
    for passage in try JSONLines.read(file) {
      for (_, question) in try passage.node("questions").members() {
        var byRater: [String: [String: Int]] = [:]
        for (system, response) in try question.members() {
          for review in try response.array("reviews") {
            byRater[try review.string("worker_id"), default: [:]][system] = try review.integer("overall-rank")
          }
        }
        questions.append(byRater)
      }
    }
    return questions
  }

  /// One item per question and pair of systems, one vote per rater: the better rank, or a tie.
  private static func votes(_ questions: [[String: [String: Int]]]) -> Figures {
    var items: [[String]] = []
    for question in questions {
      let systems = Set(question.values.flatMap(\.keys)).sorted()
      for (i, a) in systems.enumerated() {
        for b in systems[(i + 1)...] {
          items.append(
            question.keys.sorted().compactMap { rater in
              guard let one = question[rater]?[a], let other = question[rater]?[b] else { return nil }
              return one < other ? "a" : one > other ? "b" : "t"
            })
        }
      }
    }
    return .object([
      "fleiss": fleiss(items), "krippendorff_nominal": .maybe(KrippendorffAlpha.nominal(items)),
      "unanimous": .count(items.count { Set($0).count == 1 }), "n_pairs": .count(items.count),
    ])
  }
}
