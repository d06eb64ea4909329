import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsTraining
import Populations

/// `hustings train group-robust`
struct RobustTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "group-robust",
    abstract: "Train one policy with the least largest loss of any known group (group-robust DPO).",
    discussion: """
      Groups are the `group` of annotators in the file of votes: what EM-DPO does without.

        hustings train group-robust --data votes.jsonl --out models/robust
      """)

  @OptionGroup(title: "Data and policy") var votes: VoteOptions

  @Option(name: .long, help: "The temperature β: policies are the reference tilted by scores over β.")
  var beta = 1.0

  @Option(name: .long, help: "Precision of the normal prior on parameters.")
  var ridge = 0.01

  @Option(name: .long, help: "The folder to write.", completion: .directory)
  var out: String

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard beta > 0, beta.isFinite else { throw ValidationError("--beta is above 0, not \(beta).") }
    guard ridge >= 0, ridge.isFinite else { throw ValidationError("--ridge is 0 or more, not \(ridge).") }
  }

  func run() async throws {
    try PolicyFolder.prepare(out)
    let loaded = try await votes.load()
    guard let groups = loaded.groups else {
      throw InvalidRequest(
        "\(votes.data) names no groups. Add `group` to its lines, or let `hustings train em-dpo` find types.")
    }
    guard groups.names.count > 1 else {
      throw InvalidRequest(
        "\(votes.data) names one group, '\(groups.names[0])', and there is nobody to be fair to. Name two or more, or use "
          + "`hustings train policy`.")
    }
    let settings = TypeSettings(
      types: 1, ridge: ridge, likelihood: loaded.likelihood, precision: 1e-6, seed: votes.seed)
    let robust = try GroupRobust(
      loaded.panel, loaded.family, groups: groups.of, settings: settings, workers: PopulationText.workers)
    let plain = try TypeSearch(loaded.panel, loaded.family, settings, workers: PopulationText.workers)
      .run(from: .uniform)
    let reference = try PolicyTable.uniform(loaded.panel.menus, name: "reference")
    func policy(_ name: String, _ parameters: [Double]) throws -> PolicyTable {
      try PolicyTable(
        name: name, menus: loaded.panel.menus, scores: loaded.family.scores(parameters), beta: beta,
        reference: reference)
    }
    let policies = [try policy("group-robust", robust.parameters)]
    let card = PolicyFolder.Card(
      recipe: "group-robust", policies: policies.map(\.name), shares: [1], beta: beta,
      family: loaded.kind.rawValue, encoder: loaded.encoder, data: loaded.file.digest.hex,
      settings: ["ridge": "\(ridge)", "seed": "\(votes.seed)"])
    try PolicyFolder(card: card, reference: reference, policies: policies).write(to: out)
    let pooled = try GroupRobust.losses(
      of: plain.parameters[0], loaded.panel, loaded.family, groups: groups.of, settings: settings)
    Terminal.write(
      Table(
        title: loaded.words,
        columns: [
          .init("group"), .init("weight", isNumeric: true), .init("mean loss, group-robust", isNumeric: true),
          .init("mean loss, one policy for all", isNumeric: true),
        ],
        rows: groups.names.indices.map { group in
          [
            .text(groups.names[group]), .number(robust.weights[group], decimals: 4),
            .number(robust.losses[group], decimals: 5), .number(pooled[group], decimals: 5),
          ]
        }, notes: ["Written to \(out)."]
      ).rendered(as: format.format))
  }
}
