import Hustings
import HustingsMetrics
import HustingsReports
import Testing

/// Pairs with a known outcome per item and model.
struct Made: Benchmark {
  let card = BenchmarkCard(
    name: "made", version: "made/1", summary: "made up", source: "a test", licence: "none", ties: .loss,
    failures: .excluded, aggregation: "every pair counts the same")
  var metrics: [any Metric] {
    [Accuracy("accuracy", rule: PairCredit(ties: .loss, failures: .excluded, orders: .netted), subsets: .all)]
  }
  func examples(_ body: (Example) throws -> Void) throws {}

  /// A model that is right on the items for which `right` says so; nil is no answer.
  static func entry(
    _ name: String, count: Int, isNull: Bool = false, isRecorded: Bool = false, right: (Int) -> Bool?
  ) -> Board.Entry {
    let card = ModelCard(
      name: name, kind: .reward, revision: "1",
      fingerprint: SHA256.digest(isRecorded ? "recording of \(name)" : name), isNull: isNull,
      readsTexts: !isRecorded)
    let trials = (0..<count).map { number -> Trial in
      let example = Example(
        id: "\(number)", subset: number.isMultiple(of: 2) ? "even" : "odd", prompt: Prompt("\(number)"),
        candidates: [Candidate("good", "good \(number)"), Candidate("bad", "bad \(number)")],
        gold: .prefers(0, over: 1))
      var rewards: [Double?] = [nil, nil]
      if let isRight = right(number) {
        rewards[example.key.candidates[0]] = isRight ? 1 : 0
        rewards[example.key.candidates[1]] = isRight ? 0 : 1
      }
      return Trial(key: example.key, tournament: Tournament(rewards: rewards))
    }
    return Board.Entry(card: card, trials: trials)
  }

  static func board(_ entries: [Board.Entry], itemCount: Int) -> Board {
    let made = Made()
    return Board(
      made, card: made.card, identity: SHA256.digest("made"), itemCount: itemCount, entries: entries,
      alpha: 0.05)
  }
}

@Suite struct BoardTests {
  let good = Made.entry("good", count: 200) { $0 % 10 != 0 }
  let twin = Made.entry("twin", count: 200) { $0 % 10 != 1 }
  let poor = Made.entry("poor", count: 200) { $0 % 2 == 0 }
  let coin = Made.entry("null:coin", count: 200, isNull: true) { $0 % 5 < 2 }

  @Test func modelsThatAnsweredOtherItemsAreNotPaired() {
    // As many items each, and none in common: nothing tells them apart.
    let one = Made.entry("right", count: 100) { _ in true }
    let other = Made.entry("wrong", count: 100) { _ in false }
    let entries = [
      Board.Entry(card: one.card, trials: one.trials.enumerated().filter { $0.0 % 2 == 0 }.map(\.1)),
      Board.Entry(card: other.card, trials: other.trials.enumerated().filter { $0.0 % 2 == 1 }.map(\.1)),
    ]
    let made = Made()
    let board = Board(
      made, card: made.card, identity: SHA256.digest("made"), itemCount: 100, entries: entries, alpha: 0.05)
    #expect(board.rows.map(\.tier) == [1, 1])
  }

  @Test func modelsAreOrderedAndNullsComeLast() {
    let board = Made.board([coin, poor, twin, good], itemCount: 200)
    #expect(board.rows.map(\.card.name) == ["good", "twin", "poor", "null:coin"])
    #expect(board.bestNull == "null:coin")
  }

  @Test func noiseDecidesNoRank() {
    let board = Made.board([good, twin, poor], itemCount: 200)
    #expect(board.rows.map(\.ranks) == [1...2, 1...2, 3...3])
    #expect(board.rows.map(\.tier) == [1, 1, 2])
  }

  @Test func theExcessOverTheBestNullIsPaired() throws {
    let board = Made.board([good, coin], itemCount: 200)
    let excess = try #require(board.rows[0].excess)
    // 180 right against 80: by hand 0.9 - 0.4.
    #expect(abs(excess.difference.value - 0.5) < 1e-12)
    #expect(excess.test == "mcnemar-mid-p")
    #expect(board.rows[1].excess == nil)
    #expect(board.rows[1].tier == nil)
  }

  @Test func theOrderOfEntriesChangesNoByte() {
    let one = Made.board([good, twin, poor, coin], itemCount: 200)
    let other = Made.board([coin, poor, good, twin], itemCount: 200)
    for format in TableFormat.allCases {
      #expect(one.table(width: nil).rendered(as: format) == other.table(width: nil).rendered(as: format))
    }
  }

