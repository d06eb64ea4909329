/// What a model says of a slate, and numbers about it that are stored beside its tournament and handed to metrics as
/// `Trial.traits`.
public struct ModelAnswer: Sendable, Hashable {
  /// What it says.
  public let tournament: Tournament
  /// Numbers by name (see `Trait`), one per response; nil where there is none.
  public let traits: [String: [Double?]]

  /// An answer.
  public init(_ tournament: Tournament, traits: [String: [Double?]]) {
    for (name, values) in traits {
      precondition(
        values.count == tournament.count, "\(values.count) numbers '\(name)', \(tournament.count) responses")
    }
    self.tournament = tournament
    self.traits = traits
  }
}

/// A model that can also say something of the responses themselves, such as their lengths, or of the asking, such as what it cost.
public protocol TraitSource: PreferenceModel {
  /// One answer per slate, in order.
  func answers(to slates: [Slate]) async throws -> [ModelAnswer]
}

extension TraitSource {
  /// The tournaments of the answers.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    try await answers(to: slates).map(\.tournament)
  }
}

/// The names of traits.
public enum Trait {
  /// The length of a response in Unicode code points.
  public static let length = "length"
  /// The length of a response in the tokens of whoever wrote its file.
  public static let tokens = "tokens"
  /// Markdown headers in a response.
  public static let headers = "headers"
  /// Items of markdown lists in a response.
  public static let listItems = "list items"
  /// Stretches in bold in a response.
  public static let bolds = "bolds"
  /// How many questions the judge was asked with a response in first place, or about it alone.
  public static let queries = "queries"
  /// How many rows of a battle table a verdict counts as, by the response that was shown first.
  public static let rows = "rows"
  /// How many of those rows the seat has won, where they are of several verdicts.
  public static let rowsWon = "rows won"
  /// How many of those rows the response shown first has won, where they are of several verdicts and nobody said who sits where.
  public static let rowsFirst = "rows won first"
  /// How many of those rows are ties, where they are of several verdicts.
  public static let rowsTied = "rows tied"
  /// What those questions cost, in US dollars.
  public static let cost = "cost"
  /// How often a policy answers with a response.
  public static let share = "share"
  /// The share of annotators whose type was found again.
  public static let recovered = "recovered"
}

/// Somebody who takes the seat of a contest: responses, and the judge before whom they meet the baseline's.
///
/// Responses with the baseline's very text are a draw that nobody is asked about. An item without a response is an abstention.
public struct Entrant: TraitSource, MeteredModel {
  /// Who wrote the responses. The fingerprint is a digest of the responses alone; the judge belongs to the benchmark.
  public let card: ModelCard
  private let responses: [String: Response]
  private let known: (own: [String: [String: Double]], baseline: [String: [String: Double]])
  private let judge: any PreferenceModel
  private let showsSeatFirst: @Sendable (Prompt) -> Bool?

  /// An entrant.
  ///
  /// - Parameters:
  ///   - responses: by item.
  ///   - traits: numbers about the responses, by item and name.
  ///   - baselineTraits: the same of the baseline's.
  ///   - contest: says in which order the judge is shown the two.
  public init(
    name: String, responses: [String: Response], traits: [String: [String: Double]] = [:],
    baselineTraits: [String: [String: Double]] = [:], judge: any PreferenceModel, contest: any Contest
  ) {
    card = ModelCard(
      name: name, kind: .policy, revision: "responses", fingerprint: Entrant.fingerprint(of: responses))
    self.responses = responses
    known = (traits, baselineTraits)
    self.judge = judge
    showsSeatFirst = { contest.showsSeatFirst($0) }
  }

  /// The identity of what somebody wrote.
  static func fingerprint(of responses: [String: Response]) -> Digest {
    var hash = SHA256()
    hash.updateFramed("entrant/1")
    for item in responses.keys.sorted() {
      hash.updateFramed(item)
      if let response = responses[item] { hash.update(response.digest) }
    }
    return hash.finalize()
  }

  /// As often as the judge tells of.
  public var itemsPerSlate: Int { (judge as? any MeteredModel)?.itemsPerSlate ?? 0 }

  /// Who meets on one slate.
  private enum Meeting {
    /// The seat stays empty.
    case absent
    /// Both wrote the same.
    case equal
    /// The judge is asked about this slate, whose responses have these indices in the contest's slate.
    case judged(Slate, places: [Int])
  }

  private func meeting(_ slate: Slate) -> Meeting {
    guard let own = responses[slate.id] else { return .absent }
    let filled = slate.responses.map { $0 == .seat ? own : $0 }
    let asked = Slate(id: slate.id, prompt: slate.prompt, responses: filled)
    guard asked.responses.count == filled.count else { return .equal }
    let places = asked.responses.map { response in filled.firstIndex(of: response) ?? 0 }
    return .judged(asked, places: places)
  }

