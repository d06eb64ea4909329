/// The shapes that plots are made of.
///
/// Horizontal places are shares of the width, written as percentages, and vertical ones are pixels: so a plot fills the width
/// there is, and its words keep their size on a phone.
enum Drawing {
  static func line(
    _ style: StaticString, x: (Double, Double), y: (Double, Double)
  ) -> HTML {
    .element(
      "line",
      [
        .style(style), Attribute("x1", percent(x.0)), Attribute("x2", percent(x.1)),
        Attribute("y1", pixels(y.0)), Attribute("y2", pixels(y.1)),
      ])
  }

  static func box(
    _ style: StaticString, x: (Double, Double), top: Double, height: Double, title: String? = nil
  ) -> HTML {
    .element(
      "rect",
      [
        .style(style), Attribute("x", percent(x.0)), Attribute("width", percent(max(0, x.1 - x.0))),
        Attribute("y", pixels(top)), Attribute("height", pixels(max(0, height))),
      ], titled(title))
  }

  static func dot(
    _ style: StaticString, x: Double, y: Double, radius: Double = 4, title: String? = nil
  ) -> HTML {
    .element(
      "circle",
      [
        .style(style), Attribute("cx", percent(x)), Attribute("cy", pixels(y)),
        Attribute("r", pixels(radius)),
      ],
      titled(title))
  }

  /// A square stood on a corner, in its own little coordinate system, since paths know no percentages.
  static func diamond(_ style: StaticString, x: Double, y: Double, title: String? = nil) -> HTML {
    .element(
      "svg",
      [Attribute("x", percent(x)), Attribute("y", pixels(y)), .style("mark")],
      [
        .element(
          "path", [.style(style), Attribute("d", "M0-5L5 0L0 5L-5 0Z")], titled(title))
      ])
  }

  enum Anchor: String { case start, middle, end }

  static func label(
    _ text: String, x: Double, y: Double, anchor: Anchor = .middle, style: StaticString = "tick",
    shift: Double = 0
  ) -> HTML {
    var attributes: [Attribute] = [
      .style(style), Attribute("x", percent(x)), Attribute("y", pixels(y)),
    ]
    if anchor != .start { attributes.append(Attribute("text-anchor", anchor.rawValue)) }
    if shift != 0 { attributes.append(Attribute("dx", pixels(shift))) }
    return .element("text", attributes, [.text(text)])
  }

  /// A drawing that fills the width there is.
  static func area(_ style: StaticString, height: Double, label: String?, _ shapes: [HTML]) -> HTML {
    var attributes: [Attribute] = [.style(style), Attribute("height", pixels(height))]
    if let label {
      attributes += [Attribute("role", "img"), Attribute("aria-label", label)]
    } else {
      attributes.append(Attribute("aria-hidden", "true"))
    }
    return .element("svg", attributes, shapes)
  }

  /// A place as a percentage with two decimals.
  static func percent(_ share: Double) -> String { number(100 * share) + "%" }

  /// A length with at most two decimals.
  static func pixels(_ value: Double) -> String { number(value) }

  /// At most two decimals, by whole numbers: a page holds tens of thousands of them.
  static func number(_ value: Double) -> String {
    precondition(value.isFinite && abs(value) < 1e9, "a place at \(value)")
    let hundredths = Int((value * 100).rounded())
    let magnitude = hundredths.magnitude
    let sign = hundredths < 0 ? "-" : ""
    let rest = magnitude % 100
    if rest == 0 { return "\(sign)\(magnitude / 100)" }
    if rest % 10 == 0 { return "\(sign)\(magnitude / 100).\(rest / 10)" }
    return "\(sign)\(magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func titled(_ title: String?) -> [HTML] {
    title.map { [.element("title", [], [.text($0)])] } ?? []
  }
}
