import Foundation
import HustingsNumerics

extension TypeSearch {
  /// The probabilities that a start without policies gives every annotator.
  func responsibilities(of start: TypeStart) throws -> [Double] {
    let (types, count) = (settings.types, panel.annotators.count)
    switch start {
    case .given(let values):
      precondition(values.count == count * types, "\(values.count) probabilities, \(count) × \(types)")
      return values
    case .uniform, .policies, .random:
      return [Double](repeating: 1 / Double(types), count: count * types)
    case .dirichlet(let scale, let seed):
      return panel.annotators.flatMap { name -> [Double] in
        var dice = CounterGenerator(seed: seed, identity: "start of \(name)")
        let draws = (0..<types).map { TypeSearch.gamma(scale / Double($0 + 1), &dice) }
        let total = draws.reduce(0, +)
        return total > 0 ? draws.map { $0 / total } : draws.map { _ in 1 / Double(types) }
      }
    case .clusters(let seed):
      return hard(KMeans(profiles(seed: seed), width: TypeSearch.profileWidth, types, seed: seed).clusters)
    case .spectral(let seed):
      guard let vectors = spectrum() else { return try responsibilities(of: .clusters(seed: seed)) }
      return hard(KMeans(vectors, width: types, types, seed: seed).clusters)
    }
  }

  /// The most annotators for whom agreement is decomposed; beyond, k-means on profiles takes its place.
  static let spectralLimit = 600
  private static let profileWidth = 32

  private func hard(_ clusters: [Int]) -> [Double] {
    var gamma = [Double](repeating: 0, count: clusters.count * settings.types)
    for (annotator, cluster) in clusters.enumerated() { gamma[annotator * settings.types + cluster] = 1 }
    return gamma
  }

  /// For every annotator the mean, over votes, of the slope of the vote's log-likelihood at even scores, in a sketch of the
  /// features: what was chosen less what was not.
  private func profiles(seed: UInt64) -> [Double] {
    let width = TypeSearch.profileWidth
    let sketch = family.sketch(width: width, seed: seed)
    let patterns = panel.patterns
    let slopes = (0..<patterns.count).map { pattern -> [Double] in
      let start = Int(patterns.offsets[pattern])
      let count = Int(patterns.offsets[pattern + 1]) - start
      return settings.likelihood.value(
        scores: [Double](repeating: 0, count: count), places: Int(patterns.places[pattern]),
        joins: Array(patterns.joins[start..<start + count])
      ).slopes
    }
    return filledRows(panel.annotators.count, width: width, blockSize: 512, workers: workers) { range, out in
      for annotator in range {
        let row = out + (annotator - range.lowerBound) * width
        row.update(repeating: 0, count: width)
        let votes = panel.votes(of: annotator)
        for vote in votes {
          for (slope, at) in zip(slopes[Int(vote)], patterns.rows(of: Int(vote))) {
            for i in 0..<width { row[i] += slope * Double(sketch[Int(at) * width + i]) }
          }
        }
        for i in 0..<width { row[i] /= Double(max(1, votes.count)) }
      }
    }
  }

  /// The leading eigenvectors of the matrix of agreements, a row of `types` numbers per annotator; nil when there are too many.
  ///
  /// Two annotators who judged the same two responses agree by +1 or disagree by -1; their entry is the sum over what both
  /// judged, over the square root of how much that was.
  private func spectrum() -> [Double]? {
    let count = panel.annotators.count
    let types = settings.types
    guard count <= TypeSearch.spectralLimit, count >= types else { return nil }
    let signs = panel.annotators.indices.map { annotator -> [Int64: Double] in
      var signs: [Int64: Double] = [:]
      for vote in panel.votes(of: annotator) {
        for (better, worse) in panel.patterns.decided(Int(vote)) {
          let key = Int64(min(better, worse)) << 32 | Int64(max(better, worse))
          signs[key, default: 0] += better < worse ? 1 : -1
        }
      }
      return signs.mapValues { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    }
    var agreement = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      agreement[i * count + i] = 1
      for j in 0..<i {
        let (few, many) = signs[i].count < signs[j].count ? (signs[i], signs[j]) : (signs[j], signs[i])
        var (total, shared) = (0.0, 0.0)
        for key in few.keys.sorted() {
          guard let other = many[key] else { continue }
          total += (few[key] ?? 0) * other
          shared += 1
        }
        let value = shared > 0 ? total / shared.squareRoot() : 0
        agreement[i * count + j] = value
        agreement[j * count + i] = value
      }
    }
    guard let eigen = SymmetricEigen(agreement, order: count) else { return nil }
    return (0..<count).flatMap { annotator in
      (0..<types).map { eigen.vectors[$0 * count + annotator] * max(0, eigen.values[$0]).squareRoot() }
    }
  }

