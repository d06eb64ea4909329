import Foundation
import HustingsNumerics
import Testing

/// Identities that hold between functions, whatever their reference values.
@Suite struct NumericLawTests {
  @Test func studentApproachesTheNormal() {
    let nearly = StudentT(degreesOfFreedom: 1e9)
    for t in [-4.0, -1.3, 0, 0.4, 2.5] {
      #expect(close(nearly.cdf(t), Normal.cdf(t), relative: 1e-7))
    }
    for p in [0.001, 0.3, 0.9] {
      #expect(close(nearly.quantile(p), Normal.quantile(p), relative: 1e-7))
    }
  }

  @Test func quantilesInvertTheirDistributions() {
    for freedom in [0.7, 1, 2, 5.5, 40, 3000] {
      let t = StudentT(degreesOfFreedom: freedom)
      let square = ChiSquare(degreesOfFreedom: freedom)
      for p in [1e-6, 0.01, 0.3, 0.5, 0.77, 0.999] {
        #expect(close(t.cdf(t.quantile(p)), p, relative: 1e-11))
        #expect(close(square.cdf(square.quantile(p)), p, relative: 1e-11))
        #expect(close(t.quantile(p), -t.quantile(1 - p), relative: 1e-9, absolute: 1e-15))
      }
    }
  }

  @Test func distributionsRise() {
    let t = StudentT(degreesOfFreedom: 3)
    let square = ChiSquare(degreesOfFreedom: 4)
    var last = (0.0, 0.0, 0.0)
    // Up to 6, beyond which the normal distribution rounds to 1.
    for step in 1...48 {
      let x = Double(step) / 4 - 6
      let next = (Normal.cdf(x), t.cdf(x), square.cdf(x + 6))
      #expect(next.0 > last.0 && next.1 > last.1 && next.2 > last.2)
      #expect(close(Normal.cdf(x) + Normal.survival(x), 1, relative: 1e-15))
      #expect(close(t.cdf(x) + t.survival(x), 1, relative: 1e-15))
      last = next
    }
  }

  /// I_x(a, b) = I_x(a + 1, b) + x^a (1 - x)^b / (a B(a, b)) (Abramowitz and Stegun 26.5.16).
  @Test func incompleteBetaObeysItsRecurrence() {
    for (a, b) in [(0.5, 0.5), (2.0, 7.5), (30, 4), (250, 260)] {
      for x in [0.02, 0.3, 0.5, 0.81] {
        let step = exp(a * log(x) + b * log1p(-x) - logBeta(a, b)) / a
        #expect(close(regularizedBeta(a, b, x), regularizedBeta(a + 1, b, x) + step, relative: 1e-11))
        #expect(
          close(
            regularizedBeta(a, b, x) + regularizedBeta(b, a, 1 - x), 1, relative: 1e-13))
      }
    }
  }

  /// P(a, x) = P(a + 1, x) + x^a e^-x / Γ(a + 1) (Abramowitz and Stegun 6.5.21).
  @Test func incompleteGammaObeysItsRecurrence() {
    for a in [0.3, 1, 4.5, 60, 700] {
      for x in [0.1 * a, 0.9 * a, a + 1, 1.6 * a] {
        let step = exp(a * log(x) - x - logGamma(a + 1))
        #expect(close(lowerGamma(a, x), lowerGamma(a + 1, x) + step, relative: 1e-10))
        #expect(close(lowerGamma(a, x) + upperGamma(a, x), 1, relative: 1e-14))
      }
    }
  }

  /// Poisson and chi-square: P(N ≤ k) = Q(k + 1, m).
  @Test func theGammaTailCountsPoissonEvents() {
    let mean = 6.5
    var total = 0.0
    for k in 0..<30 {
      total += exp(Double(k) * log(mean) - mean - logGamma(Double(k) + 1))
      #expect(close(upperGamma(Double(k) + 1, mean), total, relative: 1e-12))
    }
  }

  @Test func binomialTailsMirror() {
    for chance in [0.1, 0.5, 0.83] {
      let forward = Binomial(trials: 25, chance: chance)
      let backward = Binomial(trials: 25, chance: 1 - chance)
      for k in 0..<25 {
        #expect(close(forward.cdf(k), backward.survival(24 - k), relative: 1e-12))
        #expect(close(forward.mass(k), backward.mass(25 - k), relative: 1e-12))
      }
    }
  }

  @Test func logSumExpFollowsAShift() {
    let terms = [0.2, -3.0, 1.7, 0.4]
    for shift in [-900.0, 0, 55, 1e5] {
      #expect(close(logSumExp(terms.map { $0 + shift }), logSumExp(terms) + shift, relative: 1e-14))
    }
    #expect(close(logSumExp([0, 2.5]), softplus(2.5)))
  }

  @Test func compensatedSumsHardlyDependOnOrder() {
    var generator = CounterGenerator(seed: 2, stream: 2)
    let values = (0..<5000).map { _ in generator.nextNormal() * pow(10, 12 * generator.nextUniform()) }
    let forward = sum(values)
    #expect(close(sum(values.reversed()), forward, relative: 1e-15))
    #expect(close(sum(generator.shuffled(values)), forward, relative: 1e-15))
  }

  @Test func choleskySolvesRandomSystems() throws {
    var generator = CounterGenerator(seed: 8, stream: 0)
    for order in [1, 2, 7, 25] {
      let factor = (0..<order * order).map { _ in generator.nextNormal() }
      var matrix = [Double](repeating: 0, count: order * order)
      for row in 0..<order {
        for column in 0..<order {
          matrix[row * order + column] =
            (0..<order).reduce(row == column ? 0.5 : 0) {
              $0 + factor[row * order + $1] * factor[column * order + $1]
            }
        }
      }
      let solver = try #require(Cholesky(matrix, order: order))
      let right = (0..<order).map { _ in generator.nextNormal() }
      let x = solver.solve(right)
      let inverse = solver.inverse()
      for row in 0..<order {
        let back = (0..<order).reduce(0) { $0 + matrix[row * order + $1] * x[$1] }
        #expect(close(back, right[row], absolute: 1e-10))
        let through = (0..<order).reduce(0) { $0 + inverse[row * order + $1] * right[$1] }
        #expect(close(through, x[row], relative: 1e-8, absolute: 1e-10))
      }
    }
  }
}

