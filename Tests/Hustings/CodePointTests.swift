import Testing

@testable import Hustings

@Suite struct CodePointTests {
  /// Against Swift's own decoding, with code points of one to four bytes, across the blocks in which bytes are counted.
  @Test(arguments: ["", "plain", "é", "日本語", "👩‍👩‍👧", "e\u{301}", "a\u{0}b"])
  func codePointsAreCountedAsDecodingCountsThem(text: String) {
    for count in [1, 2, 63, 64, 65, 500] {
      let long = String(repeating: text, count: count)
      #expect(long.codePointCount == long.unicodeScalars.count)
      #expect(String(long.reversed()).codePointCount == long.unicodeScalars.count)
    }
  }

  @Test func largeArraysHoldWhatTheyAreFilledWith() {
    // More than two large pages, so that some are asked for.
    let count = 3 << 20
    let array = [Float](large: count) { buffer, initialised in
      for place in 0..<count { buffer[place] = Float(place) }
      initialised = count
    }
    #expect(array.count == count)
    #expect(array[0] == 0 && array[count - 1] == Float(count - 1))
    var grown: [Float] = []
    grown.reserveLargeCapacity(count)
    #expect(grown.isEmpty && grown.capacity >= count)
    grown += array
    #expect(grown == array)
  }
}
