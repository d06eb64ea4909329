import BenchmarkPlugins
import Hustings
import HustingsMetrics
import HustingsStatistics
import ModelPlugins

extension Reproductions {
  /// JudgeBench: three reward models on the GPT-4o pairs, a judge in both orders on the Claude pairs, and length alone.
  static let judgeBench = Reproduction(
    folder: "judgebench", tolerance: .init(absolute: 1e-10, relative: 1e-10)
  ) { folder in
    let pairs = try Rehearsal(JudgeBench.plugin, folder: folder)
    var models: [String: Figures] = [:]
    var trialsOf: [(name: String, trials: [Trial])] = []
    for model in try Rehearsal.recorded("\(folder)/rm_scores.csv") {
      let trials = try await pairs.trials(model)
      trialsOf.append((model.card.name, trials))
      models[model.card.name] = summary(of: trials)
    }
    let claude = try Rehearsal(JudgeBench.claudePlugin, folder: folder)
    var judges: [Figures] = []
    for judge in try Rehearsal.recorded("\(folder)/judge_claude3haiku_on_claude_pairs.csv") {
      judges.append(verdicts(of: try await claude.trials(judge)))
    }
    return .object([
      "models": .object(models), "comparisons": .object(comparisons(trialsOf)),
      "judge_arena_hard_claude3haiku_on_claude_pairs": judges.first ?? .missing,
      "length": .object([
        "gpt4o": lengths(try await pairs.trials(NullModel.length)),
        "claude": lengths(try await claude.trials(NullModel.length)),
      ]),
    ])
  }

  private static func summary(of trials: [Trial]) -> Figures {
    var parts: [String: Figures] = ["Overall": .object(PairSummary(trials).figures)]
    var accuracies: [Double] = []
    for subset in trials.subsets {
      let summary = PairSummary(trials.of(subset))
      parts[subset] = .object(summary.figures)
      if let accuracy = summary.strictAccuracy { accuracies.append(accuracy) }
    }
    parts["macro_accuracy_4_categories"] = .maybe(Descriptive.mean(accuracies))
    return .object(parts)
  }

  private static func comparisons(_ models: [(name: String, trials: [Trial])]) -> [String: Figures] {
    var figures: [String: Figures] = [:]
    for (i, a) in models.enumerated() {
      for b in models[(i + 1)...] {
        let (one, other) = (PairSummary(a.trials).margins, PairSummary(b.trials).margins)
        let mcnemar = McNemar(
          candidateOnly: zip(one, other).count { $0 > 0 && $1 <= 0 },
          baselineOnly: zip(one, other).count { $0 <= 0 && $1 > 0 })
        figures["\(a.name) vs \(b.name)"] = .object([
          "margin_correlation": .object(correlations(one, other)),
          "mcnemar": .object([
            "a_only": .count(mcnemar.candidateOnly), "b_only": .count(mcnemar.baselineOnly),
            "exact_p": .number(mcnemar.exactP),
          ]),
        ])
      }
    }
    return figures
  }

  /// Both orders netted: right, wrong, or neither, beside the first order alone.
  private static func verdicts(of trials: [Trial]) -> Figures {
    func part(_ trials: [Trial]) -> Figures {
      let voted = PairCredit(ties: .secondWins, failures: .loss, orders: .voted)
      let outcomes = trials.compactMap { voted.credit(for: $0)?.outcome }
      let right = outcomes.count { $0 == .win }
      let wrong = outcomes.count { $0 == .loss }
      let total = Double(trials.count)
      let first = trials.count { OrderCredit(.original).credit(for: $0)?.value == 1 }
      return .object([
        "n": .count(trials.count), "correct": .count(right), "incorrect": .count(wrong),
        "tie": .count(trials.count - right - wrong), "accuracy_double_order": .number(Double(right) / total),
        "accuracy_original_order_only": .number(Double(first) / total),
        "order_consistent": trials.count(OrderCredit(.agreement)),
      ])
    }
    var parts = ["Overall": part(trials)]
    for subset in trials.subsets { parts[subset] = part(trials.of(subset)) }
    return .object(parts)
  }

  private static func lengths(_ trials: [Trial]) -> Figures {
    .object(PairSummary(trials).figures)
  }
}
