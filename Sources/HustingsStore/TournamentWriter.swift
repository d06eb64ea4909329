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
final class TournamentWriter {
  private let answer: Prepared
  private let absence: Prepared
  private let absenceID: Prepared
  private let rewards: RowBuffer
  private let judgments: RowBuffer
  private var known: [Absence: Int64] = [:]

  init(_ db: Database) throws {
    answer = try Prepared(
      db,
      cached: "INSERT OR IGNORE INTO answers (sheet_id, ordinal, form, response_count) VALUES (?, ?, ?, ?)")
    absence = try Prepared(db, cached: "INSERT OR IGNORE INTO absences (kind, reason) VALUES (?, ?)")
    absenceID = try Prepared(db, cached: "SELECT id FROM absences WHERE kind = ? AND reason = ?")
    rewards = RowBuffer(
      db, "INSERT INTO rewards (sheet_id, ordinal, response, reward, absence_id)", columns: 5)
    judgments = RowBuffer(
      db, "INSERT INTO judgments (sheet_id, ordinal, first, second, log_odds, absence_id)", columns: 6)
  }

  /// Adds one tournament; false when the sheet has an answer for the item already, which then stays.
  func write(_ tournament: Tournament, to sheet: Int64, at ordinal: Int) throws -> Bool {
    let form = Form(of: tournament)
    answer.bind(sheet, at: 1)
    answer.bind(ordinal, at: 2)
    answer.bind(form.rawValue, at: 3)
    answer.bind(tournament.count, at: 4)
    guard try answer.run() > 0 else { return false }
    if let values = tournament.rewards {
      try write(values, absences: tournament.absences, to: sheet, at: ordinal)
    } else {
      try writeJudgments(of: tournament, to: sheet, at: ordinal)
    }
    return true
  }

  /// Hands the last rows to SQLite. To be called before the transaction ends.
  func finish() throws {
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
        RowBuffer.Row(
          sheet: sheet, ordinal: ordinal, first: response, second: 0, value: value, absence: reason))
    }
  }

  private func writeJudgments(of tournament: Tournament, to sheet: Int64, at ordinal: Int) throws {
    for matchup in tournament.matchups {
      guard let said = tournament.judgment(matchup) else { continue }
      // A margin made without the checking initialiser may be infinite or no number, which is invalid here too.
      let judgment = said.logOdds.map(Judgment.init(logOdds:)) ?? said
      try judgments.append(
        RowBuffer.Row(
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
