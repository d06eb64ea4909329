public import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsReports
public import HustingsTraining
import Populations

/// `hustings train em-dpo`
struct TypesTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "em-dpo",
    abstract: "Find types of annotator by EM and train a policy for each (EM-DPO).",
    discussion: """
      Reads votes: choices, ties, best of several, full and partial rankings, all by one likelihood. With several numbers of types
      it chooses by held-out votes, and prints BIC and how stable types are across disjoint prompts. Writes the policies, every
      annotator's probabilities of being of each type, and the trace of the log-likelihood.

        hustings train em-dpo --data votes.jsonl --types 1..4 --restarts 8 --out models/em
      """)

  @OptionGroup(title: "Data and policy") var votes: VoteOptions

  @Option(name: .long, help: "How many types: a number, a range such as 1..4, or a list such as 1,2,4.")
  var types = CountListDefault.one

  @Option(
    name: .long, help: "Starts of each search, from hard and spectral clusters, random policies and draws.")
  var restarts = 8

  @Option(
    name: .long,
    help: """
      Where searches begin: mixed, or clusters (hard), spectral, dirichlet or random alone, or given:FILE, a CSV with the columns \
      annotator and type, as annotators.csv in --out.
      """)
  var start = StartOption.mixed

  @Option(name: .long, help: "The most iterations of each search.")
  var iterations = 200

  @Option(name: .long, help: "A search ends when the log-likelihood gains less than this share of itself.")
  var tolerance = 1e-7

  @Option(name: .long, help: "The temperature β: policies are the reference tilted by scores over β.")
  var beta = 1.0

  @Option(
    name: .long,
    help: """
      Precision of the normal prior on parameters. Default: 1 for weights on an encoder's features, of which there are many beside \
      the votes, 0.3 for a score per response and for networks, 0.01 for weights on the file's features.
      """)
  var ridge: Double?

  @Option(name: .long, help: "Where each maximisation starts: previous, or reference as published.")
  var restart: TypeSettings.Restart?

  @Flag(
    name: .long, help: "Learn from one half of each annotator's votes, assign by the other, and take turns.")
  var crossFit = false

  @Option(name: .long, help: "The folder to write.", completion: .directory)
  var out: String

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard restarts >= 1 else {
      throw ValidationError("--restarts takes a number from 1 on, not \(restarts).")
    }
    guard iterations >= 1 else {
      throw ValidationError("--iterations takes a number from 1 on, not \(iterations).")
    }
    guard beta > 0, beta.isFinite else { throw ValidationError("--beta is above 0, not \(beta).") }
    if let ridge, !(ridge >= 0 && ridge.isFinite) {
      throw ValidationError("--ridge is 0 or more, not \(ridge).")
    }
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance is 0 or more, not \(tolerance).")
    }
  }

  func run() async throws {
    try PolicyFolder.prepare(out)
    let loaded = try await votes.load()
    let ridge = ridge ?? loaded.ridge
    let settings = TypeSettings(
      types: 1, iterations: iterations, tolerance: tolerance, ridge: ridge, likelihood: loaded.likelihood,
      restart: restart ?? (loaded.family.isConvex ? .previous : .reference), steps: 200,
      precision: loaded.family.isPerRow ? 1e-7 : 1e-6, crossFits: crossFit, seed: votes.seed)
    let selection = try TypeSelection(
      loaded.panel, loaded.family, settings, restarts: restarts,
      beginning: try start.beginning(loaded.panel, types: types.values), workers: PopulationText.workers)
    var candidates: [TypeCandidate] = []
    for count in types.values {
      Terminal.progress("searching for \(count) types")
      candidates.append(try selection.candidate(types: count))
    }
    Terminal.endProgress()
    guard let place = TypeSelection.choice(candidates) else { throw VoteFault.noVotes }
    let chosen = candidates[place]
    var final = settings
    final.types = chosen.types
    let search = try TypeSearch(loaded.panel, loaded.family, final, workers: PopulationText.workers)
    let diagnoses = search.diagnoses(of: chosen.best)
    let reference = try PolicyTable.uniform(loaded.panel.menus, name: "reference")
    let policies = try chosen.best.parameters.enumerated().map { type, parameters in
      try PolicyTable(
        name: "type-\(type + 1)", menus: loaded.panel.menus, scores: loaded.family.scores(parameters),
        beta: beta,
        reference: reference)
    }
    try write(loaded, chosen, reference, policies, ridge)
    let report = TypesReport(loaded, candidates, place, diagnoses, reference, policies)
    let identification = Identification(
      loaded.panel, types: max(2, chosen.types), sharesAcrossMenus: !loaded.family.isPerRow,
      diagnoses: diagnoses)
    var tables = report.tables(note: "Written to \(out); \(out)#0 is the first type's policy.")
    if identification.verdict != .identified {
      tables.append(PopulationText.findings(identification))
    }
    Terminal.write(Output.join(tables.map { $0.rendered(as: format.format) }, format.format))
  }

  private func write(
    _ loaded: LoadedVotes, _ chosen: TypeCandidate, _ reference: PolicyTable, _ policies: [PolicyTable],
    _ ridge: Double
  ) throws {
    let mixture = chosen.best
    let card = PolicyFolder.Card(
      recipe: "em-dpo", policies: policies.map(\.name), shares: mixture.shares, beta: beta,
      family: loaded.kind.rawValue, encoder: loaded.encoder, data: loaded.file.digest.hex,
      numbers: ["log_likelihood": mixture.logLikelihood, "bic": chosen.bic],
      settings: [
        "types": "\(mixture.types)", "restarts": "\(restarts)", "start": start.name, "ridge": "\(ridge)",
        "seed": "\(votes.seed)",
        "tie_strength": "\(loaded.likelihood.tieStrength)", "cross_fit": "\(crossFit)",
      ])
    let tensors =
      loaded.family.isPerRow
      ? []
      : mixture.parameters.enumerated().map { type, values in
        NamedTensor("type.\(type)", shape: [values.count], values: values.map(Float.init))
      }
    try PolicyFolder(card: card, reference: reference, policies: policies).write(to: out, tensors: tensors)
    var annotators = CSVWriter(
      columns: ["annotator", "votes", "type"] + policies.map { $0.name.replacing("-", with: "_") })
    let assignments = mixture.assignments
    for (number, name) in loaded.panel.annotators.enumerated() {
      annotators.append(
        [name, "\(loaded.panel.votes(of: number).count)", "\(assignments[number] + 1)"]
          + mixture.responsibilities(of: number).map { Format.decimal($0, 6) })
    }
    try AtomicFile.write(annotators.bytes, to: "\(out)/annotators.csv")
    var trace = CSVWriter(
      columns: ["iteration", "log_likelihood", "objective"] + policies.map { "share_\($0.name)" })
    for (number, step) in mixture.trace.enumerated() {
      trace.append(
        ["\(number + 1)", "\(step.logLikelihood)", "\(step.objective)"] + step.shares.map { "\($0)" })
    }
    try AtomicFile.write(trace.bytes, to: "\(out)/trace.csv")
  }
}

/// What is searched for when nothing is said.
enum CountListDefault {
  static let one = CountList(values: [1, 2, 3, 4])
}

extension CountList {
  init(values: [Int]) { self.values = values }

  /// As it would be typed.
  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

extension TypeSettings.Restart: ExpressibleByArgument {}
