import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import HustingsReports
import Recipes

/// `hustings synthesize`
struct SynthesizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize", abstract: "Make judgments that data lacks.", subcommands: [VotesCommand.self])
}

/// `hustings synthesize votes`
struct VotesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "votes",
    abstract: "Let judges or reward models vote on pairs, for `hustings train --margin votes`.",
    discussion: """
      Writes every pair with `votes` (for the chosen response, and valid ones), `margin` |2v - 1| and `signed_margin` 2v - 1, v
      the share of votes for the chosen response. Votes come in while they are counted: the same command goes on where an
      interrupted one was.

        hustings synthesize votes --data pairs.jsonl --judge checkpoint:models/bt --judges 10 --out votes.jsonl
      """)

  @OptionGroup(title: "Data") var data: TrainingDataOptions

  @Option(name: .long, help: "A judge or reward model, as one model string; several take turns.")
  var judge: [String]

  @Option(name: .long, help: "Votes per pair.")
  var judges = 10

  @Option(
    name: .long,
    help: """
      repeated: votes one by one; count: as many as the judge's log-odds expect; calibrated: count, scaled to agree with the \
      first pairs that people voted on.
      """)
  var estimator: VoteEstimator = .repeated

  @Option(name: .long, help: "What log-odds are divided by before votes are drawn or counted.")
  var temperature = 1.0

  @Option(
    name: .long, help: "For calibrated: how many pairs with votes of people set the scale; they are left out."
  )
  var exemplars = 4

  @Option(name: .long, help: "What every draw is a function of.")
  var seed: UInt64 = 0

  @Option(name: .long, help: "The file of JSON lines to write.", completion: .file(extensions: ["jsonl"]))
  var out: String

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard !judge.isEmpty else {
      throw ValidationError("--judge is missing: a model string such as checkpoint:models/bt.")
    }
    guard judges >= 1, judges <= 10_000 else {
      throw ValidationError("--judges is from 1 to 10,000, not \(judges).")
    }
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("--temperature is above 0, not \(temperature).")
    }
    guard exemplars >= 1 else {
      throw ValidationError("--exemplars takes a number from 1 on, not \(exemplars).")
    }
  }

  /// Pairs that are judged between two writes.
  private static let batch = 256

  func run() async throws {
    let workplace = try Workplace(dataRoot: data.dataRoot, seed: seed)
    let loaded = try data.pairs(workplace)
    for note in loaded.notes { Terminal.note(note) }
    let synthesis = VoteSynthesis(
      estimator, panel: try await panel(), judges: judges, temperature: temperature, exemplars: exemplars,
      seed: seed)
    let parts = try synthesis.parts(loaded.pairs)
    var journal = try VoteJournal(beside: out, identity: synthesis.identity(loaded.pairs))
    let slope = try await synthesis.slope(parts.exemplars.map { loaded.pairs[$0] })
    if estimator == .calibrated {
      Terminal.note(
        "Log-odds are multiplied by \(Format.decimal(slope, 3)) to agree with \(exemplars) pairs.")
    }
    let missing = parts.asked.filter { journal.votes[$0] == nil }
    if missing.count < parts.asked.count {
      Terminal.note("\(Format.grouped(parts.asked.count - missing.count)) pairs were voted on before.")
    }
    let interrupt = Interrupt()
    for start in stride(from: 0, to: missing.count, by: VotesCommand.batch) {
      let places = Array(missing[start..<min(missing.count, start + VotesCommand.batch)])
      let votes = try await synthesis.votes(places.map { loaded.pairs[$0] }, slope: slope)
      try journal.add(Array(zip(places, votes)).map { (place: $0, votes: $1) })
      Terminal.progress(
        "voted on \(Format.grouped(start + places.count)) of \(Format.grouped(missing.count)) pairs")
      if interrupt.isAsked, start + places.count < missing.count {
        Terminal.endProgress()
        Terminal.note("Stopped. Run the same command again to go on.")
        throw ExitStatus.interrupted
      }
    }
    Terminal.endProgress()
    let votes = parts.asked.map { journal.votes[$0] ?? VoteCount(chosen: 0, valid: 0) }
    try AtomicFile.write(to: out) { output in
      for (place, count) in zip(parts.asked, votes) {
        try output.write(
          try loaded.pairs[place].line(of: count, by: estimator).encoded() + [UInt8(ascii: "\n")])
      }
    }
    try journal.remove()
    Terminal.write(summary(votes).rendered(as: format.format))
  }

  /// The models in the order in which they vote: each judge anew for every vote, so that one that draws by its seed answers
  /// anew.
  private func panel() async throws -> [any PreferenceModel] {
    guard estimator == .repeated else {
      let workplace = try Workplace(dataRoot: data.dataRoot, seed: seed)
      var models: [any PreferenceModel] = []
      for name in judge { models += try await self.models(name, workplace) }
      return models
    }
    var panel: [any PreferenceModel] = []
    for number in 0..<judges {
      let workplace = try Workplace(dataRoot: data.dataRoot, seed: seed &+ UInt64(number / judge.count))
      let models = try await models(judge[number % judge.count], workplace)
      guard models.count == 1 else {
        throw UsageError(
          "'\(judge[number % judge.count])' names \(models.count) models; name one per --judge.")
      }
      panel += models
      // A model that does not draw is the same each time, and is made once.
      if number + 1 == 2 * judge.count,
        panel.prefix(judge.count).map(\.card.fingerprint) == panel.suffix(judge.count).map(\.card.fingerprint)
      {
        return Array(panel.prefix(judge.count))
      }
    }
    return panel
  }

  /// The models of a string; recordings are matched to the benchmarks that the pairs come from.
  private func models(_ name: String, _ workplace: Workplace) async throws -> [any PreferenceModel] {
    let models = try await workplace.models(name)
    guard models.contains(where: { $0 is any Recording }) else { return models }
    let examples = try data.benchmarks(workplace).flatMap { try $0.allExamples() }
    return try models.map { model in
      try (model as? any Recording).map { try RecordedPairs($0, of: examples) } ?? model
    }
  }

  private func summary(_ votes: [VoteCount]) -> Table {
    let known = votes.compactMap(\.share)
    let count = Double(max(1, known.count))
    let margin = known.reduce(0) { $0 + abs(2 * $1 - 1) } / count
    let sides = known.filter { $0 != 0.5 }
    let agree = sides.isEmpty ? nil : Double(sides.filter { $0 > 0.5 }.count) / Double(sides.count)
    let unanimous = Double(known.filter { $0 == 0 || $0 == 1 }.count) / count
    let valid = votes.reduce(0) { $0 + $1.valid }
    return Table(
      title: "votes · \(estimator.rawValue) · \(judge.joined(separator: ", ")) · \(out)",
      columns: [
        .init("pairs", isNumeric: true), .init("valid votes", isNumeric: true),
        .init("without", field: "pairs_without_votes", isNumeric: true),
        .init("mean margin", isNumeric: true),
        .init("unanimous", isNumeric: true), .init("majority with the label", isNumeric: true),
      ],
      rows: [
        [
          .integer(votes.count), .integer(valid), .integer(votes.count - known.count),
          .number(known.isEmpty ? nil : margin, decimals: 4),
          Board.cell(known.isEmpty ? nil : unanimous, .share), Board.cell(agree, .share),
        ]
      ])
  }
}
