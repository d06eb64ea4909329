public import Hustings
import HustingsData
import HustingsEndpoints
import HustingsMetrics

/// A language model behind an endpoint that judges by a rubric.
///
/// Every pair is asked in both orders of presentation, unless told otherwise; all responses of a ranking are shown forwards and
/// backwards. A reply that cannot be read is an abstention with its text.
public struct JudgeModel: MeteredModel, OrderedModel {
  /// How it is asked.
  public struct Settings: Sendable, Hashable {
    /// Whether each pair is asked in both orders of presentation.
    public var asksBothOrders = true
    /// How often each question is asked; margins and ratings are averaged.
    public var repetitions = 1
    /// Whether it is asked by `completions`, as one text, rather than by `chat/completions`.
    public var usesCompletions = false
    /// How many questions wait at a time.
    public var window = 128

    /// The usual settings.
    public init() {}
  }

  /// Who it is.
  public let card: ModelCard
  let rubric: Rubric
  private let parameters: JSONObject
  /// Nil when JSON cannot write what is to be sent.
  private let request: JudgeRequest?
  private let settings: Settings
  private let references: ReferenceAnswers?
  private let desk: Desk
  private let meter: CallMeter
  private let template: Digest
  private let takesReference: Bool
  private let needsReference: Bool

  /// Version of this adapter: raised when the same reply may come to mean something else.
  private static let version = "judge/1"

  init(
    model: String, rubric: Rubric, parameters: JSONObject, settings: Settings, references: ReferenceAnswers?,
    desk: Desk, endpoint: Digest, meter: CallMeter, name: String, revision: String
  ) {
    self.rubric = rubric
    self.parameters = parameters
    request = try? JudgeRequest(
      model: model, parameters: parameters, usesCompletions: settings.usesCompletions)
    self.settings = settings
    self.references = references
    self.desk = desk
    self.meter = meter
    template = rubric.templateDigest
    takesReference = rubric.takesReference
    needsReference = rubric.needsReference
    var hash = SHA256()
    hash.updateFramed(Self.version)
    hash.update(endpoint)
    hash.update(rubric.digest)
    hash.updateFramed((try? JSONValue.object(parameters).text(.canonical)) ?? "")
    hash.updateFramed("\(settings.asksBothOrders) \(settings.repetitions) \(settings.usesCompletions)")
    if let references { hash.update(references.digest) }
    let kind: ModelKind =
      switch rubric.kind {
      case .rating: .reward
      case .pairwise, .ranking: rubric.parser.isGraded ? .pairwise : .judge
      case .logprobs: .pairwise
      }
    card = ModelCard(
      name: name, kind: kind, revision: revision, fingerprint: hash.finalize(),
      settings: [
        "model": model, "rubric": rubric.name, "orders": settings.asksBothOrders ? "both" : "one",
        "repetitions": String(settings.repetitions),
        "parameters": (try? JSONValue.object(parameters).text(.canonical)) ?? "",
      ])
  }

  // MARK: Questions

  private enum Subject: Sendable {
    case pair(Matchup)
    case one(Int)
    /// All responses, forwards or backwards.
    case all(isReversed: Bool)
  }

  enum Finding: Sendable {
    case judgment(Judgment)
    case rating(Double?, Absence?)
    case order([Int]?, Absence?)
  }

  /// What a question took.
  struct Expense: Sendable {
    var queries = 0
    /// Nil where the price is not known.
    var dollars: Double?

    mutating func add(_ other: Double?) {
      queries += 1
      if let other { dollars = (dollars ?? 0) + other }
    }
  }

