/// A set of items of one benchmark, by ordinal: one bit each.
public struct ItemSet: Sendable, Hashable {
  private var words: [UInt64] = []
  /// How many items are in the set.
  public private(set) var count = 0

  /// The empty set.
  public init() {}

  /// The set of the given ordinals.
  public init(_ ordinals: some Sequence<Int>) {
    for ordinal in ordinals { insert(ordinal) }
  }

  /// Whether the item is in the set.
  public func contains(_ ordinal: Int) -> Bool {
    let word = ordinal >> 6
    return ordinal >= 0 && word < words.count && words[word] >> UInt64(ordinal & 63) & 1 == 1
  }

  /// Adds an item.
  public mutating func insert(_ ordinal: Int) {
    precondition(ordinal >= 0, "ordinal \(ordinal) is negative")
    let word = ordinal >> 6
    if word >= words.count {
      words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
    }
    let bit = UInt64(1) << UInt64(ordinal & 63)
    if words[word] & bit == 0 {
      words[word] |= bit
      count += 1
    }
  }
}
