import Hustings
import Testing

@Suite struct NameTableTests {
  @Test func placesCountDistinctNamesInTheOrderSeen() {
    var table = NameTable()
    var places: [String: Int] = [:]
    for step in 0..<5_000 {
      let name = "item \(step * 7_919 % 1_234)"
      let expected = places[name]
      let (place, isNew) = table.insert(name)
      #expect(isNew == (expected == nil))
      #expect(place == expected ?? places.count)
      places[name] = place
    }
    #expect(table.count == 1_234)
    #expect(places.allSatisfy { table.place(of: $0.key) == $0.value && table[$0.value] == $0.key })
    #expect(table.place(of: "item 1234") == nil)
  }

  @Test func namesAreComparedByTheirBytes() {
    var table = NameTable()
    // é as one scalar and as two: equal as Swift strings.
    #expect(table.insert("caf\u{e9}").isNew)
    #expect(table.insert("cafe\u{301}").isNew)
    #expect(table.insert("").isNew)
    #expect(table.count == 3)
  }

  @Test func roomMadeBeforehandChangesNothing() {
    var roomy = NameTable()
    roomy.reserveCapacity(1_000)
    var plain = NameTable()
    for name in (0..<300).map({ String($0 % 200) }) {
      #expect(roomy.insert(name) == plain.insert(name))
    }
    #expect(roomy.names == plain.names)
  }
}
