import HustingsData
public import HustingsMetrics

/// Files of verdicts on pairs of models' responses without the responses: votes, MT-Bench's pairs, Arena-Hard's games, and reviews with
/// two scores.
public enum OpinionFile {
  /// What one judge, or all of a file's voters, said.
  public struct Opinions: Sendable {
    /// The judge; nil where the file names none.
    public let judge: String?
    /// What could be read, each in the order of presentation.
    public internal(set) var opinions: [LabelledPair]
    /// How many could not.
    public internal(set) var unreadable: Int
  }

  /// The opinions in a file, by judge; nil for a file of any other kind.
  public static func read(_ path: String) throws -> [Opinions]? {
    if path.hasSuffix(".json"), case let node = try JSONNode.read(path), case .object = node.value {
      guard let votes = try node.optionalArray("votes") else { return nil }
      return [try Opinions(votes.map(vote), judge: nil)]
    }
    if RowFile.isTable(path) { return [try battles(path)] }
    var first: JSONNode?
    try RowFile.rows(path) { if first == nil { first = $0 } }
    guard let first else { return nil }
    func has(_ names: String...) throws -> Bool {
      try names.allSatisfy { try first.optionalNode($0) != nil }
    }
    if try has("model_1", "g1_winner") || has("model_1", "g1_judgment") { return try byJudge(path, pairs) }
    if try has("games") { return try byJudge(path, games) }
    if try has("model_a", "winner") || has("model_1", "winner") || has("a", "b", "score") {
      return [try battles(path)]
    }
    // An answer of Vicuna-Bench has a text as well, and says whose it is.
    if try has("question_id", "text"), try !has("answer_id"), try !has("model_id") {
      return try byJudge(path) { [try review($0)] }
    }
    if try has("model", "judgment") { throw BenchmarkError.noPairs(file: path) }
    return nil
  }

  /// An opinion, or nil for what could not be read.
  private typealias Reading = LabelledPair?

  private static func battles(_ path: String) throws -> Opinions {
    let battles = try ArenaBattles(path)
    return Opinions(judge: nil, opinions: battles.votes, unreadable: battles.unreadable)
  }

  private static func byJudge(
    _ path: String, _ read: (JSONNode) throws -> [Reading]
  ) throws -> [Opinions] {
    var order: [String?] = []
    var readings: [String?: [Reading]] = [:]
    try RowFile.rows(path) { row in
      let judge = try row.optionalNode("judge").map { _ in try MTBench.judge(row) }
      if readings[judge] == nil { order.append(judge) }
      readings[judge, default: []] += try read(row)
    }
    return order.map { Opinions(readings[$0] ?? [], judge: $0) }
  }

  /// A row of question, two models and 1, 2 or 3.
  private static func vote(_ row: JSONNode) throws -> Reading {
    let cells = try row.elements()
    guard cells.count == 4 else {
      throw row.fault(.notAllowed(found: "\(cells.count) cells", expected: "question, two models, label"))
    }
    let label: PairLabel
    switch try cells[3].integer() {
    case 1: label = .first
    case 2: label = .second
    case 3: label = .tie
    case -1: return nil
    case let other: throw cells[3].fault(.notAllowed(found: "\(other)", expected: "1, 2, 3 or -1"))
    }
    let prompt: String
    if case .integer(let number) = cells[0].value {
      prompt = "\(number)"
    } else {
      prompt = try cells[0].string()
    }
    return LabelledPair(
      .init(prompt: prompt, first: try cells[1].string(), second: try cells[2].string()), label)
  }

  /// Both games of MT-Bench, the second with the models the other way round.
  private static func pairs(_ row: JSONNode) throws -> [Reading] {
    let pair = LabelledPair.Pair(
      prompt: try MTBench.item(row), first: try row.string("model_1"), second: try row.string("model_2"))
    return try [1, 2].map { game in
      let label: PairLabel
      switch try MTBench.winner(row, game: game) {
      case .first: label = .first
      case .second: label = .second
      case .tie: label = .tie
      case .unreadable: return nil
      }
      let opinion = LabelledPair(pair, label)
      return game == 1 ? opinion : opinion.mirrored
    }
  }

  /// Both games of Arena-Hard, the first with the baseline as A. A text is read by version 0.1, an object's by version 2.
  private static func games(_ row: JSONNode) throws -> [Reading] {
    let pair = LabelledPair.Pair(
      prompt: try ArenaHardRecords.id(row), first: "the baseline",
      second: try row.optionalString("model") ?? "the model")
    return try row.array("games").prefix(2).enumerated().map { number, game in
      guard let label = try ArenaHardRecords.reading(game, nil).label else { return nil }
      let verdict: PairLabel = label.credit == 1 ? .first : label.credit == 0 ? .second : .tie
      return LabelledPair(number == 0 ? pair : pair.mirrored, verdict)
    }
  }

  /// A review whose first line holds two scores, or else has them set by hand.
  private static func review(_ row: JSONNode) throws -> Reading {
    let stored = try (row.optionalNode("stored_score") ?? row.optionalNode("score"))?.doubles()
    guard
      let review = VicunaReview(
        question: try AnswerFile.question(row), reply: try row.string("text"),
        fallback: stored.flatMap { $0.count == 2 ? ScorePair(first: $0[0], second: $0[1]) : nil })
    else { return nil }
    let (first, second) = (review.scores.first, review.scores.second)
    return LabelledPair(
      .init(prompt: review.question, first: "the first", second: "the second"),
      first > second ? .first : first < second ? .second : .tie)
  }
}

extension OpinionFile.Opinions {
  fileprivate init(_ readings: [LabelledPair?], judge: String?) {
    self.init(
      judge: judge, opinions: readings.compactMap { $0 }, unreadable: readings.count { $0 == nil })
  }
}
