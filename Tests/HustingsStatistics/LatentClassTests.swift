import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

@Suite("Latent classes")
struct LatentClassTests {
  /// Two kinds of rater who say the opposite of each other on every item, but for some slips.
  private func ratings(raters: Int, items: Int) -> [[Bool?]] {
    (0..<raters).map { rater in
      (0..<items).map { item in
        if (rater * 7 + item * 3) % 11 == 0 { return nil }
        let slip = (rater * 5 + item * 13) % 10 == 0
        return ((rater % 3 == 0) == (item % 2 == 0)) != slip
      }
    }
  }

  @Test func oneTypeIsAMeanWithAPrior() {
    let table = ratings(raters: 9, items: 4)
    let fit = LatentClasses(table, types: 1)
    for item in 0..<4 {
      let known = table.compactMap { $0[item] }
      let expected = (Double(known.count { $0 }) + 1) / (Double(known.count) + 2)
      #expect(abs(fit.probabilities[item] - expected) < 1e-12)
    }
    #expect(abs(fit.shares[0] - 1) < 1e-12)
    var total = 0.0
    for row in table {
      for (item, said) in row.enumerated() {
        guard let said else { continue }
        total += said ? log(fit.probabilities[item]) : log(1 - fit.probabilities[item])
      }
    }
    #expect(abs(fit.logLikelihood - total) < 1e-9)
  }

  @Test func twoKindsAreToldApart() {
    let fit = LatentClasses(
      ratings(raters: 30, items: 12), types: 2, search: .init(starts: 4, chains: 1, moves: 4))
    let truth = (0..<30).map { $0 % 3 == 0 ? 1 : 0 }
    #expect(fit.assignments == truth)
    #expect(abs(fit.shares[0] - 2.0 / 3) < 0.01)
    #expect(fit.shares[0] >= fit.shares[1])
  }

  @Test func theObjectiveIsLikelihoodAndPrior() {
    let table = ratings(raters: 20, items: 6)
    let fit = LatentClasses(table, types: 2, search: .init(starts: 2, chains: 1, moves: 0))
    let prior = fit.probabilities.reduce(0) { $0 + log($1) + log(1 - $1) }
    #expect(abs(fit.objective - fit.logLikelihood - prior) < 1e-9)
    var total = 0.0
    for row in table {
      let joint = (0..<2).map { type in
        row.enumerated().reduce(log(fit.shares[type])) { sum, cell in
          guard let said = cell.element else { return sum }
          let p = fit.probabilities[type * 6 + cell.offset]
          return sum + (said ? log(p) : log(1 - p))
        }
      }
      total += logSumExp(joint)
    }
    #expect(abs(fit.logLikelihood - total) < 1e-6)
  }

  @Test func moreTypesAndMoreSearchNeverFitWorse() {
    let table = ratings(raters: 24, items: 8)
    let short = LatentClasses(table, types: 3, search: .init(starts: 1, chains: 1, moves: 0))
    let long = LatentClasses(table, types: 3, search: .init(starts: 1, chains: 1, moves: 20))
    #expect(long.objective >= short.objective)
    #expect(long == LatentClasses(table, types: 3, search: .init(starts: 1, chains: 1, moves: 20)))
  }

  @Test func responsibilitiesPredict() {
    let fit = LatentClasses(
      ratings(raters: 30, items: 12), types: 2, search: .init(starts: 4, chains: 1, moves: 4))
    #expect(fit.probability(rater: 0, item: 0) > 0.5)
    #expect(fit.probability(rater: 1, item: 0) < 0.5)
    for rater in 0..<30 {
      #expect(abs(fit.responsibilities[2 * rater] + fit.responsibilities[2 * rater + 1] - 1) < 1e-12)
    }
  }
}
