import ArgumentParser
import Catalog
import Hustings
import HustingsReports

/// `hustings list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List models, benchmarks and stored runs.")

  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case models, benchmarks
  }

  @Argument(help: "What to list: \(Subject.allCases.map(\.rawValue).joined(separator: ", ")).")
  var subject: Subject

  @OptionGroup var format: FormatOptions

  func run() throws {
    let table =
      switch subject {
      case .models: Self.models
      case .benchmarks: Self.benchmarks
      }
    Terminal.write(table.rendered(as: format.format))
  }

  private static var models: Table {
    Table(
      columns: [.init("model"), .init("what it is")],
      rows: Catalog.models.map { [.text($0.usage), .text($0.summary)] })
  }

  private static var benchmarks: Table {
    Table(
      columns: [.init("benchmark"), .init("what it measures")],
      rows: Catalog.benchmarks.map { [.text($0.usage), .text($0.summary)] })
  }
}
