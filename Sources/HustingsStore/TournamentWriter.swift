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
  private let reward: Prepared
  private let judgment: Prepared
  private let absence: Prepared
  private let absenceID: Prepared
  private var known: [Absence: Int64] = [:]
  private let db: Database

  init(_ db: Database) throws {
    self.db = db
    answer = try Prepared(
      db,
      cached: "INSERT OR IGNORE INTO answers (sheet_id, ordinal, form, response_count) VALUES (?, ?, ?, ?)")
    reward = try Prepared(
      db,
      cached: "INSERT INTO rewards (sheet_id, ordinal, response, reward, absence_id) VALUES (?, ?, ?, ?, ?)")
    judgment = try Prepared(
      db,
      cached: """
        INSERT INTO judgments (sheet_id, ordinal, first, second, log_odds, absence_id) VALUES (?, ?, ?, ?, ?, ?)
        """)
    absence = try Prepared(db, cached: "INSERT OR IGNORE INTO absences (kind, reason) VALUES (?, ?)")
    absenceID = try Prepared(db, cached: "SELECT id FROM absences WHERE kind = ? AND reason = ?")
  }

  /// Adds one tournament; false when the sheet has an answer for the item already, which then stays.
  func write(_ tournament: Tournament, to sheet: Int64, at ordinal: Int) throws -> Bool {
    let form = Form(of: tournament)
    answer.bind(sheet, at: 1)
    answer.bind(ordinal, at: 2)
    answer.bind(form.rawValue, at: 3)
    answer.bind(tournament.count, at: 4)
    try answer.run()
    guard db.changesCount > 0 else { return false }
    if let rewards = tournament.rewards {
      try write(rewards, absences: tournament.absences, to: sheet, at: ordinal)
    } else {
      try writeJudgments(of: tournament, to: sheet, at: ordinal)
    }
    return true
  }

  private func write(
    _ rewards: [Double?], absences: [Int: Absence], to sheet: Int64, at ordinal: Int
  ) throws {
    reward.bind(sheet, at: 1)
    reward.bind(ordinal, at: 2)
    for (response, value) in rewards.enumerated() {
      reward.bind(response, at: 3)
      if let value {
        reward.bind(value, at: 4)
        reward.bindNull(at: 5)
      } else {
        reward.bindNull(at: 4)
        reward.bind(try id(of: absences[response] ?? Absence(.abstention, "the model gave no reward")), at: 5)
      }
      try reward.run()
    }
  }

  private func writeJudgments(of tournament: Tournament, to sheet: Int64, at ordinal: Int) throws {
    judgment.bind(sheet, at: 1)
    judgment.bind(ordinal, at: 2)
    for matchup in tournament.matchups {
      guard let said = tournament.judgment(matchup) else { continue }
      judgment.bind(matchup.first, at: 3)
      judgment.bind(matchup.second, at: 4)
      // A margin made without the checking initialiser may be infinite or no number, which is invalid here too.
      switch said.logOdds.map(Judgment.init(logOdds:)) ?? said {
      case .margin(let logOdds):
        judgment.bind(logOdds, at: 5)
        judgment.bindNull(at: 6)
      case .absent(let absence):
        judgment.bindNull(at: 5)
        judgment.bind(try id(of: absence), at: 6)
      }
      try judgment.run()
    }
  }

  private func id(of reason: Absence) throws -> Int64 {
    if let id = known[reason] { return id }
    for statement in [absence, absenceID] {
      statement.bind(reason.kind.rawValue, at: 1)
      statement.bind(reason.reason, at: 2)
    }
    try absence.run()
    guard try absenceID.step() else {
      throw Unreadable(table: "absences", detail: "the reason '\(reason.reason)' is missing")
    }
    let id = absenceID.identifier(0)
    absenceID.finish()
    known[reason] = id
    return id
  }
}
