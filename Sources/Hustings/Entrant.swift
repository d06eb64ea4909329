/// A model that can also say something of the responses themselves, such as their lengths, which is stored beside its
/// tournaments and handed to metrics as `Trial.traits`.
public protocol TraitSource: PreferenceModel {
  /// For each slate that was judged, numbers by name, one per response; nil where there is none.
  func traits(of slates: [Slate], judged tournaments: [Tournament]) async throws -> [[String: [Double?]]]
}

/// The names of traits.
public enum Trait {
  /// The length of a response in Unicode code points.
  public static let length = "length"
  /// How many questions the judge was asked with a response in first place, or about it alone.
  public static let queries = "queries"
  /// How many rows of a battle table a verdict counts as, by the response that was shown first.
  public static let rows = "rows"
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
public struct Entrant: TraitSource {
  /// Who wrote the responses. The fingerprint is a digest of the responses alone; the judge belongs to the benchmark.
  public let card: ModelCard
  private let responses: [String: Response]
  private let judge: any PreferenceModel
  private let showsSeatFirst: @Sendable (Prompt) -> Bool?

  /// An entrant.
  ///
  /// - Parameters:
  ///   - responses: by item.
  ///   - contest: says in which order the judge is shown the two.
  public init(name: String, responses: [String: Response], judge: any PreferenceModel, contest: any Contest) {
    var hash = SHA256()
    hash.updateFramed("entrant/1")
    for item in responses.keys.sorted() {
      hash.updateFramed(item)
      if let response = responses[item] { hash.update(response.digest) }
    }
    card = ModelCard(name: name, kind: .policy, revision: "responses", fingerprint: hash.finalize())
    self.responses = responses
    self.judge = judge
    showsSeatFirst = { contest.showsSeatFirst($0) }
  }

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

  /// What the judge says of the baseline's responses and these.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    let meetings = slates.map(meeting)
    var asked: [Slate] = []
    for case .judged(let slate, _) in meetings { asked.append(slate) }
    let answers = asked.isEmpty ? [] : try await answers(to: asked)
    precondition(answers.count == asked.count, "\(answers.count) answers, \(asked.count) slates")
    var next = answers.startIndex
    return zip(slates, meetings).map { slate, meeting in
      let count = slate.responses.count
      switch meeting {
      case .absent:
        let absence = Absence(.abstention, "\(card.name) has no response to this prompt")
        guard count > 1 else { return Tournament(rewards: [nil], absences: [0: absence]) }
        return Tournament(
          count: count,
          symmetric: Dictionary(uniqueKeysWithValues: slate.matchups.map { ($0, .absent(absence)) }))
      case .equal:
        return Tournament(
          count: count, symmetric: Dictionary(uniqueKeysWithValues: slate.matchups.map { ($0, .margin(0)) }))
      case .judged(_, let places):
        defer { next += 1 }
        return answers[next].moved(to: places, count: count)
      }
    }
  }

  /// What the judge says; a judge that minds the order is asked in the contest's order where there is one.
  private func answers(to slates: [Slate]) async throws -> [Tournament] {
    guard let judge = judge as? any PairwiseModel else { return try await self.judge.judge(slates) }
    let orders = slates.map { order(of: $0) }
    guard orders.contains(where: { $0 != nil }) else { return try await judge.judge(slates) }
    let matchups = zip(slates, orders).map { slate, order in
      order.map { [$0] } ?? slate.matchups.flatMap { [$0, $0.swapped] }
    }
    let queries = zip(slates, matchups).flatMap { slate, matchups in
      matchups.map {
        PairQuery(
          prompt: slate.prompt, first: slate.responses[$0.first], second: slate.responses[$0.second])
      }
    }
    var judgments = try await judge.judgments(for: queries)[...]
    return zip(slates, matchups).map { slate, matchups in
      Tournament(
        count: slate.responses.count,
        ordered: Dictionary(uniqueKeysWithValues: zip(matchups, judgments.popFirst(matchups.count))),
        areVerdicts: judge is any PairwiseJudge)
    }
  }

  /// The one order to ask a slate of two in; nil for both orders.
  private func order(of slate: Slate) -> Matchup? {
    guard slate.responses.count == 2, let seatFirst = showsSeatFirst(slate.prompt),
      let own = responses[slate.id], let place = slate.index(of: own.digest)
    else { return nil }
    return seatFirst ? Matchup(place, 1 - place) : Matchup(1 - place, place)
  }

  /// Lengths of the responses, and what the judge was asked.
  public func traits(
    of slates: [Slate], judged tournaments: [Tournament]
  ) -> [[String: [Double?]]] {
    zip(slates, tournaments).map { slate, tournament in
      let lengths = slate.responses.map { response -> Double? in
        (response == .seat ? responses[slate.id] : response).map { Double($0.text.codePointCount) }
      }
      var queries = [Double](repeating: 0, count: slate.responses.count)
      if case .judged = meeting(slate) {
        if tournament.isOrdered {
          for matchup in tournament.matchups { queries[matchup.first] += 1 }
        } else {
          queries = queries.map { _ in 1 }
        }
      }
      return [Trait.length: lengths, Trait.queries: queries]
    }
  }
}

extension ArraySlice {
  /// Takes the first `count` elements away.
  fileprivate mutating func popFirst(_ count: Int) -> ArraySlice {
    defer { self = dropFirst(count) }
    return prefix(count)
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
  public func judge(_ slates: [Slate]) -> [Tournament] {
    slates.map { slate in
      guard let entry = record.entries[slate.id] else {
        let absence = Absence(.abstention, "the record has no judgment of this prompt")
        guard slate.responses.count > 1 else { return Tournament(rewards: [nil], absences: [0: absence]) }
        return Tournament(
          count: slate.responses.count,
          symmetric: Dictionary(uniqueKeysWithValues: slate.matchups.map { ($0, .absent(absence)) }))
      }
      return entry.tournament.moved(to: Self.places(slate), count: slate.responses.count)
    }
  }

  /// What is recorded of the responses.
  public func traits(
    of slates: [Slate], judged tournaments: [Tournament]
  ) -> [[String: [Double?]]] {
    slates.map { slate in
      let places = Self.places(slate)
      let none = [Trait.queries: [Double?](repeating: 0, count: places.count)]
      return (record.entries[slate.id]?.traits ?? none).mapValues { values in
        var moved = [Double?](repeating: nil, count: slate.responses.count)
        for (value, place) in zip(values, places) { moved[place] = value }
        return moved
      }
    }
  }
}
