import Foundation

/// Ratings updated battle by battle (Elo, "The rating of chessplayers, past and present", 1978).
///
/// After a battle of a and b with outcome y for a, both move by K · (y − 1 / (1 + base^((R_b − R_a) / scale))). The result
/// depends on the order of the battles, which Bradley–Terry does not.
public struct ArenaElo: Sendable, Hashable {
  /// How fast ratings move.
  public let gain: Double
  /// What odds of `base` to one are worth in points.
  public let scale: Double
  /// The base of the odds.
  public let base: Double
  /// The rating of a model before its first battle.
  public let initial: Double

  /// An update rule; the defaults are those of Chatbot Arena.
  public init(gain: Double = 4, scale: Double = 400, base: Double = 10, initial: Double = 1000) {
    self.gain = gain
    self.scale = scale
    self.base = base
    self.initial = initial
  }

  /// A battle: two different models, and 1 if the first won, 0 if the second, ½ for a tie.
  public struct Battle: Sendable, Hashable {
    /// The first model.
    public let first: Int
    /// The second model.
    public let second: Int
    /// The first model's points.
    public let outcome: Double

    /// A battle of two models.
    public init(first: Int, second: Int, outcome: Double) {
      precondition(first != second, "model \(first) battles itself")
      precondition((0...1).contains(outcome), "an outcome of \(outcome)")
      self.first = first
      self.second = second
      self.outcome = outcome
    }
  }

  /// The ratings after all battles, fought in the order given.
  public func ratings(models: Int, after battles: some Sequence<Battle>) -> [Double] {
    var ratings = [Double](repeating: initial, count: models)
    for battle in battles {
      let difference = ratings[battle.second] - ratings[battle.first]
      let expected = 1 / (1 + pow(base, difference / scale))
      let change = gain * (battle.outcome - expected)
      ratings[battle.first] += change
      ratings[battle.second] -= change
    }
    return ratings
  }
}
