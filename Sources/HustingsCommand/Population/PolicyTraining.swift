import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsTraining
import Populations

/// `hustings train policy`
struct PolicyTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract:
      "Train one policy over candidates by a direct objective: DPO, IPO, KTO, SimPO, ORPO and others.",
    discussion: """
      dpo, cdpo (labels smoothed), robust-dpo (labels flipped at a known rate), ipo and kto are held near the reference, which \
      answers with every candidate as often; simpo and orpo have none. sppo, gpo and nash-md need a preference model in place of \
      votes: `hustings train gpo --rule …`. KL from the reference is reported for all.

        hustings train policy --objective ipo --data votes.jsonl --out models/ipo
      """)

  enum Objective: String, ExpressibleByArgument, CaseIterable {
    case dpo, cdpo, ipo, kto, simpo, orpo, sppo, gpo
    case robustDPO = "robust-dpo"
    case nashMD = "nash-md"

    static let allValueStrings = ["dpo", "cdpo", "robust-dpo", "ipo", "kto", "simpo", "orpo"]
  }

  @OptionGroup(title: "Data and policy") var votes: VoteOptions

  @Option(name: .long, help: "dpo, cdpo, robust-dpo, ipo, kto, simpo or orpo.")
  var objective: Objective = .dpo

  @Option(
    name: .long, help: "β: how dear KL from the reference is; for simpo, what log-odds are multiplied by.")
  var beta = 1.0

  @Option(name: .long, help: "For cdpo and robust-dpo: the share of labels that are wrong.")
  var flips = 0.1

  @Option(name: .long, help: "For simpo: the gap γ that is demanded.")
  var gap = 0.5

  @Option(name: .long, help: "For orpo: the weight λ of the odds ratio.")
  var oddsWeight = 1.0

  @Option(name: .long, help: "For kto: the weight of disliked responses; that of liked ones is 1.")
  var dislikedWeight = 1.0

  @Flag(
    name: .long,
    help:
      "For simpo and orpo: divide log-probabilities by a response's words. A choice among candidates is one step without it."
  )
  var perWord = false

  @Option(name: .long, help: "Precision of the normal prior on parameters.")
  var ridge = 0.01

  @Option(name: .long, help: "The most iterations.")
  var iterations = 200

  @Option(name: .long, help: "The folder to write.", completion: .directory)
  var out: String

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard beta > 0, beta.isFinite else { throw ValidationError("--beta is above 0, not \(beta).") }
    guard flips >= 0, flips < 0.5 else {
      throw ValidationError("--flips is from 0 to below 0.5, not \(flips).")
    }
    guard ridge >= 0, ridge.isFinite else { throw ValidationError("--ridge is 0 or more, not \(ridge).") }
    guard gap.isFinite, oddsWeight >= 0, oddsWeight.isFinite else {
      throw ValidationError("--gap is a number and --odds-weight 0 or more, not \(gap) and \(oddsWeight).")
    }
    guard dislikedWeight >= 0, dislikedWeight.isFinite else {
      throw ValidationError("--disliked-weight is 0 or more, not \(dislikedWeight).")
    }
    guard iterations >= 1 else { throw ValidationError("--iterations is from 1 on, not \(iterations).") }
    _ = try parsed()
  }

  private func parsed() throws -> PolicyObjective {
    switch objective {
    case .dpo: .pairs(.dpo(beta: beta, smoothing: 0))
    case .cdpo: .pairs(.dpo(beta: beta, smoothing: flips))
    case .robustDPO: .pairs(.robustDPO(beta: beta, flips: flips))
    case .ipo: .pairs(.ipo(beta: beta))
    case .simpo: .pairs(.simPO(beta: beta, gap: gap))
    case .orpo: .pairs(.orpo(weight: oddsWeight))
    case .kto: .liking(KTO(beta: beta, dislikedWeight: dislikedWeight))
    case .sppo, .gpo, .nashMD:
      throw ValidationError(
        "\(objective.rawValue) plays against a preference model, not against votes. "
          + "Use `hustings train gpo --rule \(objective.rawValue) --policy FOLDER --preference-model MODEL`.")
    }
  }

  func run() async throws {
    try PolicyFolder.prepare(out)
    let loaded = try await votes.load()
    let panel = loaded.panel
    let lengths = perWord ? panel.passages.map { Double(max(1, $0.words)) } : nil
    let found = try PreferencePolicy(
      panel, loaded.family, objective: try parsed(), lengths: lengths, ridge: ridge, steps: iterations,
      seed: votes.seed, name: objective.rawValue)
    var numbers = ["kl": found.divergence]
    if let agreement = found.agreement { numbers["agreement"] = agreement }
    if let last = found.trace.last { numbers["loss"] = last.loss }
    let card = PolicyFolder.Card(
      recipe: "policy", policies: [objective.rawValue], shares: [1], beta: beta, family: loaded.kind.rawValue,
      encoder: loaded.encoder, data: loaded.file.digest.hex, numbers: numbers,
      settings: settings)
    try PolicyFolder(
      card: card, reference: try PolicyTable.uniform(panel.menus, name: "reference"),
      policies: [found.policy]
    ).write(
      to: out,
      tensors: loaded.kind == .table
        ? []
        : [
          NamedTensor(
            "policy.0", shape: [found.parameters.count], values: found.parameters.map(Float.init))
        ])
    Terminal.write(table(found, loaded).rendered(as: format.format))
  }

  private var settings: [String: String] {
    var settings = ["objective": objective.rawValue, "ridge": "\(ridge)", "seed": "\(votes.seed)"]
    switch objective {
    case .cdpo, .robustDPO: settings["flips"] = "\(flips)"
    case .simpo: settings["gap"] = "\(gap)"
    case .orpo: settings["odds_weight"] = "\(oddsWeight)"
    case .kto: settings["disliked_weight"] = "\(dislikedWeight)"
    default: break
    }
    if perWord { settings["per_word"] = "true" }
    return settings
  }

  private func table(_ found: PreferencePolicy, _ loaded: LoadedVotes) -> Table {
    let trace = found.trace
    let shown = trace.indices.filter {
      $0 < 5 || $0 == trace.count - 1 || ($0 + 1) % max(1, trace.count / 10) == 0
    }
    let agreement = found.agreement.map { "agrees with \(Format.percent($0)) % of what votes say of pairs, " }
    return Table(
      title: "\(objective.rawValue), β \(Format.decimal(beta, 3)) · \(loaded.words)",
      columns: [
        .init("iteration", isNumeric: true), .init("loss", isNumeric: true),
        .init("KL from reference", isNumeric: true),
      ],
      rows: shown.map { number in
        [
          .integer(number + 1), .number(trace[number].loss, decimals: 6),
          .number(trace[number].divergence, decimals: 4),
        ]
      },
      notes: [
        "The policy \(agreement ?? "")has a KL of \(Format.decimal(found.divergence, 4)) from the reference, and is written to \(out)."
      ])
  }
}

extension Passage {
  /// Words of the response.
  fileprivate var words: Int { response?.text.split(whereSeparator: \.isWhitespace).count ?? 0 }
}
