import Foundation
import Hustings
import HustingsTraining
import Testing

@Suite("Choosing and judging types")
struct TypeReportTests {
  /// Two minds on many prompts with two features, so many binary votes per annotator.
  private func panel(annotators: Int, votes: Int, menus: Int = 12) throws -> (VotePanel, LinearScores, [Int])
  {
    var builder = VotePanelBuilder()
    var features: [Float] = []
    var places: [(Int, [Int])] = []
    for menu in 0..<menus {
      let made = Panels.menu(&builder, "q\(menu)", 2)
      places.append(made)
      let angle = Double(menu) * 2.399963
      features += [Float(cos(angle)), Float(sin(angle)), 0, 0]
    }
    var truth: [Int] = []
    for annotator in 0..<annotators {
      let type = annotator % 2
      truth.append(type)
      let number = try builder.annotator("\(annotator)")
      for vote in 0..<votes {
        let menu = (annotator * 5 + vote * 7) % menus
        let taste = type == 0 ? features[4 * menu] : features[4 * menu + 1]
        try builder.add(.best(taste > 0 ? 0 : 1, of: 2), on: places[menu].1, of: places[menu].0, by: number)
      }
    }
    let panel = try builder.build()
    return (panel, LinearScores(FeatureMatrix(count: panel.rowCount, denseWidth: 2, dense: features)), truth)
  }

