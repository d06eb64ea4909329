import Foundation
import Hustings
import HustingsStore
import Testing

@testable import HustingsReports

extension Made {
  /// A chapter of some entries over the items of the first.
  static func chapter(_ entries: [Board.Entry], text: (@Sendable (Int) -> Slate?)? = nil) -> Chapter {
    let made = Made()
    let ran = Date(timeIntervalSince1970: 1_700_000_000)
    let progress = Dictionary(
      entries.map {
        (
          $0.card.fingerprint,
          Chapter.Progress(scored: $0.trials.count, startedAt: ran, finishedAt: ran, seed: 0)
        )
      },
      uniquingKeysWith: { first, _ in first })
    return Chapter(
      made, card: made.card, identity: SHA256.digest("made"), keys: entries[0].trials.map(\.key),
      entries: entries, progress: progress, text: text ?? { _ in nil })
  }
}

@Suite struct SiteTests {
  static let hostile = "</pre></script><script>document.title='pwned'</script><img src=x onerror=alert(1)>"

  static func site(version: String? = nil) -> Site {
    let entries = [
      Made.entry("good", count: 200) { $0 % 10 != 0 }, Made.entry(hostile, count: 200) { $0 % 3 != 0 },
      Made.entry("../up", count: 150) { $0 % 7 == 0 ? nil : $0 % 2 == 0 },
      Made.entry("null:length", count: 200, isNull: true) { $0 % 5 < 2 },
    ]
    let chapter = Made.chapter(entries) { ordinal in
      Slate(
        id: "\(ordinal)", prompt: Prompt(hostile),
        responses: [Response("\(hostile) \(ordinal)"), Response("b")])
    }
    let curve = (0..<900).map {
      CurvePoint(
        checkpoint: entries[1].card.fingerprint, metric: "train.loss", step: $0, value: 1 / Double($0 + 1))
    }
    return Site(chapters: [chapter], curves: curve, version: version)
  }

  private func text(_ site: Site, _ path: String) throws -> String {
    String(decoding: try #require(site.bytes(at: path)), as: UTF8.self)
  }

  @Test func thereIsAPageForEverything() {
    let paths = Self.site().paths
    #expect(paths.first == "index.html")
    for page in ["models.html", "benchmarks.html", "comparisons.html", "training.html"] {
      #expect(paths.contains(page))
    }
    #expect(paths.count { $0.hasPrefix("models/") } == 4)
    #expect(paths.count { $0.hasPrefix("benchmarks/") } == 1)
    #expect(paths.count { $0.hasPrefix("comparisons/") } == 6)
    #expect(Set(paths).count == paths.count)
  }

  @Test func theSameResultsGiveTheSameBytes() throws {
    let (one, other) = (Self.site(), Self.site())
    #expect(one.paths == other.paths)
    for path in one.paths { #expect(one.bytes(at: path) == other.bytes(at: path)) }
  }

  @Test func noTextRunsAndNothingIsLoaded() throws {
    let site = Self.site()
    for path in site.paths {
      let page = try text(site, path)
      #expect(page.components(separatedBy: "<script").count == 2, "\(path) has one script")
      #expect(!page.contains("<img"))
      // In attribute values, which are quoted, a text may say anything.
      #expect(page.firstMatch(of: /<[a-z]+(?: [a-z-]+(?:="[^"]*")?)* src=/) == nil)
      #expect(!page.contains("<link"))
      #expect(!page.contains("http://") && !page.contains("https://"))
      #expect(page.contains("default-src &#39;none&#39;"))
      #expect(!page.contains("connect-src"))
    }
  }

  @Test func everyLinkLeadsSomewhere() throws {
    let site = Self.site()
    let known = Set(site.paths)
    for path in site.paths {
      let folder = path.contains("/") ? String(path.split(separator: "/")[0]) : ""
      for part in try text(site, path).components(separatedBy: "href=\"").dropFirst() {
        let target = String(part.prefix { $0 != "\"" })
        let page = String(target.prefix { $0 != "#" })
        if page.isEmpty { continue }
        let resolved =
          page.hasPrefix("../") ? String(page.dropFirst(3)) : folder.isEmpty ? page : "\(folder)/\(page)"
        #expect(known.contains(resolved), "\(target) on \(path)")
      }
    }
  }

  @Test func everyPlotOnAPageHasItsNumbers() throws {
    let site = Self.site()
    for path in site.paths {
      let page = try text(site, path)
      let plots = page.components(separatedBy: "role=\"img\"").count
      #expect(plots == page.components(separatedBy: "Numbers behind the plot").count, "\(path)")
    }
  }

  @Test func everyPageSaysWhatItIs() throws {
    let site = Self.site()
    for path in site.paths {
      let page = try text(site, path)
      #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
      #expect(page.components(separatedBy: "<h1").count == 2)
      #expect(page.components(separatedBy: "</head>")[0].components(separatedBy: "<title>").count == 2)
      #expect(page.contains("name=\"viewport\""))
    }
  }

  @Test func flipsShowTheirTextsWhereThereAreAny() throws {
    let site = Self.site()
    let path = try #require(site.paths.first { $0.hasPrefix("comparisons/") })
    let page = try text(site, path)
    #expect(page.contains("&lt;/pre&gt;&lt;/script&gt;"))
    #expect(page.contains("<pre dir=\"auto\">"))
  }

  @Test func aServedPageMayAskItsServerForNews() throws {
    let page = try text(Self.site(version: "abc"), "index.html")
    #expect(page.contains("connect-src &#39;self&#39;"))
    #expect(page.contains("name=\"hustings-version\" content=\"abc\""))
  }

  @Test func aPathThatIsNoPageIsNothing() {
    for path in ["", "nothing.html", "../index.html", "models/"] {
      #expect(Self.site().bytes(at: path) == nil)
    }
  }

  @Test func bigBoardsCompareWithTheBestAndTheNeighbour() {
    let entries = (0..<20).map { number in
      Made.entry("m\(number)", count: 100) { ($0 * 7 + number) % 100 < 90 - 3 * number }
    }
    let pairs = Made.chapter(entries).pairs
    #expect(pairs.count == 19 + 18)
    #expect(pairs.allSatisfy { $0.candidate == 0 || $0.baseline == $0.candidate + 1 })
  }

  @Test func anEmptyStoreHasNoSite() {
    #expect(Site(chapters: [], curves: []).isEmpty)
  }
}
