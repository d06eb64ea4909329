import Foundation
import HustingsNumerics

/// How well one benchmark's order of models agrees with that of another, usually an arena of human votes.
public enum ArenaAgreement {
  /// A model's score and its interval on one benchmark.
  public struct Standing: Sendable, Hashable {
    /// The score; higher is better.
    public let score: Double
    /// The interval around it.
    public let interval: ClosedRange<Double>

    /// A model's score with its interval.
    public init(score: Double, interval: ClosedRange<Double>) {
      self.score = score
      self.interval = interval
    }
  }

  /// The share of pairs that both put in the same strict order; a tie in either is no agreement. Nil without pairs.
  public static func strict(_ benchmark: [Double], _ reference: [Double]) -> Double? {
    precondition(benchmark.count == reference.count, "\(benchmark.count) and \(reference.count) scores")
    var same = 0
    var pairs = 0
    forEachPair(of: benchmark.count) { i, j in
      pairs += 1
      let ours = benchmark[i] - benchmark[j]
      let theirs = reference[i] - reference[j]
      if (ours < 0 && theirs < 0) || (ours > 0 && theirs > 0) { same += 1 }
    }
    return pairs == 0 ? nil : Double(same) / Double(pairs)
  }

  /// Agreement where the reference is sure: pairs whose reference intervals overlap are left out, and a pair that the
  /// benchmark cannot tell apart counts one half. Nil when no pair is left.
  public static func confident(_ benchmark: [Standing], _ reference: [Standing]) -> Double? {
    precondition(benchmark.count == reference.count, "\(benchmark.count) and \(reference.count) standings")
    var credit = 0.0
    var pairs = 0
    forEachPair(of: benchmark.count) { i, j in
      let (a, b) = (reference[i].interval, reference[j].interval)
      guard !overlap(a, b) else { return }
      pairs += 1
      let (ours, theirs) = (benchmark[i].interval, benchmark[j].interval)
      if overlap(ours, theirs) {
        credit += 0.5
      } else if order(ours, theirs) == order(a, b) {
        credit += 1
      }
    }
    return pairs == 0 ? nil : credit / Double(pairs)
  }

  /// How well a benchmark's bootstrap forecasts the order of a reference.
  public struct Forecast: Sendable, Hashable {
    /// The mean squared error of P(a < b) = Φ((μ_b − μ_a) / √(v_a + v_b)).
    public let brier: Double
    /// The mean negative log-probability of what the reference says, in nats, with probabilities kept at least the
    /// machine's epsilon away from 0 and 1.
    public let logLoss: Double

    /// - Parameters:
    ///   - replicates: shape [models][rounds], the benchmark's bootstrap.
    ///   - reference: the score of each model in the reference.
    ///   - order: models in the order in which pairs are told: a is the earlier of a pair. A tie in the reference means
    ///     that a is not below b.
    /// - Returns: nil with fewer than two models, or when a pair shows no spread at all.
    public init?(replicates: [[Double]], reference: [Double], order: [Int]) {
      precondition(replicates.count == reference.count, "\(replicates.count) and \(reference.count) models")
      let means = replicates.map { Descriptive.mean($0) }
      let variances = replicates.map { Descriptive.variance($0, divisor: .population) }
      var errors: [Double] = []
      var losses: [Double] = []
      for (place, a) in order.enumerated() {
        for b in order[(place + 1)...] {
          guard let meanA = means[a], let meanB = means[b], let spreadA = variances[a],
            let spreadB = variances[b],
            spreadA + spreadB > 0
          else { return nil }
          let below = Normal.cdf((meanB - meanA) / (spreadA + spreadB).squareRoot())
          let truth = reference[a] < reference[b]
          errors.append((below - (truth ? 1 : 0)) * (below - (truth ? 1 : 0)))
          let kept = min(max(below, Double.ulpOfOne), 1 - Double.ulpOfOne)
          losses.append(-log(truth ? kept : 1 - kept))
        }
      }
      guard let brier = Descriptive.mean(errors), let logLoss = Descriptive.mean(losses) else { return nil }
      self.brier = brier
      self.logLoss = logLoss
    }
  }

  private static func forEachPair(of count: Int, _ body: (Int, Int) -> Void) {
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) { body(i, j) }
    }
  }

  private static func overlap(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Bool {
    min(a.upperBound, b.upperBound) - max(a.lowerBound, b.lowerBound) > 0
  }

  /// Whether `a` lies below `b`, above it (1), or on the same points (0).
  private static func order(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Int {
    let (left, right) = ((a.lowerBound, a.upperBound), (b.lowerBound, b.upperBound))
    return left < right ? -1 : left > right ? 1 : 0
  }
}
