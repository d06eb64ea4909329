import Foundation
import Hustings
import HustingsNumerics
import Testing

@testable import HustingsTraining

/// One prompt, two responses, a score each: every objective has its least point in closed form.
@Suite struct PreferencePolicyTests {
  /// `share` of a thousand votes for the first response.
  private func panel(_ share: Double, votes: Int = 1000) throws -> VotePanel {
    var builder = VotePanelBuilder()
    let menu = builder.menu(Prompt("p"))
    let places = ["a", "b"].map { builder.response(Response($0), to: menu) }
    for number in 0..<votes {
      let annotator = try builder.annotator("\(number)")
      try builder.add(
        .best(Double(number) < share * Double(votes) - 0.5 ? 0 : 1, of: 2), on: places, of: menu,
        by: annotator)
    }
    return try builder.build()
  }

  /// log π(a) - log π(b), the reference being even.
  private func gap(_ objective: PolicyObjective, share: Double, ridge: Double = 1e-6) throws -> Double {
    let found = try PreferencePolicy(
      panel(share), TableScores(rows: 2), objective: objective, ridge: ridge, precision: 1e-10)
    return found.policy.logProbabilities[0] - found.policy.logProbabilities[1]
  }

  private func logit(_ p: Double) -> Double { log(p / (1 - p)) }

