import Hustings
import HustingsNumerics
import HustingsReports
import HustingsStatistics
import Testing

@testable import Studies

@Suite struct GateStudyTests {
  private let simulation = GateSimulation(seed: 3, count: 4_000, workers: 2)

  @Test func answersHaveTheRatesTheyAreToldToHave() {
    let rivalry = Rivalry(items: 50, discordance: 0.3, difference: -0.1)
    let better = simulation.values("rates") { Double(rivalry.answers(&$0).candidateOnly) }
    let worse = simulation.values("rates") { Double(rivalry.answers(&$0).baselineOnly) }
    // Binomial(50, .1) and Binomial(50, .2), whose means of 4,000 have standard errors of .034 and .045: five of them.
    let (meanBetter, meanWorse) = (better.reduce(0, +) / 4_000, worse.reduce(0, +) / 4_000)
    #expect(abs(meanBetter - 5) < 0.17)
    #expect(abs(meanWorse - 10) < 0.225)
  }

  @Test func itemsOneByOneHaveTheSameRates() {
    let rivalry = Rivalry(items: 1, discordance: 0.3, difference: 0.3)
    let draws = simulation.values("one") { Double(rivalry.next(&$0)) }
    #expect(draws.allSatisfy { $0 == 0 || $0 == 1 })
    // The mean's standard error is √(.3 · .7 / 4000) = .0072.
    let mean = draws.reduce(0, +) / 4_000
    #expect(abs(mean - 0.3) < 0.036)
  }

  @Test func everyItemDiffersWhereTheChanceIsOne() {
    let rivalry = Rivalry(items: 20, discordance: 1, difference: -1)
    var random = CounterGenerator(seed: 1, identity: "all")
    let score = rivalry.answers(&random)
    #expect(score.baselineOnly == 20 && score.candidateOnly == 0)
  }

  @Test func threadsChangeNothing() {
    let rivalry = Rivalry(items: 100, discordance: 0.1, difference: 0)
    let one = GateSimulation(seed: 3, count: 500, workers: 1).values("same") {
      rivalry.answers(&$0).difference
    }
    let two = GateSimulation(seed: 3, count: 500, workers: 2).values("same") {
      rivalry.answers(&$0).difference
    }
    #expect(one == two)
    #expect(
      one
        != GateSimulation(seed: 4, count: 500, workers: 2).values("same") { rivalry.answers(&$0).difference })
  }

  @Test func aBettorPassesWhatNeverChanges() {
    var random = CounterGenerator(seed: 1, identity: "certain")
    let certain = Peeking(
      rivalry: Rivalry(items: 5_000, discordance: 1e-9, difference: 0), margin: 0.02, alpha: 0.05)
    #expect(certain.passByBetting(&random) != nil)
    #expect(certain.passByPeeking(&random) != nil)
  }

  @Test func everyQuestionHasATableAndAClaim() async throws {
    let settings = StudySettings(
      seeds: [1], workers: 2, context: BenchmarkContext(dataRoot: "/nowhere", seed: 1, path: { $0 }),
      progress: { _ in }, clock: { 0 })
    let report = GateStudy(settings: settings, gatesPerSeed: 40).report()
    #expect(report.tables.count == 6 && report.claims.count == 8)
    for table in report.tables {
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.title ?? "")")
    }
    // (z.95 + z.80)² · p_d / margin²: 6 % that differ and a margin of one point take 3,710 items.
    let planned = report.tables[2].rows[2][2].text
    #expect(planned.hasPrefix("3,710: "))
  }
}
