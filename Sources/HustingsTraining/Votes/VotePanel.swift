public import Hustings

/// What many annotators said of the responses to many prompts.
///
/// A row is one response to one prompt; rows of a prompt are contiguous. A vote is a pattern: some rows of one prompt, of
/// which the first few are placed in order and the rest only stand below them. Equal votes share one pattern, so that a
/// likelihood is computed once for all who said the same.
public struct VotePanel: Sendable {
  /// A prompt and every response to it that anybody judged.
  public struct Menu: Sendable, Hashable {
    /// What was asked.
    public let prompt: Prompt
    /// The responses, in order of first appearance.
    public let responses: [Response]
    /// The rows of the responses.
    public let rows: Range<Int>

    /// A prompt whose responses are the given rows.
    public init(prompt: Prompt, responses: [Response], rows: Range<Int>) {
      precondition(responses.count == rows.count, "\(responses.count) responses in \(rows.count) rows")
      self.prompt = prompt
      self.responses = responses
      self.rows = rows
    }
  }

  /// The annotators' names.
  public let annotators: [String]
  /// What each annotator counts; nil for 1 each.
  public let weights: [Double]?
  /// The group that the data say an annotator is of; nil where they do not.
  public let groups: [String?]
  /// The prompts with their responses.
  public let menus: [Menu]
  /// The distinct votes.
  public let patterns: VotePatterns
  /// Where each annotator's votes begin in `votes`, and last where the last one's end.
  public let voteOffsets: [Int]
  /// The pattern of each vote.
  public let votes: [Int32]

  init(
    annotators: [String], weights: [Double]?, groups: [String?], menus: [Menu], patterns: VotePatterns,
    voteOffsets: [Int], votes: [Int32]
  ) {
    self.annotators = annotators
    self.weights = weights
    self.groups = groups
    self.menus = menus
    self.patterns = patterns
    self.voteOffsets = voteOffsets
    self.votes = votes
  }

  /// How many rows there are.
  public var rowCount: Int { menus.last?.rows.upperBound ?? 0 }

  /// The patterns that an annotator voted, in order.
  public func votes(of annotator: Int) -> ArraySlice<Int32> {
    votes[voteOffsets[annotator]..<voteOffsets[annotator + 1]]
  }

  /// What an annotator counts.
  func weight(of annotator: Int) -> Double { weights?[annotator] ?? 1 }

  /// The same panel with some of the votes.
  ///
  /// - Parameter keeps: told an annotator, the place of a vote among that annotator's, and its pattern.
  public func picking(_ keeps: (_ annotator: Int, _ place: Int, _ pattern: Int) -> Bool) -> VotePanel {
    var offsets = [0]
    offsets.reserveCapacity(voteOffsets.count)
    var kept: [Int32] = []
    for annotator in annotators.indices {
      for (place, pattern) in votes(of: annotator).enumerated() where keeps(annotator, place, Int(pattern)) {
        kept.append(pattern)
      }
      offsets.append(kept.count)
    }
    return VotePanel(
      annotators: annotators, weights: weights, groups: groups, menus: menus, patterns: patterns,
      voteOffsets: offsets, votes: kept)
  }

  /// The prompt of every row and its place among the responses.
  public var passages: [Passage] {
    menus.flatMap { menu in menu.responses.map { Passage(menu.prompt, $0) } }
  }
}

/// Distinct votes, sorted by prompt.
public struct VotePatterns: Sendable, Hashable {
  /// Where each pattern's rows begin in `rows`, and last where the last one's end.
  public let offsets: [Int32]
  /// Rows, the placed ones first and in order, best first; then the rest.
  public let rows: [Int32]
  /// For each element of `rows`, whether it is tied with the next one.
  public let joins: [Bool]
  /// How many rows of each pattern are placed.
  public let places: [Int32]
  /// Where each prompt's patterns begin, and last where the last one's end.
  public let menuOffsets: [Int]

  /// How many there are.
  public var count: Int { places.count }

  /// The place of each pattern's prompt among the panel's menus.
  public var menuOfEach: [Int] {
    zip(menuOffsets, menuOffsets.dropFirst()).enumerated().flatMap { menu, ends in
      repeatElement(menu, count: ends.1 - ends.0)
    }
  }

  /// The rows of a pattern.
  public func rows(of pattern: Int) -> ArraySlice<Int32> {
    rows[Int(offsets[pattern])..<Int(offsets[pattern + 1])]
  }

  /// Whether a pattern places one of two responses above the other.
  public func isBinary(_ pattern: Int) -> Bool {
    offsets[pattern + 1] - offsets[pattern] == 2 && !joins[Int(offsets[pattern])]
  }

  /// Whether any two responses are tied anywhere.
  public var holdsTies: Bool { joins.contains(true) }

  /// The most responses in one pattern.
  var widest: Int { (0..<count).reduce(0) { max($0, Int(offsets[$1 + 1] - offsets[$1])) } }
}

extension Range where Bound == Int {
  /// As many places, counted from another start.
  func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