  @Test func modelsOfOneNameAreToldApartByTheirFingerprints() {
    let one = Made.entry("same", count: 20) { $0 % 2 == 0 }
    let other = Made.entry("same", count: 20, isRecorded: true) { $0 % 3 == 0 }
    let text = Made.board([one, other, good], itemCount: 200).table(width: nil).rendered(as: .table)
    for entry in [one, other] { #expect(text.contains("same (\(entry.card.fingerprint.short))")) }
    #expect(!text.contains("good ("))
  }

  @Test func addingAModelChangesNoEstimate() {
    let before = Made.board([good, poor], itemCount: 200)
    let after = Made.board([good, poor, twin], itemCount: 200)
    for row in before.rows {
      #expect(after.rows.first { $0.card == row.card }?.estimates == row.estimates)
    }
  }

  @Test func aMetricOfTheWholeBoardIsFittedToItsCompetitorsAlone() throws {
    let entries = [good, poor, Made.entry("chance", count: 200, isNull: true) { $0 % 2 == 0 }]
    let made = JointlyMade()
    let board = Board(
      made, card: made.card, identity: SHA256.digest("joint"), itemCount: 200, entries: entries, alpha: 0.05)
    // How many models there are, which every model's value is.
    #expect(board.rows.map { $0.estimates[1]?.value } == [2, 2, nil])
    #expect(board.standings == ["2 models"])
    let text = board.table(width: nil).rendered(as: .json)
    #expect(text.contains("\"of_all\": 2") && text.contains("\"of_all_interval\": ["))
  }

  @Test func whatIsMissingIsShownWithItsBounds() throws {
    let partial = Made.entry("partial", count: 100) { $0 < 40 ? true : $0 < 80 ? false : nil }
    let board = Made.board([partial], itemCount: 120)
    let reach = board.rows[0].reach
    #expect(reach.answered == 80)
    #expect(reach.total == 120)
    let bounds = try #require(reach.bounds)
    #expect(abs(bounds.lowerBound - 40.0 / 120) < 1e-12)
    #expect(abs(bounds.upperBound - 80.0 / 120) < 1e-12)
    let text = board.table(width: nil).rendered(as: .table)
    #expect(text.contains("partial: 20 abstentions, 20 not run yet; between 33.33"))
    #expect(text.contains("66.7 %"))
  }

  @Test func lessThanEverythingIsNeverPrintedAsEverything() {
    let almost = Made.entry("almost", count: 10_000) { $0 == 0 ? nil : true }
    #expect(Made.board([almost], itemCount: 10_000).table(width: 1).rendered(as: .table).contains("99.9 %"))
  }
}

@Suite struct ComparisonTests {
  let baseline = Made.entry("old", count: 100) { $0 < 60 }
  let candidate = Made.entry("new", count: 90) { $0 < 50 || $0 >= 70 }

  private func comparison() throws -> Comparison {
    let made = Made()
    return try #require(
      Comparison(
        made, card: made.card, identity: SHA256.digest("made"), baseline: baseline, candidate: candidate,
        resampling: Comparison.Resampling(replicates: 1_000, seed: 1)))
  }

  @Test func onlySharedItemsCountAndTheOthersAreListed() throws {
    let comparison = try comparison()
    let paired = try #require(comparison.headline.paired)
    #expect(paired.difference.count == 90)
    // On the 90 shared items: 60 right before, 50 + 20 right now.
    #expect(abs(paired.baseline - 60.0 / 90) < 1e-12)
    #expect(abs(paired.candidate - 70.0 / 90) < 1e-12)
    #expect(paired.baselineOnly == 10)
    #expect(paired.candidateOnly == 20)
    #expect(comparison.onlyInBaseline.count == 10)
    #expect(comparison.onlyInCandidate.isEmpty)
  }

  @Test func flipsAreAWorklistWithTheLossesFirst() throws {
    let flips = try comparison().flips
    #expect(flips.count == 30)
    #expect(flips.prefix(10).allSatisfy { $0.baseline == 1 && $0.candidate == 0 })
    #expect(Set(flips.prefix(10).map(\.item)) == Set((50..<60).map { "\($0)" }))
    #expect(flips[0].baselineMargin == 1)
    #expect(flips[0].candidateMargin == -1)
  }

  @Test func subsetsAreCorrectedTogether() throws {
    let comparison = try comparison()
    #expect(comparison.subsets.map(\.name) == ["even", "odd"])
    for line in comparison.subsets {
      let adjusted = try #require(line.adjustedP)
      let plain = try #require(line.paired?.pValue)
      #expect(adjusted >= plain)
    }
    let smallest = comparison.subsets.compactMap { $0.paired?.pValue }.min() ?? 1
    #expect(comparison.subsets.compactMap(\.adjustedP).min() == min(1, 2 * smallest))
  }

  @Test func theBootstrapAgreesWithTangoAndRepeats() throws {
    let one = try comparison()
    let other = try comparison()
    #expect(one.bootstrap == other.bootstrap)
    let bootstrap = try #require(one.bootstrap)
    let tango = try #require(one.headline.paired?.difference.interval)
    #expect(abs(bootstrap.low - tango.low) < 0.03)
    #expect(abs(bootstrap.high - tango.high) < 0.03)
  }

  @Test func theTableSaysWhetherItIsNoise() throws {
    let text = try comparison().table.rendered(as: .table)
    #expect(text.contains("10 items only the baseline was asked: 90, 91, 92"))
    #expect(text.contains("within noise") || text.contains("is better by"))
  }
}

/// `Made` with a column that is fitted to the whole board.
private struct JointlyMade: Benchmark {
  var card: BenchmarkCard { Made().card }
  var metrics: [any Metric] { Made().metrics + [Crowd()] }
  func examples(_ body: (Example) throws -> Void) throws {}

  struct Crowd: JointMetric {
    let name = "of all"
    let direction = Direction.neutral
    let unit = MetricUnit.number
    let hasOwnInterval = true
    func estimates(
      over models: [(name: String, trials: [Trial])]
    ) -> (estimates: [Estimate?], notes: [String]) {
      let count = Double(models.count)
      let interval = Interval(low: count - 1, high: count + 1, level: 0.95, method: "none")
      return (
        models.map { Estimate(value: count, interval: interval, count: $0.trials.count) },
        ["\(models.count) models"]
      )
    }
  }
}
