import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

/// References: scipy 1.17.1.
@Suite struct CorrelationTests {
  let x = [2.1, 3.5, 3.5, 1.0, 7.2, 5.5, 5.5, 8.8, 0.3, 4.0]
  let y = [1.0, 4.0, 2.0, 2.0, 6.5, 4.0, 7.0, 7.5, 1.0, 3.0]

  @Test func correlationsMatchScipy() {
    #expect(close(Correlation.pearson.value(x, y), 0.9044633211687673))
    #expect(close(Correlation.spearman.value(x, y), 0.907696604491138))
    #expect(close(Correlation.kendall.value(x, y), 0.8000553690695199))
  }

  /// scipy.stats.pearsonr(x, y).confidence_interval(0.95).
  @Test func theFisherIntervalMatchesScipy() throws {
    let r = try #require(Correlation.pearson.value(x, y))
    let interval = try #require(Correlation.pearson.interval(r, count: 10, level: 0.95))
    #expect(close(interval.low, 0.6383748103202473))
    #expect(close(interval.high, 0.9774546914696549))
  }

  @Test func theErrorsOfTheTransformAreThoseOfTheirPapers() {
    #expect(close(Correlation.pearson.transformedStandardError(0.4, count: 28), 0.2))
    #expect(close(Correlation.spearman.transformedStandardError(0.4, count: 28), (1.08 / 25).squareRoot()))
    #expect(close(Correlation.kendall.transformedStandardError(0.4, count: 29), (0.437 / 25).squareRoot()))
    for kind in Correlation.allCases {
      #expect(kind.interval(0.5, count: 3, level: 0.95) == nil)
      #expect(kind.interval(1, count: 30, level: 0.95) == nil)
    }
    #expect(Correlation.kendall.interval(0.5, count: 4, level: 0.95) == nil)
  }

  @Test(arguments: Correlation.allCases)
  func aConstantCorrelatesWithNothing(kind: Correlation) {
    #expect(kind.value([0.1, 0.1, 0.1], [1, 2, 3]) == nil)
    #expect(kind.value([1, 2, 3], [0.7, 0.7, 0.7]) == nil)
    #expect(kind.value([], []) == nil)
    #expect(kind.value([1], [1]) == nil)
    #expect(kind.permutationP([1, 1], [1, 2], replicates: 10, seed: 0) == nil)
  }

  @Test(arguments: Correlation.allCases)
  func aListCorrelatesFullyWithItselfAndInverselyWithItsNegative(kind: Correlation) {
    #expect(close(kind.value(x, x), 1))
    #expect(close(kind.value(x, x.map(-)), -1))
    #expect(close(kind.value(x, y), kind.value(y, x)))
  }

  @Test func rankCorrelationsIgnoreMonotoneChanges() {
    let bent = x.map { exp($0) - 3 }
    #expect(close(Correlation.spearman.value(bent, y), Correlation.spearman.value(x, y)))
    #expect(close(Correlation.kendall.value(bent, y), Correlation.kendall.value(x, y)))
  }

  /// Against the definition over all pairs.
  @Test func kendallByMergingEqualsKendallByPairs() throws {
    for stream in 0..<20 {
      var generator = CounterGenerator(seed: 9, stream: UInt64(stream))
      let a = (0..<73).map { _ in Double(generator.nextIndex(below: 12)) }
      let b = (0..<73).map { _ in Double(generator.nextIndex(below: 9)) }
      var difference = 0.0
      var untiedA = 0.0
      var untiedB = 0.0
      for i in 0..<73 {
        for j in 0..<i {
          difference += Double((a[i] - a[j]).sign(b[i] - b[j]))
          if a[i] != a[j] { untiedA += 1 }
          if b[i] != b[j] { untiedB += 1 }
        }
      }
      #expect(close(Correlation.kendall.value(a, b), difference / (untiedA * untiedB).squareRoot(), 1e-13))
    }
  }

  /// All 720 pairings, counted with itertools and scipy.
  @Test func smallPermutationTestsAreExact() {
    let a: [Double] = [1, 2, 3, 4, 5, 6]
    let b: [Double] = [2, 1, 4, 3, 6, 5]
    #expect(close(Correlation.pearson.permutationP(a, b, replicates: 1, seed: 0), 0.058333333333333334))
    #expect(close(Correlation.spearman.permutationP(a, b, replicates: 1, seed: 0), 0.058333333333333334))
    #expect(close(Correlation.kendall.permutationP(a, b, replicates: 1, seed: 0), 0.1361111111111111))
  }

  @Test func sampledPermutationsAreSeededAndFloored() throws {
    let a = (0..<40).map(Double.init)
    let p = try #require(Correlation.pearson.permutationP(a, a, replicates: 499, seed: 1))
    #expect(p == 1.0 / 500)
    var generator = CounterGenerator(seed: 1, stream: 0)
    let noise = generator.shuffled(a)
    let first = Correlation.kendall.permutationP(a, noise, replicates: 200, seed: 4)
    #expect(first == Correlation.kendall.permutationP(a, noise, replicates: 200, seed: 4))
    #expect(try #require(first) > 0.01)
  }
}

extension Double {
  /// The sign of a product: 1, 0 or -1.
  fileprivate func sign(_ other: Double) -> Int {
    let product = self * other
    return product > 0 ? 1 : product < 0 ? -1 : 0
  }
}