  /// A draw from the gamma distribution of a shape (Marsaglia and Tsang 2000).
  private static func gamma(_ shape: Double, _ dice: inout CounterGenerator) -> Double {
    if shape < 1 {
      let boost = Foundation.pow(max(dice.nextUniform(), 1e-300), 1 / shape)
      return gamma(shape + 1, &dice) * boost
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = dice.nextNormal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      guard v > 0 else { continue }
      let u = max(dice.nextUniform(), 1e-300)
      if log(u) < x * x / 2 + d - d * v + d * log(v) { return d * v }
    }
  }
}

extension VotePatterns {
  /// The pairs of rows of which a pattern puts the first above the second.
  func decided(_ pattern: Int) -> [(better: Int32, worse: Int32)] {
    let start = Int(offsets[pattern])
    let all = Array(rows(of: pattern))
    var pairs: [(Int32, Int32)] = []
    for i in 0..<Int(places[pattern]) {
      for j in i + 1..<max(i + 1, all.count) where !(j == i + 1 && joins[start + i]) {
        pairs.append((all[i], all[j]))
      }
    }
    return pairs
  }
}

/// Lloyd's k-means from seeds spread as Arthur and Vassilvitskii (2007) spread them.
struct KMeans {
  /// The cluster of every point.
  private(set) var clusters: [Int]

  /// Clusters of points [count × width].
  init(_ points: [Double], width: Int, _ k: Int, seed: UInt64) {
    let count = points.count / max(1, width)
    func distance(_ point: Int, _ centre: [Double]) -> Double {
      var total = 0.0
      for i in 0..<width {
        let gap = points[point * width + i] - centre[i]
        total += gap * gap
      }
      return total
    }
    func point(_ index: Int) -> [Double] { Array(points[index * width..<(index + 1) * width]) }
    var dice = CounterGenerator(seed: seed, identity: "k-means")
    var centres = [point(dice.nextIndex(below: count))]
    var nearest = (0..<count).map { distance($0, centres[0]) }
    while centres.count < k {
      let total = nearest.reduce(0, +)
      var rest = dice.nextUniform() * total
      var next = dice.nextIndex(below: count)
      if total > 0 {
        for index in 0..<count {
          rest -= nearest[index]
          if rest < 0 {
            next = index
            break
          }
        }
      }
      centres.append(point(next))
      for index in 0..<count { nearest[index] = min(nearest[index], distance(index, point(next))) }
    }
    clusters = [Int](repeating: 0, count: count)
    for round in 0..<50 {
      var isStable = round > 0
      for index in 0..<count {
        let distances = centres.map { distance(index, $0) }
        let best = distances.indices.min { (distances[$0], $0) < (distances[$1], $1) } ?? 0
        if clusters[index] != best {
          clusters[index] = best
          isStable = false
        }
      }
      if isStable { break }
      var sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: k)
      var sizes = [Int](repeating: 0, count: k)
      for index in 0..<count {
        sizes[clusters[index]] += 1
        for i in 0..<width { sums[clusters[index]][i] += points[index * width + i] }
      }
      for cluster in 0..<k where sizes[cluster] > 0 {
        centres[cluster] = sums[cluster].map { $0 / Double(sizes[cluster]) }
      }
    }
  }
}

extension TypeSearch {
  /// The probabilities of types that a start gives every annotator; from policies, equal ones.
  public func startingResponsibilities(_ start: TypeStart) throws -> [Double] {
    try responsibilities(of: start)
  }
}
