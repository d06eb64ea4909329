import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsRunner
import HustingsStore

/// `hustings run`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run models on benchmarks and record what comes of it.",
    discussion: """
      Items that have an answer in the store are not judged again. The null models run along, so that every board has its
      floor; --no-nulls leaves them out, and very large benchmarks need --nulls to have them. Ctrl-C ends a run with exit code
      130; the same command goes on from there.

        hustings run --benchmark judgebench --model 'recorded:judgebench/rm_scores.csv#*'
        hustings run --benchmark pairs:my.jsonl --model null:length
        hustings run --benchmark alpaca-eval --outputs mymodel=outputs.json --judge null:length
        hustings run --benchmark alpaca-eval --annotations annotations.json
      """)

  @Option(name: .long, help: "A benchmark; may be given more than once.")
  var benchmark: [String]

  @Option(name: .long, help: "A model, as one string; may be given more than once.")
  var model: [String] = []

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Run the null models too. Default: on benchmarks of up to \(RunCommand.nullLimit) items.")
  var nulls: Bool?

  /// Beyond so many items the null models take longer than everything else, and are run when asked for.
  static let nullLimit = 20_000

  @Option(
    name: .long, help: "For policy-arena: a folder of policies, or FOLDER#N; may be given more than once.")
  var policy: [String] = []

  @Option(
    name: .long,
    help: "Take the first N items only, as a benchmark of its own; for hidden-types, the number of seeds.")
  var limit: Int?

  @Option(name: .long, help: "Do part I of N, written I/N, to be merged afterwards.")
  var shard: String?

  @Option(name: .long, help: "What every random choice is a function of.")
  var seed: UInt64 = 0

  @Flag(name: .long, help: "Count an item without a row in a recording as an abstention.")
  var allowMissing = false

  @Flag(
    name: .long,
    help:
      "Keep the texts of the items in the store, for reports that show them. Mind their licence before sharing the store."
  )
  var keepTexts = false

  @OptionGroup(title: "Contests") var contest: ContestOptions
  @OptionGroup var calls: CallOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on.") }
  }

  func run() async throws {
    let calls = try CallDesk(calls, store: store.store)
    calls.answerInterrupts()
    let workplace = try Workplace(data: data, seed: seed, calls: calls)
    if benchmark.count == 1, model.isEmpty,
      let work = try await PolicyWork(
        benchmark[0], policies: policy, judge: contest.judge, limit: limit, workplace)
    {
      return try await run(work, calls)
    }
    guard policy.isEmpty else {
      throw UsageError("--policy belongs to --benchmark \(PolicyArena.name), alone.")
    }
    let benchmarks = try benchmark.map(workplace.benchmark)
    if !contest.isEmpty || benchmarks.contains(where: { $0 is any Contest }) {
      return try await runContests(benchmarks, workplace, calls)
    }
    // Recordings are read while the first benchmark is.
    async let reading = RunCommand.models(model, workplace)
    let first = Result { try Survey(of: benchmarks[0], limit: limit) }
    let named = try await reading
    do {
      let results = try await run(named, on: benchmarks, first: first, workplace, calls)
      await Lineup.close(named)
      try await calls.conclude(results)
    } catch {
      await Lineup.close(named)
      throw error
    }
  }

  private func run(
    _ named: [any PreferenceModel], on benchmarks: [any Benchmark], first: Result<Survey, any Error>,
    _ workplace: Workplace, _ calls: CallDesk
  ) async throws -> [RunResult] {
    guard !named.isEmpty || nulls != false else {
      throw UsageError("No model was named. Add --model, such as --model null:length.")
    }
    let report = calls.progress()
    defer { report.stop() }
    let runner = try runner(calls, report)
    var results: [RunResult] = []
    for (place, benchmark) in benchmarks.enumerated() {
      let survey = try place == 0 ? first.get() : Survey(of: benchmark, limit: limit)
      let wantsNulls = nulls ?? (survey.keys.count <= RunCommand.nullLimit || named.isEmpty)
      let models = try Lineup.models(
        named: named, for: benchmark, nulls: wantsNulls ? await workplace.models("null:*") : [])
      if nulls == nil, !wantsNulls {
        Terminal.note(
          "\(benchmark.card.name): null models are left out beyond \(Format.grouped(RunCommand.nullLimit)) items; "
            + "add --nulls to run them.")
      }
      if keepTexts { try await runner.keepTexts(of: benchmark, survey: survey) }
      let here = try await runner.run(benchmark, survey: survey, models: models)
      Terminal.endProgress()
      Terminal.write(RunSummary.table(benchmark.card, survey, here).rendered(as: format.format))
      results += here
    }
    return results
  }

  /// Policies that were made before anything was asked: their answers are recorded like any model's.
  private func run(_ work: PolicyWork, _ calls: CallDesk) async throws {
    let report = calls.progress()
    defer { report.stop() }
    let survey = try Survey(of: work.benchmark, limit: work.takesLimit ? limit : nil)
    let results = try await runner(calls, report).run(work.benchmark, survey: survey, models: work.models)
    Terminal.endProgress()
    let tables = work.tables ?? [PolicyWork.table(work.benchmark.card, survey, results, notes: work.notes)]
    Terminal.write(Output.join(tables.map { $0.rendered(as: format.format) }, format.format))
    try await calls.conclude(results)
  }

  private func runner(_ calls: CallDesk, _ report: CallProgress) throws -> Runner {
    Runner(
      store: try calls.store.opened(),
      options: Runner.Options(seed: seed, shard: try parsedShard(), allowsMissing: allowMissing),
      now: { Date() }, progress: { report.update($0) })
  }

  /// Contests have entrants in place of models.
  private func runContests(
    _ benchmarks: [any Benchmark], _ workplace: Workplace, _ calls: CallDesk
  ) async throws {
    let contests = benchmarks.compactMap { $0 as? any Contest }
    if let other = benchmarks.first(where: { !($0 is any Contest) }) {
      throw UsageError(
        "\(other.card.name) measures models against a key, so it takes --model, and no --outputs, --judge or --annotations."
      )
    }
    guard model.isEmpty else {
      throw UsageError(
        "\(contests[0].card.name) measures what models write. Name '\(model[0])' as --judge, or give responses as --outputs NAME=FILE."
      )
    }
    var plans: [ContestPlan] = []
    for each in contests {
      plans += try await ContestPlan.plans(each, contest, workplace, warn: { Terminal.note($0) })
    }
    let report = calls.progress()
    defer { report.stop() }
    let runner = try runner(calls, report)
    var results: [RunResult] = []
    for plan in plans {
      let survey = try Survey(of: plan.contest, limit: limit)
      let models = try Lineup.models(named: plan.entrants, for: plan.contest, nulls: [])
      if keepTexts { try await runner.keepTexts(of: plan.contest, survey: survey) }
      let here = try await runner.run(plan.contest, survey: survey, models: models)
      Terminal.endProgress()
      Terminal.write(RunSummary.table(plan.contest.card, survey, here).rendered(as: format.format))
      results += here
    }
    try await calls.conclude(results)
  }

  private static func models(_ names: [String], _ workplace: Workplace) async throws -> [any PreferenceModel]
  {
    var models: [any PreferenceModel] = []
    for name in names { models += try await workplace.models(name) }
    return models
  }

  private func parsedShard() throws -> Shard? {
    guard let shard else { return nil }
    let parts = shard.split(separator: "/").map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1] else {
      throw UsageError("'\(shard)' is no shard. Write I/N, such as 1/4.")
    }
    return try Shard(index, of: count)
  }
}

