import ArgumentParser
import BenchmarkPlugins
import Foundation
import HustingsData
import HustingsMetrics
import HustingsReports
import HustingsStatistics

/// `hustings arena`
struct ArenaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena",
    abstract: "Rate models from votes between them: Bradley–Terry with intervals and ranks, and Elo.",
    discussion: """
      A vote names two models and who won (model_a, model_b, winner). Ratings are Bradley–Terry's, ties counting half, 400 points \
      being odds of ten to one. Votes on one prompt (question_id) are resampled together. With --reference the table is compared \
      with another one: agreement, agreement where the reference is sure, and how well the resamples forecast it.

        hustings arena --battles votes.jsonl --anchor gpt-4=1000
      """)

  @Option(name: .long, help: "A file of votes (CSV, JSON or JSON lines).", completion: .file())
  var battles: String

  @Option(
    name: .long, help: "The model that is pinned and its points, as NAME=POINTS. Without it the mean is 1000."
  )
  var anchor: String?

  @Option(name: .long, help: "How many resamples to take.")
  var rounds = 100

  @Option(name: .long, help: "What the resamples are a function of.")
  var seed: UInt64 = 0

  @Option(
    name: .long, help: "A table to compare with: CSV of model, score, lower, upper.",
    completion: .file(extensions: ["csv"]))
  var reference: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard rounds >= 2 else { throw ValidationError("--rounds takes a number from 2 on.") }
  }

  func run() throws {
    let workplace = try Workplace(data: data, seed: seed)
    let battles = try ArenaBattles(workplace.resolved(self.battles))
    guard battles.models.count > 1 else {
      throw InvalidRequest("\(self.battles) holds no vote with a winner, so nothing was measured.")
    }
    let (pinned, points) = try pin(battles.models)
    guard
      let ratings = ArenaRatings(
        models: battles.models.count, votes: battles.meetings, clusters: battles.clusters,
        anchor: pinned ?? 0,
        at: points, rounds: rounds, seed: seed)
    else {
      throw InvalidRequest(
        "No finite ratings fit these votes: some models never won or never lost against the others. Leave them out, or "
          + "collect more votes.")
    }
    let arena = ArenaTable(battles, pinned == nil ? ratings.centred(at: points) : ratings)
    guard let table = try arena.table(reference: reference.map { try ArenaReference(workplace.resolved($0)) })
    else {
      throw InvalidRequest("No resample of these votes has finite ratings, so there is no interval to give.")
    }
    Terminal.write(table.rendered(as: format.format))
  }

  /// The place of the pinned model, and its points.
  private func pin(_ models: [String]) throws -> (place: Int?, points: Double) {
    guard let anchor else { return (nil, 1000) }
    guard let equals = anchor.lastIndex(of: "="), let points = Double(anchor[anchor.index(after: equals)...]),
      points.isFinite
    else { throw UsageError("'\(anchor)' is no anchor. Write NAME=POINTS, such as gpt-4=1000.") }
    let name = String(anchor[..<equals])
    guard let place = models.firstIndex(of: name) else {
      throw UsageError("No vote is about '\(name)'. The models are \(models.joined(separator: ", ")).")
    }
    return (place, points)
  }
}

/// A table of scores with intervals.
struct ArenaReference {
  let standings: [String: ArenaAgreement.Standing]

  init(_ file: String) throws {
    var standings: [String: ArenaAgreement.Standing] = [:]
    for row in try CSVTable.read(file).rows {
      let (low, high) = (try row.double("lower"), try row.double("upper"))
      guard low <= high else {
        throw InvalidRequest("\(row.place): the interval from \(low) to \(high) is upside down. Correct it.")
      }
      standings[try row.string("model")] = .init(score: try row.double("score"), interval: low...high)
    }
    self.standings = standings
  }
}

/// An arena's models with their ratings.
struct ArenaTable {
  private let battles: ArenaBattles
  private let ratings: ArenaRatings

