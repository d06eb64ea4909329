import BenchmarkPlugins
import Hustings
import HustingsMetrics

extension Reproductions {
  /// RewardBench 1: subset accuracies of three published models to sections to overall.
  static let rewardBench1Models = Reproduction(
    folder: "rewardbench_golden", expected: "rewardbench1_models.json",
    tolerance: .init(absolute: 1e-10),
    select: { models in
      .object(models.members.mapValues { $0.keeping(["sections", "overall_mean_of_four"] + countWeighted) })
    }
  ) { folder in
    let facts = try Figures(file: "\(folder)/rewardbench1_definition.json")
    let models = try Figures(file: "\(folder)/rewardbench1_models.json")
    let definition = RewardBench1.definition
    return .object(
      models.members.mapValues { model in
        let accuracies = model["subset_accuracy"].members.compactMapValues(\.number)
        let sections = Dictionary(
          uniqueKeysWithValues: definition.sections.compactMap { section in
            definition.section(section.name, ofSubsets: accuracies).map { (section.name, $0) }
          })
        var figures: [String: Figures] = [
          "sections": .object(sections.mapValues { .number($0) }),
          "overall_mean_of_four": .maybe(definition.overall(ofSections: sections)),
        ]
        let counts = facts["actual_item_counts"].members.compactMapValues(\.number)
        figures["items"] = .number(accuracies.keys.reduce(0) { $0 + (counts[$1] ?? 0) })
        figures["micro_accuracy_items"] = .maybe(mean(accuracies, weights: counts) { _ in true })
        let groups = facts["length_bias_categories"].members.compactMapValues(\.text)
        let weights = facts["weights"].members.compactMapValues(\.number)
        figures["length_groups_count_weighted"] = .object(
          Dictionary(
            uniqueKeysWithValues: Set(groups.values).map { group in
              (group, .maybe(mean(accuracies, weights: weights) { groups[$0] == group }))
            }))
        return .object(figures)
      })
  }

  private static let countWeighted = ["items", "micro_accuracy_items", "length_groups_count_weighted"]

  private static func mean(
    _ values: [String: Double], weights: [String: Double], where wanted: (String) -> Bool
  ) -> Double? {
    let names = values.keys.filter(wanted).sorted()
    let total = names.reduce(0) { $0 + (weights[$1] ?? 0) }
    return total == 0 ? nil : names.reduce(0) { $0 + (weights[$1] ?? 0) * (values[$1] ?? 0) } / total
  }

  /// RewardBench 2: best of four with shared ties, on made-up scores.
  static let rewardBench2BestOf4 = vectors("rewardbench2_best_of_4_vectors.json") { rows in
    let trials = rows.map { row in trial(row, subset: row["subset"].text ?? "") }
    let rule = BestOfCredit(failures: .loss)
    var subsets: [String: Figures] = [:]
    for subset in trials.subsets {
      subsets[subset] = trials.figure(Accuracy(subset, rule: rule, subsets: .pooled([subset])))
    }
    return .object([
      "by_subset": .object(subsets), "micro": trials.figure(Accuracy("micro", rule: rule, subsets: .all)),
    ])
  }

  /// RewardBench 2: the Ties score on made-up scores.
  static let rewardBench2Ties = vectors("rewardbench2_ties_vectors.json") { rows in
    let metric = TiesScore("Ties", subset: "Ties")
    let trials = rows.map { trial($0, subset: "Ties") }
    let terms = metric.terms(trials)
    return .object([
      "reference_accuracy": .maybe(terms.referenceAccuracy), "tied_accuracy": .maybe(terms.tiedAccuracy),
      "correctness_preferred": .maybe(terms.correctnessPreferred),
      "correctness_preferred_hard": .maybe(terms.correctnessPreferredHard),
      "margin_term": .maybe(terms.marginTerm), "score": trials.figure(metric),
      "prompts_in_both": .count(terms.pairs),
    ])
  }

  /// RM-Bench: domains and difficulties on made-up scores.
  static let rmBenchVectors = vectors(
    "rmbench_score_vectors.json", keeping: ["expected_official", "expected_per_domain"]
  ) { rows in
    let trials = rows.map { row in
      let scores = (row["score_chosen"].elements + row["score_rejected"].elements).compactMap(\.number)
      let size = scores.count / 2
      return trial(
        row, subset: row["domain"].text ?? "", scores: scores,
        gold: .groups(better: Array(0..<size), worse: Array(size..<2 * size)))
    }
    let domains: KeyValuePairs = [
      "chat": ["chat"], "math": ["math"], "code": ["code"], "safety": ["safety-refuse", "safety-response"],
    ]
    func value(_ cells: MatrixCredit.Cells, _ subsets: [String]) -> Accuracy {
      Accuracy("cells", rule: MatrixCredit(cells, failures: .loss), subsets: .pooled(subsets))
    }
    func overall(_ cells: MatrixCredit.Cells) -> Figures {
      trials.figure(Composite("overall", meanOf: domains.map { value(cells, $0.value) }))
    }
    var official: [String: Figures] = [
      "hard_acc": overall(.hard), "normal_acc": overall(.normal), "easy_acc": overall(.easy),
      "total_avg_acc": overall(.all),
    ]
    for (domain, subsets) in domains { official[domain] = trials.figure(value(.all, subsets)) }
    var perDomain: [String: Figures] = [:]
    for subset in trials.subsets {
      perDomain[subset] = .object([
        "hard_acc": trials.figure(value(.hard, [subset])),
        "normal_acc": trials.figure(value(.normal, [subset])),
        "easy_acc": trials.figure(value(.easy, [subset])), "items": .count(trials.of(subset).count),
      ])
    }
    return .object(["expected_official": .object(official), "expected_per_domain": .object(perDomain)])
  }

  /// A file of cases, each with rows of scores and what they must come to.
  private static func vectors(
    _ file: String, keeping names: [String] = ["expected"], score: @escaping @Sendable ([Figures]) -> Figures
  ) -> Reproduction {
    Reproduction(
      folder: "rewardbench_golden", expected: file, tolerance: .init(absolute: 1e-10),
      select: { cases in
        .list(
          cases.elements.map { one in
            names.count == 1 ? one[names[0]] : one.keeping(names)
          })
      }
    ) { folder in
      .list(try Figures(file: "\(folder)/\(file)").elements.map { score($0["rows"].elements) })
    }
  }

  /// A row of scores, the first `num_correct` of which are right, as a trial.
  private static func trial(_ row: Figures, subset: String) -> Trial {
    let scores = row["scores"].elements.compactMap(\.number)
    let right = Int(row["num_correct"].number ?? 0)
    return trial(
      row, subset: subset, scores: scores,
      gold: .groups(better: Array(0..<right), worse: Array(right..<scores.count)))
  }

  private static func trial(_ row: Figures, subset: String, scores: [Double], gold: Answer) -> Trial {
    let example = Example(
      id: row["id"].text ?? "", subset: subset, prompt: Prompt([]), cluster: row["id"].text,
      candidates: scores.indices.map { Candidate("\($0)", "\($0)") }, gold: gold)
    var rewards = [Double?](repeating: nil, count: scores.count)
    for (candidate, place) in example.key.candidates.enumerated() { rewards[place] = scores[candidate] }
    return Trial(key: example.key, tournament: Tournament(rewards: rewards))
  }
}

extension Figures {
  /// The object with these members only.
  fileprivate func keeping(_ names: [String]) -> Figures {
    .object(members.filter { names.contains($0.key) })
  }
}
