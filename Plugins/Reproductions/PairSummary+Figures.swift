import Hustings
import HustingsMetrics
import HustingsStatistics

extension PairSummary {
  /// The summary under the names that the `expected.json` files use.
  var figures: [String: Figures] {
    let margin = margins
    var figures: [String: Figures] = [
      "n": .count(count), "wins": .count(wins), "ties": .count(ties), "losses": .count(losses),
      "accuracy_strict": .maybe(strictAccuracy), "accuracy_ties_half": .maybe(halfAccuracy),
      "mean_margin": .maybe(Descriptive.mean(margin)),
      "std_margin_pop": .maybe(Descriptive.standardDeviation(margin, divisor: .population)),
      "std_margin_sample": .maybe(Descriptive.standardDeviation(margin, divisor: .sample)),
      "median_margin": .maybe(Descriptive.median(margin)), "bt_log_loss": .maybe(logLoss),
      "brier": .maybe(brier), "ece10": .maybe(calibrationError),
      "auroc_response_level": .maybe(areaUnderCurve), "sign_test_p_two_sided": .number(signTest),
      "mean_chosen": .maybe(Descriptive.mean(chosen)), "mean_rejected": .maybe(Descriptive.mean(rejected)),
      "std_chosen_pop": .maybe(Descriptive.standardDeviation(chosen, divisor: .population)),
      "std_rejected_pop": .maybe(Descriptive.standardDeviation(rejected, divisor: .population)),
    ]
    if let wilson { figures["wilson95_strict"] = .numbers([wilson.low, wilson.high]) }
    return figures
  }
}

/// Pearson, Spearman and Kendall's tau-b of two lists, under the names that the `expected.json` files use.
func correlations(_ x: [Double], _ y: [Double]) -> [String: Figures] {
  [
    "pearson": .maybe(Correlation.pearson.value(x, y)), "spearman": .maybe(Correlation.spearman.value(x, y)),
    "kendall_tau_b": .maybe(Correlation.kendall.value(x, y)),
  ]
}

/// Fleiss' kappa under the names that the `expected.json` files use.
func fleiss(_ labels: [[String]]) -> Figures {
  let kappa = FleissKappa(labels: labels)
  return .object([
    "mean_pairwise_agreement": .maybe(kappa?.observed), "kappa": .maybe(kappa?.value),
  ])
}
