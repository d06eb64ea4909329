import BenchmarkPlugins
import Foundation
import Hustings
import HustingsNumerics
import HustingsReports
import HustingsStatistics
import HustingsTraining
import Populations

/// Policies against each other under a judge: `hustings run --benchmark policy-arena`.
struct PolicyArena {
  static let name = "policy-arena"

  private let policies: [PolicyTable]
  private let judge: String
  private let rates: [[Double]]
  private let errors: [[Double?]]
  private let choice: SocialChoice
  private let prompts: Int
  private let divergences: [Double]
  /// The prompts as items, judged.
  let benchmark: any Benchmark
  /// The policies as models.
  let models: [any PreferenceModel]

  /// Lets policies meet; the reference that they were trained from, the first folder's, takes part too.
  init(policies names: [String], judge: String?, _ workplace: Workplace) async throws {
    guard !names.isEmpty else {
      throw UsageError(
        "\(PolicyArena.name) compares policies. Add --policy FOLDER, or --policy FOLDER#N, once per policy.")
    }
    guard let judge else {
      throw UsageError(
        "\(PolicyArena.name) needs a judge. Add --judge MODEL, such as --judge checkpoint:models/gpm.")
    }
    var policies: [PolicyTable] = []
    var reference: PolicyTable?
    for name in names {
      let folder = try PolicyFolder(name)
      if reference == nil { reference = folder.reference }
      for (place, var policy) in folder.policies.enumerated() {
        policy.name = folder.policies.count == 1 ? name : "\(name)#\(place)"
        guard !policies.contains(where: { $0.name == policy.name }) else {
          throw UsageError("\(policy.name) is named twice. Name each policy once.")
        }
        policies.append(policy)
      }
    }
    if let reference { policies.append(reference) }
    for policy in policies.dropFirst() { try policies[0].checkSameCandidates(policy) }
    let games = try await PolicyJudging.games(judge, policies[0].menus, workplace)
    let perPrompt = policies.map { first in
      policies.map { games.games.winRates(first, over: $0) }
    }
    self.policies = policies
    self.judge = games.judge.name
    prompts = policies[0].menus.count
    // Sums leave rounding where policies are even.
    rates = perPrompt.map { row in
      row.map { values in
        let mean = sum(values) / Double(max(1, values.count))
        return abs(mean - 0.5) < 1e-12 ? 0.5 : mean
      }
    }
    errors = perPrompt.map { row in
      row.map { values in
        ClusteredMean(values, clusters: .singletons(values.count))?.standardError
      }
    }
    choice = SocialChoice(winRates: rates)
    divergences = reference.map { base in policies.map { $0.divergence(from: base) } } ?? []
    let base = reference
    let examples = policies[0].menus.enumerated().map { number, menu in
      PolicyArenaBenchmark.example(
        number + 1, prompt: menu.prompt, candidates: menu.responses, margins: games.margins[number],
        reference: menu.rows.map { row in
          base.flatMap { $0.logProbabilities[row] > -.infinity ? $0.logProbabilities[row] : nil }
        })
    }
    benchmark = PolicyArenaBenchmark.benchmark(examples, judge: games.judge)
    models = policies.map { ChoicePolicy($0) { "prompt \($0 + 1)" } }
  }

  /// The matrix of win rates and the board.
  var tables: [Table] { [matrix, board] }

  private var matrix: Table {
    Table(
      title: "\(PolicyArena.name) · \(Format.grouped(prompts)) prompts · judge \(judge)",
      columns: [.init("wins of row over column, %")] + policies.map { .init($0.name, isNumeric: true) },
      rows: policies.indices.map { i in
        [.text(policies[i].name)]
          + policies.indices.map { j in
            i == j
              ? .missing : Table.Cell(Format.percent(rates[i][j]), .number(rates[i][j]))
          }
      })
  }

  private var board: Table {
    let lottery = choice.maximalLottery
    let strengths = choice.strengths
    let (borda, copeland) = (choice.borda, choice.copeland)
    let order = policies.indices.sorted { (-borda[$0], $0) < (-borda[$1], $1) }
    return Table(
      title: "Board",
      columns: [
        .init("policy"), .init("mean wins", isNumeric: true), .init("± SE", isNumeric: true),
        .init("Copeland", isNumeric: true), .init("Bradley–Terry", isNumeric: true),
        .init("von Neumann winner", isNumeric: true), .init("KL from reference", isNumeric: true),
      ],
      rows: order.map { i in
        [
          .text(policies[i].name), Table.Cell(Format.percent(borda[i]), .number(borda[i])),
          .number(meanError(i).map { 100 * $0 }, decimals: 2), .integer(copeland[i]),
          .number(strengths?[i], decimals: 3), .number(lottery?.weights[i], decimals: 4),
          .number(divergences.isEmpty ? nil : divergences[i], decimals: 4),
        ]
      }, notes: notes)
  }

  /// An upper bound of the standard error of a mean of win rates over the same prompts: the mean of theirs.
  private func meanError(_ i: Int) -> Double? {
    let known = policies.indices.filter { $0 != i }.compactMap { errors[i][$0] }
    return known.isEmpty ? nil : sum(known) / Double(known.count)
  }

  private var notes: [String] {
    var notes = [
      choice.condorcetWinner.map { "Condorcet winner: \(policies[$0].name) beats every other." }
        ?? "No policy beats every other, so there is no Condorcet winner."
    ]
    let triples = choice.cyclicTriples
    let share = choice.cyclicity.map { "\(Format.percent($0)) % of squared log-odds goes in cycles" }
    notes.append(
      [share, "\(triples.cyclic) of \(triples.decided) triples go in a circle"].compactMap { $0 }
        .joined(separator: "; ") + ".")
    notes.append(
      "Win rates are exact expectations over what policies answer, mean over prompts; a response meets itself with ½."
    )
    return notes
  }
}

extension ChoicePolicy {
  /// A policy as a model of the items that its prompts are.
  init(_ policy: PolicyTable, item: (Int) -> String) {
    var shares: [String: [Digest: Double]] = [:]
    for (number, menu) in policy.menus.enumerated() {
      var own: [Digest: Double] = [:]
      for (row, response) in zip(menu.rows, menu.responses) {
        own[response.digest] = exp(policy.logProbabilities[row])
      }
      shares[item(number)] = own
    }
    self.init(name: policy.name, shares: shares)
  }
}
