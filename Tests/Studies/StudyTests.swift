import Hustings
import HustingsReports
import Testing

@testable import Studies

private func settings() -> StudySettings {
  StudySettings(
    seeds: [1], workers: 1, context: BenchmarkContext(dataRoot: "/nowhere", seed: 1, path: { $0 }),
    progress: { _ in }, clock: { 0 })
}

@Suite struct StudyTests {
  @Test func studiesHaveNamesOfTheirOwn() {
    #expect(Set(Study.all.map(\.name)).count == Study.all.count)
    #expect(Study.all.allSatisfy { !$0.summary.isEmpty && $0.summary.count <= 100 })
  }

  @Test func readingsGrowWithResponsesOrWithTheirPairs() async throws {
    let report = try await QueriesStudy(settings: settings(), counts: [2, 5]).report()
    let readings = report.tables[0].rows.map { [$0[0].value, $0[2].value] }
    // K for rewards and vectors, K(K - 1) for a model that reads ordered pairs.
    #expect(
      readings == [
        [.integer(2), .integer(2)], [.integer(2), .integer(2)], [.integer(2), .integer(2)],
        [.integer(5), .integer(5)], [.integer(5), .integer(5)], [.integer(5), .integer(20)],
      ])
  }

  @Test func claimsAreATableOfTheirOwn() {
    let report = StudyReport(tables: [], claims: [Claim("a is b", true, "1"), Claim("b is c", false, "2")])
    #expect(
      report.verdicts?.rows.map { $0.map(\.text) } == [["a is b", "yes", "1"], ["b is c", "no", "2"]])
    #expect(StudyReport(tables: []).verdicts == nil)
  }

  @Test func studiesOfRealDataSayWhatIsMissing() async {
    for study in [Study.transitive, .population, .transfer] {
      let error = await #expect(throws: (any Error).self) { try await study.run(settings()) }
      #expect("\(String(describing: error))".contains("/nowhere"), "\(study.name)")
    }
  }
}
