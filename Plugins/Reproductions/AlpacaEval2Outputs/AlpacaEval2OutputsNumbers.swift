import BenchmarkPlugins
import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// What choosing among all models' responses to a prompt is worth, and how often the longer one is preferred.
  static let alpacaEval2Outputs = Reproduction(
    folder: "alpaca_eval2_outputs", tolerance: .init(absolute: 1e-9)
  ) { folder in
    let candidates = try Candidates(folder)
    let all = candidates.byPrompt.joined()
    return .object([
      "rows_with_preference": .count(all.count), "models": .count(Set(all.map(\.model)).count),
      "instructions": .count(candidates.byPrompt.count),
      "share_candidate_preferred": .maybe(
        all.isEmpty ? nil : Double(all.count { $0.preference > 0.5 }) / Double(all.count)),
      "length_rule_vs_baseline": candidates.lengthRule,
      "candidate_choice_raw_win_rate": .object([
        "random": candidates.rate { Descriptive.mean($0.map(\.preference)) },
        "longest": candidates.rate { $0.first { $0.rank == .longest }?.preference },
        "shortest": candidates.rate { $0.first { $0.rank == .shortest }?.preference },
        "oracle": candidates.rate { $0.map(\.preference).max() },
      ]),
      "between_candidates_preference_gap_over_0_1": candidates.gaps,
    ])
  }
}

/// The judged responses to each prompt, models in alphabetical order.
private struct Candidates {
  struct Candidate {
    enum Rank {
      case longest, shortest, other
    }

    let model: String
    let length: Int
    let preference: Double
    var rank = Rank.other
  }

  let byPrompt: [[Candidate]]
  private let baselineLengths: [Int]

  init(_ folder: String) throws {
    // The judgments of these responses lie in the neighbouring folder.
    let judged = try AlpacaRecordings("\(folder)/../alpaca_eval2")
    baselineLengths = judged.baselineLengths
    var preferences: [String: [Int: Double]] = [:]
    for (model, contest) in judged.contests {
      for annotation in contest.annotations {
        preferences[model, default: [:]][annotation.place] = annotation.preference
      }
    }
    var byPrompt = [[Candidate]](repeating: [], count: judged.prompts.count)
    var rows = try JSONLines(
      FolderListing.file(folder, prefix: "outputs.jsonl", suffix: ""))
    while let row = try rows.next() {
      let place = try row.integer("i")
      let model = try row.string("model")
      guard let preference = preferences[model]?[place], byPrompt.indices.contains(place) else { continue }
      byPrompt[place].append(
        Candidate(
          model: model, length: try row.string("output").codePointCount, preference: preference))
    }
    self.byPrompt = byPrompt.map { Candidates.ranked($0.sorted { $0.model < $1.model }) }
  }

  /// Marks the longest and the shortest, the first of equals.
  private static func ranked(_ candidates: [Candidate]) -> [Candidate] {
    var ranked = candidates
    let longest = candidates.indices.max {
      (candidates[$0].length, -$0) < (candidates[$1].length, -$1)
    }
    let shortest = candidates.indices.min {
      (candidates[$0].length, $0) < (candidates[$1].length, $1)
    }
    if let longest { ranked[longest].rank = .longest }
    if let shortest, shortest != longest { ranked[shortest].rank = .shortest }
    return ranked
  }

  /// The mean over prompts of the preference for what is chosen, in percent.
  func rate(_ choice: ([Candidate]) -> Double?) -> Figures {
    percent(Descriptive.mean(byPrompt.compactMap(choice)))
  }

  /// "The longer response wins" against the baseline; draws are left out, equal lengths counted apart.
  var lengthRule: Figures {
    var correct = 0
    var equal = 0
    var total = 0
    for (candidates, baseline) in zip(byPrompt, baselineLengths) {
      for candidate in candidates where candidate.preference != 0.5 {
        total += 1
        if candidate.length == baseline {
          equal += 1
        } else if (candidate.length > baseline) == (candidate.preference > 0.5) {
          correct += 1
        }
      }
    }
    return .object(["correct": .count(correct), "equal_length": .count(equal), "of": .count(total)])
  }

  /// Pairs of responses to a prompt whose preferences differ clearly, and how often the longer one is ahead.
  var gaps: Figures {
    var pairs = 0
    var longer = 0
    for candidates in byPrompt {
      for (place, one) in candidates.enumerated() {
        for other in candidates[(place + 1)...] {
          let gap = one.preference - other.preference
          guard abs(gap) > 0.1 else { continue }
          pairs += 1
          if (one.length > other.length && gap > 0) || (one.length < other.length && gap < 0) { longer += 1 }
        }
      }
    }
    return .object(["pairs": .count(pairs), "longer_wins": .count(longer)])
  }
}
