import Foundation
import HustingsNumerics

/// Annotator types with a policy each: what a search found.
public struct TypeMixture: Sendable, Hashable {
  /// One iteration of EM.
  public struct Step: Sendable, Hashable, Codable {
    /// The log-likelihood of all votes, annotators' types summed out.
    public let logLikelihood: Double
    /// The same less the prior's penalty: what never falls.
    public let objective: Double
    /// The types' shares.
    public let shares: [Double]
  }

  /// The types' shares.
  public let shares: [Double]
  /// Each type's parameters.
  public let parameters: [[Double]]
  /// Every annotator's probabilities of being of each type, row by row: [annotators × types].
  public let responsibilities: [Double]
  /// One entry per iteration.
  public let trace: [Step]
  /// Whether the last iteration gained less than the tolerance.
  public let isSettled: Bool
  /// How the search began.
  public let start: String

  /// How many types.
  public var types: Int { shares.count }
  /// The log-likelihood at the end.
  public var logLikelihood: Double { trace.last?.logLikelihood ?? -.infinity }
  /// The log-likelihood at the end less the prior's penalty.
  public var objective: Double { trace.last?.objective ?? -.infinity }

  /// The largest fall of the objective from one iteration to the next; 0 when it never fell.
  public var largestFall: Double {
    zip(trace, trace.dropFirst()).reduce(0) { max($0, $1.0.objective - $1.1.objective) }
  }

  /// An annotator's probabilities of being of each type.
  public func responsibilities(of annotator: Int) -> ArraySlice<Double> {
    responsibilities[annotator * types..<(annotator + 1) * types]
  }

  /// The likeliest type of every annotator, the first of several.
  public var assignments: [Int] {
    (0..<responsibilities.count / max(1, types)).map { annotator in
      let row = responsibilities(of: annotator)
      return (0..<types).max { (row[row.startIndex + $0], -$0) < (row[row.startIndex + $1], -$1) } ?? 0
    }
  }

  /// The same mixture with its types in order of falling share.
  public var sorted: TypeMixture {
    let order = shares.indices.sorted { (-shares[$0], $0) < (-shares[$1], $1) }
    let count = responsibilities.count / max(1, types)
    return TypeMixture(
      shares: order.map { shares[$0] }, parameters: order.map { parameters[$0] },
      responsibilities: (0..<count).flatMap { annotator in
        order.map { responsibilities[annotator * types + $0] }
      },
      trace: trace.map { step in
        Step(
          logLikelihood: step.logLikelihood, objective: step.objective, shares: order.map { step.shares[$0] })
      }, isSettled: isSettled, start: start)
  }
}

/// The probabilities that someone is of each type, from the log-likelihood of their votes under each.
public struct TypePosterior: Sendable, Hashable {
  /// One probability per type.
  public let probabilities: [Double]
  /// log Σ_k η_k·exp(log-likelihood_k).
  public let logEvidence: Double

  /// The posterior of someone with these log-likelihoods; without votes it is the shares.
  public init(shares: [Double], logLikelihoods: [Double]) {
    precondition(
      shares.count == logLikelihoods.count, "\(shares.count) shares, \(logLikelihoods.count) likelihoods")
    let joint = zip(shares, logLikelihoods).map { $0 > 0 ? log($0) + $1 : -Double.infinity }
    let evidence = logSumExp(joint)
    logEvidence = evidence
    probabilities = joint.map { exp($0 - evidence) }
  }
}
