/// How many values fall into each of some bins of equal width.
public struct Histogram: Sendable, Hashable {
  /// One bin: from `low` up to, not including, `high`; the last one includes it.
  public struct Bin: Sendable, Hashable {
    /// Its lower edge.
    public let low: Double
    /// Its upper edge.
    public let high: Double
    /// How many values it holds.
    public let count: Int
  }

  /// The bins, in ascending order.
  public let bins: [Bin]
  /// Values below the first bin and above the last, which are drawn in it.
  public let outside: Int

  /// The bins of some values.
  ///
  /// A few far values would press all others into one bin, so the range is that of all but the outermost half percent at
  /// either end; the values beyond are counted in the outermost bins. An edge lies at 0 when the values lie on both sides.
  ///
  /// - Returns: nil for fewer than two different finite values.
  public init?(_ values: [Double], bins count: Int = 30) {
    let sorted = values.filter(\.isFinite).sorted()
    guard count > 1, let first = sorted.first, let last = sorted.last, first < last else { return nil }
    let cut = sorted.count / 200
    var (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    if low == high { (low, high) = (first, last) }
    var width = (high - low) / Double(count)
    if low < 0, high > 0 {
      let below = max(1, (-low / width).rounded())
      width = max(-low / below, high / max(1, Double(count) - below))
      low = -below * width
      high = low + width * max(Double(count), below + 1)
    }
    let total = max(1, Int(((high - low) / width).rounded()))
    var counts = [Int](repeating: 0, count: total)
    for value in sorted {
      counts[max(0, min(total - 1, Int(((value - low) / width).rounded(.down))))] += 1
    }
    let start = low
    bins = counts.enumerated().map { place, count in
      Bin(low: start + Double(place) * width, high: start + Double(place + 1) * width, count: count)
    }
    let end = start + Double(total) * width
    outside = sorted.count { $0 < start || $0 > end }
  }

  /// The bins as bars; those of negative values are hatched, since they are what went wrong.
  public func figure(title: String, summary: String, axis: String) -> Figure {
    let height = 170.0
    let most = Double(bins.map(\.count).max() ?? 1)
    let scale = AxisScale(covering: [0, most], intervals: 3)
    let edges = (low: bins[0].low, high: bins[bins.count - 1].high)
    let span = edges.high - edges.low
    func place(_ value: Double) -> Double { (value - edges.low) / span }
    func level(_ count: Double) -> Double { height * (1 - count / scale.high) }
    var shapes: [HTML] = []
    for tick in scale.ticks {
      shapes.append(Drawing.line("rule", x: (0, 1), y: (level(tick), level(tick))))
      shapes.append(
        Drawing.label(Format.grouped(Int(tick)), x: 0, y: level(tick) + 4, anchor: .end, shift: -8))
    }
    for bin in bins where bin.count > 0 {
      let style: StaticString = bin.high <= edges.low + span * 1e-9 || bin.low + bin.high < 0 ? "bad" : "good"
      shapes.append(
        Drawing.box(
          style, x: (place(bin.low) + 0.001, place(bin.high) - 0.001), top: level(Double(bin.count)),
          height: height - level(Double(bin.count)), title: "\(range(of: bin)): \(Format.grouped(bin.count))")
      )
    }
    shapes.append(Drawing.line("axis", x: (0, 1), y: (height, height)))
    let ticks = AxisScale(covering: [edges.low, edges.high], intervals: 5)
    for tick in ticks.ticks where tick >= edges.low && tick <= edges.high {
      shapes.append(Drawing.line("axis", x: (place(tick), place(tick)), y: (height, height + 4)))
      shapes.append(Drawing.label(ticks.label(tick), x: place(tick), y: height + 18))
    }
    if edges.low < 0, edges.high > 0 {
      shapes.append(Drawing.line("ref", x: (place(0), place(0)), y: (0, height)))
    }
    shapes.append(Drawing.label(axis, x: 0.5, y: height + 36, style: "axis-name"))
    let table = Table(
      columns: [
        .init("from", isNumeric: true), .init("to", isNumeric: true), .init("items", isNumeric: true),
      ],
      rows: bins.map {
        [.number($0.low, decimals: 3), .number($0.high, decimals: 3), .integer($0.count)]
      },
      notes: outside == 0
        ? [] : ["\(Format.grouped(outside)) values lie beyond the outermost bins and are counted in them."])
    return Figure(
      title: title, summary: summary, table: table,
      drawing: Drawing.area("plot", height: height, label: "\(title): \(summary)", shapes))
  }

  private func range(of bin: Bin) -> String {
    "\(Format.decimal(bin.low, 2)) to \(Format.decimal(bin.high, 2))"
  }
}
