import Foundation
public import Hustings

/// How MT-Bench reads its judge (FastChat, `llm_judge`).
///
/// Zheng et al., "Judging LLM-as-a-judge with MT-Bench and Chatbot Arena" (NeurIPS 2023).
public enum MTBenchReply {
  /// The rating in a reply: the first `[[7.5]]`, else the first `[7.5]`; nil when there is neither.
  public static func rating(in reply: String) -> Double? {
    for depth in [2, 1] {
      let runs = BracketedText.runs(in: reply, depth: depth) { $0 == "." || $0.isPythonDigit }
      if let rating = runs.lazy.compactMap(number).first { return rating }
    }
    return nil
  }

  /// The rating in a reply as the reference-guided gradings that came before Arena-Hard ("arena-bench-v1") read it: a whole
  /// number in the only `[[…]]` that holds one; nil when there are several, or none.
  public static func wholeRating(in reply: String) -> Double? {
    let runs = BracketedText.runs(in: reply, depth: 2, where: \.isPythonDigit)
    return runs.count == 1 ? Double(runs[0]) : nil
  }

  /// The verdict in a reply: the first of `[[A]]`, `[[B]]` and `[[C]]`, in that order, that occurs anywhere in it.
  public static func verdict(in reply: String) -> Verdict {
    var text = reply
    let labels = text.withUTF8 { bytes in
      var labels: [UInt8] = []
      guard let start = UnsafeRawPointer(bytes.baseAddress) else { return labels }
      var place = 0
      // A reply is long and has few brackets.
      while place + 4 < bytes.count,
        let bracket = memchr(start + place, Int32(UInt8(ascii: "[")), bytes.count - 4 - place)
      {
        place = UnsafeRawPointer(bracket) - start
        if bytes[place + 1] == UInt8(ascii: "["), bytes[place + 3] == UInt8(ascii: "]"),
          bytes[place + 4] == UInt8(ascii: "]")
        {
          labels.append(bytes[place + 2])
        }
        place += 1
      }
      return labels
    }
    for (label, verdict) in [
      (UInt8(ascii: "A"), Verdict.first), (UInt8(ascii: "B"), .second), (UInt8(ascii: "C"), .tie),
    ]
    where labels.contains(label) { return verdict }
    return .unreadable(reply)
  }

  /// The verdict that two ratings come to: `[[8,7.5]]`, a tie when they differ by at most 0.1.
  public static func verdict(byRatingsIn reply: String) -> Verdict {
    for run in BracketedText.runs(
      in: reply, depth: 2, where: { $0 == "." || $0 == "," || $0.isPythonSpace || $0.isPythonDigit })
    {
      let parts = run.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 2, let first = number(String(parts[0])),
        let second = number(String(parts[1].first == " " ? parts[1].dropFirst() : parts[1]))
      else { continue }
      return abs(first - second) <= 0.1 ? .tie : first > second ? .first : .second
    }
    return .unreadable(reply)
  }

  /// One digit or more, then at most one point, then any digits.
  private static func number(_ run: String) -> Double? {
    guard run.first != ".", run.count(where: { $0 == "." }) <= 1 else { return nil }
    return Double(run)
  }
}
