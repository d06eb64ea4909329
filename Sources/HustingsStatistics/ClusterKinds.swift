/// The distinct rows of a table of cluster sums, most frequent first.
struct ClusterKinds {
  /// How many clusters have each row.
  let sizes: [Int]
  /// The rows, one after the other.
  let rows: [Double]

  /// Nil when there are more than `limit` kinds.
  init?(table: [Double], width: Int, limit: Int) {
    guard limit > 0 else { return nil }
    // Open addressing on the bits of a row, at most a quarter full; -1 is a free slot.
    var slots = [Int](repeating: -1, count: 64)
    var firsts: [Int] = []
    var counts: [Int] = []
    for start in stride(from: 0, to: table.count, by: width) {
      var slot = Self.hash(table, start, width) & (slots.count - 1)
      while slots[slot] >= 0, !Self.equal(table, firsts[slots[slot]], start, width) {
        slot = (slot + 1) & (slots.count - 1)
      }
      if slots[slot] >= 0 {
        counts[slots[slot]] += 1
        continue
      }
      guard counts.count < limit else { return nil }
      slots[slot] = counts.count
      counts.append(1)
      firsts.append(start)
      if counts.count * 4 > slots.count {
        slots = [Int](repeating: -1, count: slots.count * 4)
        for (kind, first) in firsts.enumerated() {
          var free = Self.hash(table, first, width) & (slots.count - 1)
          while slots[free] >= 0 { free = (free + 1) & (slots.count - 1) }
          slots[free] = kind
        }
      }
    }
    // Large kinds first, so that most resamples are complete before the rare kinds are reached.
    let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    sizes = order.map { counts[$0] }
    rows = order.flatMap { table[firsts[$0]..<firsts[$0] + width] }
  }

  private static func equal(_ table: [Double], _ one: Int, _ other: Int, _ width: Int) -> Bool {
    for column in 0..<width where table[one + column] != table[other + column] { return false }
    return true
  }

  private static func hash(_ table: [Double], _ start: Int, _ width: Int) -> Int {
    var hash: UInt64 = 0
    for column in 0..<width {
      hash = (hash ^ table[start + column].bitPattern) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return Int(truncatingIfNeeded: hash)
  }
}
