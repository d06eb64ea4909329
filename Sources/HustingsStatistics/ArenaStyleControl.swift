import Foundation

/// Model strengths and the worth of style, fitted together.
///
///     P(first wins) = σ(s · (c_first − c_second) + Σ b_k z_k)
///
/// where z are the battles' style features, standardised over all rows, and s the unit of the model coefficients. Arena-Hard
/// 0.1 uses s = ln 10 and a ridge over all coefficients, Arena-Hard 2 uses s = 1 and none.
public struct ArenaStyleControl: Sendable, Hashable {
  /// A battle and how the two answers differ in style.
  public struct Battle: Sendable, Hashable {
    /// The first model.
    public let first: Int
    /// The second model.
    public let second: Int
    /// 1 if the first won, 0 if the second, ½ for a tie.
    public let outcome: Double
    /// How many rows the battle stands for.
    public let rows: Double
    /// How much more of each style feature the first has; not yet standardised.
    public let style: [Double]

    /// A battle of two models.
    public init(first: Int, second: Int, outcome: Double, rows: Double, style: [Double]) {
      precondition(first != second, "model \(first) battles itself")
      precondition((0...1).contains(outcome) && rows >= 0, "outcome \(outcome), \(rows) rows")
      self.first = first
      self.second = second
      self.outcome = outcome
      self.rows = rows
      self.style = style
    }
  }

  /// How a design is set up.
  public struct Design: Sendable, Hashable {
    /// s, the unit of the model coefficients, which matters only to the ridge.
    public let unit: Double
    /// What the style features' sum of squares is divided by.
    public let divisor: Descriptive.Divisor
    /// The strength of ridge / 2 · Σ (c² + b²); 0 for none.
    public let ridge: Double

    /// A design.
    public init(unit: Double, divisor: Descriptive.Divisor, ridge: Double) {
      precondition(unit > 0 && ridge >= 0, "unit \(unit), ridge \(ridge)")
      self.unit = unit
      self.divisor = divisor
      self.ridge = ridge
    }

    /// Arena-Hard 0.1: scikit-learn's C = 1 on rows written twice, which is a ridge of ½ on rows written once.
    public static let arenaHard01 = Design(unit: log(10), divisor: .population, ridge: 0.5)
    /// Arena-Hard 2.
    public static let arenaHard2 = Design(unit: 1, divisor: .sample, ridge: 0)
  }

  /// Log-odds of each model over the anchor, at equal style.
  public let strengths: [Double]
  /// Log-odds per standard deviation of each style feature.
  public let style: [Double]

  /// Fits battles; nil when there is no finite fit or a style feature never varies.
  public init?(_ battles: [Battle], models: Int, anchor: Int, design: Design) {
    let widths = Set(battles.map(\.style.count))
    precondition(widths.count <= 1, "battles with \(widths.sorted()) style features")
    guard let features = widths.first, let scales = Self.scales(battles, count: features, design) else {
      return nil
    }
    // Without a ridge one model has to be pinned, as only differences count.
    let columns = (0..<models).filter { design.ridge > 0 || $0 != anchor }
    var column = [Int?](repeating: nil, count: models)
    for (place, model) in columns.enumerated() { column[model] = place }
    let width = columns.count + features
    var matrix = [Double](repeating: 0, count: battles.count * width)
    for (row, battle) in battles.enumerated() {
      if let place = column[battle.first] { matrix[row * width + place] += design.unit }
      if let place = column[battle.second] { matrix[row * width + place] -= design.unit }
      for (feature, value) in battle.style.enumerated() {
        matrix[row * width + columns.count + feature] =
          (value - scales[feature].mean) / scales[feature].spread
      }
    }
    let rows = GLMRows(
      width: width, features: matrix, targets: battles.map(\.outcome), weights: battles.map(\.rows))
    guard let fit = rows.fit(design.ridge > 0 ? .ridge(design.ridge) : .unpenalised) else { return nil }
    let raw = column.map { $0.map { design.unit * fit.coefficients[$0] } ?? 0 }
    strengths = raw.map { $0 - raw[anchor] }
    style = Array(fit.coefficients[columns.count...])
  }

  /// The probability of beating the anchor at equal style.
  public func winRate(_ model: Int) -> Double { 1 / (1 + exp(-strengths[model])) }

  private static func scales(
    _ battles: [Battle], count: Int, _ design: Design
  ) -> [(mean: Double, spread: Double)]? {
    let rows = battles.reduce(0) { $0 + $1.rows }
    let degrees = design.divisor == .population ? rows : rows - 1
    guard degrees > 0 else { return nil }
    var scales: [(mean: Double, spread: Double)] = []
    for feature in 0..<count {
      let mean = battles.reduce(0) { $0 + $1.rows * $1.style[feature] } / rows
      let squares = battles.reduce(0) { sum, battle in
        sum + battle.rows * (battle.style[feature] - mean) * (battle.style[feature] - mean)
      }
      guard squares > 0 else { return nil }
      scales.append((mean, (squares / degrees).squareRoot()))
    }
    return scales
  }
}
