/// The candidate closest to `name` by edit distance, if it is close enough to be a slip of the keyboard.
///
/// Close enough means a distance of at most a third of the longer name, and at least 1. Ties go to the first.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  guard name.utf8.count <= 200 else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in candidates where candidate.utf8.count <= 200 {
    let limit = max(1, max(name.utf8.count, candidate.utf8.count) / 3)
    let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
    guard distance <= limit, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment; Damerau 1964).
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var before = [Int](repeating: 0, count: b.count + 1)
  var last = before
  var row = Array(0...b.count)
  for i in a.indices {
    (before, last) = (last, row)
    row[0] = i + 1
    for j in b.indices {
      row[j + 1] = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], before[j - 1] + 1) }
    }
  }
  return row[b.count]
}
