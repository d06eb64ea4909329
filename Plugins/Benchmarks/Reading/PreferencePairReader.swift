public import Hustings
import HustingsData

extension PairsFile {
  /// What to do with a pair that says nothing, or little: two equal responses, or an empty one.
  public enum FaultyPairs: Sendable, Hashable {
    /// Refuse the file, naming the first.
    case refuse
    /// Leave them out.
    case skip
  }

  /// The pairs of a file to train on, with their votes and probabilities, and how many were left out.
  ///
  /// The file is one that `pairs:FILE` reads. Beside what that reads, a JSON row may have `votes`, an object of `chosen` and
  /// `valid`, and `probability`, the share of people who prefer the chosen response; a table may have the columns
  /// `votes_chosen`, `votes_valid` and `probability`.
  public static func pairs(
    at path: String, faulty: FaultyPairs = .refuse
  ) throws -> (pairs: [PreferencePair], skipped: Int) {
    var reader = PreferencePairReader(faulty: faulty)
    if RowFile.isTable(path) {
      let table = try CSVTable.read(path)
      for row in table.rows {
        try reader.add(
          PairRow(row, of: table, index: reader.rows, subset: "all"),
          votes: try PreferencePairReader.votes(row, of: table),
          probability: table.has("probability") ? row.optionalDouble("probability") : nil, at: row.place)
      }
    } else {
      try RowFile.rows(path) { row in
        try reader.add(
          PairRow(row, index: reader.rows, subset: "all"), votes: try PreferencePairReader.votes(row),
          probability: try row.optionalDouble("probability"), at: row.place)
      }
    }
    return (reader.pairs, reader.skipped)
  }
}

/// Gathers pairs from rows.
private struct PreferencePairReader {
  let faulty: PairsFile.FaultyPairs
  var pairs: [PreferencePair] = []
  var skipped = 0
  var rows = 0
  private var seen = Set<String>()

  init(faulty: PairsFile.FaultyPairs) { self.faulty = faulty }

  mutating func add(_ row: PairRow, votes: VoteCount?, probability: Double?, at place: Place) throws {
    rows += 1
    guard seen.insert(row.id).inserted else { throw BenchmarkError.duplicateItem(row.id, at: place) }
    if let probability, !(probability >= 0 && probability <= 1) {
      throw BenchmarkError.notAShare(probability, field: "probability", at: place)
    }
    let responses = row.conversation.responses
    if let fault = PreferencePairReader.fault(responses) {
      guard faulty == .skip else { throw BenchmarkError.faultyPair(fault, at: place) }
      skipped += 1
      return
    }
    pairs.append(
      PreferencePair(
        id: row.id, subset: row.subset, cluster: row.cluster, prompt: row.conversation.prompt,
        chosen: responses[0], rejected: responses[1], votes: votes, probability: probability))
  }

  private static func fault(_ responses: [Response]) -> BenchmarkError.PairFault? {
    if responses[0] == responses[1] { return .sameResponses }
    if responses.contains(where: { $0.text.allSatisfy(\.isWhitespace) }) { return .emptyResponse }
    return nil
  }

  static func votes(_ row: JSONNode) throws -> VoteCount? {
    guard let votes = try row.optionalNode("votes") else { return nil }
    let (chosen, valid) = (try votes.double("chosen"), try votes.integer("valid"))
    return try checked(chosen, valid, at: votes.place)
  }

  static func votes(_ row: CSVRow, of table: CSVTable) throws -> VoteCount? {
    guard table.has("votes_chosen"), table.has("votes_valid"),
      let chosen = try row.optionalDouble("votes_chosen"), let valid = try row.optionalDouble("votes_valid")
    else { return nil }
    return try checked(chosen, Int(exactly: valid) ?? -1, at: row.place)
  }

  private static func checked(_ chosen: Double, _ valid: Int, at place: Place) throws -> VoteCount {
    guard valid >= 0, chosen >= 0, chosen <= Double(valid) else {
      throw BenchmarkError.badVotes(chosen: chosen, valid: valid, at: place)
    }
    return VoteCount(chosen: chosen, valid: valid)
  }
}
