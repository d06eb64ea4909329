public import Hustings

/// Estimates with their intervals, one below the other on one axis: a column of a table, whose other columns are the numbers.
public struct IntervalPlot: Sendable {
  /// What is drawn in one row.
  public struct Row: Sendable {
    /// The estimate; nil where there is none.
    public let value: Double?
    /// Its interval.
    public let interval: Interval?
    /// Values to set beside it, such as the best model's: open diamonds.
    public let others: [Double]

    /// A row.
    public init(value: Double?, interval: Interval?, others: [Double] = []) {
      self.value = value
      self.interval = interval
      self.others = others
    }
  }

  /// The axis all rows share.
  public let scale: AxisScale
  /// A value drawn through all rows, such as no difference.
  public let reference: Double?
  /// What shares are multiplied with on the axis.
  private let factor: Double

  /// The axis of some rows.
  public init(_ rows: [Row], unit: MetricUnit, reference: Double? = nil) {
    self.reference = reference
    factor = unit == .share ? 100 : 1
    let values = rows.flatMap { row in
      [row.value, row.interval?.low, row.interval?.high].compactMap { $0 } + row.others
    }
    let isSigned = values.contains { $0 < 0 }
    scale = AxisScale(
      covering: values + (reference.map { [$0] } ?? []),
      within: unit == .share ? (isSigned ? -1...1 : 0...1) : nil, intervals: 3)
  }

  /// One row's drawing. Its numbers stand beside it, so it is silent to screen readers.
  public func drawing(_ row: Row) -> HTML {
    var shapes: [HTML] = []
    if let reference {
      let place = scale.position(reference)
      shapes.append(Drawing.line("ref", x: (place, place), y: (0, 20)))
    }
    if let interval = row.interval {
      let (low, high) = (scale.position(interval.low), scale.position(interval.high))
      shapes.append(Drawing.line("bar", x: (low, high), y: (10, 10)))
      for end in [low, high] { shapes.append(Drawing.line("bar cap", x: (end, end), y: (6, 14))) }
    }
    for other in row.others { shapes.append(Drawing.diamond("open", x: scale.position(other), y: 10)) }
    if let value = row.value { shapes.append(Drawing.dot("dot", x: scale.position(value), y: 10)) }
    return Drawing.area("iv", height: 20, label: nil, shapes)
  }

  /// The axis, to stand above the rows.
  public var axis: HTML {
    var shapes = [Drawing.line("axis", x: (0, 1), y: (17, 17))]
    for tick in scale.ticks {
      let place = scale.position(tick)
      shapes.append(Drawing.line("axis", x: (place, place), y: (14, 20)))
      shapes.append(Drawing.label(scale.label(tick, factor: factor), x: place, y: 11))
    }
    return Drawing.area("iv", height: 20, label: nil, shapes)
  }
}
