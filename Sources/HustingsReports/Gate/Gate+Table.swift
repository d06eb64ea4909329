import Foundation
import Hustings
import HustingsMetrics

extension Gate {
  /// The findings as a table.
  public var table: Table {
    let columns: [Table.Column] = [
      .init("verdict"), .init("clause"), .init("role"), .init("baseline", isNumeric: true),
      .init("candidate", isNumeric: true), .init("difference", isNumeric: true),
      .init("limits", isNumeric: true), .init("margin", isNumeric: true), .init("items", isNumeric: true),
      .init("power", isNumeric: true), .init("worse p", isNumeric: true), .init("why"),
    ]
    return Table(
      title: "gate \(verdict.rawValue) · \(candidate.name) against \(baseline.name)", columns: columns,
      rows: findings.map(Gate.row), notes: notes)
  }

  private static func row(_ finding: Finding) -> [Table.Cell] {
    let unit = finding.unit
    let evidence = finding.evidence
    return [
      .text(finding.verdict.rawValue), .text(finding.clause.name), .text(finding.clause.role.rawValue),
      Board.cell(evidence?.baseline, unit), Board.cell(evidence?.candidate, unit),
      difference(evidence?.difference, unit), limits(finding), Board.cell(finding.clause.margin, unit),
      evidence.map { .integer($0.items) } ?? .missing,
      finding.power.map { Table.Cell(Format.percent($0, 0) + " %", .number($0)) } ?? .missing,
      finding.worseP.map { Table.Cell(Format.probability($0), .number($0)) } ?? .missing,
      .text(finding.sentence),
    ]
  }

  private static func difference(_ value: Double?, _ unit: MetricUnit) -> Table.Cell {
    guard let value else { return .missing }
    return Table.Cell(text(value, unit), .number(value))
  }

  private static func limits(_ finding: Finding) -> Table.Cell {
    guard let low = finding.lowerLimit, let high = finding.upperLimit else { return .missing }
    return Table.Cell(
      "[\(text(low, finding.unit)), \(text(high, finding.unit))]", .list([.number(low), .number(high)]))
  }

  /// A difference in the unit's own digits, with its sign.
  static func text(_ value: Double, _ unit: MetricUnit) -> String {
    unit == .share ? Format.signed(100 * value, 2) : Format.signed(value, 3)
  }

  /// Sentences below the table.
  var notes: [String] {
    var notes: [String] = []
    if let objection { notes.append(objection) }
    let alphas = Set(findings.map(\.alpha)).sorted().map { Format.decimal($0, 3) }.joined(separator: ", ")
    notes.append(
      "Limits are one-sided at alpha \(alphas). A loss beyond the margin is excluded when the lower limit is above minus the "
        + "margin. Power is the chance of passing if nothing changed.")
    switch contract.mode {
    case .allMustPass: notes.append("Every primary clause must pass, which needs no correction.")
    case .anyMayBlock:
      notes.append("Any primary clause may block; their drops are tested with Holm's correction.")
    }
    let weak = findings.filter { ($0.power ?? 1) < contract.power && $0.clause.role == .primary }
    if !weak.isEmpty, contract.mode == .allMustPass {
      notes.append(
        "Below the contract's power of \(Format.percent(contract.power, 0)) %: "
          + weak.map(\.clause.name).joined(separator: "; ") + ".")
    }
    return notes
  }
}

extension Gate.Finding {
  /// Why the verdict is what it is, with what would change it.
  var sentence: String {
    var parts = [reason]
    if let itemsNeeded, let evidence {
      parts.append(
        "about \(Format.grouped(max(itemsNeeded, evidence.items + 1))) items like these would decide")
    }
    if look > 1 { parts.append("look \(look) at this candidate") }
    return parts.joined(separator: "; ")
  }
}
