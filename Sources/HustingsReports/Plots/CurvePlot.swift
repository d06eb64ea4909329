/// Points joined by lines over two axes: learning curves, calibration.
public struct CurvePlot: Sendable {
  /// A point, with limits where it has any.
  public struct Point: Sendable, Hashable {
    /// Its place along the horizontal axis.
    public let x: Double
    /// Its value.
    public let y: Double
    /// The limits of its interval.
    public let limits: ClosedRange<Double>?

    /// A point.
    public init(x: Double, y: Double, limits: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.limits = limits
    }
  }

  /// One line with its name.
  public struct Series: Sendable {
    /// What it shows.
    public let name: String
    /// Its points, from left to right.
    public let points: [Point]

    /// A line.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  private let series: [Series]
  private let across: AxisScale
  private let up: AxisScale
  private let isDiagonal: Bool
  private let height = 230.0

  /// A plot of some lines.
  ///
  /// - Parameters:
  ///   - shares: whether both axes are shares, so that the diagonal is where both agree.
  public init(_ series: [Series], shares: Bool = false) {
    self.series = series
    isDiagonal = shares
    let points = series.flatMap(\.points)
    let heights = points.map(\.y) + points.flatMap { $0.limits.map { [$0.lowerBound, $0.upperBound] } ?? [] }
    let widths = points.map(\.x)
    across = AxisScale(covering: widths, within: shares ? 0...1 : nil)
    up = AxisScale(covering: shares ? heights + widths : heights, within: shares ? 0...1 : nil)
  }

  /// The plot with the names of its axes.
  public func figure(title: String, summary: String, across name: String, up measure: String) -> Figure {
    let factor = isDiagonal ? 100.0 : 1
    var shapes: [HTML] = []
    for tick in up.ticks {
      shapes.append(Drawing.line("rule", x: (0, 1), y: (level(tick), level(tick))))
      shapes.append(
        Drawing.label(up.label(tick, factor: factor), x: 0, y: level(tick) + 4, anchor: .end, shift: -8))
    }
    for tick in across.ticks {
      let place = across.position(tick)
      shapes.append(Drawing.line("axis", x: (place, place), y: (height, height + 4)))
      shapes.append(Drawing.label(across.label(tick, factor: factor), x: place, y: height + 18))
    }
    if isDiagonal {
      let ends = (max(across.low, up.low), min(across.high, up.high))
      shapes.append(
        Drawing.line(
          "ref", x: (across.position(ends.0), across.position(ends.1)), y: (level(ends.0), level(ends.1))))
    }
    shapes.append(Drawing.line("axis", x: (0, 1), y: (height, height)))
    for (number, line) in series.enumerated() { shapes += drawn(line, number) }
    shapes.append(Drawing.label(name, x: 0.5, y: height + 36, style: "axis-name"))
    shapes.append(Drawing.label(measure, x: 0, y: -10, anchor: .start, style: "axis-name", shift: -40))
    let plot = Drawing.area("plot", height: height, label: "\(title): \(summary)", shapes)
    return Figure(
      title: title, summary: summary, table: table(across: name, up: measure),
      drawing: series.count > 1 ? .group([legend, plot]) : plot)
  }

  private func level(_ value: Double) -> Double { height * (1 - up.position(value)) }

  private func drawn(_ line: Series, _ number: Int) -> [HTML] {
    var shapes: [HTML] = []
    for (a, b) in zip(line.points, line.points.dropFirst()) {
      shapes.append(
        Drawing.line(
          CurvePlot.lineStyle(number), x: (across.position(a.x), across.position(b.x)),
          y: (level(a.y), level(b.y))))
    }
    for point in line.points {
      if let limits = point.limits {
        let place = across.position(point.x)
        shapes.append(
          Drawing.line(
            "bar", x: (place, place), y: (level(limits.upperBound), level(limits.lowerBound))))
      }
    }
    // Beyond some dozens, marks would hide the line they stand on.
    if line.points.count <= 60 {
      for point in line.points {
        shapes.append(
          Drawing.dot(
            CurvePlot.dotStyle(number), x: across.position(point.x), y: level(point.y), radius: 3.5,
            title: "\(line.name): \(Format.decimal(point.x, 3)), \(Format.decimal(point.y, 4))"))
      }
    }
    return shapes
  }

  /// Lines differ by dashes as well as by colour.
  static func lineStyle(_ number: Int) -> StaticString {
    switch number % 6 {
    case 0: "s0"
    case 1: "s1"
    case 2: "s2"
    case 3: "s3"
    case 4: "s4"
    default: "s5"
    }
  }

  private static func dotStyle(_ number: Int) -> StaticString {
    switch number % 6 {
    case 0: "d0"
    case 1: "d1"
    case 2: "d2"
    case 3: "d3"
    case 4: "d4"
    default: "d5"
    }
  }

  private var legend: HTML {
    .element(
      "ul", [.style("legend")],
      series.enumerated().map { number, line in
        .element(
          "li", [],
          [
            Drawing.area(
              "key", height: 10, label: nil,
              [Drawing.line(CurvePlot.lineStyle(number), x: (0, 1), y: (5, 5))]),
            .name(line.name),
          ])
      })
  }

  private func table(across name: String, up measure: String) -> Table {
    let isLimited = series.contains { $0.points.contains { $0.limits != nil } }
    var columns: [Table.Column] = series.count > 1 ? [.init("line")] : []
    columns += [.init(name, isNumeric: true), .init(measure, isNumeric: true)]
    if isLimited { columns.append(.init("95 %", isNumeric: true)) }
    let rows = series.flatMap { line in
      line.points.map { point -> [Table.Cell] in
        var cells: [Table.Cell] = series.count > 1 ? [.text(line.name)] : []
        cells += [cell(point.x), cell(point.y)]
        if isLimited {
          cells.append(
            point.limits.map { .text("[\(cell($0.lowerBound).text), \(cell($0.upperBound).text)]") }
              ?? .missing)
        }
        return cells
      }
    }
    return Table(columns: columns, rows: rows)
  }

  private func cell(_ value: Double) -> Table.Cell {
    if isDiagonal { return .number(100 * value, decimals: 2) }
    let isWhole = value == value.rounded() && abs(value) < 1e15
    return isWhole ? .integer(Int(value)) : .number(value, decimals: 4)
  }
}
