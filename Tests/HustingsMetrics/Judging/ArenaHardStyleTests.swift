import Foundation
import Hustings
import HustingsMetrics
import HustingsStatistics
import Testing

@Suite struct ArenaHardStyleTests {
  /// A prompt's two games, the model's points in each, and the tokens, headers, list items and bolds of both answers.
  private func trial(
    _ item: String, _ games: (Double, Double), baseline: [Double?], own: [Double?], subset: String = "all",
    rows: [Double?] = [1, 1]
  ) -> Trial {
    let example = Example(
      id: item, subset: subset, prompt: Prompt(item),
      candidates: [Candidate("baseline", "baseline"), Candidate("model", .seat)], gold: .prefers(1, over: 0))
    let (b, m) = (example.key.candidates[0], example.key.candidates[1])
    func placed(_ values: [Double?]) -> [Double?] {
      var moved: [Double?] = [nil, nil]
      (moved[b], moved[m]) = (values[0], values[1])
      return moved
    }
    var traits = [Trait.rows: placed(rows)]
    for (place, name) in [Trait.tokens, Trait.headers, Trait.listItems, Trait.bolds, Trait.length]
      .enumerated()
    {
      let values = [baseline, own].map { $0.indices.contains(place) ? $0[place] : nil }
      if values.contains(where: { $0 != nil }) { traits[name] = placed(values) }
    }
    return Trial(
      key: example.key,
      tournament: Tournament(
        count: 2,
        ordered: [
          Matchup(b, m): .margin(1 - 2 * games.0), Matchup(m, b): .margin(2 * games.1 - 1),
        ], areVerdicts: true), traits: traits)
  }

  @Test func rowsOfAPanelThatDoesNotKnowTheSeatsAreToldOfTheSeat() throws {
    let example = Example(
      id: "q", subset: "all", prompt: Prompt("q"),
      candidates: [Candidate("baseline", "baseline"), Candidate("model", .seat)], gold: .prefers(1, over: 0))
    let (b, m) = (example.key.candidates[0], example.key.candidates[1])
    func placed(_ baselineFirst: Double, _ modelFirst: Double) -> [Double?] {
      b == 0 ? [baselineFirst, modelFirst] : [modelFirst, baselineFirst]
    }
    let trial = Trial(
      key: example.key,
      tournament: Tournament(
        count: 2, ordered: [Matchup(b, m): .margin(-1), Matchup(m, b): .margin(-1)], areVerdicts: true),
      traits: [
        Trait.rows: placed(5, 4), Trait.rowsFirst: placed(1, 0), Trait.rowsTied: placed(1, 1),
      ])
    // The baseline shown first: 1 row for it, 1 tie, 3 for the model. The model shown first: no row for it, 1 tie, 3 against it.
    let parts = ArenaHardRate("score", rule: .v01).contributions([trial])
    #expect(parts.count == 1)
    #expect(abs(try #require(parts.first).credit - 100 * (3 + 0.5 + 0.5) / 9) < 1e-9)
  }

  /// Forty prompts on which a model wins about every third game, the more the longer it writes.
  private func model(_ shift: Int, headers: Bool = true, tokens: Bool = true) -> [Trial] {
    (0..<40).map { number in
      let long = (number * 7 + shift) % 11
      let won = (number * number + shift) % 3 == 0
      let own: [Double?] = [
        tokens ? Double(100 + 20 * long) : nil, headers ? Double((number + shift) % 4) : 2,
        Double(long % 5), Double(number % 3), Double(400 + 80 * long),
      ]
      return trial(
        "\(number)", (won ? 1 : 0, long > 7 ? 1 : 0.5), baseline: [200, 2, 1, 1, 800], own: own,
        rows: [won ? 3 : 1, 1])
    }
  }

  private func styles(_ trials: [Trial], _ trait: String = Trait.tokens) -> [(AnswerStyle, AnswerStyle)] {
    trials.map { trial in
      func style(_ candidate: Int) -> AnswerStyle {
        let counts = [trait, Trait.headers, Trait.listItems, Trait.bolds].map {
          Int(trial.traits[$0]?[trial.key.candidates[candidate]] ?? 0)
        }
        return AnswerStyle(tokens: counts[0], headers: counts[1], listItems: counts[2], bolds: counts[3])
      }
      return (style(0), style(1))
    }
  }

