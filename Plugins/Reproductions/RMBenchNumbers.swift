import BenchmarkPlugins
import Foundation
import Hustings
import HustingsMetrics
import HustingsStatistics
import ModelPlugins

extension Reproductions {
  /// RM-Bench: the style matrices of four trivial scorers, per file.
  static let rmBench = Reproduction(
    folder: "rmbench", tolerance: .init(absolute: 1e-10, relative: 1e-12)
  ) { folder in
    let items = try Rehearsal(RMBench.plugin, folder: folder)
    let scorers: [(String, NullModel)] = [
      ("length_in_unicode_scalars", .length), ("negative_length_in_unicode_scalars", .shorter),
      ("length_in_utf8_bytes", .bytes), ("count_of_asterisk_and_hash", .markdown),
    ]
    var domains: [String: [String: Figures]] = [:]
    for (name, model) in scorers {
      let trials = try await items.trials(model)
      for domain in trials.subsets {
        domains[domain, default: [:]][name] = matrix(trials.of(domain))
      }
    }
    let lengths = try await items.trials(NullModel.length)
    for domain in lengths.subsets {
      let mine = lengths.of(domain)
      domains[domain]?["items"] = .count(mine.count)
      domains[domain]?["subsets"] = try subsetCounts("\(folder)/\(domain)_filtered.json")
      domains[domain]?["mean_length_chosen_per_style"] = .numbers(meanRewards(mine, candidates: 0..<3))
      domains[domain]?["mean_length_rejected_per_style"] = .numbers(meanRewards(mine, candidates: 3..<6))
    }
    return .object(domains.mapValues { .object($0) })
  }

  private static func matrix(_ trials: [Trial]) -> Figures {
    func share(_ rule: MatrixCredit) -> Figures {
      trials.figure(Accuracy("share", rule: rule, subsets: .all))
    }
    let rows = (0..<3).map { i in
      Figures.list((0..<3).map { j in share(MatrixCredit(row: i, column: j, failures: .loss)) })
    }
    let ties = trials.reduce(0) { count, trial in
      let places = trial.key.candidates
      return count
        + (0..<9).count {
          trial.tournament.rewards?[places[$0 / 3]] == trial.tournament.rewards?[places[3 + $0 % 3]]
        }
    }
    return .object([
      "matrix_rows_chosen_cols_rejected": .list(rows), "easy": share(MatrixCredit(.easy, failures: .loss)),
      "normal": share(MatrixCredit(.normal, failures: .loss)),
      "hard": share(MatrixCredit(.hard, failures: .loss)),
      "mean": share(MatrixCredit(.all, failures: .loss)), "ties_of_9n": .count(ties),
    ])
  }

  private static func meanRewards(_ trials: [Trial], candidates: Range<Int>) -> [Double] {
    candidates.map { candidate in
      Descriptive.mean(
        trials.compactMap { $0.tournament.rewards?[$0.key.candidates[candidate]] }) ?? .nan
    }
  }
}
