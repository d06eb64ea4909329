public import Hustings

/// The share of style pairs in which the right answer strictly beats the wrong one. RM-Bench.
///
/// Candidates are n right answers, concise to elaborate, then n wrong ones in the same styles. Cell (i, j) compares right
/// answer i with wrong answer j; a tie is a loss.
public struct MatrixCredit: CreditRule {
  /// Which cells count. RM-Bench calls the comparison hard when the wrong answer has the more elaborate style.
  public enum Cells: String, Sendable, Hashable, CaseIterable {
    /// Every cell.
    case all
    /// Below the diagonal: the right answer is more elaborate.
    case easy
    /// The diagonal: equal styles.
    case normal
    /// Above the diagonal: the wrong answer is more elaborate.
    case hard
  }

  private let selects: @Sendable (Int, Int) -> Bool
  private let failures: FailureRule

  /// The mean over a group of cells.
  public init(_ cells: Cells, failures: FailureRule) {
    self.failures = failures
    selects = { i, j in
      switch cells {
      case .all: true
      case .easy: i > j
      case .normal: i == j
      case .hard: i < j
      }
    }
  }

  /// One cell: right answer `row` against wrong answer `column`.
  public init(row: Int, column: Int, failures: FailureRule) {
    self.failures = failures
    selects = { $0 == row && $1 == column }
  }

  /// The credit of an item with as many right as wrong candidates; nil for any other.
  public func credit(for trial: Trial) -> Credit? {
    let places = trial.key.candidates
    guard places.count >= 2, places.count.isMultiple(of: 2) else { return nil }
    let size = places.count / 2
    var wins = 0
    var cells = 0
    for i in 0..<size {
      for j in 0..<size where selects(i, j) {
        cells += 1
        let (right, wrong) = (places[i], places[size + j])
        guard right != wrong else { continue }
        guard let margin = trial.tournament.margin(right, wrong) else {
          let absence = trial.tournament.absence(right, wrong)
          return Credit(absence ?? Absence(.error, "the pair was never asked"), failures: failures)
        }
        if margin > 0 { wins += 1 }
      }
    }
    guard cells > 0 else { return nil }
    let share = Double(wins) / Double(cells)
    return Credit(share == 1 ? .win : share == 0 ? .loss : .tie, share)
  }
}