  @Test func twoMindsAreChosenAndRecovered() throws {
    let (panel, family, truth) = try panel(annotators: 40, votes: 12)
    let selection = try TypeSelection(
      panel, family, TypeSettings(types: 1, iterations: 60, ridge: 0.1), restarts: 3, workers: 2)
    let candidates = try (1...3).map { try selection.candidate(types: $0) }
    let place = try #require(TypeSelection.choice(candidates))
    #expect(candidates[place].types == 2)
    #expect(TypeAgreement(truth, candidates[1].best.assignments).recovery == 1)
    #expect(candidates[1].stability == 1)
    #expect(candidates[1].clusters.logLikelihood > candidates[0].best.logLikelihood)
    for candidate in candidates { #expect(candidate.best.largestFall < 1e-8) }
  }

  @Test func aTypeThatFillsUpACountIsNotWorthHaving() throws {
    // Under a firm prior the third type is a copy of another, and held-out votes differ by what rounding leaves.
    let (panel, _, _) = try panel(annotators: 40, votes: 12)
    let selection = try TypeSelection(
      panel, TableScores(rows: panel.rowCount), TypeSettings(types: 1, iterations: 60, ridge: 2), restarts: 3,
      workers: 2)
    let candidates = try (1...4).map { try selection.candidate(types: $0) }
    #expect(TypeSelection.choice(candidates).map { candidates[$0].types } == 2)
  }

  @Test func halvesThatTakeTurnsSettle() throws {
    let (panel, family, truth) = try panel(annotators: 40, votes: 12)
    let settings = TypeSettings(types: 2, iterations: 200, tolerance: 1e-7, ridge: 0.1, crossFits: true)
    let mixture = try TypeSearch(panel, family, settings).run(from: .clusters(seed: 1))
    #expect(mixture.isSettled)
    #expect(mixture.trace.count < 40)
    #expect(TypeAgreement(truth, mixture.assignments).recovery == 1)
  }

  @Test func threadsChangeNoCandidate() throws {
    let (panel, family, _) = try panel(annotators: 10, votes: 6)
    let settings = TypeSettings(types: 1, iterations: 10, ridge: 0.1)
    let alone = try TypeSelection(panel, family, settings, restarts: 3, workers: 1).candidate(types: 2)
    let together = try TypeSelection(panel, family, settings, restarts: 3, workers: 3).candidate(types: 2)
    #expect(alone.best == together.best)
    #expect(alone.restarts == together.restarts)
    #expect(alone.heldOut == together.heldOut)
  }

  @Test func copiesAndEmptyTypesAreCalledCollapsed() throws {
    let panel = try Panels.opposites()
    let search = try TypeSearch(panel, TableScores(rows: 3), TypeSettings(types: 2))
    let same = search.diagnoses(of: try search.run(from: .uniform))
    #expect(same[0].faults == [.duplicate(of: 1)])
    #expect(same[1].faults == [.empty])
    let apart = search.diagnoses(of: try search.run(from: .clusters(seed: 1)).sorted)
    #expect(apart.allSatisfy { $0.faults.isEmpty })
    #expect((apart[0].opposite?.correlation ?? 0) < -0.99)
    #expect(apart[0].annotators == 7)
  }

  @Test func agreementOfPartitions() {
    // Adjusted Rand: scikit-learn 1.x documents 0.57 for these two, Hubert and Arabie's closed form gives 4/7.
    let partly = TypeAgreement([0, 0, 1, 1], [0, 0, 1, 2])
    #expect(abs((partly.adjustedRand ?? 0) - 4.0 / 7) < 1e-12)
    #expect(partly.recovery == 0.75)
    let renamed = TypeAgreement([0, 0, 1, 2], [2, 2, 0, 1])
    #expect(renamed.adjustedRand == 1)
    #expect(renamed.recovery == 1)
    #expect(renamed.matching == [2, 0, 1])
    #expect(TypeAgreement([0, 0], [0, 0]).adjustedRand == nil)
    #expect(TypeAgreement([], []).recovery == nil)
  }

  @Test func aNeuralPolicyHasTheGradientOfItsScores() throws {
    let (panel, linear, _) = try panel(annotators: 4, votes: 6)
    let family = NeuralScores(linear.features, hidden: 3)
    let start = family.random(seed: 4, scale: 1)
    let slopes = (0..<panel.rowCount).map { Double($0 % 5) - 2 }
    var gradient = [Double](repeating: 0, count: family.parameterCount)
    start.withUnsafeBufferPointer { parameters in
      slopes.withUnsafeBufferPointer { slopes in
        gradient.withUnsafeMutableBufferPointer { gradient in
          if let p = parameters.baseAddress, let s = slopes.baseAddress, let g = gradient.baseAddress {
            family.addGradient(p, rows: 0..<panel.rowCount, slopes: s, to: g)
          }
        }
      }
    }
    for i in start.indices {
      var (up, down) = (start, start)
      up[i] += 1e-6
      down[i] -= 1e-6
      let difference = zip(slopes, zip(family.scores(up), family.scores(down)))
        .reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
      #expect(abs(gradient[i] - difference / 2e-6) < 1e-6)
    }
    for score in family.scores(family.reference(seed: 4)) { #expect(score == 0) }
  }

  @Test func theSearchWorksWithANeuralPolicy() throws {
    let (panel, linear, truth) = try panel(annotators: 20, votes: 12)
    let settings = TypeSettings(
      types: 2, iterations: 8, ridge: 0.1, restart: .reference, steps: 60, precision: 1e-5)
    let mixture = try TypeSearch(panel, NeuralScores(linear.features, hidden: 4), settings)
      .run(from: .clusters(seed: 2))
    #expect(TypeAgreement(truth, mixture.assignments).recovery == 1)
    #expect(mixture.largestFall < 1e-6)
  }

  @Test func oneBinaryVoteEachTellsNothing() throws {
    let (single, _, _) = try panel(annotators: 40, votes: 1)
    let guarded = Identification(single, types: 2, sharesAcrossMenus: true)
    #expect(guarded.verdict == .impossible)
    #expect(guarded.repeating == 0)
    let (many, _, _) = try panel(annotators: 40, votes: 12)
    #expect(Identification(many, types: 2, sharesAcrossMenus: true).verdict == .identified)
  }

  @Test func rankingsTellOppositesByWhoIsChosenAmongThree() throws {
    var builder = VotePanelBuilder()
    for annotator in 0..<60 {
      let (menu, places) = Panels.menu(&builder, "q\(annotator % 6)", 3)
      let order = annotator.isMultiple(of: 2) ? [[0], [1]] : [[2], [1]]
      try builder.add(
        Vote(placed: order, shown: 3), on: places, of: menu, by: builder.annotator("\(annotator)"))
    }
    let panel = try builder.build()
    // One feature for all prompts, since one vote each says nothing of who goes with whom across them.
    let features = (0..<panel.rowCount).map { Float(1 - $0 % 3) }
    let family = LinearScores(FeatureMatrix(count: panel.rowCount, denseWidth: 1, dense: features))
    let search = try TypeSearch(panel, family, TypeSettings(types: 2, ridge: 0.1))
    let diagnoses = search.diagnoses(of: try search.run(from: .policies([[1], [-1]], shares: [0.5, 0.5])))
    let report = Identification(panel, types: 2, sharesAcrossMenus: true, diagnoses: diagnoses)
    #expect(report.prompts == 6)
    let opposite = try #require(report.findings.first { $0.sentence.contains("nearly opposite") })
    #expect(opposite.sentence.hasSuffix("how they choose among three or more."))
  }

  @Test func oneMindIsSaidToBeOne() throws {
    var builder = VotePanelBuilder()
    for annotator in 0..<40 {
      for prompt in 0..<6 {
        let (menu, places) = Panels.menu(&builder, "q\(prompt)", 2)
        let choice = (annotator + prompt).isMultiple(of: 5) ? 1 : 0
        try builder.add(
          .best(choice, of: 2), on: places, of: menu, by: builder.annotator("\(annotator)"))
      }
    }
    let panel = try builder.build()
    let search = try TypeSearch(panel, TableScores(rows: panel.rowCount), TypeSettings(types: 2, ridge: 1))
    let diagnoses = search.diagnoses(of: try search.run(from: .uniform))
    let report = Identification(panel, types: 2, sharesAcrossMenus: false, diagnoses: diagnoses)
    #expect(report.findings.contains { $0.sentence.hasPrefix("The 2 types that were fitted come to one") })
  }

  @Test func oneMenuAndFewAnnotatorsAreSaid() throws {
    let report = Identification(try Panels.opposites(), types: 2, sharesAcrossMenus: false)
    #expect(report.menus == 3)
    #expect(report.prompts == 1)
    #expect(report.findings.contains { $0.sentence.hasPrefix("Only one prompt was asked about.") })
    #expect(report.verdict == .weak)
    #expect(report.contradictory == 10)
    #expect(report.findings.contains { $0.sentence.hasPrefix("10 annotators are few for 2 types") })
  }

  @Test func groupRobustPoliciesEvenTheLosses() throws {
    let panel = try Panels.opposites()
    let groups = panel.groups.map { $0 == "A" ? 0 : 1 }
    let robust = try GroupRobust(
      panel, TableScores(rows: 3), groups: groups, settings: TypeSettings(types: 1, ridge: 0.001))
    // Opposite groups with equal votes each: only the uniform policy loses as little with both.
    #expect(abs(robust.losses[0] - log(2)) < 1e-3)
    #expect(abs(robust.losses[1] - log(2)) < 1e-3)
  }
}