  init(_ battles: ArenaBattles, _ ratings: ArenaRatings) {
    self.battles = battles
    self.ratings = ratings
  }

  /// The table, best model first; nil without a usable resample.
  func table(reference: ArenaReference?) -> Table? {
    guard let standings = ratings.standings(level: 0.95) else { return nil }
    let elo = ArenaElo().ratings(
      models: battles.models.count,
      after: battles.meetings.map { .init(first: $0.first, second: $0.second, outcome: $0.outcome) })
    var votes = [Int](repeating: 0, count: battles.models.count)
    for meeting in battles.meetings {
      votes[meeting.first] += 1
      votes[meeting.second] += 1
    }
    let order = battles.models.indices.sorted { ratings.ratings[$0] > ratings.ratings[$1] }
    let rows = order.map { model -> [Table.Cell] in
      let interval = standings[model].interval
      return [
        .integer(standings[model].rank), .text(battles.models[model]),
        .number(ratings.ratings[model], decimals: 1),
        Table.Cell(
          "[\(Format.decimal(interval.low, 1)), \(Format.decimal(interval.high, 1))]",
          .list([.number(interval.low), .number(interval.high)])),
        .number(standings[model].variance, decimals: 2), .integer(votes[model]),
        .number(elo[model], decimals: 1),
      ]
    }
    return Table(
      title: "\(Format.grouped(battles.votes.count)) votes between \(battles.models.count) models",
      columns: [
        .init("rank", isNumeric: true), .init("model"), .init("rating", isNumeric: true),
        .init("95 %", field: "interval", isNumeric: true), .init("variance", isNumeric: true),
        .init("votes", isNumeric: true), .init("elo", isNumeric: true),
      ], rows: rows, notes: notes(standings, reference))
  }

  private func notes(_ standings: [ArenaStanding], _ reference: ArenaReference?) -> [String] {
    let intervals = standings.map { $0.interval.low...$0.interval.high }
    var notes = [
      "A rank is one more than the number of models whose interval lies wholly above. Elo (K = 4) depends on the order of the "
        + "votes, and ratings do not."
    ]
    if let share = ArenaSeparability(intervals).share {
      notes.append("Separability: \(Format.percent(share)) % of pairs have intervals that do not overlap.")
    }
    notes.append(
      battles.knowsPrompts
        ? "Votes on one prompt are resampled together." : "Each vote is resampled by itself.")
    if battles.unreadable > 0 { notes.append("\(battles.unreadable) votes without a winner are left out.") }
    if ratings.undefinedRounds > 0 {
      notes.append("\(ratings.undefinedRounds) resamples have no finite ratings and are left out.")
    }
    if let reference { notes += agreement(intervals, reference) }
    return notes
  }

  private func agreement(_ intervals: [ClosedRange<Double>], _ reference: ArenaReference) -> [String] {
    let shared = battles.models.indices.filter { reference.standings[battles.models[$0]] != nil }
    guard shared.count > 1 else { return ["The reference has fewer than two of these models."] }
    let theirs = shared.compactMap { reference.standings[battles.models[$0]] }
    let ours = shared.map {
      ArenaAgreement.Standing(score: ratings.ratings[$0], interval: intervals[$0])
    }
    let forecast = ArenaAgreement.Forecast(
      replicates: shared.map { ratings.replicates[$0] }, reference: theirs.map(\.score),
      order: Array(shared.indices))
    let lines: [(String, Double?)] = [
      ("same order", ArenaAgreement.strict(ours.map(\.score), theirs.map(\.score))),
      ("agreement where the reference is sure", ArenaAgreement.confident(ours, theirs)),
      ("Spearman", Correlation.spearman.value(theirs.map(\.score), ours.map(\.score))),
      ("Brier", forecast?.brier), ("log-loss", forecast?.logLoss),
    ]
    let told = lines.compactMap { name, value in value.map { "\(name) \(Format.decimal($0, 4))" } }
    return ["Against the reference, on \(shared.count) models: \(told.joined(separator: ", "))."]
  }
}
