/// Markdown elements outside code fences, counted as Arena-Hard's `add_markdown_info` counts them.
public struct MarkdownCounts: Sendable, Hashable {
  /// Headers of level 1 to 6.
  public let headers: [Int]
  /// Lines that begin with `1.` and the like.
  public let orderedItems: Int
  /// Lines that begin with `-`, `*` or `+`.
  public let unorderedItems: Int
  /// `**…**` within a line.
  public let starredBolds: Int
  /// `__…__` within a line.
  public let underscoredBolds: Int

  /// Counts the elements of a text.
  public init(_ text: String) {
    let scalars = MarkdownCounts.withoutFencedText(Array(text.unicodeScalars))
    var headers = [Int](repeating: 0, count: 6)
    var ordered = 0
    var unordered = 0
    // A line begins after a line feed and nowhere else.
    for line in scalars.split(separator: "\n", omittingEmptySubsequences: false) {
      // What follows a mark may be the line feed itself, unless the text ends there.
      let isLast = line.endIndex == scalars.endIndex
      func endsInSpace(_ mark: Int) -> Bool { mark < line.endIndex ? line[mark].isPythonSpace : !isLast }
      let hashes = line.prefix { $0 == "#" }
      if (1...6).contains(hashes.count), endsInSpace(hashes.endIndex) { headers[hashes.count - 1] += 1 }
      let body = line.drop { $0.isPythonSpace }
      guard let first = body.first else { continue }
      if ["-", "*", "+"].contains(first), endsInSpace(body.startIndex + 1) { unordered += 1 }
      let digits = body.prefix { $0.isPythonDigit }
      if !digits.isEmpty, digits.endIndex < line.endIndex, line[digits.endIndex] == ".",
        endsInSpace(digits.endIndex + 1)
      {
        ordered += 1
      }
    }
    self.headers = headers
    orderedItems = ordered
    unorderedItems = unordered
    starredBolds = MarkdownCounts.doubled("*", in: scalars)
    underscoredBolds = MarkdownCounts.doubled("_", in: scalars)
  }

  /// Stretches of one line between two pairs of `mark`, without the mark itself.
  private static func doubled(_ mark: Unicode.Scalar, in scalars: [Unicode.Scalar]) -> Int {
    var count = 0
    var at = 0
    while at + 4 < scalars.count {
      guard scalars[at] == mark, scalars[at + 1] == mark else {
        at += 1
        continue
      }
      var end = at + 2
      while end < scalars.count, scalars[end] != mark, scalars[end] != "\n" { end += 1 }
      guard end > at + 2, end + 1 < scalars.count, scalars[end] == mark, scalars[end + 1] == mark else {
        at += 1
        continue
      }
      count += 1
      at = end + 2
    }
    return count
  }

  /// The text without what stands between pairs of code fences. Upstream removes every occurrence of the fenced text, inside
  /// fences or not, and leaves the fences themselves.
  private static func withoutFencedText(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var blocks: [[Unicode.Scalar]] = []
    var at = 0
    while let open = fence(in: scalars, from: at) {
      var end = open + 3
      while end < scalars.count, scalars[end] != "`" { end += 1 }
      if end + 2 < scalars.count, scalars[end + 1] == "`", scalars[end + 2] == "`" {
        blocks.append(Array(scalars[(open + 3)..<end]))
        at = end + 3
      } else {
        at = open + 1
      }
    }
    return blocks.reduce(scalars) { removing($1, from: $0) }
  }

  /// The next place from which three back-ticks stand.
  private static func fence(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
    var at = start
    while at + 2 < scalars.count {
      if scalars[at] == "`", scalars[at + 1] == "`", scalars[at + 2] == "`" { return at }
      at += 1
    }
    return nil
  }

  private static func removing(_ part: [Unicode.Scalar], from whole: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard let first = part.first else { return whole }
    var rest: [Unicode.Scalar] = []
    rest.reserveCapacity(whole.count)
    var at = 0
    while at < whole.count {
      if whole[at] == first, at + part.count <= whole.count, whole[at..<at + part.count].elementsEqual(part) {
        at += part.count
      } else {
        rest.append(whole[at])
        at += 1
      }
    }
    return rest
  }
}
