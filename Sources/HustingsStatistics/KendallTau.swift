extension Correlation {
  /// Kendall's tau-b in O(n log n): after sorting by x, then y, discordant pairs are the inversions of y.
  ///
  /// Knight, "A computer method for calculating Kendall's tau with ungrouped data" (JASA 61, 1966).
  static func kendallTauB(_ x: [Double], _ y: [Double]) -> Double? {
    let n = x.count
    guard n > 1 else { return nil }
    let order = (0..<n).sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
    let sortedX = order.map { x[$0] }
    let sortedY = order.map { y[$0] }
    let pairs = n * (n - 1) / 2
    let tiedX = tiedPairs(n) { sortedX[$0] == sortedX[$1] }
    let tiedBoth = tiedPairs(n) { sortedX[$0] == sortedX[$1] && sortedY[$0] == sortedY[$1] }
    let ascending = y.sorted()
    let tiedY = tiedPairs(n) { ascending[$0] == ascending[$1] }
    guard tiedX < pairs, tiedY < pairs else { return nil }
    var values = sortedY
    let discordant = inversions(&values)
    let difference = pairs - tiedX - tiedY + tiedBoth - 2 * discordant
    let scale = Double(pairs - tiedX).squareRoot() * Double(pairs - tiedY).squareRoot()
    return min(1, max(-1, Double(difference) / scale))
  }

  /// Pairs within runs of equal neighbours.
  private static func tiedPairs(_ count: Int, equal: (Int, Int) -> Bool) -> Int {
    var pairs = 0
    var run = 1
    for index in 1..<count {
      run = equal(index - 1, index) ? run + 1 : 1
      pairs += run - 1
    }
    return pairs
  }

  /// How many pairs are out of order; sorts the values by merging.
  private static func inversions(_ values: inout [Double]) -> Int {
    var count = 0
    var scratch = values
    var width = 1
    while width < values.count {
      for start in stride(from: 0, to: values.count, by: 2 * width) {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var (left, right) = (start, middle)
        for position in start..<end {
          if right >= end || (left < middle && values[left] <= values[right]) {
            scratch[position] = values[left]
            left += 1
          } else {
            scratch[position] = values[right]
            right += 1
            count += middle - left
          }
        }
      }
      swap(&values, &scratch)
      width *= 2
    }
    return count
  }
}
