import Hustings
import HustingsStatistics

/// What the competing models of a chapter make of its items together: which are hard, on which they differ, and how much room
/// there is above the best.
struct Items: Sendable {
  /// One item.
  struct Line: Sendable {
    let ordinal: Int
    /// How many models it counts for.
    let counted: Int
    /// What they earned on average.
    let mean: Double
    /// The mean squared distance from that: 0 when all earned the same, a quarter when half of them were right.
    let spread: Double
    /// How sure the models were of what the key prefers, on average, each in units of its own typical margin; negative when
    /// they were sure of the other. Nil where no model has margins.
    let confidence: Double?
  }

  /// Every item that counts for a model, in the benchmark's order.
  let lines: [Line]
  /// The share of items on which every model earned a full point, and on which none earned anything.
  let solved: Double?
  let unsolved: Double?
  /// What picking the best answer for each item among all models would earn; the best single model for comparison.
  let oracle: Double?
  /// For each two competing models the share of shared items on which they earn the same, and Cohen's kappa of it.
  let agreement: [[Double?]]
  /// Of the items on which two models differ, the share on which the row earns more.
  let wins: [[Double?]]

  init(_ chapter: Chapter) {
    let rows = chapter.competing.map { chapter.credits[$0] }
    let margins = chapter.competing.map { Items.margins(chapter, $0) }
    var lines: [Line] = []
    var best = 0.0
    for ordinal in chapter.keys.indices {
      var (count, sum, squares, top) = (0, 0.0, 0.0, 0.0)
      for row in rows {
        guard let credit = row[ordinal] else { continue }
        count += 1
        sum += credit
        squares += credit * credit
        top = max(top, credit)
      }
      guard count > 0 else { continue }
      let mean = sum / Double(count)
      best += top
      lines.append(
        Line(
          ordinal: ordinal, counted: count, mean: mean, spread: max(0, squares / Double(count) - mean * mean),
          confidence: Descriptive.mean(margins.compactMap { $0[ordinal] })))
    }
    self.lines = lines
    let total = Double(lines.count)
    let isShare = chapter.unit == .share && !lines.isEmpty
    solved = isShare ? Double(lines.count { $0.mean == 1 }) / total : nil
    unsolved = isShare ? Double(lines.count { $0.mean == 0 }) / total : nil
    oracle = isShare ? best / total : nil
    var agreement = [[Double?]](repeating: Array(repeating: nil, count: rows.count), count: rows.count)
    var wins = agreement
    for i in rows.indices {
      for j in rows.indices where j > i {
        guard let tally = Items.tally(rows[i], rows[j]) else { continue }
        agreement[i][j] = tally.same
        agreement[j][i] = tally.same
        wins[i][j] = tally.firstWins
        wins[j][i] = tally.firstWins.map { 1 - $0 }
      }
    }
    self.agreement = agreement
    self.wins = wins
  }

  /// A model's mean margin of what the key prefers, item by item, divided by its median size.
  private static func margins(_ chapter: Chapter, _ place: Int) -> [Double?] {
    var margins = [Double?](repeating: nil, count: chapter.keys.count)
    let ordinals = chapter.ordinals
    for trial in chapter.entries[place].trials {
      guard let ordinal = ordinals[trial.key.item] else { continue }
      margins[ordinal] = Descriptive.mean(
        trial.goldPairs.compactMap { trial.tournament.margin($0.better, $0.worse) })
    }
    guard let scale = Descriptive.median(margins.compactMap { $0 }.map(abs).filter { $0 > 0 }), scale > 0
    else {
      return margins
    }
    return margins.map { $0.map { $0 / scale } }
  }

  private static func tally(_ a: [Double?], _ b: [Double?]) -> (same: Double, firstWins: Double?)? {
    var (shared, same, first) = (0, 0, 0)
    for (one, other) in zip(a, b) {
      guard let one, let other else { continue }
      shared += 1
      if one == other { same += 1 } else if one > other { first += 1 }
    }
    guard shared > 0 else { return nil }
    return (
      Double(same) / Double(shared), shared == same ? nil : Double(first) / Double(shared - same)
    )
  }

  /// The items by what models earned on them, hardest first; among equals those on which models were surest of the wrong.
  var hardestFirst: [Line] {
    lines.sorted { a, b in
      if a.mean != b.mean { return a.mean < b.mean }
      let (one, other) = (a.confidence ?? 0, b.confidence ?? 0)
      return one == other ? a.ordinal < b.ordinal : one < other
    }
  }
}
