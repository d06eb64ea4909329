/// How long an answer is and how it is laid out: what Arena-Hard's style control holds equal.
public struct AnswerStyle: Sendable, Hashable {
  /// The length in the tokens of a named tokeniser. Stored with the answers, as counting needs the tokeniser.
  public let tokens: Int
  /// Headers, of all levels.
  public let headers: Int
  /// List items, ordered and not.
  public let listItems: Int
  /// Stretches in bold.
  public let bolds: Int

  /// A style from its counts.
  public init(tokens: Int, headers: Int, listItems: Int, bolds: Int) {
    self.tokens = tokens
    self.headers = headers
    self.listItems = listItems
    self.bolds = bolds
  }

  /// A style from the text, whose markdown is counted.
  public init(tokens: Int, answer: String) {
    let markdown = MarkdownCounts(answer)
    self.init(
      tokens: tokens, headers: markdown.headers.reduce(0, +),
      listItems: markdown.orderedItems + markdown.unorderedItems,
      bolds: markdown.starredBolds + markdown.underscoredBolds)
  }

  private var counts: [Double] { [tokens, headers, listItems, bolds].map(Double.init) }

  /// How much more of each an answer has than another, as version 0.1 compares them: (a − b) / (a + b + 1) for tokens, headers,
  /// list items and bolds.
  public func excess01(over other: AnswerStyle) -> [Double] {
    zip(counts, other.counts).map { ($0 - $1) / ($0 + $1 + 1) }
  }

  /// The same as version 2 compares them: (a − b) / (a + b) for tokens, and (a − b) / (a + b + 1) for the densities of headers,
  /// list items and bolds, which are count / (tokens + 1).
  public func excess2(over other: AnswerStyle) -> [Double] {
    let length = Double(tokens + other.tokens)
    let densities = zip(counts.dropFirst(), other.counts.dropFirst()).map { ours, theirs in
      let a = ours / Double(tokens + 1)
      let b = theirs / Double(other.tokens + 1)
      return (a - b) / (a + b + 1)
    }
    return [length == 0 ? 0 : Double(tokens - other.tokens) / length] + densities
  }
}
