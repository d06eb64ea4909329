import Foundation

/// Settings of a head that gives every response a distribution of rewards, as people who do not agree would have them
/// (Siththaranjan, Laidlaw and Hadfield-Menell 2024, arXiv 2312.08358).
///
/// Outputs are, per response,
/// - gaussian: a mean μ and a number h, whose spread is σ = softplus(h + log(e - 1)), 1 at h = 0. The score of a over b is
///   √(2π)·(μ_a - μ_b)/√(σ_a² + σ_b²), so that where rewards are spread, less is said.
/// - categorical: one number per level of reward, whose softmax is the share of people at each level. The score of a over b is
///   log P(a > b) - log P(b > a), P(a > b) the chance that somebody's level of a is above another's of b, an equal level counting
///   half to each.
public struct DistributionSettings: Sendable, Hashable, Codable {
  /// The family of distributions.
  public enum Kind: Sendable, Hashable, Codable {
    /// A mean and a spread.
    case gaussian
    /// Shares of so many levels.
    ///
    /// - Parameter evenness: what the negative entropy of the mean distribution of a batch is multiplied by and added to the
    ///   loss, so that all levels are used.
    case categorical(levels: Int, evenness: Double)
  }

  /// The family of distributions.
  public var kind: Kind

  /// Settings of a family.
  public init(_ kind: Kind) { self.kind = kind }

  /// Numbers per response.
  public var width: Int {
    switch kind {
    case .gaussian: 2
    case .categorical(let levels, _): levels
    }
  }

  /// What the negative entropy of a batch's mean distribution is multiplied by.
  var evenness: Double { if case .categorical(_, let evenness) = kind { evenness } else { 0 } }

  /// Throws when a setting cannot be.
  func check() throws {
    guard case .categorical(let levels, let evenness) = kind else { return }
    guard (2...256).contains(levels) else {
      throw TrainingFault.badSetting(
        name: "the number of levels of reward", value: "\(levels)", allowed: "from 2 to 256")
    }
    guard evenness >= 0, evenness.isFinite else {
      throw TrainingFault.badSetting(
        name: "the weight of even levels", value: "\(evenness)", allowed: "0 or more")
    }
  }

