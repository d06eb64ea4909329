import Foundation
public import Hustings
import HustingsStatistics

/// Do a model's preferences go round in circles more often than its own noise would make them?
///
/// Triples of responses of one item are counted as cyclic or not. The noise is what the model shows when it is asked the same
/// pair in both orders: the standard deviation of half the sum of the two margins. Circles that noise alone would make are
/// simulated by adding it to the best scalar explanation of each item's margins (the gradient part of the Hodge split).
public struct TransitivityAudit: Sendable, Hashable {
  /// Items with at least one decided triple.
  public let items: Int
  /// Triples with three margins other than 0.
  public let triples: Int
  /// Those of them that are cyclic.
  public let cyclic: Int
  /// The standard deviation of a margin's noise, in log-odds; 0 where order was not judged.
  public let noise: Double
  /// The cyclic triples that noise alone makes on average.
  public let expected: Double
  /// The share of simulations with at least as many cyclic triples: small when the circles are the model's own.
  public let pValue: Double
  /// The share of squared margin that no scalar explains.
  public let cyclicity: Double

  /// The audit of a run; nil when no item has three responses that were compared.
  ///
  /// - Parameters:
  ///   - simulations: how many times the noise is drawn.
  ///   - seed: what it is a function of.
  public init?(_ trials: [Trial], simulations: Int = 200, seed: UInt64 = 0) {
    var matrices: [[[Double?]]] = []
    var sums: [Double] = []
    for trial in trials where trial.tournament.count > 2 {
      let tournament = trial.tournament
      var matrix = [[Double?]](
        repeating: [Double?](repeating: nil, count: tournament.count), count: tournament.count)
      for pair in Matchup.all(among: tournament.count) {
        let margin = tournament.margin(pair.first, pair.second)
        matrix[pair.first][pair.second] = margin
        matrix[pair.second][pair.first] = margin.map { 0 - $0 }
        if tournament.isOrdered, let forward = tournament.judgment(pair)?.logOdds,
          let reverse = tournament.judgment(pair.swapped)?.logOdds
        {
          sums.append((forward + reverse) / 2)
        }
      }
      if CyclicTriples(matrix: matrix).decided > 0 { matrices.append(matrix) }
    }
    guard !matrices.isEmpty else { return nil }
    let counts = matrices.map { CyclicTriples(matrix: $0) }
    items = matrices.count
    triples = counts.reduce(0) { $0 + $1.decided }
    cyclic = counts.reduce(0) { $0 + $1.cyclic }
    let noise = sums.isEmpty ? 0 : (sums.reduce(0) { $0 + $1 * $1 } / Double(sums.count)).squareRoot()
    self.noise = noise
    let splits = matrices.map { HodgeSplit(matrix: $0) }
    let total = splits.reduce(0) { $0 + ($1?.totalSquare ?? 0) }
    let isScalar = trials.allSatisfy { $0.tournament.rewards != nil || $0.tournament.count < 3 }
    cyclicity = isScalar || total == 0 ? 0 : splits.reduce(0) { $0 + ($1?.cyclicSquare ?? 0) } / total
    guard noise > 0 else {
      // Without noise nothing turns round by chance.
      expected = 0
      pValue = cyclic == 0 ? 1 : 1 / Double(simulations + 1)
      return
    }
    var drawn: [Int] = []
    for simulation in 0..<simulations {
      var count = 0
      for (place, (matrix, split)) in zip(matrices, splits).enumerated() {
        guard let scores = split?.scores else { continue }
        let normals = NormalStream(seed: seed, identity: "transitivity \(simulation) \(place)")
        count += CyclicTriples(matrix: TransitivityAudit.noisy(matrix, scores, noise, normals)).cyclic
      }
      drawn.append(count)
    }
    expected = Double(drawn.reduce(0, +)) / Double(simulations)
    let observed = cyclic
    pValue = Double(1 + drawn.count { $0 >= observed }) / Double(simulations + 1)
  }

  /// The margins of scores with noise on every pair that was compared.
  private static func noisy(
    _ matrix: [[Double?]], _ scores: [Double], _ noise: Double, _ normals: NormalStream
  ) -> [[Double?]] {
    var normals = normals
    var drawn = matrix
    for i in matrix.indices {
      for j in matrix.indices where j > i && matrix[i][j] != nil {
        let margin = scores[i] - scores[j] + noise * normals.next()
        drawn[i][j] = margin
        drawn[j][i] = -margin
      }
    }
    return drawn
  }
}
