public import Foundation
import GRDB
public import Hustings

/// What an endpoint answered once, and may be asked for again without a call.
public struct Reply: Sendable, Hashable {
  /// Where the question was sent.
  public let endpoint: String
  /// The name of the model that was asked.
  public let model: String
  /// The answer as it came.
  public let body: Data
  /// When it came; the store keeps milliseconds.
  public let createdAt: Date

  /// An endpoint's answer.
  public init(endpoint: String, model: String, body: Data, createdAt: Date) {
    self.endpoint = endpoint
    self.model = model
    self.body = body
    self.createdAt = createdAt
  }
}

extension Store {
  /// The reply to a question; nil when it was never answered.
  ///
  /// - Parameter key: the digest of everything the answer depends on: endpoint, model, settings and the rendered question.
  public func reply(to key: Digest) throws -> Reply? {
    try look { try ReplyTable.find(key, in: $0) }
  }

  /// Keeps the reply to a question. An earlier reply to the same question stays. Errors are not replies: keep none.
  public func keep(_ reply: Reply, to key: Digest) throws {
    try write { try ReplyTable.insert(reply, key: key.hex, in: $0) }
  }

  /// Keeps the replies to several questions, all or none.
  ///
  /// - Returns: the rows that were added; nil when all were there.
  @discardableResult
  func keep(_ replies: [(key: Digest, reply: Reply)]) throws -> ClosedRange<Int64>? {
    let rows = replies.map { (key: $0.key.hex, reply: $0.reply) }
    return try write { try ReplyTable.insert(rows, in: $0) }
  }

  /// The keys of replies behind a row, and the last row there is; all keys for row 0.
  func replyKeys(after row: Int64) throws -> (keys: [Digest], last: Int64) {
    try look { try ReplyTable.keys(after: row, in: $0) }
  }

  /// The newest reply of an endpoint; nil when it never gave one.
  public func latestReply(of endpoint: String) throws -> Reply? {
    try read { try ReplyTable.latest(endpoint, in: $0) }
  }

  /// Hands over every reply with its key, oldest first. Between batches the file is free.
  public func replies(_ body: (Digest, Reply) throws -> Void) throws {
    var last: Int64 = 0
    while true {
      let page = try read { try ReplyTable.page(after: last, limit: 256, in: $0) }
      guard let end = page.last?.row else { return }
      for (_, key, reply) in page { try body(try Digest(stored: key, table: "replies"), reply) }
      last = end
    }
  }
}

/// The SQL of table `replies`.
enum ReplyTable {
  static func insert(_ reply: Reply, key: String, in db: Database) throws {
    try insert([(key, reply)], in: db)
  }

  /// Adds rows inside a transaction, which keeps others from adding theirs in between.
  @discardableResult
  static func insert(_ replies: [(key: String, reply: Reply)], in db: Database) throws -> ClosedRange<Int64>?
  {
    let insert = try Prepared(
      db,
      cached: "INSERT OR IGNORE INTO replies (key, endpoint, model, body, created_at) VALUES (?, ?, ?, ?, ?)")
    var bound: (endpoint: String, model: String)?
    var added: Int64 = 0
    for (key, reply) in replies {
      insert.bind(key, at: 1)
      // Most replies of a batch are of one model, and what is bound stays.
      let isLikeLast =
        bound.map { sameBytes($0.endpoint, reply.endpoint) && sameBytes($0.model, reply.model) } ?? false
      if !isLikeLast {
        insert.bind(reply.endpoint, at: 2)
        insert.bind(reply.model, at: 3)
        bound = (reply.endpoint, reply.model)
      }
      insert.bind(Moment.text(reply.createdAt), at: 5)
      added += Int64(try insert.run(lending: reply.body, at: 4))
    }
    let last = db.lastInsertedRowID
    return added > 0 ? last - added + 1...last : nil
  }

  /// Keys behind a row and the last row. All of them are read from the index alone, which is small beside the replies.
  static func keys(after row: Int64, in db: Database) throws -> (keys: [Digest], last: Int64) {
    let select = try Prepared(
      db,
      cached: row == 0
        ? "SELECT id, key FROM replies" : "SELECT id, key FROM replies WHERE id > ? ORDER BY id")
    if row > 0 { select.bind(row, at: 1) }
    var keys: [Digest] = []
    var last = row
    while try select.step() {
      keys.append(try Digest(stored: select.text(1), table: "replies"))
      last = max(last, select.identifier(0))
    }
    return (keys, last)
  }

  static func find(_ key: Digest, in db: Database) throws -> Reply? {
    let select = try Prepared(
      db, cached: "SELECT endpoint, model, body, created_at FROM replies WHERE key = ?")
    select.bind(key.hex, at: 1)
    return try select.step() ? try reply(select) : nil
  }

  static func latest(_ endpoint: String, in db: Database) throws -> Reply? {
    let select = try Prepared(
      db,
      "SELECT endpoint, model, body, created_at FROM replies WHERE endpoint = ? ORDER BY id DESC LIMIT 1")
    select.bind(endpoint, at: 1)
    return try select.step() ? try reply(select) : nil
  }

  /// Up to `limit` replies after a row, for copying them bit by bit.
  static func page(
    after row: Int64, limit: Int, in db: Database
  ) throws -> [(row: Int64, key: String, reply: Reply)] {
    let select = try Prepared(
      db, "SELECT endpoint, model, body, created_at, id, key FROM replies WHERE id > ? ORDER BY id LIMIT ?")
    select.bind(row, at: 1)
    select.bind(limit, at: 2)
    var page: [(row: Int64, key: String, reply: Reply)] = []
    while try select.step() { page.append((select.identifier(4), select.text(5), try reply(select))) }
    return page
  }

  private static func reply(_ row: Prepared) throws -> Reply {
    Reply(
      endpoint: row.text(0), model: row.text(1), body: row.data(2),
      createdAt: try Moment.date(row.text(3), table: "replies"))
  }
}
