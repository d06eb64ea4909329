import Foundation

/// A linear axis: where a value lies between its two ends, and at which round values it is marked.
public struct AxisScale: Sendable, Hashable {
  /// The value at the beginning.
  public let low: Double
  /// The value at the end.
  public let high: Double
  /// The round values on it, in ascending order.
  public let ticks: [Double]
  private let decimals: Int

  /// An axis over some values, widened to round numbers.
  ///
  /// - Parameters:
  ///   - values: what has to fit; anything but finite numbers is passed over.
  ///   - limits: values the axis never goes beyond, such as 0 and 1 for shares.
  ///   - intervals: about how many steps between marks.
  public init(
    covering values: some Sequence<Double>, within limits: ClosedRange<Double>? = nil, intervals: Int = 4
  ) {
    let known = values.filter(\.isFinite)
    var low = known.min() ?? 0
    var high = known.max() ?? 1
    if low == high {
      let room = low == 0 ? 1 : abs(low) / 10
      (low, high) = (low - room, high + room)
    }
    let step = AxisScale.roundStep((high - low) / Double(intervals))
    // A hair of room, so that 0.30000000000000004 does not open another step.
    low = (low / step + 1e-9).rounded(.down) * step
    high = (high / step - 1e-9).rounded(.up) * step
    if let limits {
      low = max(low, limits.lowerBound)
      high = min(high, limits.upperBound)
    }
    self.low = low
    self.high = max(high, low + step)
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((self.high / step + 1e-9).rounded(.down))
    ticks = (first...max(first, last)).map { Double($0) * step }
    decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
  }

  /// 1, 2 or 5 times a power of ten, not below `raw`.
  private static func roundStep(_ raw: Double) -> Double {
    let power = pow(10, log10(raw).rounded(.down))
    let multiple = [1, 2, 5].first { Double($0) * power >= raw * (1 - 1e-9) } ?? 10
    return Double(multiple) * power
  }

  /// Where a value lies, from 0 to 1; values beyond the ends lie on them.
  public func position(_ value: Double) -> Double {
    min(1, max(0, (value - low) / (high - low)))
  }

  /// A mark's label; `factor` turns shares into percentages.
  public func label(_ tick: Double, factor: Double = 1) -> String {
    let decimals = factor == 1 ? decimals : max(0, decimals - Int(log10(factor).rounded()))
    return Format.decimal(tick * factor, decimals)
  }
}