  /// The same battles row by row, fitted by `ArenaStyleControl`, which is tested against scikit-learn.
  private func expected(_ models: [[Trial]], _ formula: ArenaHardRule) throws -> [Double] {
    var battles: [ArenaStyleControl.Battle] = []
    for (number, trials) in models.enumerated() {
      for (trial, (baseline, own)) in zip(trials, styles(trials)) {
        let (b, m) = (trial.key.candidates[0], trial.key.candidates[1])
        for (matchup, isSeatFirst) in [(Matchup(b, m), false), (Matchup(m, b), true)] {
          let margin = try #require(trial.tournament.judgment(matchup)?.logOdds)
          let credit = ((isSeatFirst ? margin : -margin) + 1) / 2
          let counts = try #require(trial.traits[Trait.rows])
          let rows = try #require(counts[matchup.first])
          battles.append(
            formula == .v01
              ? .init(
                first: 0, second: number + 1, outcome: 1 - credit, rows: rows,
                style: baseline.excess01(over: own))
              : .init(
                first: number + 1, second: 0, outcome: credit, rows: rows, style: own.excess2(over: baseline))
          )
        }
      }
    }
    let fit = try #require(
      ArenaStyleControl(
        battles, models: models.count + 1, anchor: 0,
        design: formula == .v01 ? .arenaHard01 : .arenaHard2))
    return models.indices.map { 100 * fit.winRate($0 + 1) }
  }

  @Test(arguments: ArenaHardRule.allCases)
  func theBoardIsOneFitOverAllItsModels(formula: ArenaHardRule) throws {
    let models = [model(0), model(1), model(5)]
    let (estimates, notes) = ArenaHardStyleRate("s", formula: formula, rule: .v01).estimates(
      over: models.enumerated().map { ("m\($0)", $1) })
    for (estimate, value) in zip(estimates, try expected(models, formula)) {
      let estimate = try #require(estimate)
      #expect(abs(estimate.value - value) < 1e-8)
      let interval = try #require(estimate.interval)
      #expect(interval.low < value && value < interval.high && interval.level == 0.95)
      #expect(estimate.count == 40)
    }
    #expect(notes.count == 1 && notes[0].hasPrefix("s: one fit over 3 models;"))
  }

  @Test func aRunAloneHasNoValue() {
    #expect(ArenaHardStyleRate("s", formula: .v01, rule: .v01).estimate(model(0)) == nil)
  }

  @Test func aModelWhoseAnswersAreNotAtHandIsNamedAndChangesNothing() throws {
    let bare = model(3).map { Trial(key: $0.key, tournament: $0.tournament) }
    let metric = ArenaHardStyleRate("s", formula: .v2, rule: .v2)
    let (alone, _) = metric.estimates(over: [("a", model(0)), ("b", model(1))])
    let (estimates, notes) = metric.estimates(over: [("a", model(0)), ("bare", bare), ("b", model(1))])
    #expect(estimates[1] == nil)
    #expect([estimates[0], estimates[2]] == alone)
    #expect(notes.contains("s: without the answers of bare, whose style is not known."))
  }

  @Test func withoutTokensLengthsAreInCodePoints() throws {
    let characters = model(0, tokens: false)
    let (estimates, notes) = ArenaHardStyleRate("s", formula: .v2, rule: .v01).estimates(over: [
      ("a", characters)
    ])
    #expect(estimates[0] != nil)
    #expect(notes.contains { $0.contains("lengths are in code points") })
    // (m − b) / (m + b) is the same at four characters a token.
    let (tokens, _) = ArenaHardStyleRate("s", formula: .v2, rule: .v01).estimates(over: [("a", model(0))])
    let (one, other) = (try #require(estimates[0]), try #require(tokens[0]))
    #expect(abs(one.value - other.value) < 1)
  }

  @Test func aFeatureThatNeverVariesIsLeftOut() throws {
    let flat = (0..<40).map { number -> Trial in
      let own: [Double?] = [Double(100 + number * 13 % 50), 0, 0, 0]
      let won: Double = number % 3 == 0 ? 1 : 0
      return trial("\(number)", (won, 0.5), baseline: [200, 0, 0, 0], own: own)
    }
    let (estimates, notes) = ArenaHardStyleRate("s", formula: .v01, rule: .v01).estimates(over: [("a", flat)])
    #expect(estimates[0] != nil)
    #expect(notes.last?.contains("headers") == false)
    let same = (0..<9).map { trial("\($0)", (1, 0), baseline: [9, 0, 0, 0], own: [9, 0, 0, 0]) }
    #expect(
      ArenaHardStyleRate("s", formula: .v01, rule: .v01).estimates(over: [("a", same)]).estimates == [nil])
  }

  @Test func aFeatureThatFollowsFromAnotherIsLeftOutAndChangesNoScore() throws {
    // As many bolds as headers in every answer.
    func twin(_ withBolds: Bool) -> [Trial] {
      (0..<40).map { number -> Trial in
        let headers = Double(number * 5 % 4)
        let own: [Double?] = [Double(100 + number * 7 % 11), headers, 1, withBolds ? headers : 0]
        let won: Double = number * number % 3 == 0 ? 1 : 0
        return trial("\(number)", (won, 0.5), baseline: [200, 1, 1, withBolds ? 1 : 0], own: own)
      }
    }
    let metric = ArenaHardStyleRate("s", formula: .v2, rule: .v01)
    let (both, notes) = metric.estimates(over: [("a", twin(true))])
    let (one, _) = metric.estimates(over: [("a", twin(false))])
    #expect(both == one && both[0] != nil)
    #expect(notes.last?.contains("bold") == false)
  }

  @Test func whoWinsNothingHasNoFiniteScoreWithoutARidge() throws {
    let hopeless = (0..<40).map { number -> Trial in
      let own: [Double?] = [Double(100 + number), 1, Double(number % 3), 3]
      return trial("\(number)", (0, 0), baseline: [200, 1, 2, 3], own: own)
    }
    let models = [("a", model(0)), ("hopeless", hopeless)]
    let (two, notes) = ArenaHardStyleRate("s", formula: .v2, rule: .v01).estimates(over: models)
    #expect(two[1] == nil && two[0] != nil)
    #expect(notes.contains { $0.contains("hopeless won everything or nothing") })
    let (one, _) = ArenaHardStyleRate("s", formula: .v01, rule: .v01).estimates(over: models)
    let ridge = try #require(one[1])
    #expect(ridge.value < 10)
  }

  @Test func aCategoryIsFittedByItself() throws {
    let other = (0..<40).map { number -> Trial in
      let own: [Double?] = [Double(number), 3, 3, Double(number % 2)]
      return trial("x\(number)", (1, 1), baseline: [10, 1, 1, 1], own: own, subset: "creative")
    }
    let metric = ArenaHardStyleRate("s", formula: .v2, rule: .v2, subset: "all")
    #expect(
      metric.estimates(over: [("a", model(0) + other)]).estimates
        == metric.estimates(over: [("a", model(0))]).estimates)
    let rate = ArenaHardRate("r", rule: .v2, subset: "creative")
    #expect(rate.estimate(model(0) + other)?.value == 100)
    #expect(rate.estimate(model(0)) == nil)
  }

  @Test func averageTokensAreCutOff() throws {
    let trials = [
      trial("a", (1, 1), baseline: [9, 0, 0, 0], own: [10, 0, 0, 0]),
      trial("b", (1, 1), baseline: [9, 0, 0, 0], own: [13, 0, 0, 0]),
    ]
    #expect(ArenaHardFigure(.averageTokens, rule: .v01).estimate(trials)?.value == 11)
    let bare = trials.map { Trial(key: $0.key, tournament: $0.tournament) }
    #expect(ArenaHardFigure(.averageTokens, rule: .v01).estimate(bare) == nil)
  }
}
