import Hustings
public import HustingsData
import HustingsStatistics

/// What a contract can certify before a candidate is run: the power of each margin, from the baseline alone.
public enum GatePlan {
  /// The chance of passing, if nothing changed, at several shares of answers that differ; and the items that the contract's
  /// power takes.
  ///
  /// - Parameters:
  ///   - discordances: shares of items that a new model of the same quality answers otherwise.
  ///   - items: how many items a clause has; nil when that is not known.
  public static func table(
    _ contract: Contract, baseline: Baseline, discordances: [Double] = [0.02, 0.05, 0.1, 0.2],
    items: (Contract.Clause) -> Int?
  ) -> Table {
    var columns: [Table.Column] = [
      .init("clause"), .init("role"), .init("margin", isNumeric: true), .init("items", isNumeric: true),
    ]
    for share in discordances {
      columns.append(.init("power at \(Format.percent(share, 0)) % changed", isNumeric: true))
    }
    columns.append(
      .init("items for \(Format.percent(contract.power, 0)) % at 5 %", field: "items_needed", isNumeric: true)
    )
    let rows = contract.clauses.map { clause -> [Table.Cell] in
      let alpha = clause.alpha / Double(contract.looks)
      let plan = PowerPlan(alpha: alpha, power: contract.power, sides: .one)
      let count = items(clause)
      let isScale = if case .scale = clause.subject { true } else { false }
      var cells: [Table.Cell] = [
        .text(clause.name), .text(clause.role.rawValue), .number(clause.margin, decimals: 3),
        count.map(Table.Cell.integer) ?? .missing,
      ]
      for share in discordances {
        guard let count, count > 0, !isScale else {
          cells.append(.missing)
          continue
        }
        let power = plan.achievedPower(
          distance: clause.margin, standardDeviation: share.squareRoot(), designEffect: 1, items: count)
        cells.append(Table.Cell(Format.percent(power, 0) + " %", .number(power)))
      }
      let needed = plan.nonInferiorityItems(
        margin: clause.margin, trueDifference: 0, standardDeviation: 0.05.squareRoot(), designEffect: 1)
      cells.append(isScale ? .missing : .integer(needed))
      return cells
    }
    return Table(
      title: "plan · contract version \(contract.version) against \(baseline.model.name)", columns: columns,
      rows: rows,
      notes: [
        "Power is the chance that a candidate as good as the baseline passes, when the given share of its answers differ: items "
          + "are taken as right or wrong and independent."
      ])
  }
}