/// Which models run on a benchmark.
enum Lineup {
  /// Lets go of what models hold open, such as commands.
  static func close(_ models: [any PreferenceModel]) async {
    for model in models { await (model as? any ClosableModel)?.close() }
  }

  /// The models that were named, and the null models that were not; each once. Null models that read texts stay away from a
  /// benchmark that has none.
  static func models(
    named: [any PreferenceModel], for benchmark: any Benchmark, nulls: [any PreferenceModel]
  ) throws -> [any PreferenceModel] {
    var names: [Digest: String] = [:]
    for model in named {
      if let first = names.updateValue(model.card.name, forKey: model.card.fingerprint) {
        throw RunError.sameModelTwice(first: first, second: model.card.name)
      }
    }
    let floor = nulls.filter {
      names[$0.card.fingerprint] == nil && (benchmark.card.content != .names || !$0.card.readsTexts)
    }
    return named + floor
  }
}

/// What a run prints when it is done.
enum RunSummary {
  static func table(_ card: BenchmarkCard, _ survey: Survey, _ results: [RunResult]) -> Table {
    let headline = results.compactMap { $0.estimates.first?.metric }.first ?? "value"
    let columns: [Table.Column] = [
      .init("model"), .init("judged", isNumeric: true), .init("stored before", isNumeric: true),
      .init("failed", isNumeric: true), .init(headline, isNumeric: true),
      .init("95 %", field: "interval", isNumeric: true),
    ]
    let rows: [[Table.Cell]] = results.map { result in
      let first = result.estimates.first
      return [
        .text(result.card.name), .integer(result.judged), .integer(result.reused), .integer(result.failed),
        Board.cell(first?.estimate?.value, first?.unit ?? .number),
        Board.cell(interval: first?.estimate?.interval, first?.unit ?? .number),
      ]
    }
    let judged = results.reduce(0) { $0 + $1.judged }
    var notes: [String] = []
    if judged == 0, results.allSatisfy(\.run.isFinished) {
      notes.append("Everything was in the store already; nothing was judged again.")
    }
    if results.contains(where: { !$0.run.isFinished }) {
      notes.append(
        "Some runs are not finished: run the same command again to go on, or merge the other shards.")
    }
    return Table(
      title: card.title(items: survey.keys.count, identity: survey.identity),
      columns: columns, rows: rows, notes: notes)
  }
}
