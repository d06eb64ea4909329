public import Foundation
import GRDB
public import Hustings

/// A file that belongs to the results, without its content.
public struct ArtefactRecord: Sendable, Hashable {
  /// Its name, such as `certificate.json`.
  public let name: String
  /// What it is, in a word that says how to read it.
  public let kind: String
  /// The digest of its content.
  public let digest: Digest
  /// How many bytes it has.
  public let size: Int
  /// When it was written; the store keeps milliseconds.
  public let createdAt: Date
}

extension Store {
  /// Keeps a file. The same content under the same name is kept once.
  ///
  /// - Returns: the digest of the content.
  @discardableResult
  public func keep(_ content: Data, name: String, kind: String, now: Date) throws -> Digest {
    var hash = SHA256()
    content.withUnsafeBytes { hash.update($0) }
    let digest = hash.finalize()
    try write { db in
      let insert = try Prepared(
        db,
        cached: """
          INSERT OR IGNORE INTO artefacts (name, kind, digest, content, created_at) VALUES (?, ?, ?, ?, ?)
          """)
      insert.bind(name, at: 1)
      insert.bind(kind, at: 2)
      insert.bind(digest.hex, at: 3)
      insert.bind(content, at: 4)
      insert.bind(Moment.text(now), at: 5)
      try insert.run()
    }
    return digest
  }

  /// The files in the store, oldest first; those of one kind when it is given.
  public func artefacts(kind: String? = nil) throws -> [ArtefactRecord] {
    try read { db in
      let select = try Prepared(
        db,
        """
        SELECT name, kind, digest, length(content), created_at FROM artefacts
        WHERE kind = coalesce(?, kind) ORDER BY created_at, id
        """)
      select.bind(kind, at: 1)
      var records: [ArtefactRecord] = []
      while try select.step() {
        records.append(
          ArtefactRecord(
            name: select.text(0), kind: select.text(1),
            digest: try Digest(stored: select.text(2), table: "artefacts"), size: select.integer(3),
            createdAt: try Moment.date(select.text(4), table: "artefacts")))
      }
      return records
    }
  }

  /// The content of a file in the store; nil when there is none of this digest.
  public func content(of digest: Digest) throws -> Data? {
    try read { db in
      let select = try Prepared(db, "SELECT content FROM artefacts WHERE digest = ? LIMIT 1")
      select.bind(digest.hex, at: 1)
      return try select.step() ? select.data(0) : nil
    }
  }
}
