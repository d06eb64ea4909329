import Foundation
import HustingsTraining
import Testing

@Suite struct PolicyLossTests {
  static let wins = PolicyLoss.WinPair(chosen: 0.68863, rejected: 0.39059)
  static let losses: [PolicyLoss] = [
    .dpo(beta: 0.1, smoothing: 0), .dpo(beta: 0.1, smoothing: 0.2), .robustDPO(beta: 0.1, flips: 0.2),
    .ipo(beta: 0.1), .simPO(beta: 2, gap: 1), .orpo(weight: 0.25), .sppo(beta: 0.1, winRates: wins),
    .gpo(beta: 0.5, scores: .init(chosen: 1.32, rejected: -0.84), clamp: 2, lengthPower: 0),
    .gpo(beta: 0.5, scores: .init(chosen: 0.4, rejected: -0.3), clamp: 1000, lengthPower: 1),
  ]
  static let pair = PolicyPair<Double>(
    chosen: -12, rejected: -15, referenceChosen: -13, referenceRejected: -14.5, chosenLength: 10,
    rejectedLength: 20)

  @Test(arguments: losses)
  func slopesAreCentralDifferences(_ loss: PolicyLoss) {
    let value = loss.value(Self.pair)
    let byChosen = derivative(at: Self.pair.chosen) {
      var pair = Self.pair
      pair.chosen = $0
      return loss.value(pair).loss
    }
    let byRejected = derivative(at: Self.pair.rejected) {
      var pair = Self.pair
      pair.rejected = $0
      return loss.value(pair).loss
    }
    #expect(agree(value.chosenSlope, byChosen))
    #expect(agree(value.rejectedSlope, byRejected))
  }

  @Test func directPreferenceOptimisationIsBradleyTerryOnTheLogRatios() {
    let value = PolicyLoss.dpo(beta: 0.1, smoothing: 0).value(Self.pair)
    // h = (-12 + 13) - (-15 + 14.5) = 1.5.
    #expect(abs(value.loss - log1p(exp(-0.15))) <= 1e-12)
    let conservative = PolicyLoss.dpo(beta: 0.1, smoothing: 0.2).value(Self.pair)
    #expect(abs(conservative.loss - (0.8 * log1p(exp(-0.15)) + 0.2 * log1p(exp(0.15)))) <= 1e-12)
  }

  /// Averaged over flips at the stated rate, the robust loss is that of clean labels.
  @Test func robustLossesAreUnbiasedUnderFlips() {
    let robust = PolicyLoss.robustDPO(beta: 0.1, flips: 0.2)
    let swapped = PolicyPair<Double>(
      chosen: -15, rejected: -12, referenceChosen: -14.5, referenceRejected: -13)
    let mean = 0.8 * robust.value(Self.pair).loss + 0.2 * robust.value(swapped).loss
    #expect(abs(mean - PolicyLoss.dpo(beta: 0.1, smoothing: 0).value(Self.pair).loss) <= 1e-12)
  }

  @Test func identityPreferenceOptimisationIsLeastAtItsGap() {
    let loss = PolicyLoss.ipo(beta: 0.25)
    let pair = PolicyPair<Double>(chosen: -10, rejected: -12)
    #expect(loss.value(pair).loss == 0)
    #expect(loss.value(pair).chosenSlope == 0)
  }

  /// By hand: mean log-probabilities -1.2 and -0.75.
  @Test func lengthNormalisedLossesUseMeansPerToken() {
    let simple = PolicyLoss.simPO(beta: 2, gap: 1).value(Self.pair)
    #expect(abs(simple.loss - log1p(exp(-(2 * (-1.2 + 0.75) - 1)))) <= 1e-12)
    let odds = { (q: Double) in q - log(1 - exp(q)) }
    let ratio = PolicyLoss.orpo(weight: 0.25).value(Self.pair)
    #expect(abs(ratio.loss - (1.2 + 0.25 * log1p(exp(odds(-0.75) - odds(-1.2))))) <= 1e-12)
  }

  /// The fixture of the general preference paper's pipeline, computed in double precision.
  @Test func targetsOfSelfPlayMatchTheReferenceFixture() {
    let upper = [[1.2, 0.4, -0.3, 2.0], [0.9, 0.5, -0.7], [1.1, 0.6], [0.2]]
    var table = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 5)
    for (i, row) in upper.enumerated() {
      for (offset, value) in row.enumerated() {
        table[i][i + 1 + offset] = value
        table[i + 1 + offset][i] = -value
      }
    }
    let targets = GameTargets(table: table)
    func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
      zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
    }
    #expect(near(targets.meanLogOdds, [0.66, -0.1, 0.08, -0.22, -0.42], 1e-12))
    #expect(near(targets.netLogOdds, [1.32, -0.2, 0.16, -0.44, -0.84], 1e-12))
    #expect(near(targets.winRates, [0.63471, 0.47934, 0.51726, 0.45031, 0.41838], 5e-6))
    #expect(near(targets.netWinRates, [0.68863, 0.47404, 0.52413, 0.42261, 0.39059], 5e-6))
    #expect(targets.best == 0)
    #expect(targets.worst == 4)

    // At β = 0.001 the log-odds targets are 1320, clamped to 1000, and -840; those of win rates 188.632 and -109.408.
    let at = PolicyPair<Double>(chosen: 1000, rejected: -840)
    let scores = PolicyLoss.WinPair(chosen: targets.netLogOdds[0], rejected: targets.netLogOdds[4])
    #expect(
      abs(PolicyLoss.gpo(beta: 0.001, scores: scores, clamp: 1000, lengthPower: 0).value(at).loss) <= 1e-18)
    let rates = PolicyLoss.WinPair(chosen: targets.netWinRates[0], rejected: targets.netWinRates[4])
    let sppo = PolicyLoss.sppo(beta: 0.001, winRates: rates).value(
      PolicyPair<Double>(chosen: 0, rejected: 0))
    #expect(abs(-sppo.chosenSlope - 188.632) <= 5e-3)
    #expect(abs(-sppo.rejectedSlope + 109.408) <= 5e-3)
  }

  @Test(arguments: [true, false], [-0.5, 0, 0.8])
  func theUnpairedLossSaturatesAndHasItsSlope(_ liked: Bool, _ divergence: Double) {
    let loss = KTO(beta: 0.3, likedWeight: 1.5, dislikedWeight: 0.5)
    let value = loss.value(logRatio: 0.7, divergence: divergence, liked: liked)
    let slope = derivative(at: 0.7) {
      loss.value(logRatio: $0, divergence: divergence, liked: liked).loss
    }
    #expect(agree(value.slope, slope))
    let z = 0.3 * (0.7 - max(divergence, 0))
    let expected = liked ? 1.5 * (1 - 1 / (1 + exp(-z))) : 0.5 * (1 - 1 / (1 + exp(z)))
    #expect(abs(value.loss - expected) <= 1e-12)
  }
}
