/// Gives the distinct rows of a batch consecutive places, in order of first appearance.
struct RowIndex {
  /// Of each row the last batch that had it, and in the lower half its place there.
  private var marks: [UInt64]
  private var batch: UInt64 = 0
  /// The distinct rows.
  private(set) var rows: [Int32] = []

  init(rows: Int) { marks = [UInt64](repeating: 0, count: rows) }

  /// Forgets the batch.
  mutating func begin() {
    rows.removeAll(keepingCapacity: true)
    batch += 1
    if batch > UInt64(UInt32.max) {
      for row in marks.indices { marks[row] = 0 }
      batch = 1
    }
  }

  /// The places of rows in this batch.
  mutating func add(_ added: [Int32]) -> [Int32] {
    let batch = batch
    return marks.withUnsafeMutableBufferPointer { marks in
      added.map { row in
        let mark = marks[Int(row)]
        if mark >> 32 == batch { return Int32(truncatingIfNeeded: mark) }
        marks[Int(row)] = batch << 32 | UInt64(rows.count)
        rows.append(row)
        return Int32(rows.count - 1)
      }
    }
  }
}
