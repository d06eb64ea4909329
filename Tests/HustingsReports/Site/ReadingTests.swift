import Hustings
import Testing

@testable import HustingsReports

/// Pairs whose right response is the first, told by two texts of chosen lengths.
private func pair(_ number: Int, right: String = "right", wrong: String = "wrong") -> Example {
  Example(
    id: "\(number)", subset: "all", prompt: Prompt("\(number)"),
    candidates: [Candidate("good", "\(right) \(number)"), Candidate("bad", "\(wrong) \(number)")],
    gold: .prefers(0, over: 1))
}

@Suite struct MarginReadingTests {
  @Test func marginsAreThoseOfWhatTheKeyPrefers() {
    let trials = (0..<40).map { number -> Trial in
      let key = pair(number).key
      var rewards: [Double?] = [0, 0]
      rewards[key.candidates[0]] = Double(number) - 10
      return Trial(key: key, tournament: Tournament(rewards: rewards))
    }
    let reading = MarginReading(trials)
    #expect(reading.margins == (0..<40).map { Double($0) - 10 })
    #expect(!reading.areVerdicts)
    #expect(reading.calibration != nil)
  }

  @Test func verdictsAreNotCalibrated() {
    let trials = (0..<40).map { number -> Trial in
      let key = pair(number).key
      let matchup = Matchup(key.candidates[0], key.candidates[1])
      return Trial(
        key: key,
        tournament: Tournament(
          count: 2, ordered: [matchup: .margin(1), matchup.swapped: .margin(-1)], areVerdicts: true))
    }
    let reading = MarginReading(trials)
    #expect(reading.areVerdicts)
    #expect(reading.calibration == nil)
  }
}

@Suite struct BiasReadingTests {
  /// Ten pairs: the first is preferred whatever it is in four of them, and consistently the right one in six.
  @Test func positionBiasIsCountedOverBothOrders() throws {
    let trials = (0..<10).map { number -> Trial in
      let key = pair(number).key
      let matchup = Matchup(key.candidates[0], key.candidates[1])
      let reverse = number < 4 ? 1.0 : -1
      return Trial(
        key: key,
        tournament: Tournament(
          count: 2, ordered: [matchup: .margin(1), matchup.swapped: .margin(reverse)], areVerdicts: true))
    }
    let shares = try #require(BiasReading.position(trials))
    #expect(shares.map(\.value) == [14.0 / 20, 6.0 / 10])
    #expect(shares.map(\.count) == [20, 10])
  }

  @Test func rewardsHaveNoPosition() {
    let key = pair(0).key
    #expect(BiasReading.position([Trial(key: key, tournament: Tournament(rewards: [0, 1]))]) == nil)
  }

  @Test func lengthBiasComparesWithTheKey() {
    // In items 0 to 5 the right response is longer, in 6 to 9 shorter. The model always takes the longer one.
    var trials: [Trial] = []
    var lengths: [Trial] = []
    for number in 0..<10 {
      let key = pair(number).key
      let isLonger = number < 6
      var rewards: [Double?] = [0, 0]
      rewards[key.candidates[0]] = isLonger ? 1 : -1
      trials.append(Trial(key: key, tournament: Tournament(rewards: rewards)))
      var length: [Double?] = [10, 10]
      length[key.candidates[0]] = isLonger ? 20 : 5
      lengths.append(Trial(key: key, tournament: Tournament(rewards: length)))
    }
    let shares = BiasReading.length(trials, lengths: lengths)
    #expect(shares.map(\.value) == [1, 0, 1, 0.6])
  }
}

@Suite struct CycleReadingTests {
  private func ring(_ margins: [Matchup: Double]) -> Trial {
    let example = Example(
      id: "ring", subset: "all", prompt: Prompt("?"), candidates: ["a", "b", "c"].map { Candidate($0, $0) },
      gold: .groups(better: [0], worse: [1, 2]))
    let judgments = margins.mapValues { Judgment(logOdds: $0) }
    return Trial(key: example.key, tournament: Tournament(count: 3, symmetric: judgments))
  }

  @Test func aRingIsWhollyCyclic() throws {
    let reading = try #require(
      CycleReading([ring([Matchup(0, 1): 1, Matchup(1, 2): 1, Matchup(0, 2): -1])]))
    #expect(abs(reading.cyclicity - 1) < 1e-12)
    #expect(reading.cyclicTriples == 1)
    #expect(reading.worst?.title == "ring")
  }

  @Test func aScalarIsNotCyclic() throws {
    let reading = try #require(
      CycleReading([ring([Matchup(0, 1): 1, Matchup(1, 2): 1, Matchup(0, 2): 2])]))
    #expect(reading.cyclicity < 1e-12)
    #expect(reading.worst == nil)
  }

  @Test func rewardsAndPairsHaveNothingToRead() {
    let key = pair(0).key
    #expect(CycleReading([Trial(key: key, tournament: Tournament(rewards: [0, 1]))]) == nil)
  }
}

@Suite struct ItemsTests {
  @Test func itemsAreCountedOverCompetingModels() throws {
    let entries = [
      Made.entry("one", count: 10) { $0 < 6 }, Made.entry("two", count: 10) { $0 < 4 || $0 == 9 },
      Made.entry("null:coin", count: 10, isNull: true) { _ in false },
    ]
    let items = Items(Made.chapter(entries))
    // 0–3 both, 4 and 5 only one, 6–8 none, 9 only two.
    #expect(items.solved == 0.4)
    #expect(items.unsolved == 0.3)
    #expect(items.oracle == 0.7)
    #expect(items.hardestFirst.prefix(3).map(\.ordinal) == [6, 7, 8])
    #expect(items.agreement[0][1] == 0.7)
    let wins = try #require(items.wins[0][1])
    #expect(abs(wins - 2.0 / 3) < 1e-12)
  }
}
