import Hustings
import Testing

@testable import HustingsReports

@Suite struct HTMLTests {
  @Test(arguments: [
    "<script>alert(1)</script>", "</title><img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)", "&lt;script&gt;", "<!--", "]]>", "\u{0}<b>", "<\u{200B}script>",
  ])
  func nothingThatIsHandedInBecomesMarkup(text: String) {
    let page = HTML.element("p", [Attribute("title", text)], [.text(text), .name(text), "said: \(text)"])
    let markup = page.rendered
    // What is left after the elements of the program's own are taken away holds no character that opens one.
    let rest = ["<p title=\"", "<bdi>", "</bdi>", "</p>", "\">"].reduce(markup) {
      $0.replacing($1, with: "", maxReplacements: 1)
    }
    #expect(!rest.contains("<"))
    #expect(!rest.contains(">"))
    #expect(!rest.contains("\""))
    #expect(!rest.contains("'"))
    #expect(!markup.contains("\u{0}"))
  }

  @Test func theFiveCharactersBecomeReferences() {
    #expect(HTML.text("a<b>&\"c'").rendered == "a&lt;b&gt;&amp;&quot;c&#39;")
    #expect(HTML.text("line\nand\ttab\r").rendered == "line\nand\ttab&#13;")
    #expect(HTML.text("\u{1}\u{7F}").rendered == "\u{FFFD}\u{FFFD}")
  }

  @Test func aStringLiteralIsAText() {
    let part: HTML = "<b>"
    #expect(part.rendered == "&lt;b&gt;")
  }

  @Test func addressesAreRelativeToThePageTheyStandOn() {
    let model = SitePath("models", "small RM/2", "0123456789ab")
    #expect(model.text == "models/small-rm-2-0123456789ab.html")
    #expect(model.relative(to: .boards) == "models/small-rm-2-0123456789ab.html")
    #expect(SitePath.boards.relative(to: model) == "../index.html")
    #expect(model.at("My Subset!").relative(to: model) == "#my-subset")
    #expect(model.at("x").relative(to: .boards) == "models/small-rm-2-0123456789ab.html#x")
  }

  @Test(arguments: ["../../etc/passwd", "javascript:alert(1)", "a\"b<c>", "", "名前", "..", "CON", "a/../b"])
  func noNameLeavesTheSite(name: String) {
    let path = SitePath("models", name, "0123456789ab").text
    #expect(path.hasPrefix("models/"))
    #expect(path.hasSuffix("0123456789ab.html"))
    let part = path.dropFirst("models/".count)
    #expect(part.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-.".utf8.contains($0) })
    #expect(!part.contains(".."))
    #expect(!part.hasPrefix("."))
  }

  /// RFC 4648 alphabet; the digest of nothing as security policies on the web write it.
  @Test func digestsAreWrittenInBase64() {
    #expect(SHA256.digest("").base64 == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }
}
