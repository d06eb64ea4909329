import Foundation
import HustingsNumerics

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
    guard let rows = ArenaStyleRows(battles, models: models, anchor: anchor, design: design),
      let point = rows.fit(copies: nil, from: nil)
    else { return nil }
    self.init(rows, at: point)
  }

  private init(_ rows: ArenaStyleRows, at point: [Double]) {
    strengths = rows.strengths(at: point)
    style = Array(point[rows.modelColumns...])
  }

  /// A fit, and each model's win rate over the anchor in fits to battles drawn again.
  public struct Resampled: Sendable, Hashable {
    /// The fit to the battles themselves.
    public let fit: ArenaStyleControl
    /// Win rates at equal style, shape [models][rounds]; rounds without a finite fit are left out.
    public let winRates: [[Double]]
    /// Rounds without a finite fit.
    public let undefinedRounds: Int
  }

  /// Fits battles and resamples of them. Features keep the scale that they have over all battles, as upstream has it.
  ///
  /// - Parameter clusters: which battles are drawn together, such as all on one prompt.
  /// - Returns: nil when the battles themselves have no fit.
  public static func resampled(
    _ battles: [Battle], models: Int, anchor: Int, design: Design, clusters: Clustering, rounds: Int,
    seed: UInt64
  ) -> Resampled? {
    precondition(
      battles.count == clusters.itemCount, "\(battles.count) battles, \(clusters.itemCount) clustered")
    guard let rows = ArenaStyleRows(battles, models: models, anchor: anchor, design: design),
      let point = rows.fit(copies: nil, from: nil)
    else { return nil }
    let drawn = filledRows(rounds, width: models, blockSize: 1) { range, out in
      for round in range {
        let counts = Resampling.counts(clusters: clusters.count, seed: seed, replicate: round)
        let again = rows.fit(copies: clusters.index.map { Double(counts[$0]) }, from: point)
        let strengths = again.map(rows.strengths)
        // NaN marks a round without a fit in the block of memory; it never leaves this function.
        for model in 0..<models {
          out[(round - range.lowerBound) * models + model] = strengths.map { logistic($0[model]) } ?? .nan
        }
      }
    }
    let defined = (0..<rounds).filter { !drawn[$0 * models].isNaN }
    return Resampled(
      fit: ArenaStyleControl(rows, at: point),
      winRates: (0..<models).map { model in defined.map { drawn[$0 * models + model] } },
      undefinedRounds: rounds - defined.count)
  }

  /// The probability of beating the anchor at equal style.
  public func winRate(_ model: Int) -> Double { logistic(strengths[model]) }
}
