import BenchmarkPlugins
import HustingsMetrics
import HustingsReports

/// A published leaderboard with its overall numbers recomputed from its sections.
enum PublishedBoard {
  /// How far a recomputed number may lie from one published to four decimals.
  private static let rounding = 1e-4

  /// The definition of AlpacaEval's table of length-controlled fits.
  private static let alpacaEval = "alpaca-eval-2"

  /// Length-controlled win rates from a table of published weights.
  private static func lengthControlled(file: String, dataRoot: String) throws -> Table {
    let weights = try AlpacaWeights(
      file, difficultyFile: AlpacaWeights.difficultyFile(dataRoot: dataRoot))
    let sorted = weights.rows.sorted { ($0.winRate, $1.model) > ($1.winRate, $0.model) }
    return Table(
      title: "\(alpacaEval) · \(Format.grouped(sorted.count)) published fits",
      columns: [
        .init("place", isNumeric: true), .init("model"), .init("length_controlled_winrate", isNumeric: true),
        .init("lc_standard_error", isNumeric: true),
      ],
      rows: sorted.enumerated().map { place, row -> [Table.Cell] in
        [
          .integer(place + 1), .text(row.model), .number(100 * row.winRate, decimals: 2),
          .number(row.spread.map { 100 * $0 }, decimals: 2),
        ]
      },
      notes: [
        "In percent, from the weights alone: the mean probability of winning at equal length. Published weights carry no "
          + "judgments, so no interval can be given."
      ])
  }

  static func table(file: String, definition name: String?, dataRoot: String) throws -> Table {
    if name == alpacaEval { return try lengthControlled(file: file, dataRoot: dataRoot) }
    let known = PublishedFile.definitions.map(\.name) + [alpacaEval]
    guard let name, let definition = PublishedFile.definitions.first(where: { $0.name == name })?.definition
    else {
      throw UsageError("--published needs --definition, one of \(known.joined(separator: ", ")).")
    }
    let rows = try PublishedFile.read(file, definition).rows.enumerated().sorted { a, b in
      let (x, y) = (a.element.recomputed ?? -.infinity, b.element.recomputed ?? -.infinity)
      return x == y ? a.offset < b.offset : x > y
    }.map(\.element)
    let sections = definition.sections.map(\.name)
    let columns: [Table.Column] =
      [.init("place", isNumeric: true), .init("model"), .init("overall", isNumeric: true)]
      + sections.map { .init($0, isNumeric: true) }
      + [.init("published", isNumeric: true), .init("difference", isNumeric: true)]
    let cells = rows.enumerated().map { place, row -> [Table.Cell] in
      let difference = row.difference.map { Table.Cell(Format.signed($0, 4), .number($0)) }
      return [.integer(place + 1), .text(row.model), .number(row.recomputed, decimals: 4)]
        + sections.map { .number(row.sections[$0], decimals: 4) }
        + [.number(row.published, decimals: 4), difference ?? .missing]
    }
    let off = rows.count { ($0.difference.map(abs) ?? 0) > rounding }
    let compared = rows.count { $0.difference != nil }
    let repeated = Dictionary(grouping: rows, by: \.model).values.filter { $0.count > 1 }
    var notes = [
      "\(Format.grouped(compared - off)) of \(Format.grouped(compared)) published numbers agree within rounding (0.0001).",
      "Published sections carry no items, so no interval can be given and places are as printed, not tested.",
    ]
    if !repeated.isEmpty {
      notes.append("\(repeated.count) names stand in more than one row; each row is kept.")
    }
    return Table(
      title: "\(name) · \(Format.grouped(rows.count)) published rows", columns: columns, rows: cells,
      notes: notes)
  }
}
