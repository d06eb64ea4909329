import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import HustingsReports
import HustingsStatistics
import Testing

/// Gates over made-up answers whose counts are known.
enum GateBench {
  static let day = Date(timeIntervalSince1970: 1_800_000_000)

  static func clause(
    margin: Double = 0.02, test: Contract.Test = .nonInferiority, role: Contract.Role = .primary,
    stratum: String? = nil, coverage: Double = 1, strict: Bool = false, metric: String? = nil
  ) -> Contract.Clause {
    Contract.Clause(
      benchmark: "made", subject: .metric(metric), stratum: stratum, margin: margin, test: test, role: role,
      coverage: coverage, isStrict: strict)
  }

  static func contract(
    _ clauses: [Contract.Clause], mode: Contract.Mode = .allMustPass, expires: String? = nil, looks: Int = 1,
    needsCertificate: Bool = false
  ) -> Contract {
    Contract(
      version: 1, expires: expires, mode: mode, looks: looks, needsCertificate: needsCertificate,
      clauses: clauses, digest: SHA256.digest("contract"))
  }

  /// Answers of a model that is right on the items for which `right` says so; nil is no answer.
  static func side(
    _ name: String, count: Int, identity: String = "made", run: String? = nil, right: (Int) -> Bool?
  ) -> Gate.Side {
    let entry = Made.entry(name, count: count, right: right)
    return Gate.Side(
      benchmark: Made(), name: "made", identity: SHA256.digest(identity),
      run: SHA256.digest(run ?? "run \(name)"),
      itemCount: count, trials: entry.trials)
  }

  static func card(_ name: String) -> ModelCard {
    ModelCard(name: name, kind: .reward, revision: "1", fingerprint: SHA256.digest(name))
  }

  static func gate(
    _ contract: Contract, _ mine: Gate.Side, _ yours: Gate.Side, looks: [Baseline.Look] = [],
    mark: Baseline.ContractMark? = nil, certificate: Bool? = nil, sequential: SequentialCheck? = nil
  ) -> Gate {
    Gate(
      contract, file: Baseline(model: card("baseline"), contract: mark, parts: []), baselines: [mine],
      candidate: card("candidate"), candidates: [yours], looks: looks, certificate: certificate,
      sequential: sequential, now: day)
  }

  /// A baseline that is right on all but the last tenth, and a candidate that differs on chosen numbers of items.
  static func pair(count: Int, won: Int, lost: Int) -> (Gate.Side, Gate.Side) {
    let limit = count * 9 / 10
    let mine = side("baseline", count: count) { $0 < limit }
    let yours = side("candidate", count: count) { $0 < limit ? $0 >= lost : $0 < limit + won }
    return (mine, yours)
  }
}

@Suite struct GateTests {
  /// The verdict is decided by Tango's one-sided limits, which are tested against published values in HustingsStatistics.
  @Test(arguments: [(0, 0), (20, 20), (5, 45), (60, 0), (10, 60), (2, 90)])
  func theVerdictIsThatOfTangosLimits(won: Int, lost: Int) throws {
    let (mine, yours) = GateBench.pair(count: 1_000, won: won, lost: lost)
    let gate = GateBench.gate(GateBench.contract([GateBench.clause()]), mine, yours)
    let score = try #require(TangoScore(candidateOnly: won, baselineOnly: lost, items: 1_000))
    let lower = score.lowerLimit(level: 0.95)
    let upper = score.upperLimit(level: 0.95)
    let expected: Gate.Verdict = lower > -0.02 ? .pass : upper < -0.02 ? .fail : .inconclusive
    #expect(gate.verdict == expected)
    #expect(gate.findings[0].lowerLimit == lower)
    #expect(gate.findings[0].upperLimit == upper)
    #expect(gate.findings[0].evidence?.method == .tango)
    #expect((gate.findings[0].itemsNeeded == nil) == (expected != .inconclusive))
  }

