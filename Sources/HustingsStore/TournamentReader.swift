import GRDB
import Hustings

/// Reads the tournaments of one sheet in the order of their items. The SELECT statements of tables `answers`, `rewards`,
/// `judgments` and `absences`.
///
/// Three queries in the same order are walked side by side, so that nothing is looked up per item.
final class TournamentReader {
  private let ordinals: Range<Int>
  private let answers: Prepared
  private let rewards: Prepared
  private let judgments: Prepared
  private let absence: Prepared
  private var answerOrdinal: Int?
  private var rewardOrdinal: Int?
  private var judgmentOrdinal: Int?
  private var known: [Int64: Absence] = [:]
  private var singles: [Single: Tournament] = [:]

  /// A tournament of one symmetric margin, of which an answer key holds few different ones: they are made once.
  private struct Single: Hashable {
    let count: Int
    let first: Int
    let second: Int
    let bits: UInt64
  }

  init(_ db: Database, sheet: Int64, ordinals: Range<Int>) throws {
    self.ordinals = ordinals
    answers = try Prepared(
      db,
      """
      SELECT ordinal, form, response_count FROM answers
      WHERE sheet_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal
      """)
    rewards = try Prepared(
      db,
      """
      SELECT ordinal, response, reward, absence_id FROM rewards
      WHERE sheet_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal, response
      """)
    judgments = try Prepared(
      db,
      """
      SELECT ordinal, first, second, log_odds, absence_id FROM judgments
      WHERE sheet_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal, first, second
      """)
    absence = try Prepared(db, "SELECT kind, reason FROM absences WHERE id = ?")
    for query in [answers, rewards, judgments] {
      query.bind(sheet, at: 1)
      query.bind(ordinals.lowerBound, at: 2)
      query.bind(ordinals.upperBound, at: 3)
    }
    try nextAnswer()
    try nextReward()
    try nextJudgment()
  }

  /// The next item that the sheet answers; nil after the last.
  func next() throws -> (ordinal: Int, tournament: Tournament)? {
    if let ordinal = rewardOrdinal, ordinal < answerOrdinal ?? .max {
      return (ordinal, try rewardTournament(ordinal))
    }
    guard let ordinal = answerOrdinal else { return nil }
    let count = answers.integer(2)
    // In a damaged file even a row outside the range that was asked for may come.
    guard count >= 0, ordinals.contains(ordinal) else {
      throw Unreadable(table: "answers", detail: "item \(ordinal) has \(count) responses")
    }
    guard let form = Form(rawValue: answers.integer(1)), form != .rewards || count == 0,
      rewardOrdinal != ordinal
    else {
      throw Unreadable(
        table: "answers", detail: "item \(ordinal) has form \(answers.integer(1)) and rewards of its own")
    }
    try nextAnswer()
    switch form {
    case .rewards: return (ordinal, Tournament(rewards: []))
    case .symmetric: return (ordinal, try symmetricTournament(ordinal, count))
    case .ordered, .verdicts:
      let said = try collect(ordinal, count, isSymmetric: false)
      return (ordinal, Tournament(count: count, ordered: said, areVerdicts: form == .verdicts))
    }
  }

  private func nextAnswer() throws { answerOrdinal = try answers.step() ? answers.integer(0) : nil }

  private func nextReward() throws { rewardOrdinal = try rewards.step() ? rewards.integer(0) : nil }

  private func nextJudgment() throws { judgmentOrdinal = try judgments.step() ? judgments.integer(0) : nil }

  private func rewardTournament(_ ordinal: Int) throws -> Tournament {
    guard ordinals.contains(ordinal) else {
      throw Unreadable(table: "rewards", detail: "there is an answer for item \(ordinal)")
    }
    var values: [Double?] = []
    values.reserveCapacity(2)
    var reasons: [Int: Absence] = [:]
    while rewardOrdinal == ordinal {
      guard rewards.integer(1) == values.count else { break }
      if rewards.isNull(2) {
        reasons[values.count] = try absence(rewards.identifier(3))
        values.append(nil)
      } else {
        values.append(rewards.double(2))
      }
      try nextReward()
    }
    guard rewardOrdinal != ordinal else {
      throw Unreadable(
        table: "rewards",
        detail: "item \(ordinal) has a reward for response \(rewards.integer(1)), not \(values.count)")
    }
    return Tournament(rewards: values, absences: reasons)
  }

  private func symmetricTournament(_ ordinal: Int, _ count: Int) throws -> Tournament {
    guard judgmentOrdinal == ordinal, !judgments.isNull(3) else {
      return Tournament(count: count, symmetric: try collect(ordinal, count, isSymmetric: true))
    }
    let (matchup, said) = try current(ordinal, count, isSymmetric: true)
    let key = Single(
      count: count, first: matchup.first, second: matchup.second, bits: judgments.double(3).bitPattern)
    try nextJudgment()
    guard judgmentOrdinal != ordinal else {
      var all = try collect(ordinal, count, isSymmetric: true)
      all[matchup] = said
      return Tournament(count: count, symmetric: all)
    }
    if let made = singles[key] { return made }
    let made = Tournament(count: count, symmetric: [matchup: said])
    if singles.count < 1024 { singles[key] = made }
    return made
  }

  private func collect(_ ordinal: Int, _ count: Int, isSymmetric: Bool) throws -> [Matchup: Judgment] {
    var all: [Matchup: Judgment] = [:]
    while judgmentOrdinal == ordinal {
      let (matchup, said) = try current(ordinal, count, isSymmetric: isSymmetric)
      all[matchup] = said
      try nextJudgment()
    }
    return all
  }

  private func current(
    _ ordinal: Int, _ count: Int, isSymmetric: Bool
  ) throws -> (matchup: Matchup, said: Judgment) {
    let first = judgments.integer(1)
    let second = judgments.integer(2)
    guard first >= 0, second >= 0, first < count, second < count, first != second,
      !isSymmetric || first < second
    else {
      throw Unreadable(
        table: "judgments", detail: "item \(ordinal) has matchup \(first), \(second) among \(count) responses"
      )
    }
    let said: Judgment =
      judgments.isNull(3) ? .absent(try absence(judgments.identifier(4))) : .margin(judgments.double(3))
    return (Matchup(first, second), said)
  }

  private func absence(_ id: Int64) throws -> Absence {
    if let found = known[id] { return found }
    absence.bind(id, at: 1)
    defer { absence.finish() }
    guard try absence.step(), let kind = Absence.Kind(rawValue: absence.text(0)) else {
      throw Unreadable(table: "absences", detail: "there is no readable reason \(id)")
    }
    let found = Absence(kind, absence.text(1))
    known[id] = found
    return found
  }
}
