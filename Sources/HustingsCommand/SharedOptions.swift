public import ArgumentParser
import Foundation
public import HustingsReports

/// Where data sets lie.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long, help: "The folder of data sets. Default: $HUSTINGS_DATA, else the user's cache folder.",
    completion: .directory)
  var data: String?
}

/// Where results lie.
struct StoreOptions: ParsableArguments {
  @Option(name: .long, help: "The SQLite file of results.", completion: .file(extensions: ["sqlite"]))
  var store = "results/hustings.sqlite"
}

/// How a report is written.
struct FormatOptions: ParsableArguments {
  @Option(name: .long, help: "table, markdown, csv, json, html or latex.")
  var format: TableFormat = .table
}

extension TableFormat: ExpressibleByArgument {}