  /// Asks everything there is to ask about the slates, and counts the questions and what they cost.
  public func answers(
    to slates: [Slate], order: @Sendable (Slate) -> Matchup?
  ) async throws -> [ModelAnswer] {
    let plan = slates.map { subjects($0, order($0)) }
    let questions = Questions(plan.map(\.count))
    let (findings, expenses) = try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(settings.window, questions.total) {
        group.addTask(executorPreference: desk.executor) {
          while let (slate, place) = questions.next() {
            var expense = Expense()
            let finding = try await finding(plan[slate][place], slates[slate], &expense)
            if questions.answered(slate, place, finding, expense) { meter.finishedItem() }
          }
        }
      }
      try await group.waitForAll()
      return questions.answers
    }
    // What an interruption left open is nothing to store.
    try Task.checkCancellation()
    return slates.indices.map {
      ModelAnswer(
        tournament(slates[$0], plan[$0], findings[$0].compactMap { $0 }),
        traits: traits(slates[$0], plan[$0], expenses[$0]))
    }
  }

  /// Queries and cost, by the response that was shown first or alone.
  private func traits(_ slate: Slate, _ subjects: [Subject], _ expenses: [Expense]) -> [String: [Double?]] {
    let isPriced = expenses.contains { $0.dollars != nil }
    var queries = [Double?](repeating: 0, count: slate.responses.count)
    var dollars = isPriced ? queries : []
    for (subject, expense) in zip(subjects, expenses) {
      let first =
        switch subject {
        case .pair(let matchup): matchup.first
        case .one(let index): index
        case .all(let isReversed): shown(slate, isReversed)[0]
        }
      queries[first] = (queries[first] ?? 0) + Double(expense.queries)
      if isPriced { dollars[first] = (dollars[first] ?? 0) + (expense.dollars ?? 0) }
    }
    return isPriced ? [Trait.queries: queries, Trait.cost: dollars] : [Trait.queries: queries]
  }

  private func subjects(_ slate: Slate, _ order: Matchup?) -> [Subject] {
    switch rubric.kind {
    case .pairwise, .logprobs:
      order.map { [.pair($0)] }
        ?? slate.matchups.flatMap {
          settings.asksBothOrders ? [.pair($0), .pair($0.swapped)] : [Subject.pair($0)]
        }
    case .rating: slate.responses.indices.map { .one($0) }
    case .ranking:
      slate.responses.count < 2
        ? []
        : settings.asksBothOrders
          ? [.all(isReversed: false), .all(isReversed: true)] : [.all(isReversed: false)]
    }
  }

  private nonisolated(nonsending) func finding(
    _ subject: Subject, _ slate: Slate, _ expense: inout Expense
  ) async throws -> Finding {
    let reference = takesReference ? references?[slate.prompt] ?? [] : []
    if needsReference, reference.isEmpty {
      return absent(subject, Absence(.abstention, "there is no reference answer to its prompt"))
    }
    let occasion = Rubric.Occasion(
      isGuided: !reference.isEmpty,
      hasSeveralTurns: slate.responses.indices.contains { !slate.responses[$0].turns.isEmpty })
    let values =
      switch subject {
      case .pair(let matchup):
        PromptValues.pair(slate.prompt, slate.responses, matchup, reference: reference)
      case .one(let index): PromptValues.single(slate.prompt, slate.responses[index], reference: reference)
      case .all(let isReversed):
        PromptValues.list(
          slate.prompt, shown(slate, isReversed).map { slate.responses[$0] }, reference: reference)
      }
    let turns: [JudgeTurn]
    do {
      turns = try rubric.prompt(for: occasion).map { JudgeTurn(role: $0.role, text: try $0.filled(values)) }
    } catch {
      return absent(subject, Absence(.abstention, "\(error)"))
    }
    var findings: [Finding] = []
    for repetition in 0..<settings.repetitions {
      try Task.checkCancellation()
      findings.append(read(await asked(turns, repetition, &expense), subject, slate))
    }
    return findings.count == 1 ? findings[0] : mean(findings, subject)
  }

  /// What the judge says; where it comes to no verdict and the rubric wants it, also what it says when it is asked to go on.
  private nonisolated(nonsending) func asked(
    _ turns: [JudgeTurn], _ repetition: Int, _ expense: inout Expense
  ) async -> Result<JudgeReply, Silence> {
    let first = await ask(turns, repetition, &expense)
    guard let continuation = rubric.continuation, case .success(.text(let text)) = first,
      rubric.parser.isUnfinished(.text(text))
    else { return first }
    let more = [JudgeTurn(role: .assistant, text: text), JudgeTurn(role: .user, text: continuation)]
    switch await ask(turns + more, repetition, &expense) {
    case .success(.text(let rest)): return .success(.text("\(text)\n\(rest)"))
    case .failure(let silence) where silence.absence.kind == .error: return .failure(silence)
    case .success, .failure: return first
    }
  }

  /// Why there is no reply.
  private struct Silence: Error {
    let absence: Absence
  }

  private nonisolated(nonsending) func ask(
    _ turns: [JudgeTurn], _ repetition: Int, _ expense: inout Expense
  ) async -> Result<JudgeReply, Silence> {
    let call = DeskCall(
      path: settings.usesCompletions ? "completions" : "chat/completions", canonical: request?.body(turns),
      template: template, repetition: repetition, longestAnswer: longestAnswer, check: ReplyReading.check)
    switch await desk.ask(call) {
    case .absent(let absence):
      expense.add(nil)
      return .failure(Silence(absence: absence))
    case .reply(let row):
      expense.add(desk.dollars(call, row))
      do {
        return .success(
          try ReplyReading.reply(
            row, wantsTokens: rubric.parser.isGraded || parameters["logprobs"] == true))
      } catch {
        return .failure(Silence(absence: Absence(.abstention, "\(error)")))
      }
    }
  }

  /// The places of the responses in the order they are shown: by digest, so that no order of the slate shows through.
  private func shown(_ slate: Slate, _ isReversed: Bool) -> [Int] {
    let order = slate.responses.indices.sorted { slate.responses[$0].digest < slate.responses[$1].digest }
    return isReversed ? order.reversed() : order
  }

  private var longestAnswer: Int {
    parameters["max_tokens"]?.wholeNumber ?? parameters["max_completion_tokens"]?.wholeNumber ?? 1_024
  }

  // MARK: Answers

  private func absent(_ subject: Subject, _ absence: Absence) -> Finding {
    switch subject {
    case .pair: .judgment(.absent(absence))
    case .one: .rating(nil, absence)
    case .all: .order(nil, absence)
    }
  }

  private func read(
    _ answer: Result<JudgeReply, Silence>, _ subject: Subject, _ slate: Slate
  ) -> Finding {
    switch answer {
    case .failure(let silence): return absent(subject, silence.absence)
    case .success(let reply):
      switch subject {
      case .pair: return .judgment(rubric.parser.judgment(in: reply))
      case .one:
        let rating = rubric.parser.rating(in: reply)
        return .rating(
          rating, rating == nil ? Absence(.abstention, "no readable rating in: \(reply.plain)") : nil)
      case .all(let isReversed):
        guard let ranks = rubric.parser.ranks(in: reply, count: slate.responses.count) else {
          return .order(nil, Absence(.abstention, "no readable order in: \(reply.plain)"))
        }
        // From what was shown at a place to the response itself.
        var own = [Int](repeating: 0, count: ranks.count)
        for (place, index) in shown(slate, isReversed).enumerated() { own[index] = ranks[place] }
        return .order(own, nil)
      }
    }
  }

  /// Several askings as one: absences are left out unless there is nothing else.
  private func mean(_ findings: [Finding], _ subject: Subject) -> Finding {
    var margins: [Double] = []
    var ratings: [Double] = []
    var orders: [[Int]] = []
    var absences: [Absence] = []
    for finding in findings {
      switch finding {
      case .judgment(.margin(let margin)): margins.append(margin)
      case .rating(let rating?, _): ratings.append(rating)
      case .order(let ranks?, _): orders.append(ranks)
      case .judgment(.absent(let absence)), .rating(nil, let absence?), .order(nil, let absence?):
        absences.append(absence)
      default: break
      }
    }
    // An asking that failed is to be asked again, so that the mean is always over all of them.
    if let error = absences.first(where: { $0.kind == .error }) { return absent(subject, error) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    if !margins.isEmpty {
      let value = mean(margins)
      guard !rubric.parser.isGraded else { return .judgment(.margin(value)) }
      return .judgment(.margin(value > 0 ? 1 : value < 0 ? -1 : 0))
    }
    if !ratings.isEmpty { return .rating(mean(ratings), nil) }
    if let first = orders.first {
      let sums = first.indices.map { index in orders.reduce(0) { $0 + $1[index] } }
      return .order(sums, nil)
    }
    return absent(subject, absences.first ?? Absence(.abstention, "it was never answered"))
  }

  private func tournament(_ slate: Slate, _ subjects: [Subject], _ findings: [Finding]) -> Tournament {
    let count = slate.responses.count
    var judgments: [Matchup: Judgment] = [:]
    var ratings = [Double?](repeating: nil, count: count)
    var absences: [Int: Absence] = [:]
    for (subject, finding) in zip(subjects, findings) {
      switch (subject, finding) {
      case (.pair(let matchup), .judgment(let judgment)): judgments[matchup] = judgment
      case (.one(let index), .rating(let rating, let absence)):
        ratings[index] = rating
        absences[index] = absence
      case (.all(let isReversed), .order(let ranks, let absence)):
        let order = shown(slate, isReversed)
        for (place, first) in order.enumerated() {
          for second in order[(place + 1)...] {
            judgments[Matchup(first, second)] =
              ranks.map { .margin(Double(($0[second] - $0[first]).signum())) }
              ?? .absent(absence ?? Absence(.abstention, "there is no order"))
          }
        }
      default: break
      }
    }
    if rubric.kind == .rating { return Tournament(rewards: ratings, absences: absences) }
    return Tournament(count: count, ordered: judgments, areVerdicts: card.kind == .judge)
  }
}
