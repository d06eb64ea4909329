/// The area under the receiver operating characteristic: the chance that a positive scores above a negative,
/// ties half.
///
/// From the sum of mean ranks (Mann and Whitney, Annals of Mathematical Statistics 18, 1947), in O(n log n).
public func areaUnderROC(positive: [Double], negative: [Double]) -> Double? {
  guard !positive.isEmpty, !negative.isEmpty else { return nil }
  let ranks = meanRanks(positive + negative).prefix(positive.count)
  let (p, n) = (Double(positive.count), Double(negative.count))
  // Ranks are multiples of one half, so this sum is exact.
  return (ranks.reduce(0, +) - p * (p + 1) / 2) / (p * n)
}
