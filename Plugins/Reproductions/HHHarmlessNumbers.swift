import BenchmarkPlugins
import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import ModelPlugins

extension Reproductions {
  /// HH-RLHF harmless: how the longer last reply does, and the shape of the dialogues.
  static let hhHarmless = Reproduction(
    folder: "hh_harmless_test", tolerance: .init(absolute: 1e-10, relative: 1e-10)
  ) { folder in
    let pairs = try Rehearsal(HHHarmless.plugin, folder: folder)
    let lengths = PairSummary(try await pairs.trials(NullModel.length))
    let whole = try WholeDialogues("\(folder)/test.jsonl.gz")
    return .object([
      "rows": .count(pairs.examples.count), "keys": .list(whole.keys.sorted().map { .text($0) }),
      "shared_prefix_before_last_assistant": .count(whole.sharedPrefix),
      "identical_pairs": .count(whole.identical),
      "turns_chosen": .object(
        Dictionary(uniqueKeysWithValues: whole.turns.map { ("\($0.key)", .count($0.value)) })),
      "last_reply_longer_wins": .object(lengths.figures),
      "whole_text_utf8_longer_wins": .object([
        "wins": .count(whole.longer.wins), "ties": .count(whole.longer.ties),
        "losses": .count(whole.longer.losses),
      ]),
      "empty_last_reply": .count(whole.emptyReplies),
    ])
  }
}

/// What the dialogues look like before they are taken apart.
private struct WholeDialogues {
  var keys: Set<String> = []
  var sharedPrefix = 0
  var identical = 0
  var turns: [Int: Int] = [:]
  var longer = (wins: 0, ties: 0, losses: 0)
  var emptyReplies = 0

  private static let assistant = "\n\nAssistant:"

  init(_ file: String) throws {
    var rows = try JSONLines(file)
    while let row = try rows.next() {
      keys.formUnion(try row.members().map(\.key))
      let (chosen, rejected) = (try row.string("chosen"), try row.string("rejected"))
      let (one, other) = (Self.split(chosen), Self.split(rejected))
      if one.prefix == other.prefix { sharedPrefix += 1 }
      if chosen == rejected { identical += 1 }
      turns[Self.count("\n\nHuman:", in: chosen), default: 0] += 1
      let difference = chosen.utf8.count - rejected.utf8.count
      if difference > 0 {
        longer.wins += 1
      } else if difference < 0 {
        longer.losses += 1
      } else {
        longer.ties += 1
      }
      for reply in [one.reply, other.reply] where reply.allSatisfy(\.isWhitespace) { emptyReplies += 1 }
    }
  }

  private static func split(_ dialogue: String) -> (prefix: String, reply: String) {
    guard let last = dialogue.range(of: assistant, options: .backwards) else { return ("", dialogue) }
    return (String(dialogue[..<last.lowerBound]), String(dialogue[last.upperBound...]))
  }

  private static func count(_ part: String, in text: String) -> Int {
    text.components(separatedBy: part).count - 1
  }
}
