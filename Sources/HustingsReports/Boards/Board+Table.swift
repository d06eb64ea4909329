public import Hustings
import HustingsMetrics

extension Board {
  /// The board as a table.
  ///
  /// - Parameter width: how many metrics to print; all when nil. Formats for programs want all.
  public func table(width: Int?) -> Table {
    let shown = Array(columns.prefix(width ?? columns.count))
    var headings: [Table.Column] = [
      .init("tier", isNumeric: true), .init("rank", isNumeric: true), .init("model"),
    ]
    for (place, column) in shown.enumerated() {
      headings.append(.init(column.name, isNumeric: true))
      guard column.hasInterval else { continue }
      let field = place == 0 ? "interval" : Table.Column("\(column.name) interval").field
      headings.append(.init(level(place), field: field, isNumeric: true))
    }
    if hasFloor {
      headings += [
        .init("above best null", isNumeric: true), .init("95 %", field: "excess_interval", isNumeric: true),
      ]
    }
    headings += [
      .init("coverage", isNumeric: true), .init("queries", isNumeric: true),
    ]
    if knowsCost { headings.append(.init("cost, $", field: "cost", isNumeric: true)) }
    return Table(
      title: title, columns: headings, rows: rows.map { cells(of: $0, shown: shown) }, notes: notes)
  }

  /// A row's model; with the first digits of its fingerprint where another row has the same name, as other commands take them.
  private func name(of row: Row) -> String {
    let isAlone = rows.count { $0.card.name == row.card.name } == 1
    return isAlone ? row.card.name : "\(row.card.name) (\(row.card.fingerprint.short))"
  }

  /// The level of a column's intervals, in words.
  private func level(_ place: Int) -> String {
    let level = rows.lazy.compactMap { $0.estimates[place]?.interval?.level }.first ?? 0.95
    return "\(Format.decimal(100 * level, 0)) %"
  }

  /// Whether null models could stand on the board, as they cannot in a contest, where nobody writes by a rule.
  private var hasFloor: Bool { card.judge == nil || bestNull != nil }

  private var knowsCost: Bool { rows.contains { $0.cost != nil } }

  private var title: String {
    card.title(items: itemCount, identity: identity)
  }

  private var notes: [String] {
    var notes = [
      "Ties: \(Board.words(card.ties)). Abstentions: \(Board.words(card.failures)). Overall: \(card.aggregation).",
      "Models of one tier, and places within a rank, are not told apart: paired tests with Holm's correction at "
        + "\(Format.decimal(100 * alpha, 0)) % over all pairs.",
    ]
    notes += standings
    if let bestNull { notes.append("The best null model is \(bestNull).") }
    for row in rows {
      if let note = Board.note(on: row, columns.first?.unit ?? .share) { notes.append(note) }
      notes += row.notes
    }
    return notes
  }

  private func cells(of row: Row, shown: [Column]) -> [Table.Cell] {
    var cells: [Table.Cell] = [
      row.tier.map { .integer($0) } ?? Table.Cell("null", .missing),
      row.ranks.map(Board.cell(ranks:)) ?? .missing,
      .text(name(of: row)),
    ]
    for (place, column) in shown.enumerated() {
      let estimate = row.estimates[place]
      cells.append(Board.cell(estimate?.value, column.unit))
      if column.hasInterval { cells.append(Board.cell(interval: estimate?.interval, column.unit)) }
    }
    if hasFloor {
      let unit = columns.first?.unit ?? .number
      cells.append(Board.cell(signed: row.excess?.difference.value, unit))
      cells.append(Board.cell(interval: row.excess?.difference.interval, unit, signed: true))
    }
    cells.append(row.reach.share.map { Table.Cell("\(Board.coverage($0)) %", .number($0)) } ?? .missing)
    cells.append(Table.Cell(Format.grouped(row.queries), .integer(row.queries)))
    // A dollar or more in cents, less than that to the hundredth of one.
    if knowsCost { cells.append(.number(row.cost, decimals: (row.cost ?? 0) < 1 ? 4 : 2)) }
    return cells
  }

