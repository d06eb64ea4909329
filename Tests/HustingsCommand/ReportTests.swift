import Foundation
import Testing

@Suite struct ReportTests {
  private func ran(count: Int = 40) throws -> Workbench {
    let bench = try Workbench()
    try bench.writePairs(count: count)
    let result = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    return bench
  }

  private func files(_ bench: Workbench, _ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: bench.path(folder)) {
      let url = bench.folder.appendingPathComponent(folder).appendingPathComponent(name)
      if let data = try? Data(contentsOf: url) { files[name] = data }
    }
    return files
  }

  @Test func aReportIsAFolderThatOpensFromDisk() throws {
    let bench = try ran()
    defer { bench.remove() }
    let result = try bench.hustings("report", "--out", "site/", "--store", "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("site/index.html"))
    let index = try bench.read("site/index.html")
    for word in ["sure", "guess", "null:length", "90.00", "claimed"] { #expect(index.contains(word)) }
    let names = try files(bench, "site").keys
    #expect(names.contains { $0.hasPrefix("models/sure-") })
    #expect(names.contains { $0.hasPrefix("comparisons/") })
    #expect(names.contains { $0.hasPrefix("benchmarks/pairs-") })
  }

  @Test func textsStandBesideFlipsWhereTheRunKeptThem() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.writePairs(count: 40)
    for (store, keeps) in [("kept.sqlite", true), ("bare.sqlite", false)] {
      let run = [
        "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", store,
      ]
      let result = try bench.hustings(keeps ? run + ["--keep-texts"] : run)
      #expect(result.status == 0, "\(result.errors)")
      let report = try bench.hustings("report", "--out", "site-\(store)", "--store", store)
      #expect(report.status == 0, "\(report.errors)")
      let pages = try files(bench, "site-\(store)").filter { $0.key.hasPrefix("comparisons/") }
      let shown = pages.values.contains {
        String(decoding: $0, as: UTF8.self).contains("<figure class=\"quote\">")
      }
      #expect(shown == keeps)
    }
  }

  @Test func theSameStoreGivesTheSameBytes() throws {
    let bench = try ran()
    defer { bench.remove() }
    for folder in ["one", "two"] {
      let result = try bench.hustings("report", "--out", folder, "--store", "s.sqlite")
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try files(bench, "one") == files(bench, "two"))
  }

  @Test func anotherReportTakesThePlaceOfTheFirst() throws {
    let bench = try ran()
    defer { bench.remove() }
    _ = try bench.hustings("report", "--out", "site", "--store", "s.sqlite")
    try bench.write("site/models/left-over.html", "old")
    let again = try bench.hustings("report", "--out", "site", "--store", "s.sqlite")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try !files(bench, "site").keys.contains("models/left-over.html"))
    #expect(bench.names.filter { $0.hasPrefix(".site") }.isEmpty)
  }

  @Test func aFolderOfOtherThingsIsLeftAlone() throws {
    let bench = try ran()
    defer { bench.remove() }
    try bench.write("mine/thesis.txt", "all my work")
    let result = try bench.hustings("report", "--out", "mine", "--store", "s.sqlite")
    #expect(result.status == 3)
    #expect(result.errors.contains("no report"))
    #expect(try bench.read("mine/thesis.txt") == "all my work")
    try bench.write("file", "x")
    #expect(try bench.hustings("report", "--out", "file", "--store", "s.sqlite").status == 3)
    #expect(try bench.read("file") == "x")
  }

  @Test func nothingMeasuredIsAFault() throws {
    let bench = try ran()
    defer { bench.remove() }
    #expect(try bench.hustings("report", "--out", "site", "--store", "absent.sqlite").status == 3)
    #expect(
      try bench.hustings("report", "--out", "site", "--store", "s.sqlite", "--benchmark", "judgebench").status
        == 3)
    #expect(try bench.hustings("report", "--store", "s.sqlite").status == 64)
    #expect(!bench.names.contains("site"))
  }

  @Test(.enabled(if: Browser.executable != nil, Comment(rawValue: Browser.reason)))
  func aBrowserOpensThePagesWithoutComplaint() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    // A model whose name is a script, on more items than a page shows at a time.
    try bench.writePairs(count: 400)
    let name = "<img src=x onerror=document.title='pwned'>"
    try bench.write("scores.csv", try bench.read("scores.csv").replacing("guess", with: "\"\(name)\""))
    let run = try bench.hustings(
      "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    let report = try bench.hustings("report", "--out", "site", "--store", "s.sqlite")
    #expect(report.status == 0, "\(report.errors)")
    let names = try files(bench, "site").keys.filter { $0.hasSuffix(".html") }
    let kinds = ["index", "models/img", "models/sure", "benchmarks/", "comparisons/"]
    for kind in kinds {
      let page = try #require(names.sorted().first { $0.hasPrefix(kind) })
      let visit = try Browser.open("file://\(bench.path("site/\(page)"))", in: bench.folder)
      #expect(visit.console == [], "\(page)")
      #expect(visit.document.contains("</main>"))
      #expect(!visit.document.contains("<title>pwned"))
      #expect(!visit.document.contains("<img"))
      // The script has run: tables can be sorted, and of 400 items a hundred are in the document.
      #expect(visit.document.contains("class=\"sort\""), "\(page)")
      if kind == "benchmarks/" {
        #expect(visit.document.contains("1–100 of 400 rows"))
        #expect(!visit.document.contains(">q399<"))
      }
    }
  }
}
