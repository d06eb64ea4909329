import BenchmarkPlugins
import Hustings
import Foundation
import HustingsData
import HustingsMetrics
import HustingsNumerics
import HustingsStatistics

extension Reproductions {
  /// DICES-350: how far many raters of the same conversations agree, and mixtures of one to five types of rater.
  ///
  /// A mixture is the best that a search finds. Where it is better than the expected one, the other numbers of that mixture are
  /// of another fit and cannot be compared.
  static let dices350 = Reproduction(
    folder: "dices350",
    tolerance: .init(absolute: 1e-10, relative: 1e-12, exceptions: ["latent_types": 1e-4]),
    searches: ["latent_types": "best_penalised_objective_seen"]
  ) { folder in
    let keys = try Rehearsal(DICES350.plugin, folder: folder).examples.map(\.key)
    let raters = try CSVTable.read("\(folder)/ratings.csv").columns.filter {
      $0 != "item_id" && $0 != "expert_label"
    }
    let experts = try CSVTable.read("\(folder)/ratings.csv").rows.map { try $0.string("expert_label") }
    let said = keys.map { key in raters.map { rater in answer(key.raters[rater], key) } }
    let majority = keys.map { answer($0.gold, $0) ?? "Unsure" }
    let byItem = said.map { $0.compactMap { $0 } }
    let shares = byItem.map { item in item.map(share) }
    let means = shares.compactMap(Descriptive.mean)
    let personal = raters.indices.map { rater in said.compactMap { $0[rater].map(share) } }
    let personalMeans = personal.compactMap(Descriptive.mean)
    let kappa = CohenKappa(majority, experts)
    return .object([
      "items": .count(keys.count), "raters": .count(raters.count),
      "counts": .object(counted(byItem.flatMap { $0 })),
      "krippendorff_nominal_3cat": .maybe(KrippendorffAlpha.nominal(byItem)), "fleiss_3cat": fleiss(byItem),
      "majority_counts": .object(counted(majority)),
      "majority_ties": .count(byItem.count { isTied($0) }),
      "mean_share_yes_unsure_half": .maybe(Descriptive.mean(means)),
      "majority_vs_expert": .object(["agreement": .maybe(kappa?.observed), "cohen": .maybe(kappa?.value)]),
      "rater_mean_yes": .object([
        "min": .maybe(personalMeans.min()), "max": .maybe(personalMeans.max()),
        "mean": .maybe(Descriptive.mean(personalMeans)),
        "std_pop": .maybe(Descriptive.standardDeviation(personalMeans, divisor: .population)),
      ]),
      "leave_one_out_pearson": leaveOneOut(said), "pca_item_centred_variance_share_first5": components(said),
      "latent_types": .object(mixtures(said)),
    ])
  }

  private static func answer(_ tournament: Tournament?, _ key: AnswerKey) -> String? {
    guard let tournament, let yes = key.index(named: "Yes"), let no = key.index(named: "No"),
      let margin = tournament.margin(yes, no)
    else { return nil }
    return margin > 0 ? "Yes" : margin < 0 ? "No" : "Unsure"
  }

  private static func share(_ answer: String) -> Double { answer == "Yes" ? 1 : answer == "No" ? 0 : 0.5 }

  private static func counted(_ answers: [String]) -> [String: Figures] {
    answers.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }.mapValues { .count($0) }
  }

  private static func isTied(_ answers: [String]) -> Bool {
    let counts = answers.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }.values.sorted()
    return counts.count > 1 && counts[counts.count - 1] == counts[counts.count - 2]
  }

  /// Each rater against the mean of the others, item by item; raters who always say the same are left out.
  private static func leaveOneOut(_ said: [[String?]]) -> Figures {
    let values = said.map { $0.map { $0.map(share) } }
    let raters = values.first?.count ?? 0
    var correlations: [Double] = []
    var constant = 0
    for rater in 0..<raters {
      var (own, others): ([Double], [Double]) = ([], [])
      for item in values {
        let rest = item.indices.filter { $0 != rater }.compactMap { item[$0] }
        guard let mine = item[rater], let mean = Descriptive.mean(rest) else { continue }
        own.append(mine)
        others.append(mean)
      }
      if Set(own).count < 2 {
        constant += 1
      } else if let value = Correlation.pearson.value(own, others) {
        correlations.append(value)
      }
    }
    return .object([
      "n": .count(correlations.count), "mean": .maybe(Descriptive.mean(correlations)),
      "min": .maybe(correlations.min()), "max": .maybe(correlations.max()),
      "constant_raters": .count(constant),
    ])
  }

  /// Shares of variance of the first five principal components of raters, items centred.
  private static func components(_ said: [[String?]]) -> Figures {
    let raters = said.first?.count ?? 0
    var products = [Double](repeating: 0, count: raters * raters)
    for item in said {
      let values = item.map { $0.map(share) }
      let mean = Descriptive.mean(values.compactMap { $0 }) ?? 0
      let centred = values.map { ($0 ?? mean) - mean }
      for i in 0..<raters {
        for j in 0...i { products[i * raters + j] += centred[i] * centred[j] }
      }
    }
    guard let eigen = SymmetricEigen(products, order: raters) else { return .missing }
    let total = eigen.values.reduce(0, +)
    return .numbers(eigen.values.prefix(5).map { $0 / total })
  }

  /// Mixtures of one to five types, fitted to four cells in five and measured on the fifth.
  private static func mixtures(_ said: [[String?]]) -> [String: Figures] {
    let (items, raters) = (said.count, said.first?.count ?? 0)
    func isHeld(_ rater: Int, _ item: Int) -> Bool { (7919 * rater + 104_729 * item) % 5 == 0 }
    func yes(_ rater: Int, _ item: Int) -> Bool? {
      guard let answer = said[item][rater], answer != "Unsure" else { return nil }
      return answer == "Yes"
    }
    let training = (0..<raters).map { rater in
      (0..<items).map { item in isHeld(rater, item) ? nil : yes(rater, item) }
    }
    var figures: [String: Figures] = [:]
    for types in 1...5 where types <= raters {
      let fit = LatentClasses(training, types: types)
      var (total, right, cells) = (0.0, 0, 0)
      for rater in 0..<raters {
        for item in 0..<items where isHeld(rater, item) {
          guard let truth = yes(rater, item) else { continue }
          let p = fit.probability(rater: rater, item: item)
          total += truth ? log(p) : log(1 - p)
          right += (p > 0.5) == truth ? 1 : 0
          cells += 1
        }
      }
      figures["\(types)"] = .object([
        "best_penalised_objective_seen": .number(fit.objective),
        "log_likelihood_train": .number(fit.logLikelihood),
        "sizes": .numbers(fit.shares),
        "heldout_mean_log_lik": .maybe(cells == 0 ? nil : total / Double(cells)),
        "heldout_accuracy": .maybe(cells == 0 ? nil : Double(right) / Double(cells)),
        "heldout_cells": .count(cells),
        "train_cells": .count(training.joined().count { $0 != nil }),
      ])
    }
    return figures
  }
}
