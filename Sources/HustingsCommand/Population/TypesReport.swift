import HustingsReports
import HustingsTraining

/// What `hustings train em-dpo` prints.
struct TypesReport {
  private let loaded: LoadedVotes
  private let candidates: [TypeCandidate]
  private let place: Int
  private let diagnoses: [TypeDiagnosis]
  private let reference: PolicyTable
  private let policies: [PolicyTable]

  init(
    _ loaded: LoadedVotes, _ candidates: [TypeCandidate], _ place: Int, _ diagnoses: [TypeDiagnosis],
    _ reference: PolicyTable, _ policies: [PolicyTable]
  ) {
    self.loaded = loaded
    self.candidates = candidates
    self.place = place
    self.diagnoses = diagnoses
    self.reference = reference
    self.policies = policies
  }

  func tables(note: String) -> [Table] {
    var tables = [selection, trace, types(note: note)]
    if let recovery { tables.insert(recovery, at: 2) }
    return tables
  }

  /// A row per number of types.
  private var selection: Table {
    Table(
      title: loaded.words,
      columns: [
        .init("types", isNumeric: true), .init("log-likelihood", isNumeric: true),
        .init("hard clusters", isNumeric: true), .init("BIC", isNumeric: true),
        .init("held out, per vote", isNumeric: true), .init("stability", isNumeric: true),
        .init("restarts alike", isNumeric: true), .init("iterations", isNumeric: true), .init("chosen"),
      ],
      rows: candidates.enumerated().map { number, candidate in
        let best = candidate.best
        let alike = candidate.restarts.count {
          abs($0.objective - best.objective) <= 1e-4 * abs(best.objective)
        }
        return [
          .integer(candidate.types), .number(best.logLikelihood, decimals: 2),
          .number(candidate.clusters.logLikelihood, decimals: 2), .number(candidate.bic, decimals: 1),
          .number(candidate.heldOut?.perVote, decimals: 4), .number(candidate.stability, decimals: 2),
          Table.Cell("\(alike) of \(candidate.restarts.count)", .integer(alike)), .integer(best.trace.count),
          .text(number == place ? "*" : ""),
        ]
      },
      notes: [
        "Chosen: the fewest types whose held-out log-likelihood is within one standard error of the best, or 0.001 per vote. "
          + "Stability: how alike the types from two disjoint halves of the prompts are, 1 for the same.",
        "Hard clusters: policies of clusters of annotators without EM. Restarts alike end within 0.01 % of the best.",
      ] + dissent)
  }

  /// Where BIC would have chosen otherwise.
  private var dissent: [String] {
    guard candidates[place].heldOut != nil,
      let least = candidates.indices.min(by: { (candidates[$0].bic, $0) < (candidates[$1].bic, $1) }),
      least != place
    else { return [] }
    return [
      "BIC alone would choose \(candidates[least].types), though it counts parameters as if no prior held them; "
        + "--types \(candidates[least].types) trains as many."
    ]
  }

  /// The trace of the chosen search, thinned.
  private var trace: Table {
    let steps = candidates[place].best.trace
    let shown = steps.indices.filter {
      $0 < 5 || $0 == steps.count - 1 || ($0 + 1) % max(1, steps.count / 10) == 0
    }
    let fall = candidates[place].best.largestFall
    // Rounding of sums may lower the last digits.
    let isMonotone = fall <= 1e-9 * abs(candidates[place].best.objective)
    return Table(
      title:
        "Log-likelihood, \(PopulationText.counted(candidates[place].types, "type")), from \(candidates[place].best.start)",
      columns: [
        .init("iteration", isNumeric: true), .init("log-likelihood", isNumeric: true), .init("shares"),
      ],
      rows: shown.map { number in
        [
          .integer(number + 1), .number(steps[number].logLikelihood, decimals: 4),
          .text(steps[number].shares.map { Format.decimal($0, 3) }.joined(separator: " ")),
        ]
      },
      notes: [
        isMonotone
          ? "It never fell."
          : "In one iteration the penalised log-likelihood fell, by \(Format.decimal(fall, 4)) at most, as cross-fitting or inexact "
            + "maximisation may let it.",
        candidates[place].best.isSettled ? "It settled." : "It did not settle; raise --iterations.",
      ])
  }

  private func types(note: String) -> Table {
    var notes: [String] = []
    for (type, diagnosis) in diagnoses.enumerated() {
      for fault in diagnosis.faults {
        let words =
          if case .duplicate(let other) = fault { "predicts the same as type \(other + 1)" } else {
            "\(fault)"
          }
        notes.append("Type \(type + 1) has collapsed: \(words). Ask for fewer types.")
      }
    }
    return Table(
      title: "Types",
      columns: [
        .init("type"), .init("share", isNumeric: true), .init("annotators", isNumeric: true),
        .init("confidence", isNumeric: true), .init("log-lik. per vote", isNumeric: true),
        .init("own votes agreed", isNumeric: true), .init("nearest", isNumeric: true),
        .init("most opposite", isNumeric: true), .init("KL from reference", isNumeric: true),
      ],
      rows: zip(diagnoses, policies).enumerated().map { type, pair in
        let (diagnosis, policy) = pair
        return [
          .text("\(type + 1)"), .number(diagnosis.share, decimals: 4), .integer(diagnosis.annotators),
          .number(diagnosis.confidence, decimals: 3), .number(diagnosis.perVote, decimals: 4),
          .number(diagnosis.agreement, decimals: 3),
          diagnosis.nearest.map {
            Table.Cell("\(Format.decimal($0.difference, 3)) (\($0.type + 1))", .number($0.difference))
          } ?? .missing,
          diagnosis.opposite.map {
            Table.Cell("\(Format.decimal($0.correlation, 2)) (\($0.type + 1))", .number($0.correlation))
          } ?? .missing,
          .number(policy.divergence(from: reference), decimals: 4),
        ]
      },
      notes: notes + [
        "Nearest: mean difference of probabilities of votes from the most similar type's. Most opposite: correlation of scores "
          + "within prompts.", note,
      ])
  }

  /// How types and known groups agree, where the file names groups.
  private var recovery: Table? {
    guard let groups = loaded.groups else { return nil }
    let known = groups.of.indices.filter { groups.of[$0] != nil }
    return Table(
      title: "Types against the groups that the file names",
      columns: [
        .init("types", isNumeric: true), .init("annotators", isNumeric: true),
        .init("recovered", isNumeric: true),
        .init("adjusted Rand", isNumeric: true),
      ],
      rows: candidates.map { candidate in
        let assignments = candidate.best.assignments
        let agreement = TypeAgreement(known.map { groups.of[$0] ?? 0 }, known.map { assignments[$0] })
        return [
          .integer(candidate.types), .integer(known.count),
          agreement.recovery.map { Table.Cell(Format.percent($0), .number($0)) } ?? .missing,
          .number(agreement.adjustedRand, decimals: 3),
        ]
      },
      notes: [
        "\(PopulationText.counted(groups.names.count, "group")): \(groups.names.joined(separator: ", "))."
      ])
  }
}
