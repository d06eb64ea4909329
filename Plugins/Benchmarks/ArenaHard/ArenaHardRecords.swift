import Hustings
import HustingsData
import HustingsMetrics

/// Reads recorded judgments of Arena-Hard.
struct ArenaHardRecords {
  let rule: ArenaHardRule
  let items: Set<String>
  let benchmark: String
  let styles: ArenaHardStyles

  /// What the judge said of one prompt: both games, or what a table of battles has kept of them.
  private enum Said {
    case games([ArenaHardReading])
    case rows([ArenaHardBattleTable.Game])
  }

  /// The records of a file of judgments, or of a table of battles.
  func read(_ file: String) throws -> [ContestRecord] {
    if file.hasSuffix(".json"), case let node = try JSONNode.read(file), case .object = node.value {
      let table = try ArenaHardBattleTable(node)
      return try table.rows.sorted { $0.key < $1.key }.map { try record($0.key, rows: $0.value, file) }
    }
    var groups = RecordGroups<(item: String, games: [ArenaHardReading])>()
    var battles: [String: [ArenaHardRow]] = [:]
    var order: [String] = []
    try RowFile.rows(file) { row in
      if let winner = try row.optionalString("winner"), try row.optionalNode("model_a") != nil {
        let model = try row.string("model_b")
        if battles[model] == nil { order.append(model) }
        battles[model, default: []].append(
          ArenaHardRow(prompt: try Self.id(row), credit: try Self.credit(winner, row)))
        return
      }
      let games = try row.array("games")
      guard games.count >= 2 else {
        throw row.fault("games", .notAllowed(found: "\(games.count) games", expected: "two"))
      }
      groups.add(
        (try Self.id(row), try games.prefix(2).map { try Self.reading($0, rule) }),
        judge: try row.optionalString("judge") ?? "unnamed judge", author: try row.optionalString("model"))
    }
    return try groups.groups.map { group in
      try record(
        judge: group.judge, author: group.author, group.rows.map { ($0.item, .games($0.games)) }, file)
    } + order.map { try record($0, rows: battles[$0] ?? [], file) }
  }

  /// The prompt that a row is about.
  static func id(_ row: JSONNode) throws -> String {
    try row.optionalString("uid") ?? row.string("question_id")
  }

  /// The points of a battle row's second model, as the first is the baseline.
  private static func credit(_ winner: String, _ row: JSONNode) throws -> Double {
    switch winner {
    case "model_a": return 0
    case "model_b": return 1
    case let other where other.contains("tie"): return 0.5
    case let other:
      throw row.fault("winner", .notAllowed(found: "'\(other)'", expected: "'model_a', 'model_b' or 'tie'"))
    }
  }

  private func record(_ model: String, rows: [ArenaHardRow], _ file: String) throws -> ContestRecord {
    var prompts: [String] = []
    var credits: [String: [Double]] = [:]
    for row in rows {
      if credits[row.prompt] == nil { prompts.append(row.prompt) }
      credits[row.prompt, default: []].append(row.credit)
    }
    return try record(
      judge: "unnamed judge", author: model,
      prompts.map { prompt in
        guard let games = ArenaHardBattleTable.games(credits[prompt] ?? []) else {
          throw BenchmarkError.battleRows(
            model: model, prompt: prompt, count: credits[prompt]?.count ?? 0, file: file)
        }
        return (prompt, .rows(games))
      }, file)
  }

  private func record(
    judge: String, author: String?, _ rows: [(item: String, said: Said)], _ file: String
  ) throws -> ContestRecord {
    let known = rows.filter { items.contains($0.item) }
    guard !known.isEmpty else {
      throw BenchmarkError.noCommonPrompt(file: file, benchmark: benchmark, count: rows.count)
    }
    var readings: [ArenaHardReading] = []
    for case .games(let games) in known.map(\.said) { readings += games }
    var warnings = Self.report(ArenaHardReport(readings))
    if known.count < rows.count {
      warnings.append(
        "\(rows.count - known.count) rows about prompts that \(benchmark) does not have are left out.")
    }
    let styles = try styles.traits(of: author)
    if let missing = styles.missing {
      warnings.append(
        "no style-controlled score, as \(self.styles.place) has no answers of \(missing) (NAME.jsonl; ?answers=FOLDER names "
          + "another folder).")
    }
    return ContestRecord(
      judge: .recordedJudge(judge, of: "arena-hard"), author: author,
      entries: Dictionary(
        known.map { ($0.item, Self.entry($0.said, styles: styles.traits($0.item))) },
        uniquingKeysWith: { $1 }), warnings: warnings)
  }

  /// A game's verdict, read by a rule; by the one whose shape the game has when nil, as version 2 keeps the text in an object.
  static func reading(_ game: JSONNode, _ rule: ArenaHardRule?) throws -> ArenaHardReading {
    if let judgment = try game.optionalNode("judgment") {
      if case .string(let text) = judgment.value { return (rule ?? .v01).reading(of: text) }
      if case .object = judgment.value, let text = try judgment.optionalString("answer") {
        return (rule ?? .v2).reading(of: text)
      }
    }
    guard let score = try game.optionalString("score") else { return .missing }
    return (rule ?? .v01).reading(of: "[[\(score)]]")
  }

  private static func entry(_ said: Said, styles: [String: [Double?]]) -> ContestRecord.Entry {
    let judgments: [Judgment]
    let rows: [Double?]
    switch said {
    case .games(let games):
      judgments = games.map { reading in
        guard let label = reading.label else { return .absent(Absence(.abstention, words(reading))) }
        return .margin(label.credit == 1 ? 1 : label.credit == 0 ? -1 : 0)
      }
      rows = games.map { $0.label.map { $0.isStrong ? 3 : 1 } }
    case .rows(let games):
      let absent = Judgment.absent(Absence(.abstention, "the table of battles has no row of this game"))
      let told = games.enumerated().map { number, game in
        // The first game shows the baseline as A, the second the model.
        Judgment.margin(2 * (number == 0 ? 1 - game.credit : game.credit) - 1)
      }
      judgments = told + [Judgment](repeating: absent, count: 2 - told.count)
      rows = games.map { Double($0.rows) } + [Double?](repeating: nil, count: 2 - games.count)
    }
    return ContestRecord.Entry(
      tournament: Tournament(
        count: 2, ordered: [Matchup(0, 1): judgments[0], Matchup(1, 0): judgments[1]],
        areVerdicts: true),
      traits: styles.merging([Trait.queries: [1, 1], Trait.rows: rows]) { $1 })
  }

  private static func words(_ reading: ArenaHardReading) -> String {
    switch reading {
    case .label(let label): label.rawValue
    case .missing: "the judge's reply holds no verdict"
    case .contradictory(let verdicts): "the judge's verdicts differ: \(verdicts.joined(separator: ", "))"
    case .unknown(let text): "the judge's verdict '\(text)' is no label"
    }
  }

  private static func report(_ report: ArenaHardReport) -> [String] {
    var parts: [String] = []
    if report.missing > 0 { parts.append("\(report.missing) games have no verdict") }
    if report.contradictory > 0 { parts.append("\(report.contradictory) have verdicts that differ") }
    parts += report.unknown.sorted { $0.key < $1.key }.map {
      "\($0.value) say '\($0.key)', which is no label"
    }
    return parts.isEmpty ? [] : [parts.joined(separator: "; ") + "."]
  }
}
