import HustingsData
import HustingsMetrics

/// A table of Arena-Hard battles, already expanded to rows by weight.
struct ArenaHardBattles {
  /// The model that every other one met.
  let baseline: String
  /// Each model's rows.
  let rows: [String: [ArenaHardRow]]

  init(_ path: String) throws {
    let node = try JSONNode.read(path)
    baseline = try node.string("baseline")
    let questions = try node.strings("question_ids")
    var rows: [String: [ArenaHardRow]] = [:]
    for (model, battles) in try node.node("battles").members() {
      rows[model] = try battles.elements().map { battle in
        let cells = try battle.elements()
        guard cells.count == 2 else {
          throw battle.fault(.notAllowed(found: "\(cells.count) cells", expected: "a question and a winner"))
        }
        let place = try cells[0].integer()
        guard questions.indices.contains(place) else {
          throw cells[0].fault(.notAllowed(found: "\(place)", expected: "0 to \(questions.count - 1)"))
        }
        return ArenaHardRow(prompt: questions[place], credit: try ArenaHardBattles.credit(cells[1]))
      }
    }
    self.rows = rows
  }

  /// The model's points: the codes name the baseline (`a`), the model (`b`) or neither (`t`) as the winner.
  private static func credit(_ node: JSONNode) throws -> Double {
    switch try node.string() {
    case "a": 0
    case "b": 1
    case "t": 0.5
    case let other: throw node.fault(.notAllowed(found: "'\(other)'", expected: "'a', 'b' or 't'"))
    }
  }
}

/// A model's answers to Arena-Hard: how long and how laid out each is.
struct ArenaHardAnswers {
  let model: String
  /// By question.
  let styles: [String: AnswerStyle]

  /// Nil for a file without rows.
  init?(_ path: String) throws {
    var styles: [String: AnswerStyle] = [:]
    var model: String?
    var rows = try JSONLines(path)
    while let row = try rows.next() {
      model = try row.string("model")
      styles[try row.string("question_id")] = try ArenaHardAnswers.style(row.node("metadata"))
    }
    guard let model else { return nil }
    self.model = model
    self.styles = styles
  }

  /// Counts are stored by kind, such as headers by level, or as one number.
  private static func style(_ node: JSONNode) throws -> AnswerStyle {
    func total(_ key: String) throws -> Int {
      let member = try node.node(key)
      guard case .object = member.value else { return try member.integer() }
      return try member.members().reduce(0) { $0 + (try $1.node.integer()) }
    }
    return AnswerStyle(
      tokens: try node.integer("token_len"), headers: try total("header_count"),
      listItems: try total("list_count"), bolds: try total("bold_count"))
  }

  /// The mean number of tokens.
  var averageTokens: Double? {
    styles.isEmpty ? nil : Double(styles.values.reduce(0) { $0 + $1.tokens }) / Double(styles.count)
  }
}
