import Foundation
import HustingsNumerics

/// The scale T that makes σ(m / T) fit best: minimises mean log(1 + exp(-m / T)).
///
/// Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks" (ICML 2017).
public enum Temperature: Sendable, Hashable {
  /// The best temperature and the mean loss there, in nats.
  case fitted(temperature: Double, loss: Double)
  /// Every margin points the right way: the smaller T, the better, without end.
  case separable
  /// Margins point the wrong way on average: no finite T beats guessing.
  case uninformative
  /// There are no margins, or all are zero.
  case empty

  /// The temperature, where there is a best one.
  public var value: Double? {
    if case .fitted(let temperature, _) = self { temperature } else { nil }
  }

  /// Fits one temperature to all margins.
  public static func fit(_ margins: [Double]) -> Temperature {
    let scale = margins.map(\.magnitude).max() ?? 0
    guard scale > 0 else { return .empty }
    // The loss is convex in β = 1 / T. Its slope at β = 0 is minus half the mean margin.
    if sum(margins) <= 0 { return .uninformative }
    if margins.allSatisfy({ $0 >= 0 }) { return .separable }
    func slope(_ β: Double) -> Double { -sum(margins.lazy.map { $0 * logistic(-β * $0) }) }
    var high = 1 / scale
    while slope(high) < 0 { high *= 2 }
    guard let β = root(between: 0, and: high, tolerance: 0, of: slope), β > 0 else { return .uninformative }
    let loss = sum(margins.lazy.map { softplus(-β * $0) }) / Double(margins.count)
    return .fitted(temperature: 1 / β, loss: loss)
  }

  /// A temperature for each item, fitted to the clusters of the other folds only.
  ///
  /// - Parameters:
  ///   - folds: how many parts the clusters are dealt into, at random by seed.
  /// - Returns: one temperature per item; nil when a fold's complement has no best temperature.
  public static func crossFitted(
    _ margins: [Double], clusters: Clustering, folds: Int, seed: UInt64
  ) -> [Double]? {
    precondition(margins.count == clusters.itemCount, "\(margins.count) margins, \(clusters.itemCount) items")
    precondition(folds > 1, "\(folds) folds")
    var generator = CounterGenerator(seed: seed, identity: "temperature folds")
    var fold = [Int](repeating: 0, count: clusters.count)
    for (position, cluster) in generator.permutation(clusters.count).enumerated() {
      fold[cluster] = position % folds
    }
    let itemFold = clusters.index.map { fold[$0] }
    var fitted: [Double] = []
    for held in 0..<folds {
      let others = zip(margins, itemFold).filter { $0.1 != held }.map(\.0)
      guard let temperature = fit(others).value else { return nil }
      fitted.append(temperature)
    }
    return itemFold.map { fitted[$0] }
  }
}
