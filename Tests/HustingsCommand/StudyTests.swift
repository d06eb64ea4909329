import Foundation
import Testing

@Suite struct StudyCommandTests {
  @Test(arguments: [
    (["study", "cycle"], "There is no study 'cycle'. Did you mean 'cycles'?"),
    (["study", "queries", "--seeds", "0"], "--seeds takes a number from 1 to 1000, not 0."),
  ]) func mistakesAreUsage(_ arguments: [String], _ sentence: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let result = try bench.hustings(arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(sentence))
  }

  @Test func studiesWithoutTheirDataAreInvalidInput() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    let result = try bench.hustings("study", "population", "--seeds", "1")
    #expect(result.status == 3)
    #expect(result.errors.contains("alpaca_eval2"))
  }
}
