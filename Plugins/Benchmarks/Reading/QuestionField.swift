import Hustings

/// A contest over numbered questions in which everybody meets everybody else.
struct QuestionField: FieldContest {
  private let base: QuestionContest

  /// - Parameter base: the same without a baseline.
  init(_ base: QuestionContest) { self.base = base }

  var card: BenchmarkCard { base.card }
  var metrics: [any Metric] { base.metrics }

  func examples(_ body: (Example) throws -> Void) throws { try base.examples(body) }
  func judged(by judge: ModelCard) -> any Contest { QuestionField(base.before(judge)) }
  func asking(_ judge: ModelCard) -> any Contest { QuestionField(base.asked(judge)) }
  func among(_ field: [String]) -> any FieldContest { QuestionField(base.among(field)) }
  func showsSeatFirst(_ prompt: Prompt) -> Bool? { nil }
  func responses(_ file: String) throws -> ContestResponses { try base.responses(file) }
  func records(_ file: String) throws -> [ContestRecord] { try base.records(file) }
}
