/// A square of shares, tinted by how far each lies from even: win rates, agreement. It is a table, so its numbers are its plot.
public struct MatrixPlot: Sendable {
  /// Which colours the shares have.
  public enum Tint: Sendable {
    /// Two colours that meet at an even half, as for win rates.
    case diverging
    /// One colour from 0 to 1, as for agreement.
    case sequential
  }

  /// The names of rows and columns.
  public let names: [String]
  /// The share of each row against each column; nil where there is none.
  public let values: [[Double?]]
  private let tint: Tint

  /// A square of shares.
  public init(names: [String], values: [[Double?]], tint: Tint) {
    precondition(
      values.count == names.count && values.allSatisfy { $0.count == names.count },
      "\(values.count) rows for \(names.count) names")
    self.names = names
    self.values = values
    self.tint = tint
  }

  /// The square; columns are numbered, and the numbers stand before the rows' names.
  public func html(caption: String) -> HTML {
    var heading = [HTML.element("th", [Attribute("scope", "col")], [])]
    heading += names.indices.map {
      .element("th", [Attribute("scope", "col"), Attribute("title", names[$0])], [.text("\($0 + 1)")])
    }
    let rows = names.indices.map { i -> HTML in
      let cells = names.indices.map { j -> HTML in
        guard i != j, let value = values[i][j] else { return .element("td", [], [.text(i == j ? "" : "–")]) }
        return .element("td", [style(value)], [.text(Format.percent(value, 0))])
      }
      return .element(
        "tr", [],
        [.element("th", [Attribute("scope", "row")], [.text("\(i + 1) "), .name(names[i])])] + cells)
    }
    return .element(
      "div",
      [
        .style("frame"), Attribute("tabindex", "0"), Attribute("role", "region"),
        Attribute("aria-label", caption),
      ],
      [
        .element(
          "table", [.style("matrix")],
          [
            .element("caption", [], [.text(caption)]),
            .element("thead", [], [.element("tr", [], heading)]), .element("tbody", [], rows),
          ])
      ])
  }

  private func style(_ share: Double) -> Attribute {
    switch tint {
    case .diverging:
      let distance = Int((abs(share - 0.5) * 8).rounded())
      if distance == 0 { return .style("even") }
      return share > 0.5 ? MatrixPlot.above[min(4, distance)] : MatrixPlot.below[min(4, distance)]
    case .sequential: return MatrixPlot.above[min(4, max(0, Int((max(0, share) * 4).rounded())))]
    }
  }

  private static let above: [Attribute] = [
    .style("even"), .style("u1"), .style("u2"), .style("u3"), .style("u4"),
  ]
  private static let below: [Attribute] = [
    .style("even"), .style("l1"), .style("l2"), .style("l3"), .style("l4"),
  ]
}
