import ArgumentParser
import BenchmarkPlugins
import Foundation
import HustingsMetrics
import HustingsReports
import HustingsStatistics

/// `hustings judges`
struct JudgesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judges", abstract: "Say how good judges are.", subcommands: [JudgesAnalyze.self])
}

/// `hustings judges analyze`
struct JudgesAnalyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract:
      "Agreement with people, bias, variance, and the taste for length, lists and position of recorded judges.",
    discussion: """
      Reads AlpacaEval's annotation files, or rows with several judgments each. Files of one judge are repeats of each other. The
      numbers are those of AlpacaEval's analyze_evaluators, in percent.

        hustings judges analyze --annotations seed0.json --annotations seed1.json --people human_annotations.json
      """)

  @Option(
    name: .long, help: "A file of judgments, as [NAME=]FILE; may be given more than once.",
    completion: .file())
  var annotations: [String] = []

  @Option(
    name: .long, help: "People's judgments of the same responses, in the same format.", completion: .file())
  var people: [String] = []

  @Option(
    name: .long,
    help:
      "What counts as a list: at-line-start, AlpacaEval's present rule, or anywhere, the one of its first published table."
  )
  var lists: ListChoice = .atLineStart

  enum ListChoice: String, ExpressibleByArgument, CaseIterable {
    case atLineStart = "at-line-start"
    case anywhere
  }

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    if annotations.isEmpty { throw ValidationError("Name a file of judgments: --annotations FILE.") }
  }

  func run() throws {
    let workplace = try Workplace(data: data, seed: 0)
    var order: [String] = []
    var judges: [String: [JudgedPair]] = [:]
    for text in annotations {
      let (name, file) = ContestPlan.named(text, workplace)
      for (judge, pairs) in try JudgedPairFile.read(file) {
        let title = name ?? judge ?? ContestPlan.stem(file)
        if judges[title] == nil { order.append(title) }
        judges[title, default: []] += pairs
      }
    }
    let votes = try people.flatMap { try JudgedPairFile.read(workplace.resolved($0)).flatMap(\.pairs) }
    let parts = order.map { name in
      let analysis = JudgeAnalysis(
        JudgedPair.merged(judges[name] ?? []), people: people.isEmpty ? nil : votes,
        lists: lists == .anywhere ? .anywhere : .atLineStart)
      return JudgeTable.table(name, analysis, people: !people.isEmpty).rendered(as: format.format)
    }
    guard order.contains(where: { judges[$0]?.isEmpty == false }) else {
      throw InvalidRequest(
        "\(annotations.joined(separator: ", ")) holds no judgment, so nothing was measured.")
    }
    Terminal.write(Output.join(parts, format.format))
  }
}

/// What `hustings judges analyze` prints of one judge.
enum JudgeTable {
  static func table(_ name: String, _ analysis: JudgeAnalysis, people: Bool) -> Table {
    var rows: [[Table.Cell]] = []
    func add(_ label: String, _ field: String, _ figure: JudgeAnalysis.Figure?, scale: Double = 100) {
      guard let figure else { return }
      rows.append(line(label, field, figure, scale: scale))
    }
    add("agreement with people", "human_agreement", analysis.humanAgreement)
    add("bias", "bias", analysis.bias)
    add("variance", "variance", analysis.variance)
    add("Spearman over authors", "spearman", analysis.spearman, scale: 1)
    add("Pearson over authors", "pearson", analysis.pearson, scale: 1)
    add("prefers the longer", "prefer_longer", analysis.longer)
    add("prefers the list", "prefer_lists", analysis.lists)
    add("prefers the file's first", "prefer_1", analysis.first)
    add("prefers the one shown first", "prefer_shown_first", analysis.shownFirst)
    add("ties", "ties", analysis.ties)
    if let price = analysis.price { rows.append(bare("$ per 1,000", "price", price)) }
    if let time = analysis.time { rows.append(bare("seconds per 1,000", "time", time)) }
    rows.append(count("parsed", "n_parsed", analysis.parsed))
    rows.append(count("unreadable", "n_unreadable", analysis.unreadable))
    var notes = ["Shares in percent. Intervals hold the judgments of one pair together."]
    if analysis.variance == nil { notes.append("Variance needs several judgments of the same pairs.") }
    if !people {
      notes.append("Agreement and bias need people's judgments: --people FILE.")
    } else if analysis.humanAgreement == nil {
      notes.append("None of the pairs was judged by people, so agreement and bias are not known.")
    }
    return Table(
      title: "\(name) · \(Format.grouped(analysis.pairs)) pairs",
      columns: [
        .init("measure"), .init("field"), .init("value", isNumeric: true),
        .init("95 %", field: "interval", isNumeric: true), .init("pairs", isNumeric: true),
      ], rows: rows, notes: notes)
  }

  private static func line(
    _ label: String, _ field: String, _ figure: JudgeAnalysis.Figure, scale: Double
  ) -> [Table.Cell] {
    let decimals = scale == 1 ? 4 : 2
    var interval = Table.Cell.missing
    if let limits = figure.interval {
      let (low, high) = (scale * limits.low, scale * limits.high)
      interval = Table.Cell(
        "[\(Format.decimal(low, decimals)), \(Format.decimal(high, decimals))]",
        .list([.number(low), .number(high)]))
    }
    return [
      .text(label), .text(field), .number(scale * figure.value, decimals: decimals), interval,
      .integer(figure.count),
    ]
  }

  private static func bare(_ label: String, _ field: String, _ value: Double) -> [Table.Cell] {
    [.text(label), .text(field), .number(value, decimals: 2), .missing, .missing]
  }

  private static func count(_ label: String, _ field: String, _ value: Int) -> [Table.Cell] {
    [.text(label), .text(field), .integer(value), .missing, .missing]
  }
}