  /// Section 7.5 of the gate's plan: with 4 % of answers different, 2,474 items certify one point with power .8.
  @Test func powerIsThatOfTheNormalApproximation() throws {
    let (mine, yours) = GateBench.pair(count: 2_474, won: 49, lost: 50)
    let gate = GateBench.gate(GateBench.contract([GateBench.clause(margin: 0.01)]), mine, yours)
    let power = try #require(gate.findings[0].power)
    #expect(abs(power - 0.8) < 0.002)
  }

  @Test func everyPrimaryClauseMustPassAndAdvisoriesOnlySpeak() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 0, lost: 100)
    let both = GateBench.contract([GateBench.clause(margin: 0.2), GateBench.clause(stratum: "even")])
    #expect(GateBench.gate(both, mine, yours).verdict == .fail)
    let advisory = GateBench.contract([
      GateBench.clause(margin: 0.2), GateBench.clause(role: .advisory, stratum: "even"),
    ])
    let gate = GateBench.gate(advisory, mine, yours)
    #expect(gate.verdict == .pass)
    #expect(gate.findings[1].verdict == .fail)
  }

  @Test func anyMayBlockTestsDropsWithHolm() throws {
    // 10 to 26 of 500 discordant among the even, none among the odd.
    let mine = GateBench.side("baseline", count: 1_000) { $0 % 2 == 1 || $0 < 900 }
    let yours = GateBench.side("candidate", count: 1_000) {
      $0 % 2 == 1 || ($0 >= 52 && $0 < 900) || $0 >= 980
    }
    let clauses = [GateBench.clause(stratum: "even"), GateBench.clause(stratum: "odd")]
    let gate = GateBench.gate(GateBench.contract(clauses, mode: .anyMayBlock), mine, yours)
    let score = try #require(TangoScore(candidateOnly: 10, baselineOnly: 26, items: 500))
    let p = Multiplicity.holm([score.pValue(atLeast: 0), 1])
    #expect(gate.findings.map(\.adjustedWorseP) == p)
    #expect(gate.findings.map(\.verdict) == [p[0] <= 0.05 ? .fail : .pass, .pass])
  }

  @Test func whereAnyDropBlocksARiseStillFailsItsOwnClause() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 90, lost: 0)
    let contract = GateBench.contract([GateBench.clause(test: .equivalence)], mode: .anyMayBlock)
    let gate = GateBench.gate(contract, mine, yours)
    #expect(gate.verdict == .fail)
    #expect(gate.findings[0].adjustedWorseP == nil)
  }

  @Test func equivalenceFailsOnARiseToo() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 90, lost: 0)
    let gate = GateBench.gate(
      GateBench.contract([GateBench.clause(test: .equivalence)]), mine, yours)
    #expect(gate.verdict == .fail)
    let (same, twin) = GateBench.pair(count: 1_000, won: 3, lost: 3)
    #expect(
      GateBench.gate(GateBench.contract([GateBench.clause(test: .equivalence)]), same, twin).verdict == .pass)
  }

  @Test func aStrictClauseFailsOnAnyShownDrop() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 0, lost: 10)
    #expect(GateBench.gate(GateBench.contract([GateBench.clause()]), mine, yours).verdict == .pass)
    #expect(
      GateBench.gate(GateBench.contract([GateBench.clause(strict: true)]), mine, yours).verdict == .fail)
  }

  // MARK: Fails closed

  @Test func otherItemsAreInvalid() {
    let mine = GateBench.side("baseline", count: 100) { _ in true }
    let yours = GateBench.side("candidate", count: 100, identity: "changed") { _ in true }
    let gate = GateBench.gate(GateBench.contract([GateBench.clause()]), mine, yours)
    #expect(gate.verdict == .invalid)
    #expect(gate.findings[0].reason.contains("other items"))
  }

  @Test func missingAnswersAreInvalidUnlessTheContractAllowsThem() {
    let mine = GateBench.side("baseline", count: 1_000) { _ in true }
    let yours = GateBench.side("candidate", count: 1_000) { $0 < 5 ? nil : true }
    #expect(GateBench.gate(GateBench.contract([GateBench.clause()]), mine, yours).verdict == .invalid)
    #expect(
      GateBench.gate(GateBench.contract([GateBench.clause(coverage: 0.99)]), mine, yours).verdict == .pass)
  }

  @Test(arguments: ["nothing", "Even"])
  func anUnknownMetricOrStratumIsInvalidAndNamesWhatThereIs(word: String) {
    let (mine, yours) = GateBench.pair(count: 100, won: 0, lost: 0)
    let clause = word == "nothing" ? GateBench.clause(metric: word) : GateBench.clause(stratum: word)
    let gate = GateBench.gate(GateBench.contract([clause]), mine, yours)
    #expect(gate.verdict == .invalid)
    #expect(gate.findings[0].reason.contains(word))
    #expect(gate.findings[0].reason.contains(word == "nothing" ? "accuracy" : "even, odd"))
  }

  @Test func anExpiredContractIsInvalid() {
    let (mine, yours) = GateBench.pair(count: 100, won: 0, lost: 0)
    // The day is 2027-01-15.
    let clauses = [GateBench.clause(margin: 0.2)]
    #expect(
      GateBench.gate(GateBench.contract(clauses, expires: "2027-01-14"), mine, yours).verdict == .invalid)
    #expect(GateBench.gate(GateBench.contract(clauses, expires: "2027-01-15"), mine, yours).verdict == .pass)
  }

  @Test func aContractThatChangedWithoutANewVersionIsInvalid() {
    let (mine, yours) = GateBench.pair(count: 100, won: 0, lost: 0)
    let contract = GateBench.contract([GateBench.clause(margin: 0.2)])
    for (version, text, verdict) in [
      (1, "contract", Gate.Verdict.pass), (1, "another", .invalid), (2, "another", .invalid),
    ] {
      let mark = Baseline.ContractMark(version: version, digest: SHA256.digest(text))
      #expect(GateBench.gate(contract, mine, yours, mark: mark).verdict == verdict)
    }
  }

  @Test func aRequiredCertificateMustBeThereAndPass() {
    let (mine, yours) = GateBench.pair(count: 100, won: 0, lost: 0)
    let contract = GateBench.contract([GateBench.clause(margin: 0.2)], needsCertificate: true)
    #expect(GateBench.gate(contract, mine, yours).verdict == .invalid)
    #expect(GateBench.gate(contract, mine, yours, certificate: false).verdict == .invalid)
    #expect(GateBench.gate(contract, mine, yours, certificate: true).verdict == .pass)
  }

  // MARK: Looks

  private func look(_ run: String, _ verdict: Gate.Verdict) -> Baseline.Look {
    Baseline.Look(
      clause: "made headline", baseline: SHA256.digest("run baseline"), candidate: SHA256.digest("candidate"),
      run: SHA256.digest(run), verdict: verdict.rawValue, at: GateBench.day)
  }

  @Test(arguments: [Gate.Verdict.fail, .pass])
  func aReRunNeverReplacesAVerdict(earlier: Gate.Verdict) {
    // On its own the second run would say the opposite.
    let (mine, yours) =
      earlier == .fail
      ? GateBench.pair(count: 1_000, won: 10, lost: 0) : GateBench.pair(count: 1_000, won: 0, lost: 90)
    let contract = GateBench.contract([GateBench.clause()], looks: 3)
    #expect(GateBench.gate(contract, mine, yours).verdict == (earlier == .fail ? .pass : .fail))
    let gate = GateBench.gate(contract, mine, yours, looks: [look("run before", earlier)])
    #expect(gate.verdict == earlier)
    #expect(gate.findings[0].look == 2)
  }

  @Test func anInconclusiveCandidateMayBeLookedAtAsOftenAsTheContractAllows() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 10, lost: 0)
    let before = [look("run before", .inconclusive)]
    let once = GateBench.gate(GateBench.contract([GateBench.clause()]), mine, yours, looks: before)
    #expect(once.verdict == .inconclusive)
    let twice = GateBench.gate(GateBench.contract([GateBench.clause()], looks: 2), mine, yours, looks: before)
    #expect(twice.verdict == .pass)
    #expect(twice.findings[0].alpha == 0.025)
  }

  @Test func theSameRunIsTheSameLook() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 10, lost: 0)
    let gate = GateBench.gate(
      GateBench.contract([GateBench.clause()]), mine, yours, looks: [look("run candidate", .pass)])
    #expect(gate.verdict == .pass)
    #expect(gate.findings[0].look == 1)
  }

  // MARK: Sequential

  @Test func betsPassACandidateThatDidNotChange() throws {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 5, lost: 5)
    let gate = GateBench.gate(
      GateBench.contract([GateBench.clause(margin: 0.05)]), mine, yours,
      sequential: SequentialCheck(draws: 10, seed: 1))
    #expect(gate.verdict == .pass)
    #expect(try #require(gate.findings[0].eValue) >= 20)
  }

  @Test func betsAloneMayPassAndAShownLossFails() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 0, lost: 200)
    let check = SequentialCheck(draws: 10, seed: 1)
    let contract = GateBench.contract([GateBench.clause(margin: 0.05)])
    #expect(GateBench.gate(contract, mine, yours, sequential: check).verdict == .fail)
    let part = Gate.Side(
      benchmark: yours.benchmark, name: yours.name, identity: yours.identity, run: yours.run,
      itemCount: yours.itemCount, trials: Array(yours.trials.prefix(400)))
    #expect(GateBench.gate(contract, mine, part, sequential: check).verdict == .inconclusive)
  }

  // MARK: Formats

  @Test func everyFormatNamesTheVerdictAndTheClause() {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 0, lost: 100)
    let gate = GateBench.gate(
      GateBench.contract([GateBench.clause(), GateBench.clause(margin: 0.3, role: .advisory, stratum: "odd")]
      ), mine,
      yours)
    for format in GateFormat.allCases {
      let text = gate.rendered(as: format)
      #expect(text.contains("FAIL") && text.contains("made headline"), "\(format)")
      #expect(text.hasSuffix("\n"))
    }
    let junit = gate.rendered(as: .junit)
    #expect(junit.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""))
    #expect(junit.contains("<failure type=\"regression\""))
    let github = gate.rendered(as: .github).split(separator: "\n")
    #expect(github.count == 2)
    #expect(github[0].hasPrefix("::error title=gate FAIL · made headline::"))
    #expect(github[1].hasPrefix("::notice title="))
  }

  @Test func jsonIsOneObjectWithEveryNumber() throws {
    let (mine, yours) = GateBench.pair(count: 1_000, won: 3, lost: 9)
    let gate = GateBench.gate(GateBench.contract([GateBench.clause()]), mine, yours)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(gate.rendered(as: .json).utf8)) as? [String: Any])
    let clause = try #require((object["clauses"] as? [[String: Any]])?.first)
    #expect(object["verdict"] as? String == gate.verdict.rawValue)
    #expect(clause["candidate_only"] as? Int == 3)
    #expect(clause["baseline_only"] as? Int == 9)
    let difference = try #require(clause["difference"] as? Double)
    #expect(abs(difference + 0.006) < 1e-12)
  }

  @Test func namesCannotBreakOutOfAFormat() {
    let clause = Contract.Clause(
      benchmark: "made", subject: .metric("</testcase>\"&\n::error::"), margin: 0.1)
    let (mine, yours) = GateBench.pair(count: 100, won: 0, lost: 0)
    let gate = GateBench.gate(GateBench.contract([clause]), mine, yours)
    #expect(!gate.rendered(as: .junit).contains("</testcase>\""))
    #expect(gate.rendered(as: .github).split(separator: "\n").count == 1)
  }
}