  /// σ(βh) = p.
  @Test(arguments: [0.2, 0.5, 0.9]) func dpoGivesLogOddsOverBeta(_ share: Double) throws {
    for beta in [0.5, 1, 3] {
      #expect(
        abs(try gap(.pairs(.dpo(beta: beta, smoothing: 0)), share: share) - logit(share) / beta) < 1e-4)
    }
  }

  /// Smoothing moves the target to p(1-ε) + (1-p)ε.
  @Test func conservativeDPOAimsAtSmoothedLabels() throws {
    let found = try gap(.pairs(.dpo(beta: 1, smoothing: 0.1)), share: 0.9)
    #expect(abs(found - logit(0.9 * 0.9 + 0.1 * 0.1)) < 1e-4)
  }

  /// With a share ε of labels flipped, q = p(1-ε) + (1-p)ε, and the least point is that of the true p.
  @Test func robustDPOFindsTheUnflippedShare() throws {
    let (p, e) = (0.8, 0.2)
    let seen = p * (1 - e) + (1 - p) * e
    let found = try gap(.pairs(.robustDPO(beta: 1, flips: e)), share: seen)
    #expect(abs(found - logit(p)) < 1e-3)
  }

  /// p(h - c)² + (1-p)(h + c)² is least at c(2p - 1), c = 1/(2β): finite even where all agree.
  @Test(arguments: [0.3, 0.7, 1.0]) func ipoStaysFinite(_ share: Double) throws {
    let found = try gap(.pairs(.ipo(beta: 0.25)), share: share)
    #expect(abs(found - 2 * (2 * share - 1)) < 1e-4)
  }

  /// The margin loss of spec A3 in βh, with margin γ: q = 0.8 and m = 0.6 give 1.811555.
  @Test func simPODemandsItsGap() throws {
    let found = try gap(.pairs(.simPO(beta: 2, gap: 0.6)), share: 0.8)
    #expect(abs(2 * found - 1.811555) < 1e-3)
  }

  /// Independent search over π(a) of -Σ log π_w - λ·log σ(log odds_w - log odds_l).
  @Test func orpoIsLeastWhereASearchFindsIt() throws {
    let (share, weight) = (0.7, 0.5)
    func loss(_ a: Double) -> Double {
      let odds = logit(a)
      let way = { (own: Double, gap: Double) in -log(own) + weight * log(1 + exp(-gap)) }
      return share * way(a, 2 * odds) + (1 - share) * way(1 - a, -2 * odds)
    }
    let best = stride(from: 0.001, to: 0.999, by: 0.00001).min { loss($0) < loss($1) } ?? 0
    let found = try gap(.pairs(.orpo(weight: weight)), share: share)
    #expect(abs(1 / (1 + exp(-found)) - best) < 1e-3)
  }

  @Test func ktoLeansToWhatIsLikedAndNoFurtherThanThePriorLets() throws {
    let found = try gap(.liking(KTO(beta: 1)), share: 0.8, ridge: 1)
    #expect(found > 0.5)
    #expect(found.isFinite)
    #expect(abs(try gap(.liking(KTO(beta: 1)), share: 0.5, ridge: 1)) < 1e-6)
  }

  @Test func divergenceIsReportedAtEveryIteration() throws {
    let found = try PreferencePolicy(
      panel(0.9), TableScores(rows: 2), objective: .pairs(.dpo(beta: 1, smoothing: 0)), ridge: 1e-6,
      precision: 1e-10)
    // KL((0.9, 0.1) ‖ (½, ½)).
    let expected = 0.9 * log(1.8) + 0.1 * log(0.2)
    #expect(abs(found.divergence - expected) < 1e-4)
    #expect(abs((found.trace.last?.divergence ?? 0) - expected) < 1e-4)
    #expect(zip(found.trace, found.trace.dropFirst()).allSatisfy { $1.loss <= $0.loss + 1e-12 })
    #expect(found.agreement == 0.9)
  }

  /// A ranking of three is three pairs that count a third each; with DPO each score's slope is that of the pairs.
  @Test func aRankingCountsOnceAsAllItsPairs() throws {
    var builder = VotePanelBuilder()
    let menu = builder.menu(Prompt("p"))
    let places = ["a", "b", "c"].map { builder.response(Response($0), to: menu) }
    let annotator = try builder.annotator("ann")
    try builder.add(Vote(placed: [[0], [1], [2]], shown: 3), on: places, of: menu, by: annotator)
    let found = try PreferencePolicy(
      builder.build(), TableScores(rows: 3), objective: .pairs(.ipo(beta: 0.5)), ridge: 1e-9, precision: 1e-11
    )
    // Least squares of gaps that should all be 1: (2/3, 0, -2/3) up to a constant.
    let logs = found.policy.logProbabilities
    #expect(abs(logs[0] - logs[1] - 2.0 / 3) < 1e-4)
    #expect(abs(logs[1] - logs[2] - 2.0 / 3) < 1e-4)
    #expect(found.agreement == 1)
  }

  @Test func aResponseThatTheReferenceNeverAnswersIsRefused() throws {
    let panel = try panel(0.5)
    let reference = try PolicyTable(
      name: "reference", menus: panel.menus, logProbabilities: [0, -.infinity])
    #expect(throws: VoteFault.self) {
      try PreferencePolicy(
        panel, TableScores(rows: 2), objective: .pairs(.ipo(beta: 1)), reference: reference, ridge: 1)
    }
  }

  /// Central differences of the loss through the normaliser, with a reference that is not even and a neural policy.
  @Test func theSolveEndsWhereNoDirectionDescends() throws {
    let panel = try panel(0.7, votes: 10)
    let features = FeatureMatrix(count: 2, denseWidth: 3, dense: [1, 0.5, -0.2, 0.1, 0.9, 0.3])
    let family = LinearScores(features)
    let reference = try PolicyTable(
      name: "reference", menus: panel.menus, logProbabilities: [log(0.3), log(0.7)])
    for loss: PolicyLoss in [
      .dpo(beta: 0.7, smoothing: 0.05), .ipo(beta: 0.4), .simPO(beta: 2, gap: 0.3), .orpo(weight: 0.5),
    ] {
      let found = try PreferencePolicy(
        panel, family, objective: .pairs(loss), reference: reference, ridge: 0.1, precision: 1e-9)
      func value(_ parameters: [Double]) throws -> Double {
        let policy = try PolicyTable(
          name: "p", menus: panel.menus, scores: family.scores(parameters), beta: 1, reference: reference)
        let logs = policy.logProbabilities
        let base = reference.logProbabilities
        func of(_ w: Int, _ l: Int) -> Double {
          loss.value(
            PolicyPair(
              chosen: logs[w], rejected: logs[l], referenceChosen: base[w], referenceRejected: base[l])
          ).loss
        }
        return 7 * of(0, 1) + 3 * of(1, 0) + 0.05 * parameters.reduce(0) { $0 + $1 * $1 }
      }
      for place in 0..<3 {
        var (up, down) = (found.parameters, found.parameters)
        up[place] += 1e-4
        down[place] -= 1e-4
        let slope = (try value(up) - value(down)) / 2e-4
        #expect(abs(slope) < 1e-5)
      }
    }
  }
}
