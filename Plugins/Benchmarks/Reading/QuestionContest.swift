import Hustings
import HustingsData

/// A contest over numbered questions: recorded judgments are read without anybody's answers, and a judge that is asked is shown
/// the models' and the baseline's own.
struct QuestionContest: PoolingContest {
  /// A question with its turns.
  struct Question: Sendable {
    let id: String
    let subset: String
    let turns: [String]
  }

  /// What is the same of every form of the contest.
  struct Rules: Sendable {
    let metrics: [any Metric]
    /// The questions, read anew each time; their texts matter only to a judge that is asked.
    let questions: @Sendable (_ isAsking: Bool) throws -> [Question]
    /// The model that a question's answers are compared with; nil where each answer is rated by itself.
    let baseline: (@Sendable (Question) -> String)?
    /// Where that model's answers lie.
    let answers: BaselineAnswers
    /// Whether each turn is an item of its own.
    let hasTurns: Bool
    /// Whether metrics look at how long answers are and how they are laid out.
    var hasStyles = false
    /// Makes one record of several judges', where the user wants that.
    var pool: (@Sendable ([ContestRecord]) -> ContestRecord)?
    /// The records of a file.
    let read: @Sendable (_ file: String, _ items: Set<String>) throws -> [ContestRecord]
  }

  let card: BenchmarkCard
  private let rules: Rules
  private let isAsking: Bool

  init(_ card: BenchmarkCard, _ rules: Rules) { self.init(card, rules, isAsking: false) }

  private init(_ card: BenchmarkCard, _ rules: Rules, isAsking: Bool) {
    self.card = card
    self.rules = rules
    self.isAsking = isAsking
  }

  var metrics: [any Metric] { rules.metrics }

  func judged(by judge: ModelCard) -> any Contest { before(judge) }
  func asking(_ judge: ModelCard) throws -> any Contest { asked(judge) }

  var poolsJudges: Bool { rules.pool != nil }
  func pooled(_ records: [ContestRecord]) -> ContestRecord { rules.pool?(records) ?? records[0] }

  /// The same before a judge.
  func before(_ judge: ModelCard) -> QuestionContest {
    QuestionContest(card.judged(by: judge), rules, isAsking: isAsking)
  }

  /// The same before a judge that is asked, and so is shown texts.
  func asked(_ judge: ModelCard) -> QuestionContest {
    QuestionContest(card.judged(by: judge).showing(.texts), rules, isAsking: true)
  }

  /// The same among some entrants.
  func among(_ field: [String]) -> QuestionContest {
    QuestionContest(card.among(field), rules, isAsking: isAsking)
  }

  func showsSeatFirst(_ prompt: Prompt) -> Bool? { nil }

  func examples(_ body: (Example) throws -> Void) throws {
    let questions = try rules.questions(isAsking)
    let baselines = isAsking ? try baselines(questions) : [:]
    for question in questions {
      for turn in turns(question) {
        var seats = [Candidate("model", .seat)]
        if let baseline = rules.baseline?(question) {
          if isAsking {
            // A question that the baseline has no answer to is none of this contest's.
            guard
              let response = baselines[baseline]?.response(question.id, asked: question.turns, turn: turn)
            else { continue }
            seats.insert(Candidate("baseline", response), at: 0)
          } else {
            seats.insert(Candidate("baseline", "baseline"), at: 0)
          }
        }
        // A model's answer to a later turn follows its own answers before, which the prompt cannot hold.
        let asked = isAsking ? question.turns.prefix(1) : question.turns.prefix(turn)
        try body(
          Example(
            id: item(question, turn), subset: question.subset,
            prompt: Prompt(asked.map { Message(.user, $0) }),
            cluster: rules.hasTurns ? question.id : nil, candidates: seats,
            gold: seats.count > 1 ? .prefers(1, over: 0) : .ratings([nil])))
      }
    }
  }

  private func turns(_ question: Question) -> [Int] {
    rules.hasTurns ? question.turns.indices.map { $0 + 1 } : [1]
  }

  private func item(_ question: Question, _ turn: Int) -> String {
    rules.hasTurns ? "\(question.id)/\(turn)" : question.id
  }

  private func baselines(_ questions: [Question]) throws -> [String: AnswerFile] {
    guard let baseline = rules.baseline else { return [:] }
    var found: [String: AnswerFile] = [:]
    for name in Set(questions.map(baseline)).sorted() { found[name] = try rules.answers.answers(of: name) }
    let answered = questions.contains { found[baseline($0)]?.turns[$0.id] != nil }
    guard answered else {
      throw BenchmarkError.baselineWithoutAnswers(
        Set(questions.map(baseline)).sorted().joined(separator: " and "), benchmark: card.name)
    }
    return found
  }

  func responses(_ file: String) throws -> ContestResponses {
    let answers = try AnswerFile(file)
    let questions = try rules.questions(isAsking)
    var byItem: [String: Response] = [:]
    for question in questions {
      for turn in turns(question) {
        byItem[item(question, turn)] = answers.response(question.id, asked: question.turns, turn: turn)
      }
    }
    guard !byItem.isEmpty else {
      throw BenchmarkError.noCommonPrompt(file: file, benchmark: card.name, count: answers.turns.count)
    }
    let known = Set(questions.map(\.id))
    return ContestResponses(
      byItem: byItem, author: answers.author, strangers: answers.turns.keys.count { !known.contains($0) },
      traits: rules.hasStyles ? styles(questions) { _ in answers } : [:])
  }

  func baselineTraits() throws -> [String: [String: Double]] {
    guard rules.hasStyles, isAsking, let baseline = rules.baseline else { return [:] }
    let questions = try rules.questions(isAsking)
    let answers = try baselines(questions)
    return styles(questions) { answers[baseline($0)] }
  }

  private func styles(
    _ questions: [Question], _ answers: (Question) -> AnswerFile?
  ) -> [String: [String: Double]] {
    var styles: [String: [String: Double]] = [:]
    for question in questions {
      guard let style = answers(question)?.style(of: question.id), !style.isEmpty else { continue }
      styles[item(question, 1)] = style
    }
    return styles
  }

  func records(_ file: String) throws -> [ContestRecord] {
    var items: Set<String> = []
    try examples { items.insert($0.id) }
    return try rules.read(file, items)
  }
}
