import HustingsData
import Testing

@Suite struct ParallelTests {
  private struct Fault: Error, Equatable { let place: Int }

  @Test func resultsStandInTheOrderOfTheInputs() {
    #expect(Parallel.map(Array(0..<1000)) { $0 * $0 } == (0..<1000).map { $0 * $0 })
    #expect(Parallel.map([Int]()) { $0 } == [])
  }

  @Test func theFirstFaultInOrderIsThrown() {
    #expect(throws: Fault(place: 7)) {
      try Parallel.map(Array(0..<100)) { (place: Int) throws(Fault) -> Int in
        if place >= 7 { throw Fault(place: place) }
        return place
      }
    }
  }
}