  /// The score of `a` over `b` and, where there is room, its derivatives by the outputs of each.
  ///
  /// - Parameters:
  ///   - a: shape [width], outputs of the response presented first.
  ///   - b: shape [width], of the other.
  ///   - scratch: shape [4·width], to work with.
  ///   - slopes: two of shape [width], which receive the derivatives.
  func score<T: RealNumber>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, scratch: UnsafeMutablePointer<T>,
    slopes: (a: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>)? = nil
  ) -> T {
    switch kind {
    case .gaussian: Self.gaussianScore(a, b, slopes)
    case .categorical(let levels, _): Self.categoricalScore(levels, a, b, scratch, slopes)
    }
  }

  /// σ of the second output of a Gaussian head.
  static func spread<T: RealNumber>(_ h: T) -> T { T.softplus(h + T.log(T.expm1(1))) }

  private static func gaussianScore<T: RealNumber>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>,
    _ slopes: (a: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>)?
  ) -> T {
    let scale = (2 * T.pi).squareRoot()
    let (first, second) = (spread(a[1]), spread(b[1]))
    // The least variance keeps scores finite where both spreads vanish.
    let variance = first * first + second * second + 1e-6
    let root = variance.squareRoot()
    let score = scale * (a[0] - b[0]) / root
    if let slopes {
      let shift = T.log(T.expm1(1))
      slopes.a[0] = scale / root
      slopes.b[0] = -scale / root
      slopes.a[1] = -score / variance * first * T.sigmoid(a[1] + shift)
      slopes.b[1] = -score / variance * second * T.sigmoid(b[1] + shift)
    }
    return score
  }

  private static func categoricalScore<T: RealNumber>(
    _ levels: Int, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ scratch: UnsafeMutablePointer<T>,
    _ slopes: (a: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>)?
  ) -> T {
    let (p, q) = (scratch, scratch + levels)
    softmax(levels, a, into: p)
    softmax(levels, b, into: q)
    // Sums of positive terms alone, so that neither chance is the difference of two numbers near 1.
    var (wins, losses, below, belowOfFirst): (T, T, T, T) = (0, 0, 0, 0)
    for i in 0..<levels {
      wins += p[i] * (below + q[i] / 2)
      losses += q[i] * (belowOfFirst + p[i] / 2)
      below += q[i]
      belowOfFirst += p[i]
    }
    // The least chance keeps scores finite where a level's share is smaller than a number can be.
    let (up, down) = (max(wins, 1e-30), max(losses, 1e-30))
    if let slopes {
      // The derivative by p_i of log wins - log losses, wins = Σ p_i·(Q below i + q_i/2), losses the same with Q above i.
      let (byFirst, bySecond) = (scratch + 2 * levels, scratch + 3 * levels)
      var (lower, lowerOfFirst): (T, T) = (0, 0)
      for i in 0..<levels {
        byFirst[i] = (lower + q[i] / 2) / up - (below - lower - q[i] / 2) / down
        bySecond[i] = (belowOfFirst - lowerOfFirst - p[i] / 2) / up - (lowerOfFirst + p[i] / 2) / down
        lower += q[i]
        lowerOfFirst += p[i]
      }
      throughSoftmax(levels, p, byFirst, into: slopes.a)
      throughSoftmax(levels, q, bySecond, into: slopes.b)
    }
    return T.log(up) - T.log(down)
  }

  /// Shares from numbers, shifted by the largest.
  static func softmax<T: RealNumber>(
    _ count: Int, _ x: UnsafePointer<T>, into p: UnsafeMutablePointer<T>
  ) {
    var top = x[0]
    for i in 1..<count { top = max(top, x[i]) }
    var total: T = 0
    for i in 0..<count {
      p[i] = T.exp(x[i] - top)
      total += p[i]
    }
    for i in 0..<count { p[i] /= total }
  }

  /// Derivatives by the numbers that a softmax made p of, from those by p.
  static func throughSoftmax<T: RealNumber>(
    _ count: Int, _ p: UnsafePointer<T>, _ slopes: UnsafePointer<T>, into out: UnsafeMutablePointer<T>
  ) {
    var mean: T = 0
    for i in 0..<count { mean += p[i] * slopes[i] }
    for i in 0..<count { out[i] = p[i] * (slopes[i] - mean) }
  }
}

/// What people make of a response: the distribution of its reward.
public struct RewardDistribution: Sendable, Hashable {
  /// Its mean: in units of the head for a Gaussian, from 0 to 1 for levels.
  public let mean: Double
  /// Its standard deviation, in the same units.
  public let deviation: Double
  /// The share of each level; nil for a Gaussian.
  public let shares: [Double]?

  /// The distribution that outputs of a head stand for.
  init(_ settings: DistributionSettings, outputs: [Double]) {
    precondition(outputs.count == settings.width, "\(outputs.count) outputs, the head has \(settings.width)")
    switch settings.kind {
    case .gaussian:
      (mean, deviation, shares) = (outputs[0], DistributionSettings.spread(outputs[1]), nil)
    case .categorical(let levels, _):
      let top = outputs.max() ?? 0
      let weights = outputs.map { exp($0 - top) }
      let total = weights.reduce(0, +)
      let own = weights.map { $0 / total }
      let places = (0..<levels).map { Double($0) / Double(levels - 1) }
      let middle = zip(own, places).reduce(0) { $0 + $1.0 * $1.1 }
      let square = zip(own, places).reduce(0) { $0 + $1.0 * ($1.1 - middle) * ($1.1 - middle) }
      (mean, deviation, shares) = (middle, square.squareRoot(), own)
    }
  }
}
