import Foundation
import HustingsNumerics

/// What can be said of one type of a mixture, and what is suspicious about it.
public struct TypeDiagnosis: Sendable {
  /// Why a type may be none.
  public enum Fault: Sendable, Hashable, CustomStringConvertible {
    /// Nobody is most likely of it.
    case empty
    /// Its votes are predicted as another type predicts them.
    case duplicate(of: Int)
    /// Nearly everybody is of it, though more types were asked for.
    case absorbing

    /// In words.
    public var description: String {
      switch self {
      case .empty: "nobody is of this type"
      case .duplicate(let other): "predicts the same as type \(other)"
      case .absorbing: "holds over nine in ten annotators"
      }
    }
  }

  /// Its share.
  public let share: Double
  /// Annotators of whom it is the likeliest type.
  public let annotators: Int
  /// Their mean probability of being of it; nil when there are none.
  public let confidence: Double?
  /// Mean log-likelihood of their votes under its policy; nil when there are none.
  public let perVote: Double?
  /// The share of their binary votes that its policy orders as they did, ties half; nil when there are none.
  public let agreement: Double?
  /// The mean absolute difference of probabilities of votes from those of the most similar other type, and which that is.
  public let nearest: (type: Int, difference: Double)?
  /// The correlation of scores with those of the most opposite other type, scores centred per prompt, and which that is.
  public let opposite: (type: Int, correlation: Double)?
  /// What is suspicious.
  public let faults: [Fault]
}

extension TypeSearch {
  /// A diagnosis per type.
  public func diagnoses(of mixture: TypeMixture) -> [TypeDiagnosis] {
    let types = mixture.types
    let logs = mixture.parameters.map { objective.logProbabilities($0, workers: workers) }
    let scores = mixture.parameters.map { centred(family.scores($0)) }
    let assignments = mixture.assignments
    return (0..<types).map { type in
      let members = panel.annotators.indices.filter {
        assignments[$0] == type && !panel.votes(of: $0).isEmpty
      }
      var (votes, total, agreed, binary) = (0, 0.0, 0.0, 0)
      for member in members {
        for vote in panel.votes(of: member) {
          votes += 1
          total += logs[type][Int(vote)]
          guard panel.patterns.isBinary(Int(vote)) else { continue }
          binary += 1
          let rows = Array(panel.patterns.rows(of: Int(vote)))
          let gap = scores[type][Int(rows[0])] - scores[type][Int(rows[1])]
          agreed += gap > 0 ? 1 : gap == 0 ? 0.5 : 0
        }
      }
      let others = (0..<types).filter { $0 != type }
      let differences = others.map { other in
        (type: other, difference: meanDifference(logs[type], logs[other]))
      }
      let correlations = others.compactMap { other in
        correlation(scores[type], scores[other]).map { (type: other, correlation: $0) }
      }
      let nearest = differences.min { ($0.difference, $0.type) < ($1.difference, $1.type) }
      var faults: [TypeDiagnosis.Fault] = []
      if members.isEmpty { faults.append(.empty) }
      if let nearest, nearest.difference < 0.01, !members.isEmpty {
        faults.append(.duplicate(of: nearest.type))
      }
      if types > 1, mixture.shares[type] > 0.9 { faults.append(.absorbing) }
      let confidences = members.map { mixture.responsibilities[$0 * types + type] }
      return TypeDiagnosis(
        share: mixture.shares[type], annotators: members.count,
        confidence: members.isEmpty ? nil : sum(confidences) / Double(members.count),
        perVote: votes == 0 ? nil : total / Double(votes),
        agreement: binary == 0 ? nil : agreed / Double(binary),
        nearest: nearest,
        opposite: correlations.min { ($0.correlation, $0.type) < ($1.correlation, $1.type) },
        faults: faults)
    }
  }

  private func meanDifference(_ a: [Double], _ b: [Double]) -> Double {
    a.isEmpty ? 0 : sum(zip(a, b).lazy.map { abs(exp($0) - exp($1)) }) / Double(a.count)
  }

  private func centred(_ scores: [Double]) -> [Double] {
    var scores = scores
    for menu in panel.menus where !menu.rows.isEmpty {
      let mean = sum(scores[menu.rows]) / Double(menu.rows.count)
      for row in menu.rows { scores[row] -= mean }
    }
    return scores
  }

  private func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    let (ab, aa, bb) = (
      sum(zip(a, b).lazy.map { $0 * $1 }), sum(a.lazy.map { $0 * $0 }), sum(b.lazy.map { $0 * $0 })
    )
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : nil
  }
}
