/// Markup that cannot hold raw text: whatever comes from data is escaped, since there is no other way in.
///
/// Names of elements and attributes, style sheets and scripts are `StaticString`s, which only source code can make. A string
/// literal is a text like any other. Addresses are pages of the site, so that no page can ask for anything else.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
  enum Content: Sendable {
    case text(String)
    case element(StaticString, [Attribute], [HTML])
    /// An element that has no end tag.
    case void(StaticString, [Attribute])
    case group([HTML])
    /// A style sheet or script of the program's own, as it stands.
    case asset(StaticString)
  }

  let content: Content

  init(_ content: Content) { self.content = content }

  /// A text, which is escaped when it is written.
  public init(stringLiteral text: String) { content = .text(text) }

  /// A text.
  public static func text(_ text: String) -> HTML { HTML(.text(text)) }

  /// An element with what is in it.
  public static func element(
    _ name: StaticString, _ attributes: [Attribute] = [], _ children: [HTML] = []
  ) -> HTML {
    HTML(.element(name, attributes, children))
  }

  /// An element without an end tag.
  public static func void(_ name: StaticString, _ attributes: [Attribute]) -> HTML {
    HTML(.void(name, attributes))
  }

  /// Several parts, one after the other.
  public static func group(_ parts: [HTML]) -> HTML { HTML(.group(parts)) }

  /// Nothing.
  public static let empty = HTML(.group([]))

  /// Whether nothing would be written.
  public var isEmpty: Bool {
    switch content {
    case .group(let parts): parts.allSatisfy(\.isEmpty)
    case .text(let text): text.isEmpty
    case .element, .void, .asset: false
    }
  }

  static func asset(_ source: StaticString) -> HTML { HTML(.asset(source)) }
}

/// One attribute of an element.
public struct Attribute: Sendable {
  enum Value: Sendable {
    case text(String)
    case page(SitePath)
    case none
  }

  let name: StaticString
  let value: Value

  private init(_ name: StaticString, value: Value) {
    self.name = name
    self.value = value
  }

  /// An attribute with a value, which is escaped when it is written.
  ///
  /// Addresses and event handlers have no place here: for a link there is `href`, for the rest nothing.
  public init(_ name: StaticString, _ value: String) {
    precondition(Attribute.isHarmless(name), "an attribute \(name) cannot be made of text")
    self.init(name, value: .text(value))
  }

  /// An attribute that is there or not, such as `hidden`.
  public static func flag(_ name: StaticString) -> Attribute { Attribute(name, value: .none) }

  /// An attribute `class` of the style sheet's names.
  public static func style(_ names: StaticString) -> Attribute {
    Attribute("class", value: .text("\(names)"))
  }

  /// A link to a page of the site.
  public static func href(_ path: SitePath) -> Attribute { Attribute("href", value: .page(path)) }

  private static func isHarmless(_ name: StaticString) -> Bool {
    name.withUTF8Buffer { bytes in
      let isHandler = bytes.count > 2 && bytes[0] == UInt8(ascii: "o") && bytes[1] == UInt8(ascii: "n")
      guard !isHandler else { return false }
      return !forbidden.contains { $0.elementsEqual(bytes) }
    }
  }

  private static let forbidden = ["href", "src", "srcset", "style", "action", "formaction", "srcdoc"]
    .map { Array($0.utf8) }
}

/// A page of a site, and a place on it.
public struct SitePath: Sendable, Hashable, Comparable {
  /// The path below the site's folder, such as `models/small-rm-0123456789ab.html`.
  public let text: String
  /// The identifier of an element on the page; nil for its top.
  public let fragment: String?

  /// A page at the top of the site, by a name of the program's own.
  init(_ name: StaticString) {
    text = "\(name)"
    fragment = nil
  }

  /// A page in a folder, named so that it can be read and never clashes.
  init(_ folder: StaticString, _ name: String, _ identity: String) {
    let slug = SitePath.slug(name)
    text = "\(folder)/\(slug.isEmpty ? "" : slug + "-")\(SitePath.slug(identity)).html"
    fragment = nil
  }

  private init(_ text: String, _ fragment: String?) {
    self.text = text
    self.fragment = fragment
  }

  /// A place on the page.
  func at(_ name: String) -> SitePath { SitePath(text, SitePath.slug(name)) }

  /// Lower-case letters, digits and single hyphens, at most 60 of them: fit for any file system and any address.
  static func slug(_ text: String) -> String {
    var slug: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): slug.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): slug.append(byte | 32)
      default: if let last = slug.last, last != UInt8(ascii: "-") { slug.append(UInt8(ascii: "-")) }
      }
      if slug.count == 60 { break }
    }
    while slug.last == UInt8(ascii: "-") { slug.removeLast() }
    return String(decoding: slug, as: UTF8.self)
  }

  /// How to write this address on another page.
  func relative(to page: SitePath) -> String {
    let place = fragment.map { "#\($0)" } ?? ""
    if page.text == text, fragment != nil { return place }
    return String(repeating: "../", count: page.text.utf8.count { $0 == UInt8(ascii: "/") }) + text + place
  }

  /// The order of the texts.
  public static func < (a: SitePath, b: SitePath) -> Bool {
    (a.text, a.fragment ?? "") < (b.text, b.fragment ?? "")
  }
}
