import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsTraining
import Populations

/// `hustings identify`
struct IdentifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify",
    abstract: "Say whether votes can tell what types of annotator there are, and why not.",
    discussion: """
      Looks at who judged what and how often, then fits two types and looks at those. Ends with 0 when types can be told, with 2
      when they cannot.

        hustings identify --data votes.jsonl

      With --policies it says of which of a folder's types each annotator of the votes is, as after a few answers of somebody new.

        hustings identify --data new.jsonl --policies models/em
      """)

  @OptionGroup var votes: VoteOptions

  @Option(name: .long, help: "How many types are sought.")
  var types = 2

  @Flag(name: .long, inversion: .prefixedNo, help: "Fit types and look for near-opposite ones.")
  var fit = true

  @Option(
    name: .long, help: "A folder of types, one policy each: say of which each annotator is.",
    completion: .directory)
  var policies: String?

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard types >= 1 else { throw ValidationError("--types takes a number from 1 on, not \(types).") }
  }

  func run() async throws {
    if let policies {
      let assignment = try TypeAssignment(votes: votes, folder: policies)
      return Terminal.write(assignment.table.rendered(as: format.format))
    }
    let loaded = try await votes.load()
    let panel = loaded.panel
    var diagnoses: [TypeDiagnosis] = []
    let voting = panel.annotators.indices.count { !panel.votes(of: $0).isEmpty }
    if fit, types > 1, voting >= types {
      let settings = TypeSettings(
        types: types, iterations: 50, ridge: loaded.ridge, likelihood: loaded.likelihood, seed: votes.seed)
      let search = try TypeSearch(panel, loaded.family, settings, workers: PopulationText.workers)
      diagnoses = search.diagnoses(of: try search.run(from: .clusters(seed: votes.seed)).sorted)
    }
    let report = Identification(
      panel, types: types, sharesAcrossMenus: !loaded.family.isPerRow, diagnoses: diagnoses)
    Terminal.write(PopulationText.table(report, loaded).rendered(as: format.format))
    if report.verdict == .impossible { throw ExitStatus.inconclusive }
  }
}
