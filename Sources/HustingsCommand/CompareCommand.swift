import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// `hustings compare`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models item by item: the difference, its interval, and what flipped.",
    discussion: """
      Models are named as boards name them, or by the first digits of their fingerprint. Both must have run on the same benchmark
      identity: results of different items, versions or tie rules are refused with exit code 3.
      """)

  @Argument(
    help: "The model to compare against, as boards name it, by its fingerprint, or as checkpoint:FOLDER.")
  var baseline: String

  @Argument(help: "The model to compare.")
  var candidate: String

  @Option(name: .long, help: "A benchmark; every one that both models ran on when none is given.")
  var benchmark: [String] = []

  @Option(name: .long, help: "Print the first N items that flipped, as a worklist.")
  var flips: Int?

  @Option(name: .long, help: "How many bootstrap resamples to take.")
  var resamples = 10_000

  @Option(name: .long, help: "What the resamples are a function of.")
  var seed: UInt64 = 0

  @Option(name: .long, help: "Write to a file instead of the terminal.", completion: .file())
  var out: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard resamples >= 100 else { throw ValidationError("--resamples takes a number from 100 on.") }
  }

  func run() throws {
    let results = try StoredResults(store)
    let workplace = try Workplace(data: data, seed: seed)
    let pairing = try Pairing(results, baseline: baseline, candidate: candidate, benchmarks: benchmark)
    var parts: [String] = []
    for record in pairing.shared {
      let keys = try results.store.keys(of: record.benchmark.identity)
      let comparison = Comparison(
        try workplace.definition(of: record.benchmark.card, named: benchmark), card: record.benchmark.card,
        identity: record.benchmark.identity,
        baseline: Board.Entry(
          card: pairing.baseline, trials: try results.store.trials(of: record.baseline, keys: keys)),
        candidate: Board.Entry(
          card: pairing.candidate, trials: try results.store.trials(of: record.candidate, keys: keys)),
        resampling: Comparison.Resampling(replicates: resamples, seed: seed))
      guard let comparison else {
        throw InvalidRequest("The two models share no answered item of \(record.benchmark.card.name).")
      }
      parts.append(comparison.table.rendered(as: format.format))
      if let flips { parts.append(comparison.worklist(limit: flips).rendered(as: format.format)) }
    }
    try Output.write(Output.join(parts, format.format), to: out)
  }
}

/// The runs of two models that may be compared.
struct Pairing {
  struct Shared {
    let benchmark: BenchmarkRecord
    let baseline: Run
    let candidate: Run
  }

  let baseline: ModelCard
  let candidate: ModelCard
  let shared: [Shared]

  init(_ results: StoredResults, baseline: String, candidate: String, benchmarks names: [String]) throws {
    let baseline = try results.model(baseline)
    let candidate = try results.model(candidate)
    self.baseline = baseline
    self.candidate = candidate
    let records = try results.benchmarks(named: names)
    var shared: [Shared] = []
    var apart: [(name: String, mine: BenchmarkRecord, yours: BenchmarkRecord)] = []
    var mine: [BenchmarkRecord] = []
    var yours: [BenchmarkRecord] = []
    for record in records {
      let runs = try results.latestRuns(of: record)
      let one = runs.first { $0.model == baseline.fingerprint }
      let other = runs.first { $0.model == candidate.fingerprint }
      if let one, let other {
        shared.append(Shared(benchmark: record, baseline: one, candidate: other))
      } else if one != nil {
        mine.append(record)
      } else if other != nil {
        yours.append(record)
      }
    }
    for a in mine {
      for b in yours where a.card.name == b.card.name { apart.append((a.card.name, a, b)) }
    }
    guard !shared.isEmpty else {
      if let (_, a, b) = apart.first {
        throw InvalidRequest(Pairing.refusal(a, b, baseline.name, candidate.name))
      }
      let place = names.isEmpty ? "any benchmark" : names.joined(separator: " or ")
      throw InvalidRequest(
        "\(baseline.name) and \(candidate.name) have no runs on \(place) in common. Run both on it first.")
    }
    self.shared = shared
  }

  private static func refusal(
    _ a: BenchmarkRecord, _ b: BenchmarkRecord, _ baseline: String, _ candidate: String
  ) -> String {
    let difference: String
    if a.card.version != b.card.version {
      difference = "the versions differ, \(a.card.version) and \(b.card.version)"
    } else if a.card.ties != b.card.ties || a.card.failures != b.card.failures {
      difference = "the rules for ties or abstentions differ"
    } else if a.itemCount != b.itemCount {
      difference = "one has \(a.itemCount) items and the other \(b.itemCount)"
    } else {
      difference = "the items differ"
    }
    return "\(baseline) ran on \(a.card.name) \(a.identity.short) and \(candidate) on \(b.identity.short): "
      + "\(difference), so a comparison would mean nothing. Run both on one of them."
  }
}
