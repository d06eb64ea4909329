import CKernels
import Foundation
import HustingsNumerics
import Testing

@Suite struct ResamplingTests {
  static func table(clusters: Int, columns: Int) -> [Double] {
    var generator = CounterGenerator(seed: 1, stream: 2)
    return (0..<clusters * columns).map { _ in generator.nextNormal() }
  }

  /// The generator of resample.h written down a second time, one lane and one draw at a time.
  static func referenceDraws(clusters: Int, seed: UInt64, replicate: Int) -> [Int] {
    func rotate(_ x: UInt32, _ k: UInt32) -> UInt32 { (x << k) | (x >> (32 - k)) }
    var state = (0..<16).map { lane -> [UInt32] in
      let word = hustings_philox(seed ^ 0x626F_6F74_7374_7261, UInt64(replicate), UInt64(lane)).word
      return [word.0, word.1, word.2, word.3]
    }
    return (0..<clusters).map { draw in
      var s = state[draw % 16]
      let value = rotate(s[0] &+ s[3], 7) &+ s[0]
      let t = s[1] << 9
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = rotate(s[3], 11)
      state[draw % 16] = s
      return Int((UInt64(value) * UInt64(clusters)) >> 32)
    }
  }

  @Test(arguments: [1, 5, 63, 64, 65, 200])
  func countsMatchASecondImplementation(clusters: Int) {
    var expected = [UInt32](repeating: 0, count: clusters)
    for index in Self.referenceDraws(clusters: clusters, seed: 77, replicate: 3) { expected[index] += 1 }
    #expect(Resampling.counts(clusters: clusters, seed: 77, replicate: 3) == expected)
    #expect(expected.reduce(0, +) == UInt32(clusters))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 19])
  func totalsAreCountsTimesRows(columns: Int) {
    let clusters = 150
    let table = Self.table(clusters: clusters, columns: columns)
    let totals = Resampling.totals(of: table, columns: columns, replicates: 70, seed: 8)
    for replicate in [0, 1, 63, 64, 69] {
      let counts = Resampling.counts(clusters: clusters, seed: 8, replicate: replicate)
      for column in 0..<columns {
        let expected = (0..<clusters).reduce(0.0) { $0 + Double(counts[$1]) * table[$1 * columns + column] }
        #expect(close(totals[replicate * columns + column], expected, relative: 1e-12, absolute: 1e-12))
      }
    }
  }

  @Test func oneThreadAndManyGiveTheSameBits() {
    let table = Self.table(clusters: 333, columns: 3)
    let one = Resampling.totals(of: table, columns: 3, replicates: 500, seed: 4, workers: 1)
    for workers in [2, 3, 7] {
      #expect(Resampling.totals(of: table, columns: 3, replicates: 500, seed: 4, workers: workers) == one)
    }
    #expect(Resampling.totals(of: table, columns: 3, replicates: 500, seed: 4) == one)
    #expect(Resampling.totals(of: table, columns: 3, replicates: 500, seed: 5) != one)
  }

  @Test func moreReplicatesKeepTheFirstOnes() {
    let table = Self.table(clusters: 40, columns: 2)
    let few = Resampling.totals(of: table, columns: 2, replicates: 10, seed: 4)
    let many = Resampling.totals(of: table, columns: 2, replicates: 100, seed: 4)
    #expect(Array(many.prefix(few.count)) == few)
  }

  @Test func aColumnDoesNotDependOnItsNeighbours() {
    let clusters = 217
    let wide = Self.table(clusters: clusters, columns: 11)
    let all = Resampling.totals(of: wide, columns: 11, replicates: 30, seed: 21)
    for column in [0, 7, 8, 10] {
      let alone = (0..<clusters).map { wide[$0 * 11 + column] }
      let totals = Resampling.totals(of: alone, columns: 1, replicates: 30, seed: 21)
      #expect(totals == (0..<30).map { all[$0 * 11 + column] })
    }
  }

  @Test func everyClusterIsEquallyLikely() {
    let clusters = 50
    var drawn = [Double](repeating: 0, count: clusters)
    for replicate in 0..<2000 {
      for (index, count) in Resampling.counts(clusters: clusters, seed: 12, replicate: replicate).enumerated()
      {
        drawn[index] += Double(count)
      }
    }
    let statistic = sum(drawn.map { ($0 - 2000) * ($0 - 2000) / 2000 })
    #expect(ChiSquare(degreesOfFreedom: 49).survival(statistic) > 1e-4)
  }

  @Test func resampledTotalsHaveTheMultinomialVariance() {
    let table = Self.table(clusters: 120, columns: 1)
    let totals = Resampling.totals(of: table, columns: 1, replicates: 20_000, seed: 2)
    let mean = sum(table) / 120
    let variance = sum(table.map { ($0 - mean) * ($0 - mean) })
    let centre = sum(totals) / 20_000
    let spread = sum(totals.map { ($0 - centre) * ($0 - centre) }) / 19_999
    #expect(abs(centre - 120 * mean) < 5 * (variance / 20_000).squareRoot())
    #expect(close(spread, variance, relative: 5 * (2.0 / 20_000).squareRoot()))
  }

  @Test func typeCountsAlwaysAddUpToTheClusters() {
    let totals = Resampling.totals(
      ofTypes: [700, 200, 99, 1], rows: [1, 0, 1, 1, 1, 2, 1, 3], columns: 2, replicates: 3000, seed: 6)
    #expect((0..<3000).allSatisfy { totals[$0 * 2] == 1000 })
    // Mean and variance of the multinomial: Σ n p r and n (Σ p r² - (Σ p r)²).
    let second = (0..<3000).map { totals[$0 * 2 + 1] }
    let mean = 200.0 + 2 * 99 + 3
    let variance = 200.0 + 4 * 99 + 9 - mean * mean / 1000
    let centre = sum(second) / 3000
    let spread = sum(second.map { ($0 - centre) * ($0 - centre) }) / 2999
    #expect(abs(centre - mean) < 5 * (variance / 3000).squareRoot())
    #expect(close(spread, variance, relative: 5 * (2.0 / 3000).squareRoot()))
  }

  @Test func typeTotalsAreTheSameOnAnyNumberOfThreads() {
    func draw(_ workers: Int?) -> [Double] {
      Resampling.totals(
        ofTypes: [40, 50, 60], rows: [0, 1, -1], columns: 1, replicates: 1000, seed: 6, workers: workers)
    }
    #expect(draw(1) == draw(2))
    #expect(draw(1) == draw(nil))
  }

  /// Chi-square test of fit against the exact masses: inversion below a mean of ten, rejection above.
  @Test(
    arguments: [(30, 0.1), (9, 0.5), (40, 0.3), (1000, 0.02), (25, 0.9), (100_000, 0.5)] as [(Int, Double)])
  func binomialDrawsHaveTheExactMasses(trials: Int, chance: Double) {
    let draws = 20_000
    var counts: [Int: Int] = [:]
    for stream in 0..<draws {
      var counter: UInt64 = 0
      let value = hustings_binomial(UInt64(trials), chance, 99, UInt64(stream), &counter)
      #expect(value <= UInt64(trials))
      counts[Int(value), default: 0] += 1
    }
    let distribution = Binomial(trials: trials, chance: chance)
    var statistic = 0.0
    var cells = 0
    var expected = 0.0
    var observed = 0
    let centre = Double(trials) * chance
    let reach = 8 * (centre * (1 - chance)).squareRoot() + 10
    for value in max(0, Int(centre - reach))...min(trials, Int(centre + reach)) {
      expected += Double(draws) * distribution.mass(value)
      observed += counts[value] ?? 0
      if expected >= 20 {
        statistic += (Double(observed) - expected) * (Double(observed) - expected) / expected
        cells += 1
        expected = 0
        observed = 0
      }
    }
    #expect(cells > 3)
    #expect(ChiSquare(degreesOfFreedom: Double(cells)).survival(statistic) > 1e-4)
  }

  @Test func binomialDrawsAtTheEdges() {
    var counter: UInt64 = 0
    #expect(hustings_binomial(0, 0.5, 1, 1, &counter) == 0)
    #expect(hustings_binomial(10, 0, 1, 1, &counter) == 0)
    #expect(hustings_binomial(10, 1, 1, 1, &counter) == 10)
    #expect(counter == 0)
  }

  @Test func flippedTotalsHaveMeanZeroAndTheSumOfSquares() {
    let values = Self.table(clusters: 130, columns: 1)
    let totals = Resampling.flippedTotals(of: values, replicates: 20_000, seed: 31)
    let variance = sum(values.map { $0 * $0 })
    #expect(abs(sum(totals) / 20_000) < 5 * (variance / 20_000).squareRoot())
    #expect(close(sum(totals.map { $0 * $0 }) / 20_000, variance, relative: 5 * (2.0 / 20_000).squareRoot()))
    #expect(Resampling.flippedTotals(of: values, replicates: 20_000, seed: 31, workers: 1) == totals)
  }

  @Test func flippingReachesEverySign() {
    let totals = Set(Resampling.flippedTotals(of: [1, 2, 4], replicates: 400, seed: 1))
    #expect(totals == [-7, -5, -3, -1, 1, 3, 5, 7])
  }

  @Test func blocksCoverEveryIndexOnce() {
    let filled = filledRows(1003, width: 1, blockSize: 17, workers: 3) { rows, out in
      for row in rows { out[row - rows.lowerBound] = Double(row) }
    }
    #expect(filled == (0..<1003).map(Double.init))
    #expect(filledRows(0, width: 4, blockSize: 17) { _, _ in }.isEmpty)
  }
}
