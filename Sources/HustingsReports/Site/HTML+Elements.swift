/// The elements that pages are made of.
extension HTML {
  static func div(_ style: StaticString, _ children: [HTML]) -> HTML {
    .element("div", [.style(style)], children)
  }

  static func span(_ style: StaticString, _ children: [HTML]) -> HTML {
    .element("span", [.style(style)], children)
  }

  static func p(_ children: [HTML]) -> HTML { .element("p", [], children) }

  static func note(_ text: String) -> HTML { .element("p", [.style("note")], [.text(text)]) }

  static func strong(_ text: String) -> HTML { .element("strong", [], [.text(text)]) }

  static func code(_ text: String) -> HTML { .element("code", [], [.text(text)]) }

  /// A text from data inside a sentence, which keeps its own writing direction to itself.
  static func name(_ text: String) -> HTML { .element("bdi", [], [.text(text)]) }

  static func link(_ path: SitePath, _ text: String) -> HTML {
    .element("a", [.href(path)], [.name(text)])
  }

  /// A part of a page with a heading that can be linked to.
  static func section(_ title: String, id: String? = nil, _ children: [HTML]) -> HTML {
    let slug = SitePath.slug(id ?? title)
    return .element(
      "section", [Attribute("id", slug), Attribute("aria-labelledby", "\(slug)-title")],
      [.element("h2", [Attribute("id", "\(slug)-title")], [.text(title)])] + children)
  }

  /// A part of a section.
  static func subsection(_ title: String, _ children: [HTML]) -> HTML {
    .group([.element("h3", [], [.text(title)])] + children)
  }

  /// What opens when it is asked for.
  static func details(_ summary: String, _ children: [HTML]) -> HTML {
    .element("details", [], [.element("summary", [], [.text(summary)])] + children)
  }

  /// A few numbers with what they are, side by side.
  static func facts(_ facts: [(name: String, value: HTML)]) -> HTML {
    .element(
      "dl", [.style("facts")],
      facts.map { fact in
        .element(
          "div", [],
          [.element("dt", [], [.text(fact.name)]), .element("dd", [], [fact.value])])
      })
  }
}
