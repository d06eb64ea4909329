/// How long the answers of a contest are and how they are laid out, where files of answers lie at hand.
struct ArenaHardStyles {
  private let answers: BaselineAnswers
  private let baselines: [String: String]

  /// - Parameter baselines: the model that each item's answers are compared with.
  init(_ answers: BaselineAnswers, baselines: [String: String]) {
    self.answers = answers
    self.baselines = baselines
  }

  /// Where answers are looked for.
  var place: String { answers.description }

  /// The traits of the baseline's answer and a model's, by item; `missing` names those of whom there are no answers.
  func traits(of author: String?) throws -> (missing: String?, traits: (String) -> [String: [Double?]]) {
    guard let author else { return ("a model without a name", { _ in [:] }) }
    let own = try answers.found(of: author)
    var others: [String: AnswerFile] = [:]
    for name in Set(baselines.values) { others[name] = try answers.found(of: name) }
    guard let own, !others.isEmpty else {
      let absent = (own == nil ? [author] : []) + (others.isEmpty ? Set(baselines.values).sorted() : [])
      return (absent.joined(separator: " and "), { _ in [:] })
    }
    return (
      nil,
      { item in
        let mine = own.style(of: item)
        let theirs = baselines[item].flatMap { others[$0]?.style(of: item) } ?? [:]
        guard !mine.isEmpty, !theirs.isEmpty else { return [:] }
        return Dictionary(
          uniqueKeysWithValues: Set(mine.keys).union(theirs.keys).map { ($0, [theirs[$0], mine[$0]]) })
      }
    )
  }
}
