import Hustings
import HustingsNumerics

/// How a judge's answers become votes: the three estimators of Padmakumar et al. 2024 (arXiv 2412.03822), for any judge or
/// reward model.
public enum VoteEstimator: String, Sendable, Hashable, CaseIterable {
  /// Votes one by one. A judge that names winners is asked once per vote, in alternating orders of presentation; of one that
  /// gives log-odds m, each vote is drawn with probability σ(m/t).
  case repeated
  /// As many votes of n as the judge expects, n·σ(m/t) rounded, from log-odds alone: what "of 10 people, how many" asks for.
  case count
  /// As `count`, after the judge's log-odds were scaled to agree with the first few pairs that people voted on, which are
  /// left out of the result.
  case calibrated
}

/// What one panel member said of one pair, presented in some order.
struct PanelAnswer: Sendable {
  let tournament: Tournament
  /// Index of the chosen and of the rejected response in the slate.
  let chosen: Int
  let rejected: Int

  /// Log-odds of the chosen response, both orders of presentation taken together; nil without an answer.
  var margin: Double? {
    guard let there = tournament.judgment(Matchup(chosen, rejected))?.logOdds else { return nil }
    guard tournament.isOrdered else { return there }
    return tournament.judgment(Matchup(rejected, chosen))?.logOdds.map { (there - $0) / 2 }
  }

  /// Log-odds of the chosen response when the response at `first` is presented first; nil without an answer.
  func margin(presenting first: Int) -> Double? {
    let other = first == chosen ? rejected : chosen
    guard let value = tournament.judgment(Matchup(first, other))?.logOdds else { return nil }
    return first == chosen ? value : -value
  }
}

extension VoteCount {
  /// One vote per panel member, by number. What a vote is depends on the texts, the seed and the number alone; which response
  /// was chosen takes no part.
  ///
  /// - Parameters:
  ///   - answers: what member i said of the pair.
  ///   - temperature: what log-odds are divided by before votes are drawn.
  static func repeated(
    _ answers: [PanelAnswer], pair: PreferencePair, temperature: Double, seed: UInt64
  ) -> VoteCount {
    var (votes, valid) = (0.0, 0)
    let (low, high) = [pair.chosen.digest, pair.rejected.digest].sorted().pair
    let dice = CounterGenerator(
      seed: seed, identity: "votes on \(pair.prompt.digest.hex) \(low.hex) \(high.hex)")
    for (number, answer) in answers.enumerated() {
      let first = number % 2
      guard let margin = answer.margin(presenting: first) else { continue }
      valid += 1
      if margin == 0 {
        votes += 0.5
      } else if answer.tournament.areVerdicts {
        votes += margin > 0 ? 1 : 0
      } else {
        // The draw is about the slate's first response, so that swapping labels complements votes.
        let oriented = answer.chosen < answer.rejected ? margin : -margin
        let isFirst = dice.uniform(UInt64(number)) < logistic(oriented / temperature)
        votes += isFirst == (answer.chosen < answer.rejected) ? 1 : 0
      }
    }
    return VoteCount(chosen: votes, valid: valid)
  }

  /// The votes that judges expect of `n` people each, summed over judges; halves go to neither side.
  static func expected(_ margins: [Double?], of n: Int, slope: Double) -> VoteCount {
    var (votes, valid) = (0.0, 0)
    for margin in margins.compactMap({ $0 }) {
      let count = Double(n) * logistic(slope * margin)
      // To the nearest half, so that the complement is rounded as the count is.
      votes += (2 * count).rounded(.toNearestOrEven) / 2
      valid += n
    }
    return VoteCount(chosen: votes, valid: valid)
  }
}

extension [Digest] {
  fileprivate var pair: (Digest, Digest) { (self[0], self[1]) }
}

/// The scale that makes log-odds agree best with what people voted.
enum VoteCalibration {
  /// The slope a > 0 that maximises Σ h·log σ(am) + (1-h)·log σ(-am) - ½(a-1)², h the share of people for the chosen response.
  ///
  /// There is no intercept: swapping two responses swaps their votes. The last term keeps few exemplars from an infinite
  /// slope.
  static func slope(_ exemplars: [(margin: Double, share: Double)]) -> Double {
    var slope = 1.0
    for _ in 0..<50 {
      var (gradient, curvature) = (1 - slope, 1.0)
      for (margin, share) in exemplars {
        let p = logistic(slope * margin)
        gradient += margin * (share - p)
        curvature += margin * margin * p * (1 - p)
      }
      let step = gradient / curvature
      slope = Swift.max(0.01, slope + step)
      if Swift.abs(step) < 1e-12 { break }
    }
    return slope
  }
}
