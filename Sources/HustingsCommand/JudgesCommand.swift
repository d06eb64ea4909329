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
      numbers are those of AlpacaEval's analyze_evaluators, in percent. Of judgments without the responses, such as votes,
      MT-Bench's pairs, Arena-Hard's games and Vicuna-Bench's reviews, it tells position bias and agreement.

        hustings judges analyze --annotations seed0.json --annotations seed1.json --people human_annotations.json
        hustings judges analyze --annotations judge=votes.jsonl --people human_votes.json
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
    var judges: [String: Said] = [:]
    for text in annotations {
      let (name, file) = ContestPlan.named(text, workplace)
      for (judge, said) in try Said.read(file) {
        let title = name ?? judge ?? ContestPlan.stem(file)
        if judges[title] == nil { order.append(title) }
        judges[title, default: Said()].add(said)
      }
    }
    var votes = Said()
    for file in people { for (_, said) in try Said.read(workplace.resolved(file)) { votes.add(said) } }
    let parts = order.flatMap { name -> [String] in
      let said = judges[name] ?? Said()
      var tables: [Table] = []
      if !said.pairs.isEmpty || said.opinions.isEmpty && said.unreadable == 0 {
        let analysis = JudgeAnalysis(
          JudgedPair.merged(said.pairs), people: people.isEmpty ? nil : votes.pairs,
          lists: lists == .anywhere ? .anywhere : .atLineStart)
        tables.append(JudgeTable.table(name, analysis, people: !people.isEmpty))
      }
      if !said.opinions.isEmpty || said.unreadable > 0 {
        let analysis = OpinionAnalysis(said.opinions, unreadable: said.unreadable, people: votes.opinions)
        tables.append(JudgeTable.table(name, analysis, people: !people.isEmpty))
      }
      return tables.map { $0.rendered(as: format.format) }
    }
    guard judges.values.contains(where: { !$0.isEmpty }) else {
      throw InvalidRequest(
        "\(annotations.joined(separator: ", ")) holds no judgment, so nothing was measured.")
    }
    Terminal.write(Output.join(parts, format.format))
  }

  /// What one judge said, in files of either kind.
  private struct Said {
    var pairs: [JudgedPair] = []
    var opinions: [LabelledPair] = []
    var unreadable = 0

    var isEmpty: Bool { pairs.isEmpty && opinions.isEmpty && unreadable == 0 }

    mutating func add(_ other: Said) {
      pairs += other.pairs
      opinions += other.opinions
      unreadable += other.unreadable
    }

    /// A file's judgments by the name of the judge, where it names one.
    static func read(_ file: String) throws -> [(judge: String?, said: Said)] {
      if let judges = try OpinionFile.read(file) {
        return judges.map { ($0.judge, Said(opinions: $0.opinions, unreadable: $0.unreadable)) }
      }
      return try JudgedPairFile.read(file).map { ($0.judge, Said(pairs: $0.pairs)) }
    }
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

  static func table(_ name: String, _ analysis: OpinionAnalysis, people: Bool) -> Table {
    var rows: [[Table.Cell]] = []
    func add(_ label: String, _ field: String, _ figure: JudgeAnalysis.Figure?) {
      if let figure { rows.append(line(label, field, figure, scale: 100)) }
    }
    add("agreement with people", "human_agreement", analysis.humanAgreement)
    add("agreement without ties", "human_agreement_no_ties", analysis.decidedAgreement)
    if let kappa = analysis.cohenKappa {
      rows.append(bare("Cohen's kappa", "cohen_kappa", kappa, decimals: 4))
    }
    if let kappa = analysis.fleissKappa {
      rows.append(bare("Fleiss' kappa", "fleiss_kappa", kappa, decimals: 4))
    }
    if let share = analysis.amongPeople {
      rows.append(bare("agreement among people", "among_people", 100 * share))
    }
    add("prefers the one shown first", "prefer_shown_first", analysis.shownFirst)
    add("same in both orders", "swap_consistency", analysis.consistency)
    add("ties", "ties", analysis.ties)
    rows.append(count("parsed", "n_parsed", analysis.parsed))
    rows.append(count("unreadable", "n_unreadable", analysis.unreadable))
    var notes = [
      "Shares in percent, of judgments. Intervals hold the judgments on one prompt together.",
      "Without the responses, the taste for length and lists is not known.",
    ]
    if !people {
      notes.append("Agreement needs people's votes on the same pairs: --people FILE.")
    } else if analysis.humanAgreement == nil {
      notes.append("None of the pairs was judged by people, so agreement is not known.")
    }
    return Table(
      title: "\(name) · \(Format.grouped(analysis.pairs)) pairs",
      columns: [
        .init("measure"), .init("field"), .init("value", isNumeric: true),
        .init("95 %", field: "interval", isNumeric: true), .init("judgments", isNumeric: true),
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

  private static func bare(
    _ label: String, _ field: String, _ value: Double, decimals: Int = 2
  ) -> [Table.Cell] {
    [.text(label), .text(field), .number(value, decimals: decimals), .missing, .missing]
  }

  private static func count(_ label: String, _ field: String, _ value: Int) -> [Table.Cell] {
    [.text(label), .text(field), .integer(value), .missing, .missing]
  }
}
