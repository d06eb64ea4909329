public import ArgumentParser
import Foundation
import HustingsReports
public import HustingsTraining
import Populations

/// `hustings train minmax`
struct MinMaxTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "minmax",
    abstract: "Combine a policy per type into one with the least largest regret of any type.",
    discussion: """
      Prints who regrets whose policy, the mixture, and what each alternative would leave the worst-off type with.

        hustings train minmax --policies models/em --weights 1,1 --out models/fair
      """)

  @Option(name: .long, help: "A folder of policies, one per type.", completion: .directory)
  var policies: String

  @Option(name: .long, help: "How much each type's regret counts, such as 1,2. Default: 1 each.")
  var weights: NumberList?

  @Option(
    name: .long,
    help: """
      exact: linear programme over mixtures; optimistic: multiplicative weights over mixtures; divergence: the policy least far \
      from all types'; regularised: regret plus β·KL; max-min: the largest least reward less β·KL.
      """)
  var method: MinMaxRegret.Method = .exact

  @Option(name: .long, help: "β of regularised and max-min. Default: 1.")
  var beta = 1.0

  @Option(name: .long, help: "Rounds of optimistic.")
  var rounds = 100_000

  @Option(name: .long, help: "The folder to write.", completion: .directory)
  var out: String

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard beta > 0, beta.isFinite else { throw ValidationError("--beta is above 0, not \(beta).") }
    guard rounds >= 1 else { throw ValidationError("--rounds takes a number from 1 on, not \(rounds).") }
    if let weights {
      guard weights.values.allSatisfy({ $0 >= 0 }), weights.values.contains(where: { $0 > 0 }) else {
        throw ValidationError("--weights are 0 or more, and one is above 0.")
      }
    }
  }

  func run() async throws {
    let folder = try PolicyFolder(policies)
    try PolicyFolder.prepare(out, from: policies)
    if let weights, weights.values.count != folder.policies.count {
      throw UsageError(
        "--weights names \(weights.values.count) numbers and \(policies) has \(folder.policies.count) policies; "
          + "give one per policy.")
    }
    let table = try RegretTable(folder.policies, reference: folder.reference, weights: weights?.values)
    let fair = try MinMaxRegret(
      folder.policies, reference: folder.reference, weights: weights?.values, method: method, rounds: rounds,
      beta: beta, name: "fair")
    let card = PolicyFolder.Card(
      recipe: "minmax", policies: ["fair"], shares: [1], beta: folder.card.beta, family: "mixture",
      encoder: folder.card.encoder, data: folder.card.table,
      numbers: Dictionary(
        uniqueKeysWithValues: [("value", fair.value)]
          + fair.mixture.enumerated().map { ("weight_\($0 + 1)", $1) }),
      settings: ["method": method.rawValue, "beta": "\(beta)"])
    try PolicyFolder(card: card, reference: folder.reference, policies: [fair.policy]).write(to: out)
    let tables = [regrets(folder, table), try alternatives(folder, table, fair)]
    Terminal.write(Output.join(tables.map { $0.rendered(as: format.format) }, format.format))
  }

  private func regrets(_ folder: PolicyFolder, _ table: RegretTable) -> Table {
    Table(
      title: "Regret of a type (row) when a policy (column) answers, in units of β",
      columns: [.init("type"), .init("weight", isNumeric: true)]
        + folder.policies.map { .init($0.name, isNumeric: true) },
      rows: table.regrets.enumerated().map { type, row in
        [.text(folder.policies[type].name), .number(table.weights[type], decimals: 2)]
          + row.map { .number($0, decimals: 6) }
      })
  }

  private func alternatives(
    _ folder: PolicyFolder, _ table: RegretTable, _ fair: MinMaxRegret
  ) throws -> Table {
    let count = folder.policies.count
    var rows: [(String, [Double], PolicyTable)] = [("fair (\(method.rawValue))", fair.mixture, fair.policy)]
    let shares = folder.card.shares
    rows.append(
      ("as many as annotators", shares, try .mixture(folder.policies, weights: shares, name: "shares")))
    let even = [Double](repeating: 1 / Double(count), count: count)
    rows.append(("even", even, try .mixture(folder.policies, weights: even, name: "even")))
    for (type, policy) in folder.policies.enumerated() {
      rows.append(("\(policy.name) alone", even.indices.map { $0 == type ? 1 : 0 }, policy))
    }
    rows.append(("reference", [], folder.reference))
    let cells = try rows.map { name, mixture, policy -> [Table.Cell] in
      let regrets = try folder.policies.enumerated().map { type, own in
        table.weights[type]
          * (table.values[type][type] - (try RegretTable.value(of: policy, to: own, folder.reference)))
      }
      return [
        .text(name), .text(mixture.map { Format.decimal($0, 6) }.joined(separator: " ")),
        .number(max(0, regrets.max() ?? 0), decimals: 6),
        .text(regrets.map { Format.decimal($0, 4) }.joined(separator: " ")),
        .number(policy.divergence(from: folder.reference), decimals: 6),
      ]
    }
    let units = method == .divergence || method == .regularised || method == .maxMin
    return Table(
      title: "Largest regret of any type",
      columns: [
        .init("policy"), .init("mixture"), .init("largest regret", isNumeric: true), .init("regret per type"),
        .init("KL from reference", isNumeric: true),
      ], rows: cells,
      notes: [
        "Value \(Format.decimal(fair.value, 8))" + (units ? " of the method's own objective" : "")
          + (method == .optimistic ? ", the exact one at most \(Format.decimal(fair.gap, 8)) lower" : "")
          + ". Written to \(out).",
        units
          ? "The mixture weighs types within one policy."
          : "Each prompt is answered by one type's policy, drawn by the mixture.",
      ])
  }
}

extension MinMaxRegret.Method: ExpressibleByArgument {}
