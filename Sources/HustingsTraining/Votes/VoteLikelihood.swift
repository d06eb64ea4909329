import Foundation

/// The one likelihood of choices, ties, best-of-N and rankings, full or partial.
///
/// Plackett and Luce choose the best of what is left, place after place; Davidson (1970) lets two be chosen at once, and
/// Firth, Kosmidis and Turner (2019) carry that to rankings. With scores z and strengths α = eᶻ over what is left at a place,
/// D = Σ α_i + ν·Σ_{i<j} √(α_i·α_j), one response is placed with probability α_i/D, and two are tied there with probability
/// ν·√(α_i·α_j)/D. Without ties ν is 0: two responses make Bradley–Terry, a first place alone the choice of the best of N.
public struct VoteLikelihood: Sendable, Hashable, Codable {
  /// ν of Davidson's model; 0 where nobody ties.
  public var tieStrength: Double

  /// A likelihood.
  public init(tieStrength: Double = 0) {
    precondition(tieStrength >= 0 && tieStrength.isFinite, "a tie strength of \(tieStrength)")
    self.tieStrength = tieStrength
  }

  /// The log-probability of a vote and its derivative by each score.
  ///
  /// - Parameters:
  ///   - scores: log-odds scale, the placed responses first and in order, best first.
  ///   - places: how many are placed; nil for all.
  ///   - joins: whether each response is tied with the next; nil for no ties.
  public func value(
    scores: [Double], places: Int? = nil, joins: [Bool]? = nil
  ) -> (logProbability: Double, slopes: [Double]) {
    let joins = joins ?? [Bool](repeating: false, count: scores.count)
    precondition(joins.count == scores.count, "\(joins.count) joins for \(scores.count) scores")
    precondition(places ?? 0 <= scores.count, "\(places ?? 0) places of \(scores.count)")
    var slopes = [Double](repeating: 0, count: scores.count)
    var scratch = [Double](repeating: 0, count: VoteLikelihood.scratch(scores.count))
    let value = scores.withUnsafeBufferPointer { scores in
      joins.withUnsafeBufferPointer { joins in
        slopes.withUnsafeMutableBufferPointer { slopes in
          scratch.withUnsafeMutableBufferPointer { scratch -> Double in
            guard let z = scores.baseAddress, let j = joins.baseAddress, let work = scratch.baseAddress else {
              return 0
            }
            return add(
              z, count: scores.count, places: places ?? scores.count, joins: j, weight: 1,
              slopes: slopes.baseAddress, scratch: work)
          }
        }
      }
    }
    return (value, slopes)
  }

  /// How many numbers `add` needs to work with for a vote of `count` responses.
  static func scratch(_ count: Int) -> Int { 4 * max(1, count) }

  /// The log-probability of a vote; its derivatives, times a weight, are added to `slopes`.
  @inline(__always)
  func add(
    _ z: UnsafePointer<Double>, count n: Int, places: Int, joins: UnsafePointer<Bool>, weight: Double,
    slopes: UnsafeMutablePointer<Double>?, scratch: UnsafeMutablePointer<Double>
  ) -> Double {
    if n == 2, tieStrength == 0 {
      if places == 0 { return 0 }
      let gap = z[0] - z[1]
      let e = exp(-abs(gap))
      if let slopes {
        let miss = weight * (gap > 0 ? e : 1) / (1 + e)
        slopes[0] += miss
        slopes[1] -= miss
      }
      return min(gap, 0) - log1p(e)
    }
    return general(
      z, count: n, places: places, joins: joins, weight: weight, slopes: slopes, scratch: scratch)
  }

  private func general(
    _ z: UnsafePointer<Double>, count n: Int, places: Int, joins: UnsafePointer<Bool>, weight: Double,
    slopes: UnsafeMutablePointer<Double>?, scratch: UnsafeMutablePointer<Double>
  ) -> Double {
    // What is left from place j on: its largest score, Σ α, Σ √α and Σ √(α_i·α_j), all but the first over e^largest.
    let (top, all, roots, pairs) = (scratch, scratch + n, scratch + 2 * n, scratch + 3 * n)
    var (m, a, r, p) = (-Double.infinity, 0.0, 0.0, 0.0)
    for j in stride(from: n - 1, through: 0, by: -1) {
      if z[j] > m {
        let shrink = exp((m - z[j]) / 2)
        (a, r, p) = (a * shrink * shrink, r * shrink, p * shrink * shrink)
        m = z[j]
      }
      let root = exp((z[j] - m) / 2)
      p += root * r
      r += root
      a += root * root
      (top[j], all[j], roots[j], pairs[j]) = (m, a, r, p)
    }
    var total = 0.0
    var j = 0
    // With nothing beside it the last response is placed with certainty.
    while j < places, j < n - 1 {
      let size = joins[j] ? 2 : 1
      let denominator = all[j] + tieStrength * pairs[j]
      total -= top[j] + log(denominator)
      if size == 2 {
        total += log(tieStrength) + (z[j] + z[j + 1]) / 2
        if let slopes {
          slopes[j] += weight / 2
          slopes[j + 1] += weight / 2
        }
      } else {
        total += z[j]
        if let slopes { slopes[j] += weight }
      }
      if let slopes {
        for l in j..<n {
          let root = exp((z[l] - top[j]) / 2)
          let share = (root * root + tieStrength / 2 * root * (roots[j] - root)) / denominator
          slopes[l] -= weight * share
        }
      }
      j += size
    }
    return total
  }
}

extension VotePanel {
  /// The tie strength at which evenly matched pairs tie as often as pairs do here: 2t/(1 - t), t their share of ties; 0 where
  /// nothing is tied.
  public var tieStrength: Double {
    guard patterns.holdsTies else { return 0 }
    var (ties, decided) = (0.0, 0.0)
    for annotator in annotators.indices {
      let weight = weight(of: annotator)
      for pattern in votes(of: annotator) {
        let start = Int(patterns.offsets[Int(pattern)])
        var place = 0
        while place < Int(patterns.places[Int(pattern)]) {
          let isTie = patterns.joins[start + place]
          if isTie { ties += weight } else { decided += weight }
          place += isTie ? 2 : 1
        }
      }
    }
    // Where everything is tied the strength has no finite value; half a decided vote keeps it finite.
    return ties == 0 ? 0 : 2 * ties / max(decided, 0.5)
  }
}
