public import Hustings
public import HustingsReports

/// A question that an experiment answers, by training several models on the same data or by simulation, with the command that prints
/// the numbers.
public struct Study: Sendable {
  /// Its name on the command line.
  public let name: String
  /// One sentence: what it asks.
  public let summary: String
  /// The study under some settings.
  public let run: @Sendable (StudySettings) async throws -> StudyReport

  /// A study.
  public init(
    name: String, summary: String,
    run: @escaping @Sendable (StudySettings) async throws -> StudyReport
  ) {
    self.name = name
    self.summary = summary
    self.run = run
  }

  /// Every study, in the order of the findings.
  public static let all: [Study] = [
    .cycles, .transitive, .margins, .disagreement, .population, .transfer, .queries, .gate,
  ]
}

/// What a study is run with.
public struct StudySettings: Sendable {
  /// The seeds, one repetition each.
  public var seeds: [UInt64]
  /// Threads; they change no number, but for measured times.
  public var workers: Int
  /// Where data lie.
  public var context: BenchmarkContext
  /// Models to leave out of recorded preferences; nil for those that are known to be adversarial.
  public var without: [String]?
  /// Told what is being done.
  public var progress: @Sendable (String) -> Void
  /// Seconds since any fixed moment, for studies that measure time.
  public var clock: @Sendable () -> Double

  /// Settings of a study.
  public init(
    seeds: [UInt64], workers: Int, context: BenchmarkContext, without: [String]? = nil,
    progress: @escaping @Sendable (String) -> Void, clock: @escaping @Sendable () -> Double
  ) {
    precondition(!seeds.isEmpty, "a study without a seed")
    self.seeds = seeds
    self.workers = workers
    self.context = context
    self.without = without
    self.progress = progress
    self.clock = clock
  }
}

/// What a study found.
public struct StudyReport: Sendable {
  /// The numbers.
  public var tables: [Table]
  /// What was expected of them, and whether it is so.
  public var claims: [Claim]

  /// A report.
  public init(tables: [Table], claims: [Claim] = []) {
    self.tables = tables
    self.claims = claims
  }

  /// The claims as a table; nil without any.
  public var verdicts: Table? {
    guard !claims.isEmpty else { return nil }
    return Table(
      title: "Claims", columns: [.init("claim"), .init("holds"), .init("by")],
      rows: claims.map { [.text($0.statement), .text($0.holds ? "yes" : "no"), .text($0.evidence)] })
  }
}

/// An expectation of a study's numbers.
public struct Claim: Sendable, Hashable {
  /// What is expected.
  public let statement: String
  /// Whether it is so.
  public let holds: Bool
  /// The numbers that say so.
  public let evidence: String

  /// A claim with the numbers that decide it.
  public init(_ statement: String, _ holds: Bool, _ evidence: String) {
    self.statement = statement
    self.holds = holds
    self.evidence = evidence
  }
}
