import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsTraining
import Populations

/// `hustings train gpo`
struct SelfPlayTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpo",
    abstract: "Tune a policy against a preference model by self-play (GPO, SPPO, Nash-MD).",
    discussion: """
      The preference model is asked once about every two candidates of every prompt. A model with cycles in its preferences drives
      the average policy to the von Neumann winner; a Bradley–Terry model drives it to one answer.

        hustings train gpo --policy models/em#0 --preference-model checkpoint:models/gpm --iterations 3 --out models/gpo
      """)

  enum Rule: String, ExpressibleByArgument, CaseIterable {
    case gpo, sppo
    case nashMD = "nash-md"
    case sampledGPO = "gpo-sampled"
    case sampledSPPO = "sppo-sampled"
  }

  @Option(name: .long, help: "Where to start: a folder of policies, or one of several as FOLDER#N.")
  var policy: String

  @Option(name: .long, help: "The preference model, as one model string such as checkpoint:models/gpm.")
  var preferenceModel: String

  @Option(name: .long, help: "Iterations of self-play.")
  var iterations = 3

  @Option(
    name: .long,
    help: """
      gpo, sppo and nash-md are the exact forms; gpo-sampled and sppo-sampled draw responses and descend on the loss of the best \
      and the worst of them, as the published pipelines do.
      """)
  var rule: Rule = .gpo

  @Option(name: .long, help: "β. Default: 1 for exact forms, 0.001 for sampled ones.")
  var beta: Double?

  @Option(name: .long, help: "Nash-MD's pull to the reference, from 0 to 1.")
  var pull = 0.05

  @Option(name: .long, help: "Responses drawn per prompt and iteration.")
  var draws = 5

  @Option(name: .long, help: "Targets of sampled GPO are cut at this.")
  var clamp = 1000.0

  @Option(name: .long, help: "Descent steps per iteration of sampled rules.")
  var steps = 20

  @Option(name: .long, help: "Learning rate of sampled rules.")
  var rate = 1e-4

  @Flag(name: .long, help: "Write the average of all iterations, not the last policy.")
  var average = false

  @Option(name: .long, help: "What every random choice is a function of.")
  var seed: UInt64 = 0

  @Option(name: .long, help: "The folder to write.", completion: .directory)
  var out: String

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let folder = try PolicyFolder(policy)
    try PolicyFolder.prepare(out, from: policy)
    guard folder.policies.count == 1 else {
      throw UsageError(
        "\(policy) has \(folder.policies.count) policies; name one, such as \(policy)#0.")
    }
    let start = folder.policies[0]
    let workplace = try Workplace(data: data, seed: seed)
    let games = try await PolicyJudging.games(preferenceModel, start.menus, workplace)
    let play = try SelfPlay(
      games.games, reference: start, rule: selfPlayRule, iterations: iterations, seed: seed,
      name: rule.rawValue)
    let result = average ? play.average : play.policy
    let card = PolicyFolder.Card(
      recipe: "gpo", policies: [rule.rawValue], shares: [1], beta: folder.card.beta, family: "table",
      encoder: folder.card.encoder, data: folder.card.table,
      numbers: ["win_rate": games.games.winRate(result, over: start)],
      settings: [
        "rule": rule.rawValue, "iterations": "\(iterations)", "preference_model": games.judge.fingerprint.hex,
        "average": "\(average)", "seed": "\(seed)", "beta": "\(beta ?? defaultBeta)",
      ])
    var named = result
    named.name = rule.rawValue
    try PolicyFolder(card: card, reference: folder.reference, policies: [named]).write(to: out)
    Terminal.write(table(play, games.judge.name).rendered(as: format.format))
  }

  private var defaultBeta: Double { rule == .sampledGPO || rule == .sampledSPPO ? 0.001 : 1 }

  private var selfPlayRule: SelfPlayRule {
    let beta = beta ?? defaultBeta
    return switch rule {
    case .gpo: .gpo(beta: beta)
    case .sppo: .sppo(beta: beta)
    case .nashMD: .nashMD(beta: beta, pull: pull)
    case .sampledGPO: .sampledGPO(beta: beta, draws: draws, clamp: clamp, steps: steps, rate: rate)
    case .sampledSPPO: .sampledSPPO(beta: beta, draws: draws, steps: steps, rate: rate)
    }
  }

  private func table(_ play: SelfPlay, _ model: String) -> Table {
    let shown = play.trace.indices.filter {
      $0 < 10 || $0 == play.trace.count - 1 || ($0 + 1) % max(1, play.trace.count / 10) == 0
    }
    return Table(
      title: "\(rule.rawValue) against \(model)",
      columns: [
        .init("iteration", isNumeric: true), .init("wins against start", isNumeric: true),
        .init("KL from start", isNumeric: true), .init("exploitability", isNumeric: true),
        .init("of the average", isNumeric: true),
      ],
      rows: shown.map { number in
        let step = play.trace[number]
        return [
          .integer(number + 1), Table.Cell(Format.percent(step.winRate), .number(step.winRate)),
          .number(step.divergence, decimals: 4), .number(step.exploitability, decimals: 4),
          .number(step.averageExploitability, decimals: 4),
        ]
      },
      notes: [
        "Exploitability: the most that any policy could score against it, in "
          + (selfPlayRule.score == .logOdds ? "log-odds" : "win rate above ½")
          + "; 0 for a von Neumann winner.",
        "Written to \(out).",
      ])
  }
}
