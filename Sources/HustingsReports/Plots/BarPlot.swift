/// Numbers of things in named groups, as bars.
public struct BarPlot: Sendable {
  private let bars: [(name: String, value: Double)]
  private let height = 170.0

  /// Bars from left to right.
  public init(_ bars: [(name: String, value: Double)]) { self.bars = bars }

  /// The plot with the names of its axes.
  public func figure(title: String, summary: String, across name: String, up measure: String) -> Figure {
    let scale = AxisScale(covering: [0] + bars.map(\.value), intervals: 3)
    func level(_ value: Double) -> Double { height * (1 - scale.position(value)) }
    var shapes: [HTML] = []
    for tick in scale.ticks {
      shapes.append(Drawing.line("rule", x: (0, 1), y: (level(tick), level(tick))))
      shapes.append(Drawing.label(scale.label(tick), x: 0, y: level(tick) + 4, anchor: .end, shift: -8))
    }
    let width = 1 / Double(max(1, bars.count))
    for (place, bar) in bars.enumerated() {
      let start = Double(place) * width
      shapes.append(
        Drawing.box(
          "good", x: (start + 0.1 * width, start + 0.9 * width), top: level(bar.value),
          height: height - level(bar.value), title: "\(bar.name): \(Format.grouped(Int(bar.value)))"))
      shapes.append(Drawing.label(bar.name, x: start + width / 2, y: height + 18))
    }
    shapes.append(Drawing.line("axis", x: (0, 1), y: (height, height)))
    shapes.append(Drawing.label(name, x: 0.5, y: height + 36, style: "axis-name"))
    shapes.append(Drawing.label(measure, x: 0, y: -10, anchor: .start, style: "axis-name", shift: -40))
    return Figure(
      title: title, summary: summary,
      table: Table(
        columns: [.init(name), .init(measure, isNumeric: true)],
        rows: bars.map { [.text($0.name), .integer(Int($0.value))] }),
      drawing: Drawing.area("plot", height: height, label: "\(title) \(summary)", shapes))
  }
}
