/// Preference embeddings in a plane, and the strongest cycle among them as a ring of arrows.
public struct PlanePlot: Sendable {
  private let names: [String]
  private let matrix: [[Double]]
  private let plane: SkewPlane
  private let cycle: [Int]?

  /// The view of a skew-symmetric matrix of margins; nil when there is nothing to see.
  public init?(names: [String], matrix: [[Double]]) {
    precondition(names.count == matrix.count, "\(names.count) names, \(matrix.count) rows")
    guard let plane = SkewPlane(matrix) else { return nil }
    self.names = names
    self.matrix = matrix
    self.plane = plane
    cycle = SkewPlane.strongestCycle(matrix)
  }

  /// The share of squared margin that is in the picture.
  public var share: Double { plane.share }
  /// The names of the strongest cycle, each preferred to the next and the last to the first; nil without one.
  public var cycleNames: [String]? { cycle?.map { names[$0] } }

  /// The plot. Points lie in a square of 360 units with 0 at its centre.
  public func figure(title: String, summary: String) -> Figure {
    let reach = plane.points.map { max(abs($0.x), abs($0.y)) }.max() ?? 1
    let places = plane.points.map { point in
      (x: 180 + 140 * point.x / reach, y: 180 - 140 * point.y / reach)
    }
    var shapes: [HTML] = [
      .element(
        "path", [.style("rule"), Attribute("d", "M20 180H340M180 20V340")])
    ]
    if let cycle {
      for (place, from) in cycle.enumerated() {
        shapes += arrow(places[from], places[cycle[(place + 1) % cycle.count]])
      }
    }
    for (number, place) in places.enumerated() {
      let isInCycle = cycle?.contains(number) ?? false
      shapes.append(
        .element(
          "circle",
          [
            .style(isInCycle ? "d1" : "d0"), Attribute("cx", Drawing.number(place.x)),
            Attribute("cy", Drawing.number(place.y)), Attribute("r", "5"),
          ], [.element("title", [], [.text(names[number])])]))
    }
    for (number, place) in PlanePlot.labelPlaces(places).enumerated() {
      shapes.append(
        .element(
          "text",
          [
            .style("tick"), Attribute("x", Drawing.number(place.x)), Attribute("y", Drawing.number(place.y)),
            Attribute("text-anchor", "middle"),
          ], [.text("\(number + 1)")]))
    }
    let drawing = HTML.element(
      "svg",
      [
        .style("plane"), Attribute("viewBox", "0 0 360 360"), Attribute("role", "img"),
        Attribute("aria-label", "\(title): \(summary)"),
      ], shapes)
    return Figure(
      title: title, summary: summary, table: table, drawing: .group([drawing, legend]))
  }

  /// The names behind the numbers.
  private var legend: HTML {
    .element("ol", [.style("names")], names.map { .element("li", [], [.name($0)]) })
  }

  /// Where each point's number stands: at the first of some places around it where it covers no point and no other number.
  private static func labelPlaces(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var taken: [(x: Double, y: Double)] = []
    for point in points {
      let offsets = (1...4).flatMap { ring -> [(Double, Double)] in
        let reach = 13 * Double(ring)
        return [
          (0, -reach + 3), (reach, 4), (-reach, 4), (0, reach + 7), (reach, -reach), (-reach, -reach),
          (reach, reach), (-reach, reach),
        ]
      }
      let free = offsets.lazy.map { (x: point.x + $0.0, y: point.y + $0.1) }.first { place in
        !taken.contains { abs($0.x - place.x) < 17 && abs($0.y - place.y) < 13 }
          && !points.contains { abs($0.x - place.x) < 12 && abs($0.y - (place.y - 4)) < 10 }
      }
      taken.append(free ?? (point.x, point.y - 10))
    }
    return taken
  }

  private func arrow(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) -> [HTML] {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 24 else { return [] }
    let (ux, uy) = (dx / length, dy / length)
    let (start, end) = ((from.x + 8 * ux, from.y + 8 * uy), (to.x - 9 * ux, to.y - 9 * uy))
    let (left, right) = (
      (end.0 - 9 * ux - 4 * uy, end.1 - 9 * uy + 4 * ux), (end.0 - 9 * ux + 4 * uy, end.1 - 9 * uy - 4 * ux)
    )
    func text(_ point: (Double, Double)) -> String { "\(Drawing.number(point.0)) \(Drawing.number(point.1))" }
    return [
      .element("path", [.style("s1"), Attribute("d", "M\(text(start))L\(text(end))")]),
      .element("path", [.style("head"), Attribute("d", "M\(text(end))L\(text(left))L\(text(right))Z")]),
    ]
  }

  private var table: Table {
    Table(
      columns: [.init("name"), .init("across", isNumeric: true), .init("up", isNumeric: true)]
        + names.map { .init("over \($0)", isNumeric: true) },
      rows: names.indices.map { i in
        [
          .text(names[i]), .number(plane.points[i].x, decimals: 3), .number(plane.points[i].y, decimals: 3),
        ] + names.indices.map { $0 == i ? .missing : .number(matrix[i][$0], decimals: 3) }
      },
      notes: [
        "The last columns are the margins themselves: log-odds that the row is preferred to the column."
      ])
  }
}
