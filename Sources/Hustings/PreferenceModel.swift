/// Anything that says which of a prompt's responses is preferred.
///
/// Judging is deterministic: the same slates give the same tournaments, in any batches and in any order of responses.
/// `HustingsTesting` checks this for any model.
public protocol PreferenceModel: Sendable {
  /// Who it is.
  var card: ModelCard { get }
  /// One tournament per slate, in order, over that slate's responses.
  func judge(_ slates: [Slate]) async throws -> [Tournament]
}

/// A model that holds something open, such as a running command, and is told when nobody will ask it any more.
public protocol ClosableModel: PreferenceModel {
  /// Lets go of what it holds. It is not asked again.
  func close() async
}

/// A model whose calls are counted by the meter of its context, so that a run can tell how far it is and what it will cost.
public protocol MeteredModel: PreferenceModel {
  /// How often the meter is told that an item is done, for each item.
  var itemsPerSlate: Int { get }
}

extension MeteredModel {
  /// Once.
  public var itemsPerSlate: Int { 1 }
}

/// A model with one scalar reward per response.
public protocol RewardModel: PreferenceModel {
  /// For each slate, one reward per response, higher is better; nil where the model has none.
  func rewards(for slates: [Slate]) async throws -> [[Double?]]
}

extension RewardModel {
  /// Margins are differences of rewards.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    let rewards = try await rewards(for: slates)
    precondition(rewards.count == slates.count, "\(rewards.count) rows of rewards, \(slates.count) slates")
    return zip(slates, rewards).map { slate, row in
      precondition(
        row.count == slate.responses.count, "\(row.count) rewards, \(slate.responses.count) responses")
      return Tournament(rewards: row)
    }
  }
}

/// The preference embeddings of one slate.
public struct SlateEmbedding: Sendable, Hashable {
  /// One vector of even length 2k per response; nil where the model has none.
  public let vectors: [[Double]?]
  /// One scale per plane of the skew-symmetric form, k of them; they may depend on the prompt.
  public let scales: [Double]

  /// The embeddings of one slate's responses.
  public init(vectors: [[Double]?], scales: [Double]) {
    for vector in vectors {
      if let vector {
        precondition(
          vector.count == 2 * scales.count, "a vector of length \(vector.count), \(scales.count) planes")
      }
    }
    self.vectors = vectors
    self.scales = scales
  }

  /// Log-odds that `i` is preferred to `j`: Σₗ scaleₗ · (vᵢ[2l]·vⱼ[2l+1] − vᵢ[2l+1]·vⱼ[2l]), so that a scalar reward s is
  /// the vector (s, 1). Zhang et al. 2024, section 4.
  public func margin(_ i: Int, _ j: Int) -> Double? {
    guard let a = vectors[i], let b = vectors[j] else { return nil }
    var sum = 0.0
    for (plane, scale) in scales.enumerated() {
      sum += scale * (a[2 * plane] * b[2 * plane + 1] - a[2 * plane + 1] * b[2 * plane])
    }
    return sum
  }

  /// The tournament of these embeddings.
  public var tournament: Tournament {
    let pairs = Matchup.all(among: vectors.count).map { matchup -> (Matchup, Judgment) in
      if let margin = margin(matchup.first, matchup.second) { return (matchup, Judgment(logOdds: margin)) }
      return (matchup, .absent(Absence(.abstention, "the model has no embedding of a response")))
    }
    return Tournament(count: vectors.count, symmetricPairs: pairs)
  }
}

/// A model with one preference embedding per response: one query each, and any pair compared for free.
public protocol EmbeddingModel: PreferenceModel {
  /// One set of embeddings per slate, in order.
  func embeddings(for slates: [Slate]) async throws -> [SlateEmbedding]
}

