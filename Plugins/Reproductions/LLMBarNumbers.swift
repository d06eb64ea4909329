import BenchmarkPlugins
import Hustings
import HustingsMetrics

extension Reproductions {
  /// LLMBar: what every recorded judge got right in each order, in both, and how often the orders agree.
  static let llmBar = Reproduction(
    folder: "llmbar", tolerance: .init(absolute: 1e-10, relative: 1e-12)
  ) { folder in
    let pairs = try Rehearsal(LLMBar.plugin, folder: folder)
    let judges = try Rehearsal.recorded("\(folder)/evaluations.jsonl")
    var trialsOf: [(name: String, trials: [Trial])] = []
    for judge in judges { trialsOf.append((judge.card.name, try await pairs.trials(judge))) }
    var subsets: [String: Figures] = [:]
    let keys = pairs.examples.map { Trial(key: $0.key, tournament: $0.key.gold) }
    for subset in keys.subsets {
      let mine = keys.of(subset)
      let first = mine.count { ($0.key.gold.margin($0.key.candidates[0], $0.key.candidates[1]) ?? 0) > 0 }
      var labels: [String: Figures] = [:]
      for (label, count) in [("1", first), ("2", mine.count - first)] where count > 0 {
        labels[label] = .count(count)
      }
      var evaluators: [String: Figures] = [:]
      for (name, trials) in trialsOf {
        let here = trials.of(subset).filter { $0.tournament.isOrdered && !$0.isUnasked }
        guard !here.isEmpty else { continue }
        evaluators[name] = judged(here)
      }
      subsets[subset] = .object([
        "n": .count(mine.count), "labels": .object(labels), "evaluators": .object(evaluators),
      ])
    }
    return .object(subsets)
  }

  private static func judged(_ trials: [Trial]) -> Figures {
    let mean = Accuracy(
      "mean", rule: PairCredit(ties: .half, failures: .loss, orders: .averaged), subsets: .all)
    return .object([
      "correct_original": trials.credit(OrderCredit(.original)),
      "correct_swapped": trials.credit(OrderCredit(.swapped)),
      "correct_both": trials.credit(OrderCredit(.both)),
      "position_agreement": trials.credit(OrderCredit(.agreement)),
      "average_accuracy_percent": .maybe(mean.estimate(trials).map { 100 * $0.value }),
    ])
  }
}

extension [Trial] {
  /// The points earned under a rule, over all items.
  fileprivate func credit(_ rule: any CreditRule) -> Figures {
    .number(reduce(0) { $0 + (rule.credit(for: $1)?.value ?? 0) })
  }
}

extension Trial {
  /// Whether a recording has no row for the item at all.
  fileprivate var isUnasked: Bool {
    tournament.matchups.allSatisfy { tournament.judgment($0)?.absence?.reason.contains("no row") ?? false }
  }
}
