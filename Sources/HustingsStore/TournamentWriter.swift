import GRDB
import Hustings

/// The four ways a tournament is written down; table `forms` says the same in the file.
enum Form: Int {
  case rewards, symmetric, ordered, verdicts

  init(of tournament: Tournament) {
    if tournament.rewards != nil {
      self = .rewards
    } else if tournament.isOrdered {
      self = tournament.areVerdicts ? .verdicts : .ordered
    } else {
      self = .symmetric
    }
  }
}

/// Adds tournaments to sheets. The INSERT statements of tables `answers`, `rewards`, `judgments` and `absences`.
///
/// A tournament with rewards has no row in `answers`: its rewards say that it is there.
final class TournamentWriter {
  /// One row of `rewards` or `judgments`.
  private struct Row {
    let sheet: Int64
    let ordinal: Int
    /// The response; or the one presented first.
    let first: Int
    /// The response presented second, where there is one.
    let second: Int
    let value: Double?
    let absence: Int64?
  }

  private struct AnswerRow {
    let sheet: Int64
    let ordinal: Int
    let form: Form
    let count: Int
  }

  private let lastAnswer: Prepared
  private let isAnswered: Prepared
  private let absence: Prepared
  private let absenceID: Prepared
  private let answers: RowBuffer<AnswerRow>
  private let rewards: RowBuffer<Row>
  private let judgments: RowBuffer<Row>
  private var known: [Absence: Int64] = [:]
  /// The last item that each sheet answers: everything beyond is new.
  private var lastOrdinals: [Int64: Int] = [:]

  init(_ db: Database) throws {
    let columns = "answers (sheet_id, ordinal, form, response_count)"
    lastAnswer = try Prepared(
      db,
      cached: """
        SELECT max(coalesce((SELECT max(ordinal) FROM answers WHERE sheet_id = ?1), -1),
          coalesce((SELECT max(ordinal) FROM rewards WHERE sheet_id = ?1), -1))
        """)
    isAnswered = try Prepared(db, cached: "SELECT 1 FROM answered WHERE sheet_id = ? AND ordinal = ?")
    absence = try Prepared(db, cached: "INSERT OR IGNORE INTO absences (kind, reason) VALUES (?, ?)")
    absenceID = try Prepared(db, cached: "SELECT id FROM absences WHERE kind = ? AND reason = ?")
    answers = RowBuffer(db, "INSERT INTO \(columns)", columns: 4) { row, statement, index in
      statement.bind(row.sheet, at: index)
      statement.bind(row.ordinal, at: index + 1)
      statement.bind(row.form.rawValue, at: index + 2)
      statement.bind(row.count, at: index + 3)
    }
    rewards = RowBuffer(
      db, "INSERT INTO rewards (sheet_id, ordinal, response, reward, absence_id)", columns: 5
    ) { row, statement, index in
      statement.bind(row.sheet, at: index)
      statement.bind(row.ordinal, at: index + 1)
      statement.bind(row.first, at: index + 2)
      statement.bind(row.value, at: index + 3)
      statement.bind(row.absence, at: index + 4)
    }
    judgments = RowBuffer(
      db, "INSERT INTO judgments (sheet_id, ordinal, first, second, log_odds, absence_id)", columns: 6
    ) { row, statement, index in
      statement.bind(row.sheet, at: index)
      statement.bind(row.ordinal, at: index + 1)
      statement.bind(row.first, at: index + 2)
      statement.bind(row.second, at: index + 3)
      statement.bind(row.value, at: index + 4)
      statement.bind(row.absence, at: index + 5)
    }
  }

  /// Adds one tournament; false when the sheet has an answer for the item already, which then stays.
  func write(_ tournament: Tournament, to sheet: Int64, at ordinal: Int) throws -> Bool {
    if ordinal > (try lastOrdinal(of: sheet)) {
      lastOrdinals[sheet] = ordinal
    } else if try hasAnswer(sheet, ordinal) {
      return false
    }
    if let values = tournament.rewards, !values.isEmpty {
      try write(values, absences: tournament.absences, to: sheet, at: ordinal)
      return true
    }
    try answers.append(
      AnswerRow(sheet: sheet, ordinal: ordinal, form: Form(of: tournament), count: tournament.count))
    try writeJudgments(of: tournament, to: sheet, at: ordinal)
    return true
  }

  private func hasAnswer(_ sheet: Int64, _ ordinal: Int) throws -> Bool {
    try answers.flush()
    try rewards.flush()
    isAnswered.bind(sheet, at: 1)
    isAnswered.bind(ordinal, at: 2)
    defer { isAnswered.finish() }
    return try isAnswered.step()
  }

  private func lastOrdinal(of sheet: Int64) throws -> Int {
    if let known = lastOrdinals[sheet] { return known }
    lastAnswer.bind(sheet, at: 1)
    defer { lastAnswer.finish() }
    let last = try lastAnswer.step() ? lastAnswer.integer(0) : -1
    lastOrdinals[sheet] = last
    return last
  }

  /// Hands the last rows to SQLite. To be called before the transaction ends.
  func finish() throws {
    try answers.flush()
    try rewards.flush()
    try judgments.flush()
  }

  private func write(
    _ values: [Double?], absences: [Int: Absence], to sheet: Int64, at ordinal: Int
  ) throws {
    for (response, value) in values.enumerated() {
      var reason: Int64?
      if value == nil {
        reason = try id(of: absences[response] ?? Absence(.abstention, "the model gave no reward"))
      }
      try rewards.append(
        Row(
          sheet: sheet, ordinal: ordinal, first: response, second: 0, value: value, absence: reason))
    }
  }

  private func writeJudgments(of tournament: Tournament, to sheet: Int64, at ordinal: Int) throws {
    for matchup in tournament.matchups {
      guard let said = tournament.judgment(matchup) else { continue }
      // A margin made without the checking initialiser may be infinite or no number, which is invalid here too.
      let judgment = said.logOdds.map(Judgment.init(logOdds:)) ?? said
      try judgments.append(
        Row(
          sheet: sheet, ordinal: ordinal, first: matchup.first, second: matchup.second,
          value: judgment.logOdds, absence: try judgment.absence.map(id(of:))))
    }
  }

  private func id(of reason: Absence) throws -> Int64 {
    if let id = known[reason] { return id }
    for statement in [absence, absenceID] {
      statement.bind(reason.kind.rawValue, at: 1)
      statement.bind(reason.reason, at: 2)
    }
    try absence.run()
    defer { absenceID.finish() }
    guard try absenceID.step() else {
      throw Unreadable(table: "absences", detail: "the reason '\(reason.reason)' is missing")
    }
    let id = absenceID.identifier(0)
    known[reason] = id
    return id
  }
}
