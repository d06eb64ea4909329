import ArgumentParser
import Foundation
import HustingsReports

/// `hustings serve`
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show the pages of a report live, from a store to which runs are still adding.",
    discussion: """
      Serves on 127.0.0.1 alone and answers nobody who calls it by another name. Pages are made from the store when they are asked
      for, and open pages renew themselves when there is news. Stop it with Control-C.
      """)

  @Option(name: .long, help: "The port; any free one when 0.")
  var port: UInt16 = 8765

  @Option(name: .long, help: "A benchmark; all in the store when none is given.")
  var benchmark: [String] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions

  func run() throws {
    let source = ReportSource(
      results: try StoredResults(store), workplace: try Workplace(data: data, seed: 0), benchmarks: benchmark)
    let pages = LivePages(source)
    let server = try LocalServer(port: port) { pages.answer($0) }
    Terminal.write("Serving \(store.store) at http://127.0.0.1:\(server.port)/ (Control-C stops it)\n")
    server.run()
  }
}

/// The pages of a store as it stands, made anew when its runs have moved on.
final class LivePages: @unchecked Sendable {
  private let source: ReportSource
  private let lock = NSLock()
  private var made: (version: String, site: Site)?

  init(_ source: ReportSource) { self.source = source }

  /// What to answer to a request for a path.
  func answer(_ path: String) -> LocalServer.Answer {
    do {
      let version = try source.version()
      if path == "version" { return .text(version) }
      let site = try site(version)
      guard let bytes = site.bytes(at: path.isEmpty ? "index.html" : path) else {
        return .missing("There is no page /\(path). The first page is at /\n")
      }
      return .page(bytes)
    } catch {
      return .failed("\(error)\n")
    }
  }

  private func site(_ version: String) throws -> Site {
    try lock.withLock {
      if let made, made.version == version { return made.site }
      let site = try source.site(version: version)
      made = (version, site)
      return site
    }
  }
}
