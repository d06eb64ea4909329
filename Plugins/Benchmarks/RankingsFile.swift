public import Hustings
import HustingsData
import HustingsMetrics

/// Rankings from a file of one's own: prompt, responses, and their order of merit.
///
/// JSON (a list of rows) or JSON lines, plain or gzip. `responses` is a list of texts or of lists of messages. The order is
/// one of: `ranks`, a rank per response, 1 the best, equal ranks for ties; `ranking`, the positions of the responses from
/// 0, best first; `ratings`, a number per response, higher is better, null where there is none. `id`, `subset` and
/// `cluster` are optional. Candidates are named by their position, from 0.
///
/// Rules. The headline is the share of pairs of different rank that a model orders alike; a tie is half, and an
/// abstention is left out and shown as missing coverage.
public enum RankingsFile {
  /// `rankings:FILE`.
  public static let plugin = BenchmarkPlugin(
    name: "rankings", usage: "rankings:FILE", summary: "rankings of your own: prompt, responses, ranks"
  ) { argument, context in
    let argument = argument ?? ""
    let card = BenchmarkCard(
      name: argument.isEmpty ? "rankings" : "rankings:\(argument)", version: "rankings/1",
      summary: "rankings from \(argument)",
      source: argument,
      licence: "the file's own", ties: .half, failures: .excluded,
      aggregation: "every pair of responses of different rank counts the same")
    let metrics: [any Metric] = [
      PreferencePairs("accuracy", ties: .half, failures: .excluded),
      RankAgreement("Kendall tau-b", .kendall), RankAgreement("Spearman rho", .spearman),
    ]
    return FileBenchmark(card, metrics: metrics) { sink in
      guard !argument.isEmpty else { throw BenchmarkError.needsFile(usage: "rankings:FILE") }
      var index = 0
      try RowFile.rows(context.path(argument)) { row in
        try sink.put(example(row, index: index), at: row.place)
        index += 1
      }
    }
  }

  /// A row as an example.
  static func example(_ row: JSONNode, index: Int) throws -> Example {
    let responses = try row.array("responses")
    let conversation = try Conversation(prompt: row.optionalNode("prompt"), responses: responses)
    return Example(
      id: try row.optionalNode("id")?.identifier() ?? String(index),
      subset: try row.optionalString("subset") ?? "all", prompt: conversation.prompt,
      cluster: try row.optionalNode("cluster")?.identifier(),
      candidates: conversation.responses.enumerated().map { Candidate(String($0), $1) },
      gold: .ratings(try ratings(row, count: responses.count)))
  }

  private static func ratings(_ row: JSONNode, count: Int) throws -> [Double?] {
    func listed(_ key: String, _ values: [JSONNode]) throws -> [JSONNode] {
      guard values.count == count else {
        throw row.fault(
          key,
          .notAllowed(found: "a list of \(values.count)", expected: "a list of \(count), one per response"))
      }
      return values
    }
    if let ranks = try row.optionalArray("ranks") {
      return try listed("ranks", ranks).map { -(try $0.double()) }
    }
    if let ratings = try row.optionalArray("ratings") {
      return try listed("ratings", ratings).map { $0.isNull ? nil : try $0.double() }
    }
    let order = try listed("ranking", row.array("ranking")).map { try $0.integer() }
    guard Set(order) == Set(0..<count) else {
      throw row.fault(
        "ranking", .notAllowed(found: "\(order)", expected: "each position from 0 to \(count - 1) once"))
    }
    var ratings = [Double?](repeating: nil, count: count)
    for (rank, position) in order.enumerated() { ratings[position] = -Double(rank) }
    return ratings
  }
}