  /// What the judge says of the baseline's responses and these, with their lengths, what else is known of them, and what the
  /// judge was asked and what that cost.
  public func answers(to slates: [Slate]) async throws -> [ModelAnswer] {
    let meetings = slates.map(meeting)
    var asked: [Slate] = []
    for case .judged(let slate, _) in meetings { asked.append(slate) }
    let answers = asked.isEmpty ? [] : try await judge.countedAnswers(to: asked) { order(of: $0) }
    var next = answers.startIndex
    return zip(slates, meetings).map { slate, meeting in
      let count = slate.responses.count
      switch meeting {
      case .absent:
        let absence = Absence(.abstention, "\(card.name) has no response to this prompt")
        guard count > 1 else {
          return answer(slate, Tournament(rewards: [nil], absences: [0: absence]), asked: [:])
        }
        return answer(
          slate,
          Tournament(
            count: count,
            symmetric: Dictionary(uniqueKeysWithValues: slate.matchups.map { ($0, .absent(absence)) })),
          asked: [:])
      case .equal:
        return answer(
          slate,
          Tournament(
            count: count,
            symmetric: Dictionary(uniqueKeysWithValues: slate.matchups.map { ($0, .margin(0)) })), asked: [:])
      case .judged(_, let places):
        defer { next += 1 }
        let said = answers[next]
        let traits = said.traits.mapValues { values in
          var moved = [Double?](repeating: nil, count: count)
          for (value, place) in zip(values, places) { moved[place] = value }
          return moved
        }
        return answer(slate, said.tournament.moved(to: places, count: count), asked: traits)
      }
    }
  }

  /// A slate's answer with all that is known of the responses.
  ///
  /// - Parameter asked: what the judge itself tells of the asking.
  private func answer(
    _ slate: Slate, _ tournament: Tournament, asked: [String: [Double?]]
  ) -> ModelAnswer {
    let lengths = slate.responses.map { response -> Double? in
      (response == .seat ? responses[slate.id] : response).map { Double($0.text.codePointCount) }
    }
    var traits: [String: [Double?]] = [Trait.length: lengths]
    let (own, baseline) = (known.own[slate.id] ?? [:], known.baseline[slate.id] ?? [:])
    for name in Set(own.keys).union(baseline.keys) {
      traits[name] = slate.responses.map { $0 == .seat ? own[name] : baseline[name] }
    }
    traits[Trait.queries] = [Double?](repeating: 0, count: slate.responses.count)
    return ModelAnswer(tournament, traits: traits.merging(asked) { $1 })
  }

  /// The one order to ask a slate of two in; nil for both orders.
  private func order(of slate: Slate) -> Matchup? {
    guard slate.responses.count == 2, let seatFirst = showsSeatFirst(slate.prompt),
      let own = responses[slate.id], let place = slate.index(of: own.digest)
    else { return nil }
    return seatFirst ? Matchup(place, 1 - place) : Matchup(1 - place, place)
  }
}

/// An entrant whose judgments were recorded before: nobody is asked.
public struct RecordedEntrant: TraitSource {
  /// Who wrote the responses. The fingerprint is a digest of what is recorded.
  public let card: ModelCard
  private let record: ContestRecord

  /// The entrant of a record.
  public init(name: String, record: ContestRecord) {
    var hash = SHA256()
    hash.updateFramed("recorded entrant/1")
    for item in record.entries.keys.sorted() {
      hash.updateFramed(item)
      guard let entry = record.entries[item] else { continue }
      for reward in entry.tournament.rewards ?? [] { hash.update((reward ?? .nan).bitPattern) }
      for matchup in entry.tournament.matchups {
        hash.update(UInt64(matchup.first) << 32 | UInt64(matchup.second))
        let judgment = entry.tournament.judgment(matchup)
        hash.update((judgment?.logOdds ?? .nan).bitPattern)
        hash.updateFramed(judgment?.absence?.reason ?? "")
      }
      for name in entry.traits.keys.sorted() {
        hash.updateFramed(name)
        for value in entry.traits[name] ?? [] { hash.update((value ?? .nan).bitPattern) }
      }
    }
    card = ModelCard(
      name: name, kind: .policy, revision: "recorded judgments", fingerprint: hash.finalize(),
      readsTexts: false)
    self.record = record
  }

  /// Where the baseline and the seat, or the seat alone, are in a contest's slate.
  private static func places(_ slate: Slate) -> [Int] {
    guard slate.responses.count > 1 else { return [0] }
    let seat = slate.responses.firstIndex(of: .seat) ?? 1
    return [1 - seat, seat]
  }

  /// What is recorded. An item without a record is an abstention.
  public func answers(to slates: [Slate]) -> [ModelAnswer] {
    slates.map { slate in
      let places = Self.places(slate)
      guard let entry = record.entries[slate.id] else {
        let absence = Absence(.abstention, "the record has no judgment of this prompt")
        let none =
          slate.responses.count > 1
          ? Tournament(
            count: slate.responses.count,
            symmetric: Dictionary(uniqueKeysWithValues: slate.matchups.map { ($0, .absent(absence)) }))
          : Tournament(rewards: [nil], absences: [0: absence])
        return ModelAnswer(
          none, traits: [Trait.queries: [Double?](repeating: 0, count: slate.responses.count)])
      }
      let traits = entry.traits.mapValues { values in
        var moved = [Double?](repeating: nil, count: slate.responses.count)
        for (value, place) in zip(values, places) { moved[place] = value }
        return moved
      }
      return ModelAnswer(entry.tournament.moved(to: places, count: slate.responses.count), traits: traits)
    }
  }
}
