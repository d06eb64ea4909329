import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// `hustings merge`
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Add the results of other stores to this one, as after a run in shards.",
    discussion: """
      Nothing in the store changes; what it lacks is added. Run the same `hustings run` without --shard afterwards: it finds every
      item answered and marks the runs as finished.
      """)

  @Argument(help: "The stores to take from.", completion: .file(extensions: ["sqlite"]))
  var sources: [String]

  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let target = try Store(at: URL(fileURLWithPath: store.store), mode: .create)
    let rows = try sources.map { source -> [Table.Cell] in
      let summary = try target.merge(from: Store(at: URL(fileURLWithPath: source), mode: .read))
      return [
        .text(source), .integer(summary.runs), .integer(summary.items), .integer(summary.disagreements),
      ]
    }
    let table = Table(
      columns: [
        .init("store"), .init("runs", isNumeric: true), .init("items added", isNumeric: true),
        .init("items that disagree", isNumeric: true),
      ], rows: rows)
    Terminal.write(table.rendered(as: format.format))
  }
}
