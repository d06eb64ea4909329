public import Hustings

/// What one annotator said of some responses to one prompt, by position among the responses that were shown.
public struct Vote: Sendable, Hashable {
  /// Responses from best to worst; those in one element are tied. What is shown and not placed stands below.
  public let placed: [[Int]]
  /// How many responses were shown.
  public let shown: Int

  /// A vote; throws what is wrong with it.
  public init(placed: [[Int]], shown: Int) throws {
    var seen: Set<Int> = []
    for place in placed {
      guard place.count <= 2 else { throw VoteFault.tieOfMany(place.count) }
      for response in place {
        guard (0..<shown).contains(response) else {
          throw VoteFault.unknownResponse("\(response)", shown: shown)
        }
        guard seen.insert(response).inserted else { throw VoteFault.placedTwice("\(response)") }
      }
    }
    guard shown >= 2 else { throw VoteFault.nothingToCompare }
    guard !seen.isEmpty else { throw VoteFault.nothingPlaced }
    self.placed = placed.filter { !$0.isEmpty }
    self.shown = shown
  }

  /// The best of those shown; with two shown, a plain choice.
  public static func best(_ response: Int, of shown: Int) throws -> Vote {
    try Vote(placed: [[response]], shown: shown)
  }

  /// Two responses, neither better.
  public static let tie = Vote(tied: ())

  private init(tied: Void) {
    placed = [[0, 1]]
    shown = 2
  }
}

/// Collects votes into a panel.
public struct VotePanelBuilder: Sendable {
  private struct Key: Hashable {
    let menu: Int32
    let rows: [Int32]
    let joins: UInt64
    let places: Int32
  }

  private struct Shelf {
    let prompt: Prompt
    var responses: [Response] = []
    var places: [Digest: Int32] = [:]
  }

  private var shelves: [Shelf] = []
  private var shelfOf: [Digest: Int] = [:]
  private var annotators: [String] = []
  private var annotatorOf: [String: Int] = [:]
  private var groups: [String?] = []
  private var weights: [Double?] = []
  private var patternOf: [Key: Int32] = [:]
  private var keys: [Key] = []
  private var ballots: [(annotator: Int32, pattern: Int32)] = []

  /// A builder without votes.
  public init() {}

  /// The place of a prompt, which is new or was met before.
  public mutating func menu(_ prompt: Prompt) -> Int {
    if let known = shelfOf[prompt.digest] { return known }
    shelfOf[prompt.digest] = shelves.count
    shelves.append(Shelf(prompt: prompt))
    return shelves.count - 1
  }

  /// The place of a response among those to a prompt, new or met before.
  public mutating func response(_ response: Response, to menu: Int) -> Int {
    if let known = shelves[menu].places[response.digest] { return Int(known) }
    let place = shelves[menu].responses.count
    shelves[menu].places[response.digest] = Int32(place)
    shelves[menu].responses.append(response)
    return place
  }

  /// The number of an annotator, new or met before; throws when the data put one annotator into two groups, or give one two
  /// weights. A weight that no line gives is 1.
  public mutating func annotator(_ name: String, group: String? = nil, weight: Double? = nil) throws -> Int {
    if let weight, !(weight > 0 && weight.isFinite) {
      throw VoteFault.badWeight(annotator: name, weight)
    }
    if let known = annotatorOf[name] {
      if let weight {
        if let other = weights[known], other != weight {
          throw VoteFault.twoWeights(annotator: name, other, weight)
        }
        weights[known] = weight
      }
      if let group {
        if let other = groups[known], other != group {
          throw VoteFault.twoGroups(annotator: name, other, group)
        }
        groups[known] = group
      }
      return known
    }
    annotatorOf[name] = annotators.count
    annotators.append(name)
    groups.append(group)
    weights.append(weight)
    return annotators.count - 1
  }

  /// Adds a vote.
  ///
  /// - Parameter responses: the place among the prompt's responses of each response that was shown.
  public mutating func add(_ vote: Vote, on responses: [Int], of menu: Int, by annotator: Int) throws {
    precondition(
      responses.count == vote.shown, "\(responses.count) responses for a vote on \(vote.shown)")
    guard Set(responses).count == responses.count else {
      throw VoteFault.sameResponse(annotator: annotators[annotator])
    }
    guard vote.shown <= 64 else { throw VoteFault.tooMany(vote.shown) }
    var rows: [Int32] = []
    var joins: UInt64 = 0
    for place in vote.placed {
      let tied = place.map { Int32(responses[$0]) }.sorted()
      if tied.count == 2 { joins |= 1 << UInt64(rows.count) }
      rows += tied
    }
    let placed = Set(vote.placed.joined())
    let rest = responses.indices.filter { !placed.contains($0) }.map { Int32(responses[$0]) }.sorted()
    var places = rows.count
    // The last of a full ranking is below all others whether it is named or not.
    if rest.isEmpty, vote.placed.last?.count == 1 { places -= 1 }
    let key = Key(menu: Int32(menu), rows: rows + rest, joins: joins, places: Int32(places))
    let pattern: Int32
    if let known = patternOf[key] {
      pattern = known
    } else {
      pattern = Int32(keys.count)
      patternOf[key] = pattern
      keys.append(key)
    }
    ballots.append((Int32(annotator), pattern))
  }

  /// The panel; throws when there is no vote.
  public func build() throws -> VotePanel {
    guard !ballots.isEmpty else { throw VoteFault.noVotes }
    var start = 0
    let menus = shelves.map { shelf in
      defer { start += shelf.responses.count }
      return VotePanel.Menu(
        prompt: shelf.prompt, responses: shelf.responses, rows: start..<start + shelf.responses.count)
    }
    let order = keys.indices.sorted { (keys[$0].menu, $0) < (keys[$1].menu, $1) }
    var newPlace = [Int32](repeating: 0, count: order.count)
    var (offsets, rows, joins, places): ([Int32], [Int32], [Bool], [Int32]) = ([0], [], [], [])
    var menuOffsets = [Int](repeating: 0, count: menus.count + 1)
    for (place, old) in order.enumerated() {
      newPlace[old] = Int32(place)
      let key = keys[old]
      let first = Int32(menus[Int(key.menu)].rows.lowerBound)
      for (position, row) in key.rows.enumerated() {
        rows.append(first + row)
        joins.append(key.joins >> UInt64(position) & 1 == 1)
      }
      offsets.append(Int32(rows.count))
      places.append(key.places)
      menuOffsets[Int(key.menu) + 1] = place + 1
    }
    for menu in 1..<max(2, menuOffsets.count) where menu < menuOffsets.count {
      menuOffsets[menu] = max(menuOffsets[menu], menuOffsets[menu - 1])
    }
    var voteOffsets = [Int](repeating: 0, count: annotators.count + 1)
    for ballot in ballots { voteOffsets[Int(ballot.annotator) + 1] += 1 }
    for annotator in annotators.indices { voteOffsets[annotator + 1] += voteOffsets[annotator] }
    var next = voteOffsets
    var votes = [Int32](repeating: 0, count: ballots.count)
    for ballot in ballots {
      votes[next[Int(ballot.annotator)]] = newPlace[Int(ballot.pattern)]
      next[Int(ballot.annotator)] += 1
    }
    return VotePanel(
      annotators: annotators, weights: weights.contains { $0 ?? 1 != 1 } ? weights.map { $0 ?? 1 } : nil,
      groups: groups, menus: menus,
      patterns: VotePatterns(
        offsets: offsets, rows: rows, joins: joins, places: places, menuOffsets: menuOffsets),
      voteOffsets: voteOffsets, votes: votes)
  }
}
