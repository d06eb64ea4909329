/// The answer key of one slate: what a benchmark knows and a model is never shown.
public struct AnswerKey: Sendable, Hashable {
  /// Keys are passed around by the hundred thousand, so that a copy is one reference.
  private final class Parts: Sendable, Hashable {
    let item: String
    let subset: String
    let cluster: String
    let names: [String]
    let candidates: [Int]
    let gold: Tournament
    let raters: [String: Tournament]

    init(
      _ item: String, _ subset: String, _ cluster: String, _ names: [String], _ candidates: [Int],
      _ gold: Tournament, _ raters: [String: Tournament]
    ) {
      (self.item, self.subset, self.cluster) = (item, subset, cluster)
      (self.names, self.candidates) = (names, candidates)
      (self.gold, self.raters) = (gold, raters)
    }

    static func == (a: Parts, b: Parts) -> Bool {
      a === b
        || (a.item == b.item && a.subset == b.subset && a.cluster == b.cluster && a.names == b.names
          && a.candidates == b.candidates && a.gold == b.gold && a.raters == b.raters)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(item)
      hasher.combine(gold)
    }
  }

  private let parts: Parts

  /// The item's identity within its benchmark; equal to the slate's.
  public var item: String { parts.item }
  /// The named slice of the benchmark that the item belongs to.
  public var subset: String { parts.subset }
  /// What makes items dependent, usually the prompt: items of one cluster are resampled together.
  public var cluster: String { parts.cluster }
  /// What the benchmark calls each candidate, in its own order (`A`, `B`; `chosen`, `rejected`; a system's name).
  public var names: [String] { parts.names }
  /// For each candidate, in the benchmark's own order, its index among the slate's responses. Candidates with equal
  /// texts share an index.
  public var candidates: [Int] { parts.candidates }
  /// Which responses are preferred, and by how much where that is known. A matchup without a judgment is not part of
  /// the key.
  public var gold: Tournament { parts.gold }
  /// The votes or ratings of each rater, by name, where they are known one by one.
  public var raters: [String: Tournament] { parts.raters }

  /// An answer key.
  public init(
    item: String, subset: String, cluster: String, names: [String], candidates: [Int], gold: Tournament,
    raters: [String: Tournament] = [:]
  ) {
    precondition(names.count == candidates.count, "\(names.count) names, \(candidates.count) candidates")
    parts = Parts(item, subset, cluster, names, candidates, gold, raters)
  }

  /// The response index of the candidate the benchmark calls `name`; nil when there is none.
  public func index(named name: String) -> Int? {
    names.firstIndex(of: name).map { candidates[$0] }
  }
}

/// One candidate as a benchmark's file gives it: a name and a response.
public struct Candidate: Sendable, Hashable {
  /// What the benchmark calls it.
  public let name: String
  /// The response.
  public let response: Response

  /// A named response.
  public init(_ name: String, _ response: Response) {
    self.name = name
    self.response = response
  }

  /// A named text.
  public init(_ name: String, _ text: String) { self.init(name, Response(text)) }
}

/// One slate with its answer key.
public struct Example: Sendable, Hashable, Identifiable {
  /// What models see.
  public let slate: Slate
  /// What they do not.
  public let key: AnswerKey

  /// The item's identity.
  public var id: String { slate.id }

  /// An example from candidates in the benchmark's own order.
  ///
  /// The answer is given over candidates, as the benchmark's file has it, and moved to the slate's order here. Candidates
  /// with equal texts share one response, so a preference between them disappears from the key.
  ///
  /// - Parameters:
  ///   - cluster: what makes items dependent; the prompt's digest when nil.
  ///   - gold: the key over candidate positions.
  ///   - raters: each rater's votes over candidate positions.
  public init(
    id: String, subset: String, prompt: Prompt, cluster: String? = nil, candidates: [Candidate], gold: Answer,
    raters: [String: Answer] = [:]
  ) {
    let slate = Slate(id: id, prompt: prompt, responses: candidates.map(\.response))
    let places = candidates.map { candidate in slate.index(of: candidate.response.digest) ?? 0 }
    let count = slate.responses.count
    self.slate = slate
    key = AnswerKey(
      item: id, subset: subset, cluster: cluster ?? prompt.digest.short, names: candidates.map(\.name),
      candidates: places, gold: gold.tournament(over: places, count: count),
      raters: raters.mapValues { $0.tournament(over: places, count: count) })
  }
}

