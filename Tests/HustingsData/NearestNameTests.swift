import Testing

@testable import HustingsData

@Suite struct NearestNameTests {
  /// Textbook distances: kitten to sitting is 3 (Levenshtein), a swap of neighbours is 1 (Damerau 1964).
  @Test(arguments: [
    ("kitten", "sitting", 3), ("name", "nmae", 1), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
    ("ca", "abc", 3),
  ])
  func distancesAreTheTextbooks(a: String, b: String, distance: Int) {
    #expect(editDistance(Array(a.utf8), Array(b.utf8)) == distance)
    #expect(editDistance(Array(b.utf8), Array(a.utf8)) == distance)
  }

  @Test func onlySlipsOfTheKeyboardAreSuggested() {
    let names = ["chosen", "rejected", "prompt", "id"]
    #expect(nearestName(to: "choosen", among: names) == "chosen")
    #expect(nearestName(to: "Prompt", among: names) == "prompt")
    #expect(nearestName(to: "response", among: names) == nil)
    #expect(nearestName(to: "xy", among: names) == nil)
    #expect(nearestName(to: String(repeating: "a", count: 1000), among: names) == nil)
  }
}
