import GRDB
public import Hustings

extension Store {
  /// Keeps the texts of slates, apart from all scores. Equal texts are kept once.
  ///
  /// - Parameters:
  ///   - slates: slates with the ordinals of their items.
  ///   - benchmark: a benchmark whose items are all in the store.
  public func append(
    texts slates: some Sequence<(ordinal: Int, slate: Slate)>, to benchmark: Digest
  ) throws {
    try write { db in
      let (id, itemCount) = try BenchmarkTable.find(benchmark, in: db)
      let table = try TextTable(db)
      for (ordinal, slate) in slates {
        precondition(ordinal >= 0 && ordinal < itemCount, "item \(ordinal) of a benchmark of \(itemCount)")
        try table.insert(slate, benchmark: id, ordinal: ordinal)
      }
    }
  }

  /// The slate of an item; nil when its texts are not in the store.
  public func slate(_ ordinal: Int, of benchmark: Digest) throws -> Slate? {
    try slates(of: benchmark, ordinals: ordinal..<ordinal + 1).first?.slate
  }

  /// Whether the store has the texts of any item of a benchmark.
  public func keepsTexts(of benchmark: Digest) throws -> Bool {
    try read { db in
      let (id, _) = try BenchmarkTable.find(benchmark, in: db)
      return try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM slate_texts WHERE benchmark_id = ?)", arguments: [id]) ?? false
    }
  }

  /// The slates of some items, by ordinal; those whose texts are not in the store are left out.
  public func slates(
    of benchmark: Digest, ordinals: Range<Int>
  ) throws -> [(ordinal: Int, slate: Slate)] {
    try read { db in
      let (id, _) = try BenchmarkTable.find(benchmark, in: db)
      return try TextTable.slates(of: id, ordinals: ordinals, in: db)
    }
  }
}

/// The SQL of tables `texts` and `slate_texts`.
final class TextTable {
  private static let promptPosition = -1
  private let text: Prepared
  private let textID: Prepared
  private let place: Prepared

  init(_ db: Database) throws {
    text = try Prepared(
      db, cached: "INSERT OR IGNORE INTO texts (digest, part, text, turns) VALUES (?, ?, ?, ?)")
    textID = try Prepared(db, cached: "SELECT id FROM texts WHERE digest = ? AND part = ?")
    place = try Prepared(
      db,
      cached: """
        INSERT OR IGNORE INTO slate_texts (benchmark_id, ordinal, position, text_id) VALUES (?, ?, ?, ?)
        """)
  }

  func insert(_ slate: Slate, benchmark: Int64, ordinal: Int) throws {
    place.bind(benchmark, at: 1)
    place.bind(ordinal, at: 2)
    let prompt = slate.prompt
    let isQuestion = prompt.messages.count == 1 && prompt.messages[0].role == .user
    try insert(
      prompt.text, turns: isQuestion ? nil : prompt.messages, digest: prompt.digest,
      position: TextTable.promptPosition)
    for (position, response) in slate.responses.enumerated() {
      try insert(
        response.text, turns: response.turns.isEmpty ? nil : response.turns, digest: response.digest,
        position: position)
    }
  }

  private func insert(_ value: String, turns: [Message]?, digest: Digest, position: Int) throws {
    // An empty conversation and an empty response have the same digest.
    for statement in [text, textID] {
      statement.bind(digest.hex, at: 1)
      statement.bind(position == TextTable.promptPosition ? "prompt" : "response", at: 2)
    }
    text.bind(value, at: 3)
    text.bind(try turns.map { try StoredJSON.encode($0.map { [$0.role.name, $0.content] }) }, at: 4)
    try text.run()
    defer { textID.finish() }
    guard try textID.step() else {
      throw Unreadable(table: "texts", detail: "the text \(digest.short) is missing")
    }
    place.bind(position, at: 3)
    place.bind(textID.identifier(0), at: 4)
    try place.run()
  }

  static func slates(
    of benchmark: Int64, ordinals: Range<Int>, in db: Database
  ) throws -> [(ordinal: Int, slate: Slate)] {
    let select = try Prepared(
      db,
      cached: """
        SELECT s.ordinal, position, items.item, digest, text, turns
        FROM slate_texts s
        JOIN texts ON texts.id = s.text_id
        JOIN items ON items.benchmark_id = s.benchmark_id AND items.ordinal = s.ordinal
        WHERE s.benchmark_id = ? AND s.ordinal >= ? AND s.ordinal < ? ORDER BY s.ordinal, position
        """)
    select.bind(benchmark, at: 1)
    select.bind(ordinals.lowerBound, at: 2)
    select.bind(ordinals.upperBound, at: 3)
    var slates: [(ordinal: Int, slate: Slate)] = []
    var current: (ordinal: Int, item: String, prompt: Prompt, responses: [Response])?
    func close() {
      guard let (ordinal, item, prompt, responses) = current else { return }
      slates.append((ordinal, Slate(id: item, prompt: prompt, responses: responses)))
    }
    while try select.step() {
      let turns = try select.optionalText(5).map(messages)
      let digest: Digest
      if select.integer(1) == promptPosition {
        close()
        let prompt = turns.map { Prompt($0) } ?? Prompt(select.text(4))
        digest = prompt.digest
        current = (select.integer(0), select.text(2), prompt, [])
      } else {
        let response = Response(select.text(4), after: turns ?? [])
        digest = response.digest
        current?.responses.append(response)
      }
      guard digest.hex == select.text(3), current?.ordinal == select.integer(0),
        ordinals.contains(select.integer(0))
      else {
        throw Unreadable(table: "texts", detail: "a text of item \(select.text(2)) is not what it was")
      }
    }
    close()
    return slates
  }

  private static func messages(_ text: String) throws -> [Message] {
    try StoredJSON.decode([[String]].self, from: text, table: "texts").map { turn in
      guard turn.count == 2 else {
        throw Unreadable(table: "texts", detail: "a turn is not a role and a content: \(text.prefix(80))")
      }
      return Message(role(turn[0]), turn[1])
    }
  }

  /// The role of exactly this name, since the name is part of the digest.
  private static func role(_ name: String) -> Role {
    [.system, .user, .assistant].first { $0.name == name } ?? .other(name)
  }
}
