/// Gives the distinct rows of a batch consecutive places, in order of first appearance.
struct RowIndex {
  private var place: [Int32]
  private var stamp: [UInt32]
  private var batch: UInt32 = 0
  /// The distinct rows.
  private(set) var rows: [Int32] = []

  init(rows: Int) {
    place = [Int32](repeating: 0, count: rows)
    stamp = [UInt32](repeating: 0, count: rows)
  }

  /// Forgets the batch.
  mutating func begin() {
    rows.removeAll(keepingCapacity: true)
    batch &+= 1
    if batch == 0 {
      for row in stamp.indices { stamp[row] = 0 }
      batch = 1
    }
  }

  /// The place of a row in this batch.
  mutating func add(_ row: Int32) -> Int32 {
    let row = Int(row)
    if stamp[row] != batch {
      stamp[row] = batch
      place[row] = Int32(rows.count)
      rows.append(Int32(row))
    }
    return place[row]
  }
}
