public import Hustings
import HustingsNumerics

/// How a model's margins over a set of responses split into what scalar rewards explain and what goes in cycles.
public struct MarginSplit: Sendable, Hashable {
  /// The best reward of each response, in log-odds, centred on 0: no other rewards come nearer to the margins of all pairs.
  public let rewards: [Double]
  /// Mean square of the margin over all ordered pairs.
  public let total: Double
  /// Mean square of what the rewards leave.
  public let cyclic: Double

  /// The share of squared margin that no rewards explain, 0 to 1; nil when all margins are 0.
  public var cyclicShare: Double? { total > 0 ? min(1, max(0, cyclic / total)) : nil }
}

extension PreferenceNetwork {
  /// Splits the margins of all pairs of the given responses, without forming the pairs.
  ///
  /// With rewards r and planes u, s(i, j) = rᵢ - rⱼ + uᵢᵀRuⱼ. The rewards nearest to a skew table are its row means
  /// (Jiang et al. 2011), here fᵢ = rᵢ - r̄ + uᵢᵀRū; what they leave is the form of u - ū, and its mean square over all pairs is
  /// the trace of RCRᵀC, C the covariance of u. So the cost grows with responses, not with pairs. A general preference
  /// model that is Bradley–Terry in disguise gets 0, whatever coordinates it uses.
  ///
  /// - Parameter scales: plane scales of the prompt; nil for 1.
  /// - Returns: nil for a model that reads pairs.
  public func marginSplit(
    of rows: [Int32], features: FeatureMatrix, scales: [Double]? = nil, workers: Int = 1
  ) -> MarginSplit? {
    guard let form = settings.head.form, !rows.isEmpty,
      let outputs = outputs(of: rows, features: features, workers: workers)
    else { return nil }
    let vectors = planes(outputs, form, scales)
    let (count, width) = (Double(rows.count), 2 * form.planes)
    var mean = [Double](repeating: 0, count: width)
    for vector in vectors { for i in 0..<width { mean[i] += vector[i] / count } }
    var covariance = [Double](repeating: 0, count: width * width)
    var rewards = [Double](repeating: 0, count: rows.count)
    for (row, vector) in vectors.enumerated() {
      rewards[row] = (form.hasScalar ? Double(outputs[row, 0]) / temperature : 0) + skew(vector, mean)
      let centred = zip(vector, mean).map { $0 - $1 }
      for i in 0..<width {
        for j in 0..<width { covariance[i * width + j] += centred[i] * centred[j] / count }
      }
    }
    let middle = rewards.reduce(0, +) / count
    rewards = rewards.map { $0 - middle }
    let cyclic = meanSquare(covariance, width)
    // Rewards and remainder are orthogonal over all pairs; the mean of (fᵢ - fⱼ)² is twice the variance.
    let explained = 2 * rewards.reduce(0) { $0 + $1 * $1 } / count
    return MarginSplit(rewards: rewards, total: explained + cyclic, cyclic: cyclic)
  }

  /// The planes of each row in 64 bits, divided by their norm where the form says so, with scale and temperature in the
  /// first coordinate of each plane's partner, so that the plain form gives log-odds.
  private func planes(_ outputs: Matrix, _ form: ScoreForm, _ scales: [Double]?) -> [[Double]] {
    precondition(
      scales.map { $0.count == form.planes } ?? true, "\(scales?.count ?? 0) scales, \(form.planes) planes")
    return (0..<outputs.rows).map { row in
      var vector = outputs[row: row].dropFirst(form.hasScalar ? 1 : 0).map(Double.init)
      let norm = form.normalises ? max(vector.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-12) : 1
      for i in vector.indices {
        vector[i] *= ((scales?[i / 2] ?? 1) / temperature).squareRoot() / norm
      }
      return vector
    }
  }

  private func skew(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in stride(from: 0, to: a.count, by: 2) { sum += a[i] * b[i + 1] - a[i + 1] * b[i] }
    return sum
  }

  /// The mean of (uᵀRv)² over independent u and v of covariance C: Σ (RCRᵀ)ᵢⱼ·Cᵢⱼ.
  private func meanSquare(_ c: [Double], _ width: Int) -> Double {
    // R takes (a, b) of each plane to (-b, a) or its negative, and the sign cancels.
    func turned(_ i: Int) -> (index: Int, sign: Double) { i.isMultiple(of: 2) ? (i + 1, -1) : (i - 1, 1) }
    var sum = 0.0
    for i in 0..<width {
      for j in 0..<width {
        let (a, b) = (turned(i), turned(j))
        sum += a.sign * b.sign * c[a.index * width + b.index] * c[i * width + j]
      }
    }
    return sum
  }
}
