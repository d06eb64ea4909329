import HustingsTraining
import Testing

@Suite struct EnsembleTests {
  static let rules: [EnsembleRule] = [.mean, .worst, .cautious(deviations: 1)]

  @Test func rewardsAndMarginsFollowTheirRules() throws {
    let rewards: [Double?] = [1, 2, 6]
    // Mean 3, standard deviation √(14/3) = 2.1602…
    let spread = (14.0 / 3).squareRoot()
    #expect(EnsembleRule.mean.reward(rewards) == 3)
    #expect(EnsembleRule.worst.reward(rewards) == 1)
    let cautious = try #require(EnsembleRule.cautious(deviations: 1).reward(rewards))
    #expect(abs(cautious - (3 - spread)) <= 1e-12)
    #expect(EnsembleRule.worst.margin(rewards) == 1)
    #expect(EnsembleRule.worst.margin([-1, -2, -6]) == -1)
    #expect(EnsembleRule.worst.margin([-1, 2, 6]) == 0)
    #expect(EnsembleRule.cautious(deviations: 2).margin(rewards) == 0)
    let margin = try #require(EnsembleRule.cautious(deviations: 1).margin(rewards))
    #expect(abs(margin - (3 - spread)) <= 1e-12)
  }

  @Test(arguments: rules)
  func swappingTheResponsesNegatesTheMargin(_ rule: EnsembleRule) throws {
    for margins in [[0.5, -1, 2], [-3, -1, -0.2], [0.1, 0.1, 0.1], [0, 0, 0]] {
      let there = try #require(rule.margin(margins))
      let back = try #require(rule.margin(margins.map { -$0 }))
      #expect(there == -back)
    }
  }

  @Test(arguments: rules)
  func whatAMemberDoesNotKnowTheEnsembleDoesNotKnow(_ rule: EnsembleRule) {
    #expect(rule.reward([1, nil, 2]) == nil)
    #expect(rule.margin([nil]) == nil)
    #expect(rule.reward([]) == nil)
    #expect(rule.margin([]) == nil)
  }

  @Test func membersAnswerTogether() throws {
    let features = Toy.features(.dense, rows: 8, columns: 4)
    let members = try (1...3).map {
      try PreferenceNetwork(ModelSettings(.bradleyTerry, hidden: [5]), inputs: 4, seed: UInt64($0))
    }
    let ensemble = try Ensemble(members, rule: .mean)
    let rows: [Int32] = [0, 5]
    let rewards = try #require(ensemble.rewards(of: rows, features: features))
    let margin = try #require(ensemble.margins([RowPair(0, 5)], features: features)[0])
    let first = try #require(rewards[0])
    let second = try #require(rewards[1])
    #expect(abs(margin - (first - second)) <= 1e-6)
    let single = try members.map { try #require($0.rewards(of: rows, features: features))[0] }
    #expect(abs(first - single.reduce(0, +) / 3) <= 1e-12)
  }

  @Test func membersMustReadTheSameFeatures() throws {
    let narrow = try PreferenceNetwork(ModelSettings(.bradleyTerry), inputs: 4, seed: 1)
    let wide = try PreferenceNetwork(ModelSettings(.bradleyTerry), inputs: 5, seed: 1)
    #expect(throws: TrainingFault.ensembleMix(what: "one reads 4 features, another 5")) {
      try Ensemble([narrow, wide], rule: .mean)
    }
    #expect(throws: TrainingFault.ensembleMix(what: "there is none")) { try Ensemble([], rule: .mean) }
  }
}
