import Hustings
import Testing

@testable import HustingsReports

@Suite struct SpotCheckTests {
  private func text(_ html: HTML) -> String {
    String(decoding: html.bytes(on: SitePath("index.html")), as: UTF8.self)
  }

  private func badge(_ entries: [Board.Entry]) throws -> String {
    let chapter = Made.chapter(entries)
    let recorded = try #require(entries.first { !$0.card.readsTexts })
    return text(try #require(chapter.badge(of: recorded.card.fingerprint)).html)
  }

  private let claim = Made.entry("rm", count: 100, isRecorded: true) { $0 % 4 != 0 }

  @Test func aRecordingThatNobodyCheckedIsAClaim() throws {
    #expect(try badge([claim]).contains("claimed"))
    // Another model's answers check nothing.
    #expect(try badge([claim, Made.entry("other", count: 100) { _ in true }]).contains("claimed"))
  }

  @Test func theModelItselfConfirmsItsRecordingOrDoesNot() throws {
    let same = Made.entry("rm", count: 100) { $0 < 25 ? $0 % 4 != 0 : nil }
    #expect(try badge([claim, same]).contains("spot-checked 25 of 25 ✓"))
    // Always right, where the recording is wrong on items 0, 4, ... 16: five of twenty.
    let better = Made.entry("rm", count: 100) { $0 < 20 ? true : nil }
    #expect(try badge([claim, better]).contains("spot-checked 15 of 20 ✗"))
  }

  @Test func aModelThatWasAskedNeedsNoCheck() throws {
    let asked = Made.entry("rm", count: 100) { _ in true }
    let chapter = Made.chapter([claim, asked])
    let place = try #require(chapter.place(of: asked.card.fingerprint))
    #expect(chapter.spotCheck(of: place) == nil)
    #expect(text(Site(chapters: [chapter], curves: []).badge(of: asked.card).html).contains("re-run"))
  }

  @Test func checksOfSeveralBenchmarksAddUp() {
    let same = Made.entry("rm", count: 100) { $0 < 10 ? $0 % 4 != 0 : nil }
    let chapter = Made.chapter([claim, same])
    let site = Site(chapters: [chapter, chapter], curves: [])
    #expect(text(site.badge(of: claim.card).html).contains("20 of 20"))
  }
}
