import Foundation
import HustingsNumerics

/// What a preference model says of every two candidates of every prompt, as log-odds.
public struct PreferenceGames: Sendable, Hashable {
  /// The prompts with their candidates.
  public let menus: [VotePanel.Menu]
  /// For each prompt, log-odds that the row's candidate is preferred to the column's: [n][n], 0 on the diagonal.
  public let margins: [[[Double]]]

  /// Games; throws where a margin is not finite or the two orders do not agree.
  public init(menus: [VotePanel.Menu], margins: [[[Double]]]) throws {
    precondition(menus.count == margins.count, "\(margins.count) games for \(menus.count) prompts")
    for (place, (menu, table)) in zip(menus, margins).enumerated() {
      precondition(
        table.count == menu.rows.count && table.allSatisfy { $0.count == table.count },
        "a table of \(table.count) for \(menu.rows.count) candidates")
      for (i, row) in table.enumerated() {
        for j in row.indices where !row[j].isFinite {
          throw VoteFault.notFinite(
            what: "the margin between responses \(i + 1) and \(j + 1)", at: PolicyTable.words(menu, place))
        }
      }
    }
    self.menus = menus
    self.margins = margins
  }

  /// Probability that a response of one policy is preferred to a response of another, mean over prompts; a response meets itself
  /// with ½.
  public func winRate(_ policy: PolicyTable, over other: PolicyTable) -> Double {
    sum(winRates(policy, over: other)) / Double(max(1, menus.count))
  }

  /// The same prompt by prompt.
  public func winRates(_ policy: PolicyTable, over other: PolicyTable) -> [Double] {
    let (p, q) = (policy.probabilities, other.probabilities)
    return zip(menus, margins).map { menu, table in
      var total = 0.0
      for (i, first) in menu.rows.enumerated() where p[first] > 0 {
        for (j, second) in menu.rows.enumerated() { total += p[first] * q[second] * logistic(table[i][j]) }
      }
      return total
    }
  }

  /// The most that any policy could score against this one, mean over prompts: 0 for a von Neumann winner.
  ///
  /// - Parameter score: what a margin counts; the log-odds themselves, or the win rate less ½.
  public func exploitability(of policy: PolicyTable, score: PreferenceScore) -> Double {
    let p = policy.probabilities
    return sum(
      zip(menus, margins).lazy.map { menu, table in
        table.map { row in
          sum(zip(row, menu.rows).lazy.map { score.value($0) * p[$1] })
        }.max() ?? 0
      }) / Double(max(1, menus.count))
  }

  /// The von Neumann winner of every prompt, by linear programmes: the policy that no other beats on average.
  public func vonNeumannWinner(score: PreferenceScore, name: String) throws -> PolicyTable {
    var logs: [Double] = []
    for table in margins {
      // Columns are the winner's: no row may score against their mix.
      let game = MatrixGame(table.map { row in row.map { score.value($0) } })
      guard let solution = game.solution() else { throw VoteFault.unsolved(what: "a linear programme") }
      logs += solution.play.columns.map { log($0) }
    }
    return try PolicyTable(name: name, menus: menus, logProbabilities: logs)
  }
}

/// What a margin counts in a game between policies.
public enum PreferenceScore: String, Sendable, Hashable, Codable, CaseIterable {
  /// The log-odds themselves, as in general preference optimisation.
  case logOdds = "log-odds"
  /// The probability of being preferred less ½, as in SPPO and Nash learning.
  case winRate = "win-rate"

  /// What log-odds of m count.
  public func value(_ m: Double) -> Double { self == .logOdds ? m : logistic(m) - 0.5 }
}