/// An answer over candidates in a benchmark's own order, before they are put into a slate's order.
public enum Answer: Sendable, Hashable {
  /// One candidate is preferred to another, by position.
  case prefers(Int, over: Int)
  /// Two candidates are equally good.
  case tie(Int, Int)
  /// Every one of the first positions is preferred to every one of the second; within each nothing is said.
  case groups(better: [Int], worse: [Int])
  /// A rating per candidate, higher is better; nil where it was not rated.
  case ratings([Double?])
  /// Margins between pairs of candidates.
  case margins([Matchup: Double])

  /// The answers that say which of two responses is preferred, by its place: made once for all pairs there are.
  private static let ofTwo = [
    symmetric([(0, 1, 1)], [0, 1], 2), symmetric([(1, 0, 1)], [0, 1], 2),
  ]

  func tournament(over places: [Int], count: Int) -> Tournament {
    switch self {
    case .prefers(let i, let j) where count == 2 && places[i] != places[j]: return Answer.ofTwo[places[i]]
    case .prefers(let i, let j): return Answer.symmetric([(i, j, 1)], places, count)
    case .tie(let i, let j): return Answer.symmetric([(i, j, 0)], places, count)
    case .groups(let better, let worse):
      return Answer.symmetric(better.flatMap { i in worse.map { (i, $0, 1) } }, places, count)
    case .margins(let margins):
      return Answer.symmetric(
        margins.keys.sorted().map { ($0.first, $0.second, margins[$0] ?? 0) }, places, count)
    case .ratings(let ratings):
      precondition(ratings.count == places.count, "\(ratings.count) ratings, \(places.count) candidates")
      var sums = [Double](repeating: 0, count: count)
      var counts = [Int](repeating: 0, count: count)
      for (place, rating) in zip(places, ratings) {
        guard let rating else { continue }
        sums[place] += rating
        counts[place] += 1
      }
      return Tournament(rewards: zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) })
    }
  }

  private static func symmetric(
    _ pairs: [(Int, Int, Double)], _ places: [Int], _ count: Int
  ) -> Tournament {
    var judgments: [(Matchup, Judgment)] = []
    judgments.reserveCapacity(pairs.count)
    for (i, j, margin) in pairs where places[i] != places[j] {
      let matchup = Matchup(places[i], places[j])
      // Candidates with one text may be named in several pairs; the last word counts.
      judgments.removeAll { $0.0 == matchup || $0.0 == matchup.swapped }
      judgments.append((matchup, Judgment(logOdds: margin)))
    }
    return Tournament(count: count, symmetricPairs: judgments)
  }
}

/// An answer key and what a model said of the same slate: what every metric is computed from.
public struct Trial: Sendable, Hashable {
  /// The answer key.
  public let key: AnswerKey
  /// What the model said.
  public let tournament: Tournament
  /// What is known of the responses themselves, by name (see `Trait`), one number per response; nil where there is none.
  public let traits: [String: [Double?]]

  /// A model's tournament on the slate of `key`.
  public init(key: AnswerKey, tournament: Tournament, traits: [String: [Double?]] = [:]) {
    self.key = key
    self.tournament = tournament
    self.traits = traits
  }

  /// How many questions the answer took: one per response for a scalar or an embedding, one per ordered pair for a judge that
  /// compares, and none where nobody had to be asked.
  public var queries: Int {
    if let asked = traits[Trait.queries] { return Int(asked.reduce(0) { $0 + ($1 ?? 0) }) }
    if let rewards = tournament.rewards { return rewards.count }
    return tournament.isOrdered
      ? tournament.matchups.count : tournament.matchups.isEmpty ? 0 : tournament.count
  }

  /// What the answer cost in US dollars; nil where that is not known.
  public var cost: Double? { traits[Trait.cost].map { $0.reduce(0) { $0 + ($1 ?? 0) } } }
}
