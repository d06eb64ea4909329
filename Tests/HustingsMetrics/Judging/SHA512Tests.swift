import Testing

@testable import HustingsMetrics

@Suite struct SHA512Tests {
  private func hex(_ text: String) -> String {
    SHA512.digest(Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  // FIPS 180-4 examples and CPython's hashlib.
  @Test func digestsAreThoseOfTheStandard() {
    #expect(
      hex("")
        == "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")
    #expect(hex("abc").hasPrefix("ddaf35a193617abacc417349ae204131"))
  }

  @Test func aMessageOfSeveralBlocksIsPaddedRight() {
    #expect(
      hex(String(repeating: "a", count: 200))
        == "4b11459c33f52a22ee8236782714c150a3b2c60994e9acee17fe68947a3e6789"
        + "f31e7668394592da7bef827cddca88c4e6f86e4df7ed1ae6cba71f3e98faee9f")
  }

  @Test(arguments: [111, 112, 119, 120, 127, 128])
  func lengthsAroundABlockGiveSixtyFourBytes(count: Int) {
    #expect(SHA512.digest([UInt8](repeating: 7, count: count)).count == 64)
  }
}
