import GRDB
public import Hustings

/// One margin of a run with all that is needed to read it on its own: a row of an export.
public struct MarginRow: Sendable, Hashable {
  /// The run.
  public let run: Digest
  /// The benchmark's name.
  public let benchmark: String
  /// The model's name.
  public let model: String
  /// The item's identity within the benchmark.
  public let item: String
  /// The item's subset.
  public let subset: String
  /// What makes items dependent.
  public let cluster: String
  /// The response presented first, or the earlier one where order does not matter, by its index in the slate.
  public let first: Int
  /// The other response.
  public let second: Int
  /// What the benchmark calls the first response; nil when it has no name for it.
  public let firstName: String?
  /// What the benchmark calls the second response.
  public let secondName: String?
  /// The reward of the first response; nil unless the model gives rewards.
  public let firstReward: Double?
  /// The reward of the second response.
  public let secondReward: Double?
  /// Log-odds that the first response is preferred to the second; nil for an absence.
  public let logOdds: Double?
  /// Why there is no margin.
  public let absence: Absence?
  /// Log-odds of the same matchup in the answer key; nil where the key says nothing of it.
  public let gold: Double?
}

/// One judgment of an answer key: a row of an export.
public struct KeyRow: Sendable, Hashable {
  /// The benchmark's name.
  public let benchmark: String
  /// The item's identity within the benchmark.
  public let item: String
  /// The item's subset.
  public let subset: String
  /// What makes items dependent.
  public let cluster: String
  /// Whose judgment it is; nil for the gold.
  public let rater: String?
  /// One response, by its index in the slate.
  public let first: Int
  /// The other response.
  public let second: Int
  /// What the benchmark calls the first response; nil when it has no name for it.
  public let firstName: String?
  /// What the benchmark calls the second response.
  public let secondName: String?
  /// Log-odds that the first response is preferred to the second; nil for an absence.
  public let logOdds: Double?
  /// Why there is no margin.
  public let absence: Absence?
}

extension Store {
  /// How many items are in memory at a time while rows are handed over.
  static var exportBatch: Int { 4096 }

  /// Hands over every margin of a run, item by item and matchup by matchup.
  ///
  /// Between batches of items the file is free, so a long export holds nobody up.
  public func margins(of run: Run, _ body: (MarginRow) throws -> Void) throws {
    let benchmark = try benchmark(run.benchmark).card.name
    let model = try model(run.model).name
    for start in stride(from: 0, to: run.itemCount, by: Store.exportBatch) {
      let ordinals = start..<min(start + Store.exportBatch, run.itemCount)
      let keys = try keys(of: run.benchmark, ordinals: ordinals)
      for (ordinal, tournament) in try tournaments(of: run, ordinals: ordinals) {
        let key = keys[ordinal - start]
        for matchup in tournament.matchups {
          let judgment = tournament.judgment(matchup)
          try body(
            MarginRow(
              run: run.identity, benchmark: benchmark, model: model, item: key.item, subset: key.subset,
              cluster: key.cluster, first: matchup.first, second: matchup.second,
              firstName: key.name(of: matchup.first), secondName: key.name(of: matchup.second),
              firstReward: tournament.rewards?[matchup.first],
              secondReward: tournament.rewards?[matchup.second], logOdds: judgment?.logOdds,
              absence: judgment?.absence, gold: key.goldMargin(matchup)))
        }
      }
    }
  }

  /// Hands over every judgment of a benchmark's answer key, item by item, the gold before the raters.
  public func keyMargins(of benchmark: Digest, _ body: (KeyRow) throws -> Void) throws {
    let record = try self.benchmark(benchmark)
    for start in stride(from: 0, to: record.itemCount, by: Store.exportBatch) {
      for key in try keys(of: benchmark, ordinals: start..<start + Store.exportBatch) {
        let raters = key.raters.sorted { $0.key < $1.key }.map { (Optional($0.key), $0.value) }
        for (rater, tournament) in [(nil, key.gold)] + raters {
          for matchup in tournament.matchups {
            let judgment = tournament.judgment(matchup)
            try body(
              KeyRow(
                benchmark: record.card.name, item: key.item, subset: key.subset, cluster: key.cluster,
                rater: rater, first: matchup.first, second: matchup.second,
                firstName: key.name(of: matchup.first), secondName: key.name(of: matchup.second),
                logOdds: judgment?.logOdds, absence: judgment?.absence))
          }
        }
      }
    }
  }

  /// The answered ones of some items, by ordinal.
  func tournaments(
    of run: Run, ordinals: Range<Int>
  ) throws -> [(ordinal: Int, tournament: Tournament)] {
    try read { db in
      let reader = try TournamentReader(db, sheet: run.sheet, ordinals: ordinals)
      var all: [(ordinal: Int, tournament: Tournament)] = []
      while let next = try reader.next() { all.append(next) }
      return all
    }
  }
}

extension AnswerKey {
  /// What the benchmark calls a response: the first of its names, when equal texts have several.
  func name(of response: Int) -> String? {
    candidates.firstIndex(of: response).map { names[$0] }
  }

  /// The gold margin of a matchup that may lie outside the gold's responses.
  func goldMargin(_ matchup: Matchup) -> Double? {
    max(matchup.first, matchup.second) < gold.count ? gold.margin(matchup.first, matchup.second) : nil
  }
}
