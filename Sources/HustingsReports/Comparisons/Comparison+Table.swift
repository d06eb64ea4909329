import Hustings
import HustingsMetrics

extension Comparison {
  /// The difference, on the whole and per subset.
  public var table: Table {
    let columns: [Table.Column] = [
      .init("subset"), .init("items", isNumeric: true), .init("baseline", isNumeric: true),
      .init("candidate", isNumeric: true), .init("difference", isNumeric: true),
      .init("95 %", field: "interval", isNumeric: true), .init("only baseline", isNumeric: true),
      .init("only candidate", isNumeric: true), .init("p", isNumeric: true),
      .init("p (Holm)", field: "p_holm", isNumeric: true),
    ]
    return Table(
      title: "\(candidate.name) against \(baseline.name) on "
        + card.title(items: headline.paired?.difference.count ?? 0, identity: identity),
      columns: columns, rows: ([headline] + subsets).map(cells(of:)), notes: notes)
  }

  private func cells(of line: Line) -> [Table.Cell] {
    guard let paired = line.paired else {
      return [.text(line.name)] + Array(repeating: .missing, count: 9)
    }
    return [
      .text(line.name), .integer(paired.difference.count), Board.cell(paired.baseline, unit),
      Board.cell(paired.candidate, unit), Board.cell(signed: paired.difference.value, unit),
      Board.cell(interval: paired.difference.interval, unit, signed: true),
      paired.baselineOnly.map { .integer($0) } ?? .missing,
      paired.candidateOnly.map { .integer($0) } ?? .missing, Comparison.cell(p: paired.pValue),
      Comparison.cell(p: line.adjustedP),
    ]
  }

  private static func cell(p: Double?) -> Table.Cell {
    p.map { Table.Cell(Format.probability($0), .number($0)) } ?? .missing
  }

  private var notes: [String] {
    var notes: [String] = []
    if let paired = headline.paired {
      notes.append(Comparison.sentence(paired, candidate: candidate.name, unit: unit))
      notes.append(
        paired.test == "mcnemar-mid-p"
          ? "Interval: Tango's score. Test: McNemar's mid-p."
          : "Interval and test: Student's t on \(Format.grouped(paired.clusters)) clusters.")
    }
    if let bootstrap {
      notes.append(
        "Paired cluster bootstrap (\(bootstrap.method)): \(Board.cell(interval: bootstrap, unit, signed: true).text)."
      )
    }
    notes += [
      ("only the baseline was asked", onlyInBaseline), ("only the candidate was asked", onlyInCandidate),
    ]
    .filter { !$0.1.isEmpty }
    .map { what, items in
      let listed = items.prefix(10).joined(separator: ", ")
      return "\(Format.grouped(items.count)) items \(what): \(listed)\(items.count > 10 ? ", …" : "")."
    }
    return notes
  }

  private static func sentence(_ paired: PairedComparison, candidate: String, unit: MetricUnit) -> String {
    guard let interval = paired.difference.interval else {
      return "Too few clusters to say how certain the difference is."
    }
    let size = Board.cell(signed: paired.difference.value, unit).text
    if interval.low > 0 { return "\(candidate) is better by \(size): the interval lies above 0." }
    if interval.high < 0 { return "\(candidate) is worse by \(size): the interval lies below 0." }
    return "The difference of \(size) is within noise: the interval holds 0."
  }

  /// The items that flipped, as a worklist.
  public func worklist(limit: Int) -> Table {
    let columns: [Table.Column] = [
      .init("item"), .init("subset"), .init("baseline", isNumeric: true), .init("candidate", isNumeric: true),
      .init("baseline margin", isNumeric: true), .init("candidate margin", isNumeric: true),
    ]
    let rows: [[Table.Cell]] = flips.prefix(limit).map { flip in
      [
        .text(flip.item), .text(flip.subset), .number(flip.baseline, decimals: 2),
        .number(flip.candidate, decimals: 2), .number(flip.baselineMargin, decimals: 4),
        .number(flip.candidateMargin, decimals: 4),
      ]
    }
    let fewer = flips.count > limit ? " The first \(Format.grouped(limit)) are shown." : ""
    return Table(
      title: "Items that flipped: \(Format.grouped(flips.count)).\(fewer)", columns: columns, rows: rows)
  }
}
