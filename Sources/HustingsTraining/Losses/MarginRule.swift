/// How votes on a pair become the margin that its loss demands beyond a gap of 0.
///
/// With share v of the votes for the chosen response, the agreement of the votes is |2v - 1|: 0 at an even split, 1 when
/// they are unanimous. Padmakumar et al. 2024 (arXiv 2412.03822) demand it as the margin, whichever side the votes are
/// on; the other rules differ from that in one thing each.
public enum MarginRule: Sendable, Hashable, Codable {
  /// No margin: plain Bradley–Terry.
  case absent
  /// scale · |2v - 1|, the paper's with a scale of 1: votes against the chosen response still push towards it.
  case unsigned(scale: Double)
  /// scale · (2v - 1): votes against the chosen response excuse a gap below 0.
  case signed(scale: Double)
  /// scale · max(0, 2v - 1): votes against the chosen response ask for nothing.
  case clipped(scale: Double)
  /// The same margin for every pair, votes or not.
  case constant(Double)

  /// The margin of a pair, v the share of its valid votes for the chosen response; nil when it has no vote and the rule
  /// needs one, which leaves the pair its plain loss.
  public func margin(share: Double?) -> Double? {
    switch self {
    case .absent: nil
    case .unsigned(let scale): share.map { scale * abs(2 * $0 - 1) }
    case .signed(let scale): share.map { scale * (2 * $0 - 1) }
    case .clipped(let scale): share.map { scale * max(0, 2 * $0 - 1) }
    case .constant(let margin): margin
    }
  }
}

/// The votes of several judges on one pair.
public struct Votes: Sendable, Hashable, Codable {
  /// Valid votes for the chosen response.
  public let chosen: Int
  /// Valid votes, for either response.
  public let valid: Int

  /// Votes of which `chosen` are for the chosen response.
  public init(chosen: Int, valid: Int) {
    precondition(chosen >= 0 && chosen <= valid, "\(chosen) of \(valid) votes")
    self.chosen = chosen
    self.valid = valid
  }

  /// The share of valid votes for the chosen response; nil when no vote is valid.
  public var share: Double? { valid > 0 ? Double(chosen) / Double(valid) : nil }

  /// |votes - n/2| / (n/2): 0 at an even split, 1 when unanimous; nil when no vote is valid.
  public var agreement: Double? { MarginRule.unsigned(scale: 1).margin(share: share) }

  /// The same votes told of the pair with its responses swapped.
  public var swapped: Votes { Votes(chosen: valid - chosen, valid: valid) }
}

/// The gap at which the margin loss is least for a pair whose labels favour the chosen response with probability q:
/// eᐞ = [(2q-1)eᵐ + √((2q-1)²e²ᵐ + 4q(1-q))] / (2(1-q)).
///
/// Without a margin it is the log-odds of q; at q = 1/2 it is 0 for every margin. So a margin spreads gaps by agreement
/// and does not cap them: at q = 1 there is no least point.
public func optimalGap(share q: Double, margin m: Double) -> Double {
  precondition(q > 0 && q < 1, "the least point of a pair with label share \(q)")
  let lead = (2 * q - 1) * Double.exp(m)
  let root = (lead * lead + 4 * q * (1 - q)).squareRoot()
  // For q < 1/2 the two terms nearly cancel; multiply by their sum instead.
  let odds = lead >= 0 ? (lead + root) / (2 * (1 - q)) : 2 * q / (root - lead)
  return Double.log(odds)
}
