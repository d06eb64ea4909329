import Hustings
import HustingsMetrics

/// Several judges as one, as Arena-Hard 2 pools them: all their verdicts are rows of one table of battles.
enum ArenaHardPool {
  /// What one game comes to over all judges.
  private struct Game {
    var rows = 0.0
    var won = 0.0
    var tied = 0.0

    /// For whom the game is, told of the response shown first; nil when nobody could be read.
    func margin(isSeatFirst: Bool) -> Double? {
      guard rows > 0 else { return nil }
      let balance = 2 * won + tied - rows
      let seat: Double = balance > 0 ? 1 : balance < 0 ? -1 : 0
      return isSeatFirst ? seat : 0 - seat
    }
  }

  /// One record of several judges'. Version 2 drops a judge's prompt of which it cannot read both games.
  static func pooled(_ records: [ContestRecord], _ rule: ArenaHardRule) -> ContestRecord {
    let judges = Set(records.map(\.judge.name)).sorted()
    let items = Set(records.flatMap(\.entries.keys))
    return ContestRecord(
      judge: .recordedJudge(judges.joined(separator: " + "), of: "arena-hard"), author: records.first?.author,
      entries: Dictionary(
        uniqueKeysWithValues: items.map { item in
          (item, pooled(records.compactMap { $0.entries[item] }, rule))
        }),
      warnings: records.flatMap { record in record.warnings.map { "\(record.judge.name): \($0)" } })
  }

  private static func pooled(_ entries: [ContestRecord.Entry], _ rule: ArenaHardRule) -> ContestRecord.Entry {
    var games = [Game(), Game()]
    var queries = [0.0, 0.0]
    var traits: [String: [Double?]] = [:]
    var absences: [Absence] = []
    for entry in entries {
      traits.merge(entry.traits) { first, _ in first }
      let said = [Matchup(0, 1), Matchup(1, 0)].map { entry.tournament.judgment($0) }
      absences += said.compactMap { $0?.absence }
      for place in 0..<2 { queries[place] += entry.traits[Trait.queries]?[place] ?? 0 }
      if rule == .v2, said.contains(where: { $0?.logOdds == nil }) { continue }
      for (place, judgment) in said.enumerated() {
        guard let margin = judgment?.logOdds else { continue }
        let rows = entry.traits[Trait.rows]?[place] ?? 1
        games[place].rows += rows
        // The first game shows the baseline first.
        let seat = place == 0 ? 0 - margin : margin
        if seat > 0 { games[place].won += rows }
        if seat == 0 { games[place].tied += rows }
      }
    }
    let absence = absences.first ?? Absence(.abstention, "no judge's reply holds a verdict")
    func judgment(_ place: Int) -> Judgment {
      games[place].margin(isSeatFirst: place == 1).map { .margin($0) } ?? .absent(absence)
    }
    traits[Trait.queries] = queries
    traits[Trait.rows] = games.map { $0.rows > 0 ? $0.rows : nil }
    traits[Trait.rowsWon] = games.map { $0.rows > 0 ? $0.won : nil }
    traits[Trait.rowsTied] = games.map { $0.rows > 0 ? $0.tied : nil }
    return ContestRecord.Entry(
      tournament: Tournament(
        count: 2, ordered: [Matchup(0, 1): judgment(0), Matchup(1, 0): judgment(1)], areVerdicts: true),
      traits: traits)
  }
}
