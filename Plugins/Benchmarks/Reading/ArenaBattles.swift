import HustingsData
public import HustingsMetrics
public import HustingsStatistics

/// Votes between models, as arenas and pairwise judges write them.
///
/// Rows, as CSV, JSON or JSON lines, name two models (`model_a` and `model_b`, `model_1` and `model_2`, or `a` and `b`), who won
/// (`winner`: a model's column, `tie` or anything with that word in it; or `score`: 1, 2 or 3 for a tie), and perhaps the prompt
/// (`question_id` or `q`), whose votes belong together. A row without a winner (`score` -1, `error`) is left out and counted.
public struct ArenaBattles: Sendable {
  /// The models, by name.
  public let models: [String]
  /// Every vote with a winner, in the order of the file.
  public let votes: [LabelledPair]
  /// Rows without a winner.
  public let unreadable: Int
  /// Whether the file says which prompt a vote is about.
  public let knowsPrompts: Bool

  /// Reads a file of votes.
  public init(_ file: String) throws {
    var votes: [LabelledPair] = []
    var unreadable = 0
    var knowsPrompts = true
    var number = 0
    func take(_ field: (String) throws -> String?, fault: (String, String) -> any Error) throws {
      number += 1
      let columns = [("model_a", "model_b"), ("model_1", "model_2"), ("a", "b")]
      guard
        let (first, second) = try columns.lazy.compactMap({ a, b in
          try field(a).flatMap { one in try field(b).map { (one, $0) } }
        }).first
      else { throw fault("model_a", "two models, as model_a and model_b") }
      guard first != second else { throw fault("model_b", "another model than model_a") }
      guard let said = try field("winner") ?? field("score") else {
        throw fault("winner", "who won, as winner or score")
      }
      guard let label = try Self.label(said, fault: fault) else {
        unreadable += 1
        return
      }
      let prompt = try field("question_id") ?? field("q")
      if prompt == nil { knowsPrompts = false }
      votes.append(
        LabelledPair(.init(prompt: prompt ?? "\(number)", first: first, second: second), label))
    }
    if RowFile.isTable(file) {
      let table = try CSVTable.read(file)
      for row in table.rows {
        try take({ table.has($0) ? try row.optionalString($0) : nil }) { column, expected in
          BenchmarkError.vote(column, expected: expected, at: row.place)
        }
      }
    } else {
      try RowFile.rows(file) { row in
        try take({ key in
          guard let node = try row.optionalNode(key) else { return nil }
          if case .string(let text) = node.value { return text }
          return "\(try node.integer())"
        }) { column, expected in BenchmarkError.vote(column, expected: expected, at: row.place) }
      }
    }
    self.votes = votes
    self.unreadable = unreadable
    self.knowsPrompts = knowsPrompts
    models = Set(votes.flatMap { [$0.pair.first, $0.pair.second] }).sorted()
  }

  private static func label(
    _ text: String, fault: (String, String) -> any Error
  ) throws -> PairLabel? {
    switch text.lowercased() {
    case "model_a", "model_1", "a", "1": return .first
    case "model_b", "model_2", "b", "2": return .second
    case "3": return .tie
    case "error", "-1": return nil
    case let other where other.contains("tie"): return .tie
    default: throw fault("winner", "model_a, model_b or tie, and not '\(text)'")
    }
  }

  /// The votes as meetings of the models, by their places in `models`.
  public var meetings: [BradleyTerry.Meeting] {
    let place = Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1, $0) })
    return votes.compactMap { vote in
      guard let first = place[vote.pair.first], let second = place[vote.pair.second] else { return nil }
      return BradleyTerry.Meeting(first: first, second: second, outcome: vote.label.credit, weight: 1)
    }
  }

  /// Which votes are drawn together: those on one prompt, or each by itself where prompts are not known.
  public var clusters: Clustering {
    knowsPrompts ? Clustering(labels: votes.map(\.pair.prompt)) : .singletons(votes.count)
  }
}
