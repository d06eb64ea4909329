/// The loss of a ranking: Plackett 1975 and Luce 1959 choose the best of what is left, place after place.
///
/// With scores s in ranked order, best first, L = -Σⱼ [sⱼ - log Σ_{l ≥ j} exp(s_l)] over the places j that were observed:
/// all but the last for a full ranking, the first alone for a best of N. N = 2 is Bradley–Terry.
public struct PlackettLuce: Sendable, Hashable, Codable {
  /// What scores are divided by to be log-odds.
  public var temperature: Double

  /// The loss at a temperature.
  public init(temperature: Double = 1) {
    precondition(temperature > 0, "a temperature of \(temperature)")
    self.temperature = temperature
  }

  /// The loss of one ranking and its derivative by each score.
  ///
  /// - Parameters:
  ///   - scores: shape [n], the observed places first and in order, then the rest in any order.
  ///   - places: how many places were observed; nil for all, which makes a full ranking.
  public func value<T: RealNumber>(scores: [T], places: Int? = nil) -> (loss: T, slopes: [T]) {
    let count = scores.count
    let observed = min(places ?? count, count - 1)
    precondition(observed >= 0 && (places ?? 0) <= count, "\(places ?? 0) places of \(count)")
    let tau = T(temperature)
    let z = scores.map { $0 / tau }
    var loss: T = 0
    var slopes = [T](repeating: 0, count: count)
    for place in 0..<max(0, observed) {
      let all = T.logSumExp(z[place...])
      loss += all - z[place]
      slopes[place] -= 1 / tau
      for left in place..<count { slopes[left] += T.exp(z[left] - all) / tau }
    }
    return (loss, slopes)
  }
}
