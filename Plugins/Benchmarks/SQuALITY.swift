public import Hustings
import HustingsData
import HustingsMetrics

/// SQuALITY: answers of two systems and a person to questions about stories, each rated by three people.
///
/// Wang et al. 2022, "SQuALITY: Building a Long-Document Summarization Dataset the Hard Way", github.com/nyu-mll/SQuALITY,
/// CC BY 4.0. 100 questions on 20 stories, candidates `bart`, `bart-dpr` and `human`, ratings from 0 to 100. The release
/// of ratings holds neither stories nor questions, so prompts are empty. Items are named `STORY/QUESTION`.
///
/// Rules. The key is the mean overall rating. The headline is the share of pairs with different means that a model
/// orders as the raters do; a tie is half. Questions about one story are dependent and stay together when uncertainty is
/// estimated.
public enum SQuALITY {
  private static let systems = ["bart", "bart-dpr", "human"]

  /// `squality`.
  public static let plugin = BenchmarkPlugin(name: "squality", summary: card.summary, folder: "squality") {
    _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      var rows = try JSONLines(context.folder("squality").file("all-responses.jsonl"))
      while let row = try rows.next() {
        let story = try row.node("passage-id").identifier()
        for (question, node) in try row.node("questions").members() {
          try sink.put(example(node, story: story, question: question), at: node.place)
        }
      }
    }
  }

  private static let card = BenchmarkCard(
    name: "squality", version: "squality/1", summary: "answers about stories, rated by three people each",
    source: "Wang et al. 2022, github.com/nyu-mll/SQuALITY", licence: "CC BY 4.0", ties: .half,
    failures: .loss,
    aggregation: "every pair of answers with different mean ratings counts the same")

  private static let metrics: [any Metric] =
    [
      PreferencePairs("accuracy", ties: .half, failures: .loss),
      RankAgreement("Kendall tau-b", .kendall), RankAgreement("Spearman rho", .spearman),
      BestOfValue("rating of the best of 3", ties: .averaged, unit: .number),
    ] + systems.map { CandidateMean("rating of \($0)", candidate: $0, unit: .number) }

  private static func example(_ node: JSONNode, story: String, question: String) throws -> Example {
    let answers = try systems.map { try node.node($0) }
    var raters: [String: [Double?]] = [:]
    var means: [Double?] = []
    for (index, answer) in answers.enumerated() {
      let reviews = try answer.array("reviews")
      let ratings = try reviews.map { try $0.double("overall-rating") }
      for (review, rating) in zip(reviews, ratings) {
        let rater = try review.node("worker_id").identifier()
        raters[rater, default: [nil, nil, nil]][index] = rating
      }
      means.append(ratings.isEmpty ? nil : ratings.reduce(0, +) / Double(ratings.count))
    }
    return Example(
      id: "\(story)/\(question)", subset: "all", prompt: Prompt([]), cluster: story,
      candidates: try zip(systems, answers).map { Candidate($0, try $1.string("response")) },
      gold: .ratings(means), raters: raters.mapValues { .ratings($0) })
  }
}