extension EmbeddingModel {
  /// Margins are values of the skew-symmetric form.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    let embeddings = try await embeddings(for: slates)
    precondition(embeddings.count == slates.count, "\(embeddings.count) embeddings, \(slates.count) slates")
    return zip(slates, embeddings).map { slate, embedding in
      precondition(
        embedding.vectors.count == slate.responses.count,
        "\(embedding.vectors.count) vectors, \(slate.responses.count) responses")
      return embedding.tournament
    }
  }
}

/// One question to a pairwise model: which of two responses is better, presented in this order.
public struct PairQuery: Sendable, Hashable {
  /// What was asked.
  public let prompt: Prompt
  /// The response presented first.
  public let first: Response
  /// The response presented second.
  public let second: Response

  /// A question about two responses to `prompt`.
  public init(prompt: Prompt, first: Response, second: Response) {
    self.prompt = prompt
    self.first = first
    self.second = second
  }
}

/// A model that compares two responses at a time, in a given order of presentation.
public protocol PairwiseModel: PreferenceModel {
  /// One judgment per query, in order: the log-odds that the response presented first is preferred.
  func judgments(for queries: [PairQuery]) async throws -> [Judgment]
}

extension PairwiseModel {
  /// Asks every pair of every slate in both orders.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    let answers = try await judgments(for: PairQuery.all(in: slates))
    return PairQuery.tournaments(of: slates, answers: answers, areVerdicts: false)
  }
}

extension PairQuery {
  /// Every pair of every slate in both orders, slate by slate.
  package static func all(in slates: [Slate]) -> [PairQuery] {
    slates.flatMap { slate in
      bothOrders(of: slate).map { matchup in
        PairQuery(
          prompt: slate.prompt, first: slate.responses[matchup.first],
          second: slate.responses[matchup.second])
      }
    }
  }

  /// The answers to `all(in:)`, put back into slates.
  package static func tournaments(of slates: [Slate], answers: [Judgment], areVerdicts: Bool) -> [Tournament]
  {
    var next = answers.startIndex
    let tournaments = slates.map { slate in
      var judgments: [Matchup: Judgment] = [:]
      for matchup in bothOrders(of: slate) {
        precondition(next < answers.endIndex, "\(answers.count) answers are fewer than the queries")
        judgments[matchup] = answers[next]
        next += 1
      }
      return Tournament(count: slate.responses.count, ordered: judgments, areVerdicts: areVerdicts)
    }
    precondition(next == answers.endIndex, "\(answers.count) answers to \(next) queries")
    return tournaments
  }

  private static func bothOrders(of slate: Slate) -> [Matchup] {
    slate.matchups.flatMap { [$0, $0.swapped] }
  }
}

/// What a judge said of two responses.
public enum Verdict: Sendable, Hashable {
  /// The response presented first is better.
  case first
  /// The response presented second is better.
  case second
  /// Neither is.
  case tie
  /// Nothing that could be read, and the reply itself.
  case unreadable(String)

  /// The verdict as a judgment: a margin of +1, -1 or 0, or an abstention with the reply.
  public var judgment: Judgment {
    switch self {
    case .first: .margin(1)
    case .second: .margin(-1)
    case .tie: .margin(0)
    case .unreadable(let reply): .absent(Absence(.abstention, "no readable verdict in: \(reply)"))
    }
  }
}

/// A judge that names a winner, without a size, for each order of presentation.
public protocol PairwiseJudge: PairwiseModel {
  /// One verdict per query, in order.
  func verdicts(for queries: [PairQuery]) async throws -> [Verdict]
}

extension PairwiseJudge {
  /// Verdicts as margins of +1, 0 and -1.
  public func judgments(for queries: [PairQuery]) async throws -> [Judgment] {
    try await verdicts(for: queries).map(\.judgment)
  }

  /// Asks every pair of every slate in both orders, and marks the margins as having no size.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    let answers = try await judgments(for: PairQuery.all(in: slates))
    return PairQuery.tournaments(of: slates, answers: answers, areVerdicts: true)
  }
}
