import Foundation
import HustingsNumerics

/// Strengths of models from their meetings: P(first beats second) = σ(θ_first - θ_second + γ), Σθ = 0.
///
/// Bradley and Terry (Biometrika 39, 1952); γ, when asked for, is what being shown first is worth. Fitted by
/// Newton's method on Σ w [softplus(η) - y η], ties counting one half. Errors are clustered: V = H⁺ (G/(G-1)
/// Σ_g u_g u_gᵀ) H⁺ with u_g = Σ_{m∈g} w (y - p) x. No model is pinned, so none has a false zero error.
public struct BradleyTerry: Sendable, Hashable {
  /// One meeting of two models.
  public struct Meeting: Sendable, Hashable {
    /// The model shown first.
    public let first: Int
    /// The model shown second.
    public let second: Int
    /// 1 if the first won, 0 if the second, ½ for a tie.
    public let outcome: Double
    /// How often this meeting counts.
    public let weight: Double

    /// A meeting of two different models.
    public init(first: Int, second: Int, outcome: Double, weight: Double) {
      precondition(first != second, "model \(first) meets itself")
      precondition(outcome >= 0 && outcome <= 1 && weight >= 0, "outcome \(outcome), weight \(weight)")
      self.first = first
      self.second = second
      self.outcome = outcome
      self.weight = weight
    }
  }

  /// What to do when some models never lose to, or never beat, the others: then no finite strengths fit best.
  public enum Disconnected: Sendable, Hashable {
    /// Give no fit.
    case refuse
    /// Add ½ strength ‖θ‖² to the loss, and say so in `ridge`.
    case ridge(Double)
  }

  /// θ, one per model, summing to zero, in log-odds.
  public let strengths: [Double]
  /// γ, the log-odds of being shown first; nil when it was not asked for.
  public let positionEffect: Double?
  /// The ridge that was needed, nil when none was. Strengths with a ridge are drawn towards zero: say so
  /// beside them.
  public let ridge: Double?
  /// The covariance of strengths, then γ, if meetings were independent and the model right; row by row.
  public let modelCovariance: [Double]
  /// The clustered covariance in the same layout; nil with fewer than two clusters.
  public let clusteredCovariance: [Double]?

  /// - Parameters:
  ///   - models: how many models there are.
  ///   - clusters: which meetings belong together, usually those on one prompt.
  ///   - position: whether to fit γ.
  ///   - disconnected: what to do when the win graph is not strongly connected.
  /// - Returns: nil when no finite fit exists or it was to be refused.
  public init?(
    models: Int, meetings: [Meeting], clusters: Clustering, position: Bool, disconnected: Disconnected
  ) {
    precondition(
      clusters.itemCount == meetings.count, "\(meetings.count) meetings, \(clusters.itemCount) clustered")
    guard models > 0 else { return nil }
    var penalty = 0.0
    if !Self.isConnected(models: models, meetings: meetings) {
      guard case .ridge(let strength) = disconnected, strength > 0 else { return nil }
      penalty = strength
    }
    let problem = Problem(models: models, meetings: meetings, position: position, ridge: penalty)
    guard
      let fit = newton(
        start: [Double](repeating: 0, count: problem.order), objective: problem.objective,
        system: problem.system),
      let factor = Cholesky(problem.system(fit.point).hessian, order: problem.order)
    else { return nil }
    let shift = sum(fit.point.prefix(models)) / Double(models)
    strengths = fit.point.prefix(models).map { $0 - shift }
    positionEffect = position ? fit.point[models] : nil
    ridge = penalty > 0 ? penalty : nil
    let inverse = factor.inverse()
    modelCovariance = problem.centred(inverse)
    clusteredCovariance = sandwich(
      inverse: inverse, order: problem.order, clusters: clusters, scores: problem.scores(fit.point)
    ).map(problem.centred)
  }

  /// Whether every model has beaten, directly or along a chain, every other; a tie beats both ways.
  ///
  /// Only then do finite strengths maximise the likelihood. Ford (American Mathematical Monthly 64, 1957).
  public static func isConnected(models: Int, meetings: [Meeting]) -> Bool {
    var beats = [[Int]](repeating: [], count: models)
    var beatenBy = beats
    for meeting in meetings where meeting.weight > 0 {
      if meeting.outcome > 0 {
        beats[meeting.first].append(meeting.second)
        beatenBy[meeting.second].append(meeting.first)
      }
      if meeting.outcome < 1 {
        beats[meeting.second].append(meeting.first)
        beatenBy[meeting.first].append(meeting.second)
      }
    }
    func reached(_ edges: [[Int]]) -> Int {
      var seen = [Bool](repeating: false, count: models)
      var open = [0]
      seen[0] = true
      while let model = open.popLast() {
        for next in edges[model] where !seen[next] {
          seen[next] = true
          open.append(next)
        }
      }
      return seen.count { $0 }
    }
    return models < 2 || (reached(beats) == models && reached(beatenBy) == models)
  }

  /// θ_i - θ_j and its clustered standard error √(V_ii + V_jj - 2 V_ij); the error is nil with fewer than two
  /// clusters.
  public func contrast(_ i: Int, minus j: Int) -> (difference: Double, standardError: Double?) {
    let order = strengths.count + (positionEffect == nil ? 0 : 1)
    let error = clusteredCovariance.map {
      max(0, $0[i * order + i] + $0[j * order + j] - 2 * $0[i * order + j]).squareRoot()
    }
    return (strengths[i] - strengths[j], error)
  }

  /// The clustered standard error of a strength about the mean of all; nil with fewer than two clusters.
  public func standardError(_ model: Int) -> Double? {
    let order = strengths.count + (positionEffect == nil ? 0 : 1)
    return clusteredCovariance.map { max(0, $0[model * order + model]).squareRoot() }
  }

  /// θ_i - θ_j ± z · SE; nil with fewer than two clusters.
  public func interval(_ i: Int, minus j: Int, level: Double) -> Interval? {
    let (difference, error) = contrast(i, minus: j)
    guard let error else { return nil }
    let half = Normal.quantile(Interval.upperShare(level)) * error
    return Interval(low: difference - half, high: difference + half, level: level, method: .normal)
  }

  /// A strength about the mean of all ± z · SE; nil with fewer than two clusters.
  public func interval(_ model: Int, level: Double) -> Interval? {
    guard let error = standardError(model) else { return nil }
    let half = Normal.quantile(Interval.upperShare(level)) * error
    return Interval(
      low: strengths[model] - half, high: strengths[model] + half, level: level, method: .normal)
  }

  /// Strengths on a scale where `scale` points are odds of `base` to one: initial + scale · θ / ln(base).
  public func ratings(scale: Double, base: Double, initial: Double) -> [Double] {
    strengths.map { initial + scale * $0 / log(base) }
  }
}
