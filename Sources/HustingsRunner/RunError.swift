/// What can go wrong between a benchmark and a model.
public enum RunError: Error, Sendable, Hashable {
  /// Two items of a benchmark have one name.
  case duplicateItem(benchmark: String, item: String, first: Int, second: Int)
  /// A benchmark has no items at all.
  case noItems(benchmark: String)
  /// The examples of a second reading differ from those of the first.
  case changedWhileReading(benchmark: String, item: String)
  /// A model gave another number of tournaments than it was given slates, or one of another size.
  case wrongShape(model: String, item: String, expected: Int, given: Int)
  /// A model that reads texts was asked about a benchmark that has none.
  case noTexts(benchmark: String, model: String)
  /// Two models of one run have the same identity.
  case sameModelTwice(first: String, second: String)
  /// A part of the work that cannot be cut that way.
  case badShard(index: Int, count: Int)
}

extension RunError: CustomStringConvertible {
  /// One sentence: what, where, and the next move.
  public var description: String {
    switch self {
    case .duplicateItem(let benchmark, let item, let first, let second):
      "\(benchmark) names two items '\(item)', number \(first) and number \(second). Give each an id of its own."
    case .noItems(let benchmark):
      "\(benchmark) has no items, so nothing was measured. Check the file it reads."
    case .changedWhileReading(let benchmark, let item):
      "\(benchmark) changed while it was read, first at item '\(item)'. Run again when nothing writes to its files."
    case .wrongShape(let model, let item, let expected, let given):
      "\(model) answered item '\(item)' for \(given) responses where there are \(expected). Fix the adapter; "
        + "nothing of this batch was stored."
    case .noTexts(let benchmark, let model):
      "\(benchmark) has names in place of texts, so \(model) has nothing to read. Use a recorded: model instead."
    case .sameModelTwice(let first, let second):
      "\(first) and \(second) are the same model, by fingerprint. Name one of them only."
    case .badShard(let index, let count):
      "There is no shard \(index)/\(count). Shards count from 1/\(max(1, count)) to \(max(1, count))/\(max(1, count))."
    }
  }
}
