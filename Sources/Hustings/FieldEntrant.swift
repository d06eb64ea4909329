/// Everybody who enters a contest without a baseline, before one judge.
public struct Field: Sendable {
  /// One of them, with what it wrote.
  public struct Member: Sendable {
    /// Its name.
    public let name: String
    /// Its responses by item.
    public let responses: [String: Response]

    /// Somebody who enters.
    public init(name: String, responses: [String: Response]) {
      self.name = name
      self.responses = responses
    }
  }

  private let members: [Member]
  private let meetings: Meetings

  /// A field.
  public init(_ members: [Member], judge: any PreferenceModel) {
    self.members = members
    meetings = Meetings(judge)
  }

  /// Names and what was written, which together tell this field from any other.
  public var names: [String] {
    members.map { "\($0.name) (\(Entrant.fingerprint(of: $0.responses).short))" }.sorted()
  }

  /// One model for each, in order.
  public var entrants: [FieldEntrant] {
    members.indices.map { FieldEntrant(members, own: $0, meetings) }
  }

  /// Asks a judge about whole prompts, each once, whoever of the field wants to know.
  actor Meetings {
    nonisolated let judge: any PreferenceModel
    private var asked: [Slate: (task: Task<[ModelAnswer], any Error>, place: Int)] = [:]

    init(_ judge: any PreferenceModel) { self.judge = judge }

    func answers(to slates: [Slate]) async throws -> [ModelAnswer] {
      let new = Array(Set(slates.filter { asked[$0] == nil })).sorted { $0.id < $1.id }
      if !new.isEmpty {
        let judge = judge
        let task = Task { try await judge.countedAnswers(to: new) }
        for (place, slate) in new.enumerated() { asked[slate] = (task, place) }
      }
      var answers: [ModelAnswer] = []
      for slate in slates {
        guard let (task, place) = asked[slate] else { continue }
        let all = try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
        answers.append(all[place])
      }
      return answers
    }
  }
}

/// One of a field: on each prompt the judge compares all responses, and this model's pairings are counted.
///
/// Responses with the same text are a draw that nobody is asked about.
public struct FieldEntrant: TraitSource, MeteredModel {
  /// Who wrote the responses. The fingerprint is a digest of the responses alone; judge and field belong to the benchmark.
  public let card: ModelCard
  private let members: [Field.Member]
  private let own: Int
  private let meetings: Field.Meetings

  fileprivate init(_ members: [Field.Member], own: Int, _ meetings: Field.Meetings) {
    card = ModelCard(
      name: members[own].name, kind: .policy, revision: "responses",
      fingerprint: Entrant.fingerprint(of: members[own].responses))
    self.members = members
    self.own = own
    self.meetings = meetings
  }

  /// The judge's items are shared by the field, so the first tells of them all.
  public var itemsPerSlate: Int {
    own == 0 ? (meetings.judge as? any MeteredModel)?.itemsPerSlate ?? 0 : 0
  }

  /// The pairings of this model's responses with everybody else's.
  public func answers(to slates: [Slate]) async throws -> [ModelAnswer] {
    let written = slates.map { slate in members.map { $0.responses[slate.id] } }
    let whole = zip(slates, written).map { slate, written in
      Slate(id: slate.id, prompt: slate.prompt, responses: written.compactMap { $0 })
    }
    let asked = zip(whole, written).filter { $0.responses.count > 1 && $1[own] != nil }.map(\.0)
    let told = Dictionary(
      zip(asked, try await meetings.answers(to: asked)), uniquingKeysWith: { first, _ in first })
    return zip(whole, written).map { answer($0, $1, told[$0]) }
  }

  private func answer(_ slate: Slate, _ written: [Response?], _ said: ModelAnswer?) -> ModelAnswer {
    guard let mine = written[own], let place = slate.index(of: mine.digest) else {
      let absence = Absence(.abstention, "\(card.name) has no response to this prompt")
      return ModelAnswer(
        Tournament(rewards: [nil], absences: [0: absence]),
        traits: PairingCount().traits.merging([Trait.queries: [0]]) { $1 })
    }
    var pairings = PairingCount()
    for (member, other) in written.enumerated() where member != own {
      guard let other, let theirs = slate.index(of: other.digest) else { continue }
      if theirs == place {
        pairings.add(.margin(0), isAgreed: true)
      } else {
        pairings.add(
          said?.tournament.resultOfGames(place, theirs)
            ?? .absent(Absence(.error, "the pair was never asked")),
          isAgreed: said?.tournament.gamesAgree(place, theirs))
      }
    }
    var traits = pairings.traits
    traits[Trait.length] = [Double(mine.text.codePointCount)]
    // What was asked with this response in first place, or about it alone; of equal responses the first one's.
    let isFirst = written.firstIndex { $0?.digest == mine.digest } == own
    for name in [Trait.queries, Trait.cost] {
      if let values = said?.traits[name] { traits[name] = [isFirst ? values[place] ?? 0 : 0] }
    }
    if traits[Trait.queries] == nil { traits[Trait.queries] = [0] }
    return ModelAnswer(pairings.tournament(), traits: traits)
  }
}
