import Hustings

/// What surrounds every page: the head with its rules, the way around the site, style and script.
struct PageShell {
  let title: String
  let path: SitePath
  /// Where the head of the page leads.
  let places: [(title: String, path: SitePath)]
  let version: String?

  /// The whole document.
  func document(_ body: [HTML]) -> HTML {
    .group([
      .asset("<!doctype html>\n"),
      .element("html", [Attribute("lang", "en")], [head, page(body)]),
      .asset("\n"),
    ])
  }

  private var head: HTML {
    var parts: [HTML] = [
      .void("meta", [Attribute("charset", "utf-8")]),
      .void(
        "meta", [Attribute("http-equiv", "Content-Security-Policy"), Attribute("content", policy)]),
      .void(
        "meta", [Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")]),
      .void("meta", [Attribute("name", "color-scheme"), Attribute("content", "light dark")]),
      .void("meta", [Attribute("name", "referrer"), Attribute("content", "no-referrer")]),
      .void("meta", [Attribute("name", "generator"), Attribute("content", "hustings")]),
    ]
    if let version {
      parts.append(.void("meta", [Attribute("name", "hustings-version"), Attribute("content", version)]))
    }
    parts.append(.element("title", [], [.text("\(title) · Hustings")]))
    parts.append(.element("style", [], [.asset(siteStyle)]))
    return .element("head", [], parts)
  }

  /// Nothing may be loaded or run but this very style and script, by their digests; a served page may ask its own server
  /// whether there is news.
  private var policy: String {
    let connections = version == nil ? "" : "; connect-src 'self'"
    return "default-src 'none'; style-src '\(PageShell.styleDigest)'; script-src '\(PageShell.scriptDigest)'"
      + "\(connections); base-uri 'none'; form-action 'none'"
  }

  private static let styleDigest = "sha256-" + SHA256.digest("\(siteStyle)").base64
  private static let scriptDigest = "sha256-" + SHA256.digest("\(siteScript)").base64

  private func page(_ body: [HTML]) -> HTML {
    let links = places.map { place -> HTML in
      var attributes: [Attribute] = [.href(place.path)]
      if place.path == path { attributes.append(Attribute("aria-current", "page")) }
      return .element("a", attributes, [.text(place.title)])
    }
    return .element(
      "body", [],
      [
        .element("a", [.style("skip"), .href(path.at("main"))], [.text("Skip to the content")]),
        .element(
          "header", [],
          [
            .element("a", [.style("brand"), .href(.boards)], [.text("Hustings")]),
            .element("nav", [Attribute("aria-label", "Pages")], links),
          ]),
        .element("main", [Attribute("id", "main")], body),
        .element(
          "footer", [],
          [.text("Made by Hustings from stored answers alone: the same store gives the same pages.")]),
        .element("script", [], [.asset(siteScript)]),
      ])
  }
}

extension Digest {
  /// The digest in base 64, as content security policies have it.
  var base64: String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let bytes = [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = Array(bytes[start..<min(start + 3, bytes.count)])
      let value = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? UInt32(group[$1]) : 0) }
      for place in 0..<4 {
        text.append(
          place <= group.count ? alphabet[Int(value >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
