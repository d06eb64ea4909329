import Hustings

/// An edit of a response that leaves its meaning alone, or takes a little away.
enum TextEdit: String, CaseIterable, Sendable {
  /// Markdown marks are taken off.
  case markdown
  /// A sentence that says nothing is added.
  case padding
  /// The reader is flattered first.
  case flattery
  /// The items of bulleted lists stand in reverse order.
  case reordering
  /// Every letter is small.
  case lowercase
  /// Two letters of about one word in twenty change places.
  case typos

  /// Whether the original is at least as good by everyone's lights.
  var makesWorse: Bool {
    switch self {
    case .padding, .flattery, .lowercase, .typos: true
    case .markdown, .reordering: false
    }
  }

  /// The edited text; a pure function of the text, the seed and the item. The text itself where there is nothing to edit.
  func applied(to text: String, seed: UInt64, item: String) -> String {
    switch self {
    case .markdown: TextEdit.withoutMarkdown(text)
    case .padding:
      text + "\n\nI hope this gives you a good overview of the topic and covers the points that matter here."
    case .flattery: "What a great and thoughtful question! " + text
    case .reordering: TextEdit.reordered(text)
    case .lowercase: text.lowercased()
    case .typos: TextEdit.mistyped(text, seed: seed, item: item)
    }
  }

  /// The text without heading marks, emphasis, list marks and code fences at the places where markdown reads them.
  private static func withoutMarkdown(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = line.prefix { $0 == " " }
      var rest = line.dropFirst(indent.count)
      if rest.hasPrefix("```") { continue }
      let marks = rest.prefix { $0 == "#" }
      if !marks.isEmpty, rest.dropFirst(marks.count).first == " " {
        rest = rest.dropFirst(marks.count + 1)
      } else if let mark = rest.first, "*-+".contains(mark), rest.dropFirst().first == " " {
        rest = rest.dropFirst(2)
      }
      var plain = String(rest)
      for mark in ["**", "__", "`"] { plain = plain.replacing(mark, with: "") }
      lines.append(indent + plain)
    }
    return lines.joined(separator: "\n")
  }

  /// The text with each run of bulleted lines turned round.
  private static func reordered(_ text: String) -> String {
    var result: [Substring] = []
    var run: [Substring] = []
    func isItem(_ line: Substring) -> Bool {
      guard let mark = line.first, "*-+".contains(mark) else { return false }
      return line.dropFirst().first == " "
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if isItem(line) {
        run.append(line)
      } else {
        result += run.reversed()
        run = []
        result.append(line)
      }
    }
    return (result + run.reversed()).joined(separator: "\n")
  }

  private static func mistyped(_ text: String, seed: UInt64, item: String) -> String {
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let long = words.indices.filter { index in
      words[index].count >= 4 && words[index].allSatisfy { $0.isLetter }
    }
    guard !long.isEmpty else { return text }
    // The words to spoil are those whose digests with the seed are smallest: about one in twenty, one at least.
    let ranked = long.map { index -> (digest: Digest, index: Int) in
      var hash = SHA256()
      hash.update(seed)
      hash.updateFramed(item)
      hash.update(UInt64(index))
      return (hash.finalize(), index)
    }.sorted { $0.digest < $1.digest }
    for (_, index) in ranked.prefix(max(1, words.count / 20)) {
      var letters = Array(words[index])
      // The last two neighbours that differ, so that something changes.
      guard let place = letters.indices.dropFirst(2).last(where: { letters[$0 - 1] != letters[$0] }) else {
        continue
      }
      letters.swapAt(place - 1, place)
      words[index] = String(letters)
    }
    return words.joined(separator: " ")
  }
}