/// Simple checks that the generator's bits look random along a stream and across streams.
@Suite struct GeneratorQualityTests {
  @Test func everyBitIsFair() {
    let generator = CounterGenerator(seed: 77, stream: 1)
    var ones = [Int](repeating: 0, count: 64)
    for position in 0..<4000 as Range<UInt64> {
      let word = generator[position]
      for bit in 0..<64 { ones[bit] += Int((word >> UInt64(bit)) & 1) }
    }
    // Five standard errors of 4000 flips; 64 bits are looked at.
    #expect(ones.allSatisfy { abs(Double($0) - 2000) < 5 * 1000.0.squareRoot() })
  }

  /// Neighbouring seeds, streams and positions differ in about half of their bits.
  @Test func neighboursAreUnrelated() {
    var apart = [0, 0, 0]
    for step in 0..<500 as Range<UInt64> {
      let word = CounterGenerator(seed: step, stream: step)[step]
      apart[0] += (word ^ CounterGenerator(seed: step + 1, stream: step)[step]).nonzeroBitCount
      apart[1] += (word ^ CounterGenerator(seed: step, stream: step + 1)[step]).nonzeroBitCount
      apart[2] += (word ^ CounterGenerator(seed: step, stream: step)[step + 1]).nonzeroBitCount
    }
    for distance in apart { #expect(abs(Double(distance) - 16_000) < 5 * 8000.0.squareRoot()) }
  }

  @Test func uniformsOfDifferentStreamsDoNotCorrelate() {
    let count = 2000
    let columns = (0..<4 as Range<UInt64>).map { stream in
      (0..<count).map { CounterGenerator(seed: 5, stream: stream).uniform(UInt64($0)) - 0.5 }
    }
    for i in 0..<4 {
      for j in 0..<i {
        let product = sum(zip(columns[i], columns[j]).map(*)) / Double(count) * 12
        #expect(abs(product) < 5 / Double(count).squareRoot())
      }
    }
  }

  @Test func resampledIndicesDoNotRepeatAcrossReplicates() {
    let first = Resampling.counts(clusters: 400, seed: 1, replicate: 0)
    var same = 0
    for replicate in 1..<200 where Resampling.counts(clusters: 400, seed: 1, replicate: replicate) == first {
      same += 1
    }
    #expect(same == 0)
    // Counts of two replicates are uncorrelated: mean product of deviations near zero.
    let second = Resampling.counts(clusters: 400, seed: 1, replicate: 1)
    let product = sum(zip(first, second).map { (Double($0) - 1) * (Double($1) - 1) }) / 400
    #expect(abs(product) < 5 / 400.0.squareRoot())
  }

  @Test func boundsThatDoNotDivideAPowerOfTwoAreFair() {
    var generator = CounterGenerator(seed: 6, stream: 6)
    let bound = 3 << 61
    let below = (0..<3000).count { _ in generator.nextIndex(below: bound) < bound / 3 }
    #expect(abs(Double(below) - 1000) < 5 * (3000.0 * 2 / 9).squareRoot())
  }
}
