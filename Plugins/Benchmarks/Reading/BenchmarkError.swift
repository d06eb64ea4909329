public import HustingsData

/// What can be wrong with a benchmark's file though each of its fields is well formed.
public enum BenchmarkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two rows have the same id.
  case duplicateItem(String, at: Place)
  /// A rater rated a candidate twice.
  case duplicateRating(item: String, candidate: String, rater: String, at: Place)
  /// A row names a candidate that its item does not have.
  case candidate(String, of: [String], column: String, at: Place)
  /// A benchmark that reads a file the user names was named without one.
  case needsFile(usage: String)
  /// A benchmark without texts was named where texts are edited.
  case needsTexts(String)
  /// A benchmark without pairs was named where pairs are needed.
  case needsPairs(String)

  /// One sentence or two: what is wrong, where, and the next move.
  public var description: String {
    switch self {
    case .duplicateItem(let item, let place):
      "\(place): the item '\(item)' stands in the data already. Give every item an id of its own."
    case .duplicateRating(let item, let candidate, let rater, let place):
      "\(place): the rater '\(rater)' has rated '\(candidate)' of the item '\(item)' already. Remove one of the rows."
    case .candidate(let name, let names, let column, let place):
      "\(place): the column '\(column)' names the candidate '\(name)', but there are \(names.count), "
        + "'\(names.first ?? "")' to '\(names.last ?? "")'. Correct it."
    case .needsFile(let usage):
      "The benchmark '\(usage)' needs an argument. Write it after the colon."
    case .needsTexts(let name):
      "\(name) has names in place of texts, which cannot be edited. Choose a benchmark with texts."
    case .needsPairs(let name):
      "\(name) has no pair of two texts of which one is preferred. Choose a benchmark of pairs."
    }
  }
}
