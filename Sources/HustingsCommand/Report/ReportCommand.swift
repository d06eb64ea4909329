import ArgumentParser
import Foundation
import HustingsReports

/// `hustings report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a folder of static pages: boards, models, benchmarks, comparisons, learning curves.",
    discussion: """
      The pages are made from the store alone, open from disk and ask for nothing from any network. The same store gives the same
      bytes. The folder appears whole or not at all; an earlier report in it is replaced, anything else is left alone.
      """)

  @Option(name: .long, help: "The folder to write.", completion: .directory)
  var out: String

  @Option(name: .long, help: "A benchmark; all in the store when none is given.")
  var benchmark: [String] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions

  func run() throws {
    let source = ReportSource(
      results: try StoredResults(store), workplace: try Workplace(data: data, seed: 0), benchmarks: benchmark)
    let site = try source.site()
    guard !site.isEmpty else {
      throw InvalidRequest(
        "The store \(store.store) holds no run. Run something first: hustings run --benchmark … --model …")
    }
    let folder = SiteFolder(out)
    let size = try folder.write(site)
    Terminal.write(
      "\(Format.grouped(size.pages)) pages, \(Format.decimal(Double(size.bytes) / 1e6, 1)) MB, the largest "
        + "\(Format.decimal(Double(size.largest) / 1e6, 2)) MB. Open \(folder.path)/index.html\n")
  }
}
