public import Hustings

/// One pair of answers, judged in both orders.
public struct MTBenchPairing: Sendable, Hashable {
  /// The question, with its turn where there are two.
  public let question: String
  /// The model shown first in the first game.
  public let first: String
  /// The model shown first in the second game.
  public let second: String
  /// What the judge said in the first game.
  public let game1: Winner
  /// What the judge said in the second game.
  public let game2: Winner

  /// Who won a game, told of the pairing's models.
  public enum Winner: String, Sendable, Hashable, CaseIterable {
    /// The model named first.
    case first = "model_1"
    /// The model named second.
    case second = "model_2"
    /// Neither.
    case tie
    /// The reply could not be read.
    case unreadable = "error"

    /// The winner by a verdict on answers shown in the given order.
    public init(_ verdict: Verdict, isSwapped: Bool) {
      switch verdict {
      case .first: self = isSwapped ? .second : .first
      case .second: self = isSwapped ? .first : .second
      case .tie: self = .tie
      case .unreadable: self = .unreadable
      }
    }
  }

  /// A pair of answers with both games.
  public init(question: String, first: String, second: String, game1: Winner, game2: Winner) {
    self.question = question
    self.first = first
    self.second = second
    self.game1 = game1
    self.game2 = game2
  }

  /// What both games come to: a win counts only if both games give it, a tie or a contradiction is a tie, and an
  /// unreadable game leaves nothing.
  public var result: Winner? {
    if game1 == .unreadable || game2 == .unreadable { return nil }
    return game1 == game2 ? game1 : .tie
  }
}

/// A model's record in pairwise mode.
public struct MTBenchRecord: Sendable, Hashable {
  /// Pairings won.
  public let wins: Int
  /// Pairings lost.
  public let losses: Int
  /// Pairings tied, contradictions among them.
  public let ties: Int

  /// Pairings with a result.
  public var total: Int { wins + losses + ties }
  /// Wins over all; nil without a result.
  public var winRate: Double? { share(Double(wins)) }
  /// Losses over all; nil without a result.
  public var lossRate: Double? { share(Double(losses)) }
  /// Wins and half the ties over all; nil without a result.
  public var adjustedWinRate: Double? { share(Double(wins) + Double(ties) / 2) }

  private func share(_ count: Double) -> Double? { total == 0 ? nil : count / Double(total) }

  /// The records of all models.
  ///
  /// - Parameter baseline: only pairings with this model count (`pairwise-baseline`); nil for all (`pairwise-all`).
  public static func byModel(
    _ pairings: [MTBenchPairing], baseline: String? = nil
  ) -> [String: MTBenchRecord] {
    var counts: [String: (wins: Int, losses: Int, ties: Int)] = [:]
    for pairing in pairings where baseline == nil || pairing.first == baseline || pairing.second == baseline {
      guard let result = pairing.result else { continue }
      for (model, won) in [(pairing.first, MTBenchPairing.Winner.first), (pairing.second, .second)] {
        var count = counts[model] ?? (0, 0, 0)
        if result == .tie {
          count.ties += 1
        } else if result == won {
          count.wins += 1
        } else {
          count.losses += 1
        }
        counts[model] = count
      }
    }
    return counts.mapValues { MTBenchRecord(wins: $0.wins, losses: $0.losses, ties: $0.ties) }
  }

  /// The share of pairings whose two games say the same, unreadable ones included; nil without pairings.
  public static func consistency(_ pairings: [MTBenchPairing]) -> Double? {
    pairings.isEmpty ? nil : Double(pairings.count { $0.game1 == $0.game2 }) / Double(pairings.count)
  }
}
