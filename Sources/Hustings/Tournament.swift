/// The log-odds margins between the responses of one slate: the one value that carries the system.
///
/// A model's output is a tournament, an answer key is one, and a metric compares two. A matchup that was not asked has
/// no judgment; one that was asked and not answered has an absence with its reason.
public struct Tournament: Sendable, Hashable {
  /// What is stored; the public initialisers are the three ways of making one.
  private enum Form: Sendable, Hashable {
    case rewards([Double?], [Int: Absence])
    case symmetric([Matchup: Judgment])
    case ordered([Matchup: Judgment], areVerdicts: Bool)
  }

  /// How many responses compete.
  public let count: Int
  private let form: Form

  /// The tournament of scalar rewards, one per response: margins are differences, and order cannot matter.
  ///
  /// A nil reward is an absence with the reason given for it. A reward that is not finite is invalid. A reason for a
  /// response that has a reward is dropped.
  public init(rewards: [Double?], absences: [Int: Absence] = [:]) {
    count = rewards.count
    var finite = rewards
    var reasons = absences.filter { rewards.indices.contains($0.key) && rewards[$0.key] == nil }
    for (index, reward) in rewards.enumerated() {
      if let reward, !reward.isFinite {
        finite[index] = nil
        reasons[index] = Absence(.invalid, "the reward is \(reward), which is no finite number")
      } else if reward == nil, reasons[index] == nil {
        reasons[index] = Absence(.abstention, "the model gave no reward")
      }
    }
    form = .rewards(finite, reasons)
  }

  /// A tournament of margins that do not depend on which response is presented first.
  public init(count: Int, symmetric judgments: [Matchup: Judgment]) {
    Tournament.check(judgments, count)
    self.count = count
    var canonical: [Matchup: Judgment] = [:]
    canonical.reserveCapacity(judgments.count)
    for (matchup, judgment) in judgments {
      if matchup.first < matchup.second {
        canonical[matchup] = judgment
      } else {
        precondition(
          judgments[matchup.swapped] == nil, "matchup \(matchup.second), \(matchup.first) is given twice")
        canonical[matchup.swapped] = judgment.negated
      }
    }
    form = .symmetric(canonical)
  }

  /// A tournament in which each order of presentation was judged on its own.
  ///
  /// - Parameter areVerdicts: whether the judge named winners only, so that margins have a sign and no size.
  public init(count: Int, ordered judgments: [Matchup: Judgment], areVerdicts: Bool = false) {
    Tournament.check(judgments, count)
    self.count = count
    form = .ordered(judgments, areVerdicts: areVerdicts)
  }

  private static func check(_ judgments: [Matchup: Judgment], _ count: Int) {
    for matchup in judgments.keys {
      precondition(
        matchup.first >= 0 && matchup.second >= 0 && max(matchup.first, matchup.second) < count,
        "matchup \(matchup.first), \(matchup.second) among \(count) responses")
    }
  }

  /// The scalar rewards that made the margins; nil unless the tournament was made of rewards.
  public var rewards: [Double?]? {
    if case .rewards(let values, _) = form { values } else { nil }
  }

  /// Why a response has no reward, by its index; empty unless the tournament was made of rewards.
  public var absences: [Int: Absence] {
    if case .rewards(_, let absences) = form { absences } else { [:] }
  }

  /// Whether presentation order was judged, so that position bias can be measured.
  public var isOrdered: Bool {
    if case .ordered = form { true } else { false }
  }

  /// Whether the margins have a sign and no size, so that no probability can be read from them.
  public var areVerdicts: Bool {
    if case .ordered(_, let areVerdicts) = form { areVerdicts } else { false }
  }

  /// What was said when `matchup.first` was presented first; nil when that was not asked.
  ///
  /// Where order does not matter, both orders have the one judgment.
  public func judgment(_ matchup: Matchup) -> Judgment? {
    switch form {
    case .rewards(let values, let absences):
      if let a = values[matchup.first], let b = values[matchup.second] { return Judgment(logOdds: a - b) }
      let absence = absences[matchup.first] ?? absences[matchup.second]
      return .absent(absence ?? Absence(.abstention, "the model gave no reward"))
    case .symmetric(let judgments):
      return matchup.first < matchup.second
        ? judgments[matchup] : judgments[matchup.swapped].map(\.negated)
    case .ordered(let judgments, _):
      return judgments[matchup]
    }
  }

  /// Log-odds that `i` is preferred to `j`, averaged over the orders that were answered; nil when none was.
  public func margin(_ i: Int, _ j: Int) -> Double? {
    let forward = judgment(Matchup(i, j))?.logOdds
    guard isOrdered else { return forward }
    let reverse = judgment(Matchup(j, i))?.logOdds.map { 0 - $0 }
    if let forward, let reverse { return (forward + reverse) / 2 }
    return forward ?? reverse
  }

  /// Why `i` against `j` has no margin; nil when it has one, or when it was not asked.
  public func absence(_ i: Int, _ j: Int) -> Absence? {
    guard margin(i, j) == nil else { return nil }
    return judgment(Matchup(i, j))?.absence ?? judgment(Matchup(j, i))?.absence
  }

  /// The matchups that were asked, in ascending order; where order does not matter, the earlier response is first.
  public var matchups: [Matchup] {
    switch form {
    case .rewards(let values, _): Matchup.all(among: values.count)
    case .symmetric(let judgments), .ordered(let judgments, _): judgments.keys.sorted()
    }
  }
}
