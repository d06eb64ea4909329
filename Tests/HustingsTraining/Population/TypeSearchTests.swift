import Foundation
import HustingsTraining
import Testing

/// Numbers are those of specification tests B5 and B6, computed there with numpy.
@Suite("The search for types")
struct TypeSearchTests {
  private func search(iterations: Int) throws -> TypeSearch {
    let panel = try Panels.opposites()
    return try TypeSearch(
      panel, TableScores(rows: panel.rowCount),
      TypeSettings(types: 2, iterations: iterations, tolerance: 0, ridge: 0, precision: 1e-12))
  }

  private var start: TypeStart {
    .given((0..<10).flatMap { $0 < 7 ? [0.6, 0.4] : [0.4, 0.6] })
  }

  @Test(arguments: [
    (1, 0.54, [0.9907214, 0.4953607], [0.3658437, 0.1829219], [0.8871363, 0.0149651], -111.8965625),
    (2, 0.6254849, [2.1419143, 1.0709572], [-1.0372449, -0.5186224], [0.9999937, 2.5e-9], -87.0262852),
    (3, 0.6999956, [2.1972246, 1.0986123], [-2.1971097, -1.0985549], [1, 7e-10], -83.6037520),
  ])
  func iterationsAreThoseComputedElsewhere(
    count: Int, share: Double, first: [Double], second: [Double], gamma: [Double], logLikelihood: Double
  ) throws {
    let mixture = try search(iterations: count).run(from: start)
    #expect(abs(mixture.shares[0] - share) < 1e-6)
    for (parameters, expected) in zip(mixture.parameters, [first, second]) {
      #expect(abs(parameters[0] - parameters[2] - expected[0]) < 1e-6)
      #expect(abs(parameters[1] - parameters[2] - expected[1]) < 1e-6)
    }
    #expect(abs(mixture.responsibilities(of: 0)[0] - gamma[0]) < 1e-6)
    #expect(abs((mixture.responsibilities(of: 9).first ?? 0) - gamma[1]) < 1e-6)
    #expect(abs(mixture.logLikelihood - logLikelihood) < 1e-6)
  }

  @Test func theLimitIsTheTruthAndTheLikelihoodNeverFalls() throws {
    let mixture = try search(iterations: 20).run(from: start)
    #expect(abs(mixture.logLikelihood + 83.60375192633) < 1e-8)
    #expect(mixture.largestFall < 1e-9)
    #expect(abs(mixture.shares[0] - 0.7) < 1e-6)
    #expect(abs(mixture.parameters[0][0] - mixture.parameters[0][2] - log(9)) < 1e-6)
    #expect(mixture.assignments == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
  }

  @Test func anEvenStartNeverLeavesThePooledPolicy() throws {
    let mixture = try search(iterations: 5).run(from: .uniform)
    for parameters in mixture.parameters {
      #expect(abs(parameters[0] - parameters[2] - 0.6895249173) < 1e-7)
      #expect(abs(parameters[1] - parameters[2] - 0.3447624586) < 1e-7)
    }
    #expect(abs(mixture.logLikelihood + 117.9876918) < 1e-6)
    #expect(mixture.responsibilities.allSatisfy { abs($0 - 0.5) < 1e-12 })
  }

  @Test(arguments: [
    TypeStart.clusters(seed: 3), .spectral(seed: 3), .dirichlet(scale: 2, seed: 3),
    .random(scale: 1, seed: 3),
  ])
  func everyOtherStartFindsTheTwoMinds(start: TypeStart) throws {
    let mixture = try search(iterations: 50).run(from: start).sorted
    #expect(abs(mixture.logLikelihood + 83.60375192633) < 1e-6)
    #expect(mixture.assignments == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
  }

  @Test(arguments: [1, 2, 3])
  func threadsChangeNoBit(workers: Int) throws {
    let panel = try Panels.opposites()
    let settings = TypeSettings(types: 2, iterations: 6)
    let alone = try TypeSearch(panel, TableScores(rows: 3), settings).run(from: start)
    let together = try TypeSearch(panel, TableScores(rows: 3), settings, workers: workers).run(from: start)
    #expect(alone == together)
  }

  @Test func restartingFromTheReferenceFindsTheSame() throws {
    let panel = try Panels.opposites()
    var settings = TypeSettings(types: 2, iterations: 20, tolerance: 0, ridge: 0, precision: 1e-12)
    settings.restart = .reference
    let mixture = try TypeSearch(panel, TableScores(rows: 3), settings).run(from: start)
    #expect(abs(mixture.logLikelihood + 83.60375192633) < 1e-8)
    #expect(mixture.largestFall < 1e-9)
  }

  @Test func crossFittingFindsTheTwoMinds() throws {
    let panel = try Panels.opposites()
    let settings = TypeSettings(types: 2, iterations: 20, ridge: 0.01, crossFits: true)
    let mixture = try TypeSearch(panel, TableScores(rows: 3), settings).run(from: start)
    #expect(mixture.assignments == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
  }

  @Test func posteriorsAreWorkedInLogSpace() {
    // B6: margins (1, .5, -.2) under one type and (-.5, .3, .8) under the other.
    let likelihood = VoteLikelihood()
    let logs = [[1, 0.5, -0.2], [-0.5, 0.3, 0.8]].map { margins in
      margins.reduce(0) { $0 + likelihood.value(scores: [$1, 0]).logProbability }
    }
    #expect(abs(logs[0] + 1.5854775411) < 1e-9)
    #expect(abs(logs[1] + 1.8995328946) < 1e-9)
    let posterior = TypePosterior(shares: [0.7, 0.3], logLikelihoods: logs)
    #expect(abs(posterior.probabilities[0] - 0.7615785139) < 1e-9)
    #expect(abs(posterior.logEvidence + 1.6697904773) < 1e-9)
    let far = TypePosterior(shares: [0.7, 0.3], logLikelihoods: [-9000, -9001])
    #expect(abs(far.probabilities[0] - 0.7 * M_E / (0.7 * M_E + 0.3)) < 1e-9)
  }

  @Test func moreTypesThanAnnotatorsAreRefused() throws {
    let panel = try Panels.opposites()
    #expect(throws: VoteFault.tooFewAnnotators(types: 11, annotators: 10)) {
      try TypeSearch(panel, TableScores(rows: 3), TypeSettings(types: 11))
    }
  }
}
