import ArgumentParser
import Foundation
import Hustings
import HustingsReports

/// Who takes part in a contest, and who judges it.
struct ContestOptions: ParsableArguments {
  @Option(
    name: .long,
    help: """
      On a benchmark of what models write: a model's responses, as NAME=FILE; may be given more than once. They are compared with \
      the baseline's, or with each other, by --judge.
      """)
  var outputs: [String] = []

  @Option(name: .long, help: "Who judges --outputs: any model string, such as null:length or checkpoint:DIR.")
  var judge: String?

  @Option(
    name: .long,
    help: """
      Recorded judgments, as [NAME=]FILE, in place of --outputs and --judge; may be given more than once. Nobody is asked.
      """, completion: .file())
  var annotations: [String] = []

  var isEmpty: Bool { outputs.isEmpty && annotations.isEmpty && judge == nil }
}

/// One contest before one judge, with everybody who enters it.
struct ContestPlan {
  let contest: any Contest
  let entrants: [any PreferenceModel]

  /// The plans that the options ask for: one for the judge, and one per judge in the recorded judgments.
  ///
  /// - Parameter warn: is told what should be known of the files.
  static func plans(
    _ contest: any Contest, _ options: ContestOptions, _ workplace: Workplace, warn: (String) -> Void
  ) async throws -> [ContestPlan] {
    try check(contest, options)
    var plans: [ContestPlan] = []
    if let judge = options.judge {
      plans.append(try await judged(contest, options.outputs, by: judge, workplace, warn: warn))
    }
    var named: [(title: String, record: ContestRecord)] = []
    for text in options.annotations {
      let (name, file) = Self.named(text, workplace)
      let records = try contest.records(file)
      if let name, Set(records.map(\.author)).count > 1 {
        throw UsageError(
          "\(file) holds judgments of \(records.count) models, so it cannot be called '\(name)'. Leave the name out."
        )
      }
      named += records.map { (name ?? $0.author ?? Self.stem(file), $0) }
    }
    if let contest = contest as? any PoolingContest, contest.poolsJudges {
      let groups = Dictionary(grouping: named, by: \.title)
      named = groups.keys.sorted().map { ($0, contest.pooled((groups[$0] ?? []).map(\.record))) }
    }
    var order: [ModelCard] = []
    var recorded: [Digest: [any PreferenceModel]] = [:]
    for (title, record) in named {
      for warning in record.warnings { warn("\(title): \(warning)") }
      if recorded[record.judge.fingerprint] == nil { order.append(record.judge) }
      recorded[record.judge.fingerprint, default: []].append(RecordedEntrant(name: title, record: record))
    }
    for judge in order {
      let entrants = recorded[judge.fingerprint] ?? []
      let met = try (contest as? any FieldContest).map { try among(entrants.map(\.card.name), $0) }
      plans.append(ContestPlan(contest: (met ?? contest).judged(by: judge), entrants: entrants))
    }
    return plans
  }

  /// A contest without a baseline among the models of recorded judgments.
  private static func among(_ names: [String], _ contest: any FieldContest) throws -> any FieldContest {
    if let twice = Dictionary(grouping: names, by: \.self).filter({ $1.count > 1 }).keys.min() {
      throw UsageError(
        "Two files hold pairs of '\(twice)' before one judge. Put the rows of a judge into one file.")
    }
    return contest.among(names.sorted())
  }

  private static func check(_ contest: any Contest, _ options: ContestOptions) throws {
    let name = contest.card.name
    if options.isEmpty {
      throw UsageError(
        "\(name) measures what models write. Give their responses as --outputs NAME=FILE and who is to judge them as "
          + "--judge MODEL, or recorded judgments as --annotations FILE.")
    }
    if !options.outputs.isEmpty, options.judge == nil {
      throw UsageError(
        "Nobody is named to judge the responses. Add --judge MODEL, such as --judge null:length.")
    }
    if options.judge != nil, options.outputs.isEmpty {
      throw UsageError("There is nothing to judge. Add --outputs NAME=FILE.")
    }
  }

  private static func judged(
    _ contest: any Contest, _ outputs: [String], by judge: String, _ workplace: Workplace,
    warn: (String) -> Void
  ) async throws -> ContestPlan {
    let judges = try await workplace.models(judge)
    guard judges.count == 1, let judge = judges.first else {
      throw UsageError("'\(judge)' names \(judges.count) models, and there is one judge. Choose one of them.")
    }
    guard !(judge is any Recording) else {
      throw UsageError(
        "A recording knows no answer to new responses. Give recorded judgments as --annotations FILE.")
    }
    let before = try contest.asking(judge.card)
    let examples = try before.allExamples()
    let isField = contest is any FieldContest
    if !isField, examples.allSatisfy({ $0.key.candidates.count == 1 }),
      [.pairwise, .judge].contains(judge.card.kind)
    {
      throw UsageError(
        "\(contest.card.name) has each response rated by itself, and \(judge.card.name) compares two. Choose a judge that rates, "
          + "such as openai:NAME?rubric=mt-bench-single.")
    }
    let written = try outputs.map { text -> (name: String, responses: ContestResponses) in
      let (name, file) = named(text, workplace)
      let responses = try before.responses(file)
      let title = name ?? responses.author ?? stem(file)
      for warning in warnings(responses, of: examples.count, in: contest, file) {
        warn("\(title): \(warning)")
      }
      return (title, responses)
    }
    if let contest = contest as? any FieldContest {
      guard written.count > 1 else {
        throw UsageError(
          "\(contest.card.name) compares models with each other. Add --outputs for another one.")
      }
      let field = Field(
        written.map { Field.Member(name: $0.name, responses: $0.responses.byItem) }, judge: judge)
      return ContestPlan(
        contest: try contest.among(field.names).asking(judge.card), entrants: field.entrants)
    }
    let baselineTraits = try before.baselineTraits()
    return ContestPlan(
      contest: before,
      entrants: written.map { name, responses in
        Entrant(
          name: name, responses: responses.byItem, traits: responses.traits, baselineTraits: baselineTraits,
          judge: judge, contest: before)
      })
  }

  /// What should be known of the responses in a file.
  private static func warnings(
    _ responses: ContestResponses, of items: Int, in contest: any Contest, _ file: String
  ) -> [String] {
    var warnings: [String] = []
    if responses.byItem.count < items {
      warnings.append(
        "\(items - responses.byItem.count) of \(items) prompts have no response in \(file).")
    }
    if responses.strangers > 0 {
      warnings.append(
        "\(responses.strangers) responses to prompts that \(contest.card.name) does not have are left out.")
    }
    return warnings
  }

  /// `NAME=FILE`, or a file alone; a file that exists under the whole text is that.
  static func named(_ text: String, _ workplace: Workplace) -> (name: String?, file: String) {
    let whole = workplace.resolved(text)
    guard let equals = text.firstIndex(of: "="), !FileManager.default.fileExists(atPath: whole) else {
      return (nil, whole)
    }
    let name = String(text[..<equals])
    return (name.isEmpty ? nil : name, workplace.resolved(String(text[text.index(after: equals)...])))
  }

  /// What a file without an author is called: its name, or its folder's where the name says what kind of file it is.
  static func stem(_ file: String) -> String {
    let url = URL(fileURLWithPath: file)
    let stem = url.deletingPathExtension().lastPathComponent
    return ["annotations", "model_outputs", "outputs"].contains(stem)
      ? url.deletingLastPathComponent().lastPathComponent : stem
  }
}
