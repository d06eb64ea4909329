import GRDB
public import Hustings

extension Store {
  /// Writes a model's card, unless a model of the same fingerprint is there; returns the card in the store.
  ///
  /// A model keeps the name it was first registered under, since names take no part in identity.
  @discardableResult
  public func register(_ card: ModelCard) throws -> ModelCard {
    let settings = try StoredJSON.encode(card.settings)
    return try write { db in
      try ModelTable.insert(card, settings: settings, in: db)
      return try ModelTable.find(card.fingerprint, in: db).card
    }
  }

  /// Every model, by name and fingerprint.
  public func models() throws -> [ModelCard] {
    try read { try ModelTable.all(in: $0) }
  }

  /// The model of the given fingerprint.
  public func model(_ fingerprint: Digest) throws -> ModelCard {
    try read { try ModelTable.find(fingerprint, in: $0).card }
  }
}

/// The SQL of table `models`.
enum ModelTable {
  private static let columns = "id, fingerprint, name, kind, revision, is_null, reads_texts, settings"

  static func insert(_ card: ModelCard, settings: String, in db: Database) throws {
    let insert = try Prepared(
      db,
      cached: """
        INSERT OR IGNORE INTO models (fingerprint, name, kind, revision, is_null, reads_texts, settings)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    insert.bind(card.fingerprint.hex, at: 1)
    insert.bind(card.name, at: 2)
    insert.bind(card.kind.rawValue, at: 3)
    insert.bind(card.revision, at: 4)
    insert.bind(card.isNull ? 1 : 0, at: 5)
    insert.bind(card.readsTexts ? 1 : 0, at: 6)
    insert.bind(settings, at: 7)
    try insert.run()
  }

  static func find(_ fingerprint: Digest, in db: Database) throws -> (id: Int64, card: ModelCard) {
    let select = try Prepared(db, "SELECT \(columns) FROM models WHERE fingerprint = ?")
    select.bind(fingerprint.hex, at: 1)
    guard try select.step() else { throw StoreError.unknownModel(fingerprint) }
    return (select.identifier(0), try card(select))
  }

  static func all(in db: Database) throws -> [ModelCard] {
    let select = try Prepared(db, "SELECT \(columns) FROM models ORDER BY name, fingerprint")
    var cards: [ModelCard] = []
    while try select.step() { cards.append(try card(select)) }
    return cards
  }

  private static func card(_ row: Prepared) throws -> ModelCard {
    guard let kind = ModelKind(rawValue: row.text(3)) else {
      throw Unreadable(table: "models", detail: "model \(row.text(2)) is of the unknown kind \(row.text(3))")
    }
    return ModelCard(
      name: row.text(2), kind: kind, revision: row.text(4),
      fingerprint: try Digest(stored: row.text(1), table: "models"), isNull: row.integer(5) != 0,
      readsTexts: row.integer(6) != 0,
      settings: try StoredJSON.decode([String: String].self, from: row.text(7), table: "models"))
  }
}
