import Foundation

/// Two scores that open a judge's reply, as in FastChat's first reviews: `8 9` on the first line, then prose.
public struct ScorePair: Sendable, Hashable {
  /// The score of the response shown first.
  public let first: Double
  /// The score of the response shown second.
  public let second: Double

  /// A pair of scores.
  public init(first: Double, second: Double) {
    self.first = first
    self.second = second
  }

  /// Reads the first line: exactly two numbers, separated by one blank or one comma; nil for anything else.
  ///
  /// Upstream replaces commas by blanks and cuts at each blank, so `8, 9` has an empty third part and is refused.
  public init?(firstLineOf text: String) {
    let line = text.prefix { $0 != "\n" && $0 != "\r\n" }
    let parts = line.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "," }
    guard parts.count == 2, let first = ScorePair.number(parts[0]), let second = ScorePair.number(parts[1])
    else {
      return nil
    }
    self.init(first: first, second: second)
  }

  /// A finite number as Python's `float` reads it: blanks around it are fine.
  private static func number(_ text: Substring) -> Double? {
    guard let value = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)), value.isFinite else {
      return nil
    }
    return value
  }
}