  private static func cell(ranks: ClosedRange<Int>) -> Table.Cell {
    let text =
      ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound)–\(ranks.upperBound)"
    return Table.Cell(text, .list([.integer(ranks.lowerBound), .integer(ranks.upperBound)]))
  }

  /// A full coverage alone is printed as 100, so that 99.97 is not rounded to it.
  private static func coverage(_ share: Double) -> String {
    share == 1 ? "100" : Format.decimal(min(100 * share, 99.9), 1)
  }

  /// A value in the unit's way of writing.
  public static func cell(_ value: Double?, _ unit: MetricUnit) -> Table.Cell {
    guard let value else { return .missing }
    switch unit {
    case .share: return Table.Cell(Format.percent(value), .number(value))
    case .percent: return Table.Cell(Format.decimal(value, 2), .number(value))
    case .number, .coefficient: return Table.Cell(Format.decimal(value, 4), .number(value))
    case .count: return Table.Cell(Format.grouped(Int(value)), .integer(Int(value)))
    }
  }

  /// A difference with its sign.
  public static func cell(signed value: Double?, _ unit: MetricUnit) -> Table.Cell {
    guard let value else { return .missing }
    let text =
      switch unit {
      case .share: Format.signed(100 * value, 2)
      case .percent: Format.signed(value, 2)
      default: Format.signed(value, 4)
      }
    return Table.Cell(text, .number(value))
  }

  /// An interval, lower limit to upper limit.
  public static func cell(
    interval: Interval?, _ unit: MetricUnit, signed: Bool = false
  ) -> Table.Cell {
    guard let interval else { return .missing }
    let (scale, decimals) = unit == .share ? (100.0, 2) : unit == .percent ? (1, 2) : (1, 4)
    let texts = [interval.low, interval.high].map {
      signed ? Format.signed(scale * $0, decimals) : Format.decimal(scale * $0, decimals)
    }
    return Table.Cell(
      "[\(texts[0]), \(texts[1])]", .list([.number(interval.low), .number(interval.high)]))
  }

  private static func note(on row: Row, _ unit: MetricUnit) -> String? {
    guard row.reach.answered < row.reach.total else { return nil }
    var parts = Outcome.allCases.filter { !$0.isAnswer }.compactMap { outcome in
      row.reach.outcomes[outcome].map { "\(Format.grouped($0)) \(words(outcome, $0))" }
    }
    if row.reach.open > 0 { parts.append("\(Format.grouped(row.reach.open)) not run yet") }
    var note = "\(row.card.name): \(parts.joined(separator: ", "))"
    if let bounds = row.reach.bounds {
      note +=
        "; between \(cell(bounds.lowerBound, unit).text) with all of them wrong "
        + "and \(cell(bounds.upperBound, unit).text) with all of them right"
    }
    return note + "."
  }

  private static func words(_ outcome: Outcome, _ count: Int) -> String {
    switch outcome {
    case .abstention: count == 1 ? "abstention" : "abstentions"
    case .invalid: "invalid"
    case .error: count == 1 ? "error" : "errors"
    case .win, .loss, .tie: outcome.rawValue
    }
  }

  private static func words(_ rule: TieRule) -> String {
    switch rule {
    case .loss: "no win"
    case .half: "half a win"
    case .shared: "the top shares one point"
    case .secondWins: "the second candidate wins"
    }
  }

  private static func words(_ rule: FailureRule) -> String {
    switch rule {
    case .loss: "no win"
    case .excluded: "left out"
    }
  }
}

extension BenchmarkCard {
  /// What stands above a table of results on the benchmark.
  public func title(items: Int, identity: Digest) -> String {
    let before = judge.map { " · judged by \($0.name)" } ?? ""
    return "\(name)\(before) · \(Format.grouped(items)) items · identity \(identity.short)"
  }
}
