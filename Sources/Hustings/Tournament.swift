/// The log-odds margins between the responses of one slate: the one value that carries the system.
///
/// A model's output is a tournament, an answer key is one, and a metric compares two. A matchup that was not asked has
/// no judgment; one that was asked and not answered has an absence with its reason.
public struct Tournament: Sendable, Hashable {
  /// What is stored; the public initialisers are the three ways of making one.
  private enum Form: Sendable, Hashable {
    case rewards([Double?], [Int: Absence])
    case symmetric([Entry])
    case ordered([Entry], areVerdicts: Bool)
  }

  /// One judgment; lists of them are sorted by matchup. Most have one entry, for which a dictionary would be a burden.
  private struct Entry: Sendable, Hashable {
    let matchup: Matchup
    let judgment: Judgment
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

  /// The tournament of a model with rewards that has none for any of `count` responses, for one reason.
  public init(count: Int, absent absence: Absence) {
    self.init(
      rewards: [Double?](repeating: nil, count: count),
      absences: Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, absence) }))
  }

  /// The tournament of a model that compares, and has nothing to say of any pair of `count` responses, for one reason.
  public init(count: Int, absentPairs absence: Absence) {
    self.init(count: count, symmetricPairs: Matchup.all(among: count).map { ($0, .absent(absence)) })
  }

  /// A tournament of margins that do not depend on which response is presented first.
  public init(count: Int, symmetric judgments: [Matchup: Judgment]) {
    self.init(count: count, symmetricPairs: judgments.map { ($0, $1) })
  }

  /// A tournament of margins that do not depend on which response is presented first; each pair once, in any order.
  package init(count: Int, symmetricPairs judgments: [(Matchup, Judgment)]) {
    self.count = count
    form = .symmetric(
      Tournament.sorted(
        judgments.map { matchup, judgment in
          matchup.first < matchup.second
            ? Entry(matchup: matchup, judgment: judgment)
            : Entry(matchup: matchup.swapped, judgment: judgment.negated)
        }, count))
  }

  /// A tournament in which each order of presentation was judged on its own.
  ///
  /// - Parameter areVerdicts: whether the judge named winners only, so that margins have a sign and no size.
  public init(count: Int, ordered judgments: [Matchup: Judgment], areVerdicts: Bool = false) {
    self.count = count
    let entries = judgments.map { Entry(matchup: $0, judgment: $1) }
    form = .ordered(Tournament.sorted(entries, count), areVerdicts: areVerdicts)
  }

  private static func sorted(_ entries: [Entry], _ count: Int) -> [Entry] {
    let entries = entries.count > 1 ? entries.sorted { $0.matchup < $1.matchup } : entries
    for (place, entry) in entries.enumerated() {
      let matchup = entry.matchup
      precondition(
        min(matchup.first, matchup.second) >= 0 && max(matchup.first, matchup.second) < count,
        "matchup \(matchup.first), \(matchup.second) among \(count) responses")
      precondition(
        place == 0 || entries[place - 1].matchup != matchup,
        "matchup \(matchup.first), \(matchup.second) is given twice")
    }
    return entries
  }

  private static func find(_ matchup: Matchup, in entries: [Entry]) -> Judgment? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].matchup < matchup { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].matchup == matchup ? entries[low].judgment : nil
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
        ? Tournament.find(matchup, in: judgments)
        : Tournament.find(matchup.swapped, in: judgments).map(\.negated)
    case .ordered(let judgments, _):
      return Tournament.find(matchup, in: judgments)
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
    case .symmetric(let judgments), .ordered(let judgments, _): judgments.map(\.matchup)
    }
  }
}
