extension String {
  /// How many Unicode code points the text has, which is what Python calls its length.
  ///
  /// Counted by the bytes of UTF-8 that begin one, which takes no decoding.
  package var codePointCount: Int {
    var text = self
    return text.withUTF8 { bytes in
      var count = 0
      // Sums of up to 255 bytes fit one, which lets processors add many side by side.
      for start in stride(from: 0, to: bytes.count, by: 192) {
        var some: UInt8 = 0
        for place in start..<min(start + 192, bytes.count) { some &+= bytes[place] & 0xc0 == 0x80 ? 0 : 1 }
        count += Int(some)
      }
      return count
    }
  }
}
