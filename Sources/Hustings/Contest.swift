/// A benchmark of what models write: everybody's responses are judged against a baseline's, prompt by prompt.
///
/// Its slates hold the baseline's response and an empty seat (`Response.seat`), and its key says that the seat is to be
/// preferred. Whoever takes the seat is an entrant, which to everything downstream is a model like any other: its tournament
/// is what the judge said, its identity is what it wrote. The judge belongs to the benchmark's identity, so boards of two
/// judges never mix.
public protocol Contest: Benchmark {
  /// The same contest before the given judge.
  func judged(by judge: ModelCard) -> any Contest
  /// The same contest before a judge that is asked, and so is shown texts. A contest that has them in any case need not do anything.
  func asking(_ judge: ModelCard) throws -> any Contest
  /// Whether a judge that minds the order is shown the seat's response first; nil to ask in both orders.
  func showsSeatFirst(_ prompt: Prompt) -> Bool?
  /// The responses in a file as the contest's project writes them, by item.
  func responses(_ file: String) throws -> ContestResponses
  /// Numbers about the baseline's responses, by item and name (see `Trait`); none where metrics want none.
  func baselineTraits() throws -> [String: [String: Double]]
  /// The recorded judgments in a file as the contest's project writes them, one record per judge and model.
  func records(_ file: String) throws -> [ContestRecord]
}

extension Contest {
  /// The contest before the judge, as it is.
  public func asking(_ judge: ModelCard) throws -> any Contest { judged(by: judge) }

  /// None.
  public func baselineTraits() -> [String: [String: Double]] { [:] }
}

/// A contest in which the recorded judgments of several judges may count as one judge's.
public protocol PoolingContest: Contest {
  /// Whether the user wants them pooled.
  var poolsJudges: Bool { get }
  /// The records of one model by several judges as one.
  func pooled(_ records: [ContestRecord]) -> ContestRecord
}

extension Response {
  /// The place of whoever is measured. No text equals it.
  public static let seat = Response("", after: [Message(.other("seat"), "")])
}

/// What a file holds for the seat of a contest.
public struct ContestResponses: Sendable {
  /// The responses by item.
  public let byItem: [String: Response]
  /// Who wrote them, where the file says so.
  public let author: String?
  /// Rows about prompts that the contest does not have.
  public let strangers: Int
  /// Numbers about the responses, by item and name.
  public let traits: [String: [String: Double]]

  /// Responses by item.
  public init(
    byItem: [String: Response], author: String?, strangers: Int, traits: [String: [String: Double]] = [:]
  ) {
    self.traits = traits
    self.byItem = byItem
    self.author = author
    self.strangers = strangers
  }
}

/// What a judge once said of one model's responses, by item.
public struct ContestRecord: Sendable {
  /// What is known of one item.
  public struct Entry: Sendable, Hashable {
    /// What the judge said, told of the baseline (0) and the seat (1), or of the seat alone where there is no baseline.
    public let tournament: Tournament
    /// Numbers about the responses themselves, by name, in the same order.
    public let traits: [String: [Double?]]

    /// An item's entry.
    public init(tournament: Tournament, traits: [String: [Double?]]) {
      precondition((1...2).contains(tournament.count), "a record of \(tournament.count) responses")
      self.tournament = tournament
      self.traits = traits
    }
  }

  /// The judge.
  public let judge: ModelCard
  /// The model that wrote the responses; nil where the file does not say.
  public let author: String?
  /// By item.
  public let entries: [String: Entry]
  /// What should be known before its numbers are used, such as replies that contradict the stored verdicts.
  public let warnings: [String]

  /// A record.
  public init(judge: ModelCard, author: String?, entries: [String: Entry], warnings: [String]) {
    self.judge = judge
    self.author = author
    self.entries = entries
    self.warnings = warnings
  }
}

extension Tournament {
  /// The same judgments told of other indices: what was response `i` is now response `places[i]` of `count`.
  public func moved(to places: [Int], count: Int) -> Tournament {
    precondition(places.count == self.count, "\(places.count) places, \(self.count) responses")
    if let rewards {
      var moved = [Double?](repeating: nil, count: count)
      var reasons: [Int: Absence] = [:]
      for (i, place) in places.enumerated() {
        moved[place] = rewards[i]
        reasons[place] = absences[i]
      }
      return Tournament(rewards: moved, absences: reasons)
    }
    var judgments: [Matchup: Judgment] = [:]
    for matchup in matchups {
      judgments[Matchup(places[matchup.first], places[matchup.second])] = judgment(matchup)
    }
    return isOrdered
      ? Tournament(count: count, ordered: judgments, areVerdicts: areVerdicts)
      : Tournament(count: count, symmetric: judgments)
  }
}
