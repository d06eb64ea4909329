/// Ranks of values in ascending order, from 1; equal values share the mean of their ranks.
public func meanRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { ranks[order[position]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}
