public import Foundation
import GRDB
public import Hustings

/// One look at a comparison, which every later look has to account for.
public struct Attempt: Sendable, Hashable {
  /// What is compared: equal for all attempts that share one error budget.
  public let comparison: String
  /// The identity of the baseline's run.
  public let baseline: Digest
  /// The identity of the candidate's run.
  public let candidate: Digest
  /// What came of it.
  public let verdict: String
  /// The evidence against the null hypothesis, where the test gives an e-value.
  public let eValue: Double?
  /// When; the store keeps milliseconds.
  public let createdAt: Date

  /// One look at a comparison.
  public init(
    comparison: String, baseline: Digest, candidate: Digest, verdict: String, eValue: Double?, createdAt: Date
  ) {
    self.comparison = comparison
    self.baseline = baseline
    self.candidate = candidate
    self.verdict = verdict
    self.eValue = eValue
    self.createdAt = createdAt
  }
}

extension Store {
  /// Adds an attempt to the ledger. The same attempt is kept once.
  public func record(_ attempt: Attempt) throws {
    try write { try AttemptTable.insert(attempt, in: $0) }
  }

  /// The attempts at a comparison, oldest first; all attempts when none is named.
  public func attempts(at comparison: String? = nil) throws -> [Attempt] {
    try read { try AttemptTable.all(comparison, in: $0) }
  }
}

/// The SQL of table `attempts`.
enum AttemptTable {
  static func insert(_ attempt: Attempt, in db: Database) throws {
    let insert = try Prepared(
      db,
      cached: """
        INSERT OR IGNORE INTO attempts (comparison, baseline, candidate, verdict, e_value, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
    insert.bind(attempt.comparison, at: 1)
    insert.bind(attempt.baseline.hex, at: 2)
    insert.bind(attempt.candidate.hex, at: 3)
    insert.bind(attempt.verdict, at: 4)
    insert.bind(attempt.eValue, at: 5)
    insert.bind(Moment.text(attempt.createdAt), at: 6)
    try insert.run()
  }

  static func all(_ comparison: String?, in db: Database) throws -> [Attempt] {
    let select = try Prepared(
      db,
      """
      SELECT comparison, baseline, candidate, verdict, e_value, created_at FROM attempts
      WHERE comparison = coalesce(?, comparison) ORDER BY created_at, id
      """)
    select.bind(comparison, at: 1)
    var attempts: [Attempt] = []
    while try select.step() {
      attempts.append(
        Attempt(
          comparison: select.text(0), baseline: try Digest(stored: select.text(1), table: "attempts"),
          candidate: try Digest(stored: select.text(2), table: "attempts"), verdict: select.text(3),
          eValue: select.optionalDouble(4),
          createdAt: try Moment.date(select.text(5), table: "attempts")))
    }
    return attempts
  }
}
