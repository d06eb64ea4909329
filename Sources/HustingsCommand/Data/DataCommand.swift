import ArgumentParser
import Foundation
import HustingsData
import HustingsReports

/// `hustings data`
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List, fetch and verify the data sets that benchmarks read, and make those that are made.",
    discussion: """
      Data sets lie in one folder each below --data, else $HUSTINGS_DATA, else the user's cache folder. A manifest names the
      source, commit, licence and SHA-256 of every file. Nothing is fetched unless you say so.
      """,
    subcommands: [DataList.self, DataFetch.self, DataVerify.self, DataMake.self])
}

/// Where manifests and data lie.
struct ManifestOptions: ParsableArguments {
  @Option(
    name: .long, help: "A folder of manifests to use instead of the built-in ones.", completion: .directory)
  var manifests: String?

  @OptionGroup var data: DataOptions

  func root() throws -> DataFolder {
    try DataFolder.resolve(explicit: data.data, environment: ProcessInfo.processInfo.environment)
  }

  /// The manifests with the given names, all when none is given.
  func chosen(_ names: [String]) throws -> [Manifest] {
    let all = try ManifestShelf.manifests(in: manifests)
    return try names.isEmpty
      ? all
      : names.map { name in
        guard let manifest = all.first(where: { $0.name == name }) else {
          let known = all.map(\.name)
          let hint = nearestName(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
          throw UsageError(
            "There is no data set '\(name)'.\(hint) `hustings data list` shows all \(known.count).")
        }
        return manifest
      }
  }
}

/// `hustings data list`
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets, their licences, and what is there.")

  @OptionGroup var options: ManifestOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let root = try options.root()
    let rows = try options.chosen([]).map { manifest -> [Table.Cell] in
      let folder = root.benchmark(manifest.name)
      let present = manifest.paths.count { folder.has($0) }
      let state =
        present == 0
        ? "not there"
        : present == manifest.paths.count ? "there" : "\(present) of \(manifest.paths.count) files"
      return [
        .text(manifest.name), .text(manifest.title), .text(manifest.licence), .integer(manifest.paths.count),
        .text(state), .text(manifest.source.first ?? ""),
      ]
    }
    let table = Table(
      columns: [
        .init("data set"), .init("title"), .init("licence"), .init("files", isNumeric: true), .init("state"),
        .init("source"),
      ], rows: rows, notes: ["Below \(root.path)."])
    Terminal.write(table.rendered(as: format.format))
  }
}

/// `hustings data verify`
struct DataVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every file against its manifest; exit with 3 if one differs or is missing.")

  @Argument(help: "Data sets; all that have a folder when none is given.")
  var names: [String] = []

  @OptionGroup var options: ManifestOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let root = try options.root()
    var rows: [[Table.Cell]] = []
    var isWhole = true
    for manifest in try options.chosen(names) {
      let folder = root.benchmark(manifest.name)
      if names.isEmpty, !FileManager.default.fileExists(atPath: folder.path) { continue }
      for check in try manifest.verify(folder, pins: PinnedDigests.read(in: folder)) {
        if check.state != .ok { isWhole = false }
        rows.append([.text(manifest.name), .text(check.path), .text("\(check.state)")])
      }
    }
    guard !rows.isEmpty else {
      throw InvalidRequest("No data set lies below \(root.path). Fetch one first: hustings data fetch NAME.")
    }
    let table = Table(columns: [.init("data set"), .init("file"), .init("state")], rows: rows)
    Terminal.write(table.rendered(as: format.format))
    if !isWhole { throw ExitStatus.invalid }
  }
}
