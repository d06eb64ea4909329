import HustingsNumerics

/// A set of margins split into what scores explain and what goes round in circles.
///
/// Scores s minimise Σ w (m_ij - (s_i - s_j))² over the margins asked; the rest is cyclic. Jiang, Lim, Yao,
/// Ye, "Statistical ranking and combinatorial Hodge theory" (Mathematical Programming 127, 2011). With every
/// pair asked once s_i is the mean of m_ij over all j, itself included as 0.
public struct HodgeSplit: Sendable, Hashable {
  /// One known margin.
  public struct Margin: Sendable, Hashable {
    /// The competitor the margin favours when positive.
    public let first: Int
    /// The other.
    public let second: Int
    /// Log-odds that the first is preferred.
    public let value: Double
    /// How much it counts.
    public let weight: Double

    /// A margin between two different competitors.
    public init(first: Int, second: Int, value: Double, weight: Double) {
      precondition(first != second, "competitor \(first) against itself")
      precondition(weight > 0, "a weight of \(weight)")
      self.first = first
      self.second = second
      self.value = value
      self.weight = weight
    }
  }

  /// s, one per competitor, with mean zero in every group of competitors connected by margins.
  public let scores: [Double]
  /// m_ij - (s_i - s_j), margin by margin.
  public let residuals: [Double]
  /// Which competitors are connected: the number of the group of each, from 0.
  public let groups: [Int]
  /// Σ w m².
  public let totalSquare: Double
  /// Σ w residual².
  public let cyclicSquare: Double

  /// The share of squared margin no scalar explains, from 0 to 1; 0 when all margins are zero, as scores
  /// explain those.
  public var cyclicity: Double { totalSquare > 0 ? min(1, cyclicSquare / totalSquare) : 0 }

  /// - Returns: nil when no margin is known.
  public init?(competitors count: Int, margins: [Margin]) {
    guard !margins.isEmpty else { return nil }
    groups = Self.groups(count, margins)
    var laplacian = [Double](repeating: 0, count: count * count)
    var divergence = [Double](repeating: 0, count: count)
    for margin in margins {
      let (i, j, w) = (margin.first, margin.second, margin.weight)
      laplacian[i * count + i] += w
      laplacian[j * count + j] += w
      laplacian[i * count + j] -= w
      laplacian[j * count + i] -= w
      divergence[i] += w * margin.value
      divergence[j] -= w * margin.value
    }
    // Each group's scores are free up to a constant; ones on its block hold their sum at zero.
    let scale = margins.reduce(0) { $0 + $1.weight } / Double(margins.count)
    for i in 0..<count {
      for j in 0..<count where groups[i] == groups[j] { laplacian[i * count + j] += scale }
    }
    guard let factor = Cholesky(laplacian, order: count) else { return nil }
    let scores = factor.solve(divergence)
    let residuals = margins.map { $0.value - (scores[$0.first] - scores[$0.second]) }
    let total = sum(margins.map { $0.weight * $0.value * $0.value })
    let cyclic = sum(zip(margins, residuals).map { $0.weight * $1 * $1 })
    self.scores = scores
    totalSquare = total
    // Below this the residuals are the rounding of the solution.
    let isRounding = cyclic <= 1e-24 * total
    cyclicSquare = isRounding ? 0 : cyclic
    self.residuals = isRounding ? margins.map { _ in 0 } : residuals
  }

  /// The split of a skew-symmetric matrix with nil where nothing was asked; what is above the diagonal
  /// counts.
  public init?(matrix: [[Double?]]) {
    var margins: [Margin] = []
    for (i, row) in matrix.enumerated() {
      precondition(row.count == matrix.count, "a row of \(row.count) in a matrix of \(matrix.count)")
      for j in i + 1..<max(i + 1, row.count) {
        if let value = row[j] { margins.append(Margin(first: i, second: j, value: value, weight: 1)) }
      }
    }
    self.init(competitors: matrix.count, margins: margins)
  }

  private static func groups(_ count: Int, _ margins: [Margin]) -> [Int] {
    var neighbours = [[Int]](repeating: [], count: count)
    for margin in margins {
      neighbours[margin.first].append(margin.second)
      neighbours[margin.second].append(margin.first)
    }
    var group = [Int](repeating: -1, count: count)
    var next = 0
    for start in 0..<count where group[start] < 0 {
      group[start] = next
      var open = [start]
      while let here = open.popLast() {
        for other in neighbours[here] where group[other] < 0 {
          group[other] = next
          open.append(other)
        }
      }
      next += 1
    }
    return group
  }
}
