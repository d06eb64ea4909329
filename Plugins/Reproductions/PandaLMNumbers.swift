import BenchmarkPlugins
import Hustings
import HustingsMetrics
import HustingsStatistics
import ModelPlugins

extension Reproductions {
  /// PandaLM: agreement of three annotators, two judges against them, and the strengths of the models they compared.
  static let pandaLM = Reproduction(
    folder: "pandalm",
    tolerance: .init(absolute: 1e-10, exceptions: ["bradley_terry_log_strength_zero_mean": 1e-8])
  ) { folder in
    let pairs = try Rehearsal(PandaLM.plugin, folder: folder)
    let keys = pairs.examples.map(\.key)
    let raters = keys.first?.raters.keys.sorted() ?? []
    let votes = raters.map { rater in keys.map { choice($0.raters[rater], $0) } }
    let majority = keys.map { choice($0.gold, $0) }
    var kappas: [String: Figures] = [:]
    for i in raters.indices {
      for j in raters.indices where j > i {
        kappas["\(i + 1)-\(j + 1)"] = cohen(votes[i], votes[j])
      }
    }
    let byItem = keys.indices.map { item in votes.map { "\($0[item])" } }
    var figures: [String: Figures] = [
      "n": .count(keys.count), "unanimous": .count(byItem.count { Set($0).count == 1 }),
      "label_distribution_majority": .object(distribution(majority)), "cohen_kappa": .object(kappas),
      "fleiss": fleiss(byItem), "krippendorff_nominal": .maybe(KrippendorffAlpha.nominal(byItem)),
    ]
    var judges: [String: Figures] = [:]
    var tables: [String: Figures] = ["human_majority": table(majority, keys)]
    var strengths: [String: Figures] = ["human_majority": strength(majority, keys)]
    for file in ["gpt-3.5-turbo", "pandalm-7b"] {
      for judge in try Rehearsal.recorded("\(folder)/\(file)-testset-v1.json") {
        let trials = try await pairs.trials(judge)
        let choices = trials.map { choice($0.tournament, $0.key) }
        judges[file] = verdicts(trials, choices, majority: majority, votes: votes)
        tables[file] = table(choices, keys)
        strengths[file] = strength(choices, keys)
      }
    }
    figures["judges"] = .object(judges)
    figures["win_lose_tie"] = .object(tables)
    figures["bradley_terry_log_strength_zero_mean"] = .object(strengths)
    return .object(figures)
  }

  /// Which candidate is preferred: 1, 2, or 0 for neither.
  private static func choice(_ tournament: Tournament?, _ key: AnswerKey) -> Int {
    let (a, b) = (key.candidates[0], key.candidates[1])
    guard a != b, let margin = tournament?.margin(a, b) else { return 0 }
    return margin > 0 ? 1 : margin < 0 ? 2 : 0
  }

  /// A choice as a sign: the first is +1, the second -1.
  private static func sign(_ choice: Int) -> Double { choice == 0 ? 0 : choice == 1 ? 1 : -1 }

  private static func distribution(_ choices: [Int]) -> [String: Figures] {
    choices.reduce(into: [String: Int]()) { $0["\($1)", default: 0] += 1 }.mapValues { .count($0) }
  }

  private static func cohen(_ a: [Int], _ b: [Int]) -> Figures {
    let kappa = CohenKappa(a, b)
    return .object(["observed": .maybe(kappa?.observed), "kappa": .maybe(kappa?.value)])
  }

  private static func verdicts(
    _ trials: [Trial], _ choices: [Int], majority: [Int], votes: [[Int]]
  ) -> Figures {
    let accuracy = Accuracy(
      "accuracy", rule: PairCredit(ties: .loss, failures: .loss, orders: .netted), subsets: .all)
    let meanVote = choices.indices.map { item in
      Descriptive.mean(votes.map { sign($0[item]) }) ?? 0
    }
    return .object([
      "vs_majority": .object([
        "accuracy": trials.figure(accuracy),
        "macro_precision": trials.figure(VerdictTable("precision", .precision)),
        "macro_recall": trials.figure(VerdictTable("recall", .recall)),
        "macro_f1": trials.figure(VerdictTable("f1", .f1)),
      ]),
      "cohen_kappa_vs_majority": cohen(choices, majority),
      "correlation_signed_choice_vs_mean_annotator_preference": .object(
        correlations(choices.map(sign), meanVote)),
      "agreement_with_each_annotator": .numbers(
        votes.map { vote in
          Double(zip(vote, choices).count { $0 == $1 }) / Double(choices.count)
        }),
    ])
  }

  /// Wins of the first model, of the second, and ties, per pair of models.
  private static func table(_ choices: [Int], _ keys: [AnswerKey]) -> Figures {
    var counts: [String: [Int]] = [:]
    for (choice, key) in zip(choices, keys) {
      counts[key.subset, default: [0, 0, 0]][choice == 0 ? 2 : choice - 1] += 1
    }
    return .object(counts.mapValues { .numbers($0.map(Double.init)) })
  }

  /// Bradley–Terry strengths of the compared models, ties half, mean zero. A subset is named for its two models.
  private static func strength(_ choices: [Int], _ keys: [AnswerKey]) -> Figures {
    let names = Set(keys.flatMap { $0.subset.split(separator: "_").map(String.init) }).sorted()
    let meetings = zip(choices, keys).compactMap { choice, key -> BradleyTerry.Meeting? in
      let pair = key.subset.split(separator: "_").compactMap { name in names.firstIndex(of: String(name)) }
      guard pair.count == 2 else { return nil }
      return BradleyTerry.Meeting(
        first: pair[0], second: pair[1], outcome: choice == 0 ? 0.5 : choice == 1 ? 1 : 0, weight: 1)
    }
    let fit = BradleyTerry(
      models: names.count, meetings: meetings, clusters: .singletons(meetings.count), position: false,
      disconnected: .refuse)
    var figures: [String: Figures] = [:]
    for (index, name) in names.enumerated() { figures[name] = .maybe(fit?.strengths[index]) }
    return .object(figures)
  }
}
