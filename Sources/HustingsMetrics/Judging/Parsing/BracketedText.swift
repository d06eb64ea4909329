/// Finds what stands in square brackets, as judges are told to write their verdicts.
enum BracketedText {
  /// Every run of allowed characters that fills `[[…]]` (`depth` 2) or `[…]` (`depth` 1), from left to right.
  ///
  /// Like a regular expression `\[\[([…]+)\]\]`, matches do not overlap.
  static func runs(
    in text: String, depth: Int, where isAllowed: (Unicode.Scalar) -> Bool
  ) -> [String] {
    let scalars = Array(text.unicodeScalars)
    var runs: [String] = []
    var at = 0
    while at + 2 * depth < scalars.count {
      guard (0..<depth).allSatisfy({ scalars[at + $0] == "[" }) else {
        at += 1
        continue
      }
      let start = at + depth
      var end = start
      while end < scalars.count, isAllowed(scalars[end]) { end += 1 }
      guard end > start, end + depth <= scalars.count, (0..<depth).allSatisfy({ scalars[end + $0] == "]" })
      else {
        at += 1
        continue
      }
      runs.append(String(String.UnicodeScalarView(scalars[start..<end])))
      at = end + depth
    }
    return runs
  }
}
