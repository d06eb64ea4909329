/// A contest without a baseline, in which everybody who enters meets everybody else on each prompt.
///
/// Its slates hold the seat alone. An entrant's reward is its share of the points of its pairings, and its traits count them.
public protocol FieldContest: Contest {
  /// The same contest among some entrants, who are part of what it is.
  ///
  /// - Parameter field: their names, and whatever else tells this field from another.
  func among(_ field: [String]) -> any FieldContest
}

extension BenchmarkCard {
  /// The card of the same benchmark among some entrants.
  public func among(_ field: [String]) -> BenchmarkCard {
    BenchmarkCard(
      name: name, version: version, summary: summary, source: source, licence: licence, content: content,
      ties: ties, failures: failures, aggregation: "\(aggregation); among \(field.joined(separator: ", "))",
      judge: judge)
  }
}

extension Trait {
  /// Pairings won.
  public static let wins = "pairings won"
  /// Pairings lost.
  public static let losses = "pairings lost"
  /// Pairings tied, those among them whose two games contradict each other.
  public static let ties = "pairings tied"
  /// Pairings whose two games say the same.
  public static let agreements = "pairings of one mind"
  /// Pairings with an unreadable game, which count for nothing.
  public static let unreadable = "pairings unreadable"
}

extension Tournament {
  /// What the games between two responses come to, told of the first: won or lost only when every game that was played says so,
  /// else tied. With an unreadable game nothing is left of it. Nil when the two were never compared.
  public func resultOfGames(_ i: Int, _ j: Int) -> Judgment? {
    let forward = judgment(Matchup(i, j))
    let reverse = judgment(Matchup(j, i))?.negated
    if let absence = forward?.absence ?? reverse?.absence { return .absent(absence) }
    let signs = [forward, reverse].compactMap { $0?.logOdds.map { $0 > 0 ? 1.0 : $0 < 0 ? -1 : 0 } }
    guard let first = signs.first else { return nil }
    return .margin(signs.allSatisfy { $0 == first } ? first : 0)
  }

  /// Whether both games between two responses say the same, as two unreadable ones do; nil unless both were played.
  public func gamesAgree(_ i: Int, _ j: Int) -> Bool? {
    guard isOrdered, let forward = judgment(Matchup(i, j)), let reverse = judgment(Matchup(j, i)) else {
      return nil
    }
    guard let one = forward.logOdds, let other = reverse.logOdds else {
      return forward.logOdds == nil && reverse.logOdds == nil
    }
    return (one > 0) == (other < 0) && (one < 0) == (other > 0)
  }
}

/// The pairings of one entrant on one prompt, as they come.
public struct PairingCount: Sendable, Hashable {
  private var wins = 0.0
  private var losses = 0.0
  private var ties = 0.0
  private var agreements: Double?
  private var unreadable = 0.0
  private var why: Absence?

  /// None yet.
  public init() {}

  /// Books a pairing: its result, told of the entrant, and whether its games say the same; nil for one game.
  public mutating func add(_ result: Judgment, isAgreed: Bool?) {
    if let isAgreed { agreements = (agreements ?? 0) + (isAgreed ? 1 : 0) }
    switch result {
    case .margin(let margin) where margin > 0: wins += 1
    case .margin(let margin) where margin < 0: losses += 1
    case .margin: ties += 1
    case .absent(let absence):
      unreadable += 1
      if why == nil || absence.kind == .error { why = absence }
    }
  }

  /// The entrant's share of the points as its reward. A pairing that could not be asked leaves the whole prompt open.
  public func tournament() -> Tournament {
    let total = wins + losses + ties
    let isOpen = why?.kind == .error
    let reward = total > 0 && !isOpen ? (wins + ties / 2) / total : nil
    let absence = why ?? Absence(.abstention, "there was nobody to meet")
    return Tournament(rewards: [reward], absences: reward == nil ? [0: absence] : [:])
  }

  /// The counts.
  public var traits: [String: [Double?]] {
    var traits: [String: [Double?]] = [
      Trait.wins: [wins], Trait.losses: [losses], Trait.ties: [ties], Trait.unreadable: [unreadable],
    ]
    if let agreements { traits[Trait.agreements] = [agreements] }
    return traits
  }
}
