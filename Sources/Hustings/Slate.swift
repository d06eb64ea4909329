/// A prompt and the distinct responses that compete for it: all that a model ever sees.
///
/// There is nowhere to put a label. Responses are ordered by the digest of their text, so their order says nothing
/// about which was chosen, and equal texts stand once.
public struct Slate: Sendable, Hashable, Identifiable {
  /// The item's identity within its benchmark.
  public let id: String
  /// What was asked.
  public let prompt: Prompt
  /// The distinct responses, by ascending digest.
  public let responses: [Response]

  /// A slate of the given responses, put into canonical order; equal ones are merged.
  public init(id: String, prompt: Prompt, responses: [Response]) {
    self.id = id
    self.prompt = prompt
    // Pairs are most of what there is.
    if responses.count == 2, responses[0].digest < responses[1].digest {
      self.responses = responses
      return
    }
    let sorted = responses.sorted { $0.digest < $1.digest }
    var distinct: [Response] = []
    distinct.reserveCapacity(sorted.count)
    for response in sorted where distinct.last != response { distinct.append(response) }
    self.responses = distinct
  }

  /// A slate whose responses keep the order given, which only a test of a model's symmetry has a reason to do.
  package init(id: String, prompt: Prompt, presenting responses: [Response]) {
    self.id = id
    self.prompt = prompt
    self.responses = responses
  }

  /// Where a response stands; nil when it is not among the competitors.
  public func index(of digest: Digest) -> Int? {
    responses.firstIndex { $0.digest == digest }
  }

  /// Every unordered pair of responses, the earlier one first.
  public var matchups: [Matchup] { Matchup.all(among: responses.count) }

  /// The identity of what a model sees: prompt and responses, not the name of the slate.
  public var contentDigest: Digest {
    var hash = SHA256()
    hash.update(prompt.digest)
    for response in responses { hash.update(response.digest) }
    return hash.finalize()
  }
}

/// An ordered pair of a slate's responses: the one presented first and the one presented second.
public struct Matchup: Sendable, Hashable, Comparable {
  /// Index of the response presented first.
  public let first: Int
  /// Index of the response presented second.
  public let second: Int

  /// The matchup of two different responses.
  public init(_ first: Int, _ second: Int) {
    precondition(first != second, "response \(first) cannot meet itself")
    self.first = first
    self.second = second
  }

  /// The same two responses, presented the other way round.
  public var swapped: Matchup { Matchup(second, first) }

  /// Order by first, then second.
  public static func < (a: Matchup, b: Matchup) -> Bool { (a.first, a.second) < (b.first, b.second) }

  /// Every unordered pair among `count` responses, the earlier one first.
  public static func all(among count: Int) -> [Matchup] {
    guard count > 1 else { return [] }
    return (0..<count - 1).flatMap { i in (i + 1..<count).map { Matchup(i, $0) } }
  }
}
