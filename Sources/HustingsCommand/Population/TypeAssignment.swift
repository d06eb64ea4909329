import Foundation
import Hustings
import HustingsReports
import HustingsTraining
import Populations

/// Annotators of some votes and the types of a folder of policies: `hustings identify --policies FOLDER`.
struct TypeAssignment {
  private let folder: String
  private let names: [String]
  private let panel: VotePanel
  private let posteriors: [TypePosterior]
  /// Votes on responses that the policies do not choose among.
  private let strangers: Int

  /// Reads the votes and the policies; throws when no vote is on what the policies choose among.
  init(votes: VoteOptions, folder name: String) throws {
    let read = try votes.file().panel
    let policies = try PolicyFolder(name)
    guard policies.policies.count > 1 else {
      throw UsageError(
        "\(name) has one policy, so there is nothing to tell apart. Name a folder of several types.")
    }
    var places: [Digest: [Digest: Int]] = [:]
    for menu in policies.reference.menus {
      for (row, response) in zip(menu.rows, menu.responses) {
        places[menu.prompt.digest, default: [:]][response.digest] = row
      }
    }
    let rows = read.menus.flatMap { menu in
      menu.responses.map { places[menu.prompt.digest]?[$0.digest] }
    }
    let panel = read.picking { _, _, pattern in
      read.patterns.rows(of: pattern).allSatisfy { rows[Int($0)] != nil }
    }
    strangers = read.votes.count - panel.votes.count
    guard !panel.votes.isEmpty else {
      throw InvalidRequest(
        "None of the votes is on prompts and responses that the policies of \(name) choose among.")
    }
    let base = policies.reference.logProbabilities
    let scores = policies.policies.map { policy in
      rows.map { row in
        row.map { policies.card.beta * (max(policy.logProbabilities[$0], -700) - max(base[$0], -700)) } ?? 0
      }
    }
    let strength = policies.card.settings["tie_strength"].flatMap(Double.init) ?? 0
    folder = name
    names = policies.policies.map(\.name)
    self.panel = panel
    posteriors = panel.posteriors(
      scores: scores, shares: policies.card.shares,
      likelihood: VoteLikelihood(tieStrength: max(strength, panel.tieStrength > 0 ? 1e-3 : 0)))
  }

  var table: Table {
    let rows = panel.annotators.indices.map { annotator -> [Table.Cell] in
      let own = posteriors[annotator]
      let best = own.probabilities.indices.max { own.probabilities[$0] < own.probabilities[$1] } ?? 0
      return [
        .text(panel.annotators[annotator]), .integer(panel.votes(of: annotator).count), .text(names[best]),
      ] + own.probabilities.map { .number($0, decimals: 4) } + [.number(own.logEvidence, decimals: 4)]
    }
    var notes = ["Without a vote, an annotator is of each type as often as the types' shares say."]
    if strangers > 0 {
      notes.append(
        "\(Format.grouped(strangers)) votes on responses that the policies do not choose among are left out.")
    }
    return Table(
      title: "Annotators and the types of \(folder)",
      columns: [.init("annotator"), .init("votes", isNumeric: true), .init("likeliest")]
        + names.map { .init($0, isNumeric: true) } + [.init("log evidence", isNumeric: true)],
      rows: rows, notes: notes)
  }
}
