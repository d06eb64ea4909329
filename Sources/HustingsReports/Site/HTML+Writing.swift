extension HTML {
  /// The bytes of this markup on a page, in UTF-8.
  public func bytes(on page: SitePath) -> [UInt8] {
    var out: [UInt8] = []
    write(to: &out, page)
    return out
  }

  /// The markup as it stands on the site's first page.
  public var rendered: String { String(decoding: bytes(on: .boards), as: UTF8.self) }

  private func write(to out: inout [UInt8], _ page: SitePath) {
    switch content {
    case .text(let text): HTML.escape(text, to: &out)
    case .asset(let source): HTML.write(source, to: &out)
    case .group(let parts):
      for part in parts { part.write(to: &out, page) }
    case .void(let name, let attributes):
      HTML.open(name, attributes, to: &out, page)
    case .element(let name, let attributes, let children):
      HTML.open(name, attributes, to: &out, page)
      for child in children { child.write(to: &out, page) }
      out.append(UInt8(ascii: "<"))
      out.append(UInt8(ascii: "/"))
      HTML.write(name, to: &out)
      out.append(UInt8(ascii: ">"))
      if HTML.endsLine(name) { out.append(UInt8(ascii: "\n")) }
    }
  }

  private static func open(
    _ name: StaticString, _ attributes: [Attribute], to out: inout [UInt8], _ page: SitePath
  ) {
    out.append(UInt8(ascii: "<"))
    write(name, to: &out)
    for attribute in attributes {
      out.append(UInt8(ascii: " "))
      write(attribute.name, to: &out)
      switch attribute.value {
      case .none: continue
      case .text(let value):
        write("=\"", to: &out)
        escape(value, to: &out)
      case .page(let path):
        write("=\"", to: &out)
        escape(path.relative(to: page), to: &out)
      }
      out.append(UInt8(ascii: "\""))
    }
    out.append(UInt8(ascii: ">"))
  }

  private static func write(_ text: StaticString, to out: inout [UInt8]) {
    text.withUTF8Buffer { out.append(contentsOf: $0) }
  }

  /// Elements after which a line ends, so that pages can be compared line by line.
  private static func endsLine(_ name: StaticString) -> Bool {
    name.withUTF8Buffer { bytes in
      switch bytes.count {
      case 1: bytes[0] == UInt8(ascii: "p")
      case 2: bytes[0] == UInt8(ascii: "t") && bytes[1] == UInt8(ascii: "r") || bytes[0] == UInt8(ascii: "h")
      default: bytes[0] == UInt8(ascii: "s") && bytes[1] == UInt8(ascii: "e")
      }
    }
  }

  /// The five characters that mean something to a parser become references, and control characters, which no page may
  /// hold, the replacement character.
  private static func escape(_ text: String, to out: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "&"): write("&amp;", to: &out)
        case UInt8(ascii: "<"): write("&lt;", to: &out)
        case UInt8(ascii: ">"): write("&gt;", to: &out)
        case UInt8(ascii: "\""): write("&quot;", to: &out)
        case UInt8(ascii: "'"): write("&#39;", to: &out)
        case 9, 10: out.append(byte)
        // A carriage return would be read as a line feed; written as a reference it stays what it is.
        case 13: write("&#13;", to: &out)
        case 0..<32, 127: write("\u{FFFD}", to: &out)
        default: out.append(byte)
        }
      }
    }
  }
}
