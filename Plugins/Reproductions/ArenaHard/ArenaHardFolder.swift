import HustingsData
import HustingsMetrics

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
