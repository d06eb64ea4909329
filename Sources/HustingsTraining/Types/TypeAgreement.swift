/// How well two assignments of the same annotators to types agree, names of types aside.
public struct TypeAgreement: Sendable, Hashable {
  /// Hubert and Arabie's adjusted Rand index: 1 for the same partition, 0 on average for unrelated ones; nil when either puts
  /// everybody in one type, or there are fewer than two annotators.
  public let adjustedRand: Double?
  /// The share of annotators alike under the best matching of types; nil without annotators.
  public let recovery: Double?
  /// For each type of the first assignment the type of the second that is matched to it; nil for none.
  public let matching: [Int?]

  /// The agreement of two assignments, types numbered from 0.
  public init(_ first: [Int], _ second: [Int]) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) assignments")
    let (rows, columns) = ((first.max() ?? -1) + 1, (second.max() ?? -1) + 1)
    var table = [[Int]](repeating: [Int](repeating: 0, count: columns), count: rows)
    for (a, b) in zip(first, second) { table[a][b] += 1 }
    func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
    let both = table.joined().reduce(0) { $0 + pairs($1) }
    let byRow = table.reduce(0) { $0 + pairs($1.reduce(0, +)) }
    let byColumn = (0..<columns).reduce(0.0) { total, column in
      total + pairs(table.reduce(0) { sum, row in sum + row[column] })
    }
    let all = pairs(first.count)
    let used = { (labels: [Int]) in Set(labels).count }
    if first.count > 1, used(first) > 1, used(second) > 1 {
      let expected = byRow * byColumn / all
      let most = (byRow + byColumn) / 2
      adjustedRand = most > expected ? (both - expected) / (most - expected) : nil
    } else {
      adjustedRand = nil
    }
    matching = TypeAgreement.match(table, columns)
    var alike = 0
    for (row, column) in zip(table, matching) { alike += column.map { row[$0] } ?? 0 }
    recovery = first.isEmpty ? nil : Double(alike) / Double(first.count)
  }

  /// The matching of rows to columns with the largest total: exact by search up to eight rows and columns, beyond by taking the
  /// largest entry left.
  private static func match(_ table: [[Int]], _ columns: Int) -> [Int?] {
    if table.count <= 8, columns <= 8 {
      var best: (total: Int, matching: [Int?]) = (-1, [])
      search(table, columns, [], 0, Set(), &best)
      return best.matching
    }
    var matching = [Int?](repeating: nil, count: table.count)
    var taken: Set<Int> = []
    let entries = table.indices.flatMap { row in (0..<columns).map { (row, $0, table[row][$0]) } }
      .sorted { (-$0.2, $0.0, $0.1) < (-$1.2, $1.0, $1.1) }
    for (row, column, _) in entries where matching[row] == nil && !taken.contains(column) {
      matching[row] = column
      taken.insert(column)
    }
    return matching
  }

  private static func search(
    _ table: [[Int]], _ columns: Int, _ matching: [Int?], _ total: Int, _ taken: Set<Int>,
    _ best: inout (total: Int, matching: [Int?])
  ) {
    let row = matching.count
    guard row < table.count else {
      if total > best.total { best = (total, matching) }
      return
    }
    for column in 0..<columns where !taken.contains(column) {
      search(table, columns, matching + [column], total + table[row][column], taken.union([column]), &best)
    }
    if columns < table.count {
      search(table, columns, matching + [nil], total, taken, &best)
    }
  }
}
