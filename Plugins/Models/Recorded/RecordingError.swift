public import HustingsData

/// What can be wrong with a recording though its file is well formed.
public enum RecordingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No known format has these columns or keys.
  case unknownFormat(file: String, found: [String])
  /// The selection names no model of the file.
  case unknownModel(file: String, selection: String, known: [String], nearest: String?)
  /// The file holds several models and none was selected.
  case severalModels(file: String, known: [String])
  /// The file holds no rows.
  case noRows(file: String)
  /// A response of an item is recorded twice.
  case duplicateRow(at: Place, item: String, response: String, model: String)
  /// Some of the benchmark's responses have no row; the first of them is named.
  case missingRows(file: String, model: String, item: String, response: String, count: Int)
  /// The benchmark has no such item.
  case unknownItem(at: Place, item: String)
  /// The item has no such candidate; `known` are those it has.
  case unknownResponse(at: Place, item: String, response: String, known: [String])
  /// A response is compared with itself.
  case sameResponse(at: Place, item: String, response: String)
  /// A field holds a word that is none of the allowed.
  case label(at: Place, column: String, found: String, allowed: [String])
  /// Two lists that belong together differ in length.
  case lengths(at: Place, first: String, count: Int, second: String, other: Int)
  /// A slate was judged before the recording was matched to a benchmark, or one of another benchmark.
  case unmatched(model: String, item: String)

  /// One sentence or two: what is wrong, where, and the next move.
  public var description: String {
    switch self {
    case .unknownFormat(let file, let found):
      "\(file) is in no format of recordings: it has \(RecordingError.list(found)). "
        + "Write the columns item, response and reward, or see docs/recordings.md."
    case .unknownModel(let file, let selection, let known, let nearest):
      "\(file) holds no model '\(selection)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "") + " It holds \(RecordingError.list(known))."
    case .severalModels(let file, let known):
      "\(file) holds several models: \(RecordingError.list(known)). Select one with #NAME, or all with '#*'."
    case .noRows(let file): "\(file) holds no recorded rows. Export it again."
    case .duplicateRow(let place, let item, let response, let model):
      "\(place): the item '\(item)' has a row of '\(model)' for '\(response)' already. Remove one of them."
    case .missingRows(let file, let model, let item, let response, let count):
      "\(file) lacks \(count) row\(count == 1 ? "" : "s") of '\(model)' that the benchmark needs, "
        + "first for '\(response)' of the item '\(item)'. "
        + "Export it again, or pass --allow-missing to count them as abstentions."
    case .unknownItem(let place, let item):
      "\(place): the benchmark has no item '\(item)'. Check that the recording is of this benchmark and version."
    case .unknownResponse(let place, let item, let response, let known):
      "\(place): the item '\(item)' has no candidate '\(response)'; it has \(RecordingError.list(known)). "
        + "Name one of them, or give the SHA-256 of a response."
    case .sameResponse(let place, let item, let response):
      "\(place): the item '\(item)' compares '\(response)' with itself. Name two candidates."
    case .label(let place, let column, let found, let allowed):
      "\(place): '\(column)' is '\(found)', but must be \(allowed.map { "'\($0)'" }.joined(separator: " or ")). "
        + "Correct it."
    case .lengths(let place, let first, let count, let second, let other):
      "\(place): '\(first)' has \(count) entries and '\(second)' has \(other), but they belong together. "
        + "Export it again."
    case .unmatched(let model, let item):
      "The recording '\(model)' was not matched to a benchmark with the item '\(item)'. "
        + "Judge the examples it was matched to."
    }
  }

  private static func list(_ names: [String]) -> String { listed(names.map { "'\($0)'" }, most: 12) }
}
