import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsReports
import Studies

/// `hustings study`
struct StudyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract:
      "Answer a question by experiment: train models that differ in one thing, or simulate, and print the numbers.",
    discussion: """
      \(Study.all.map { "  \($0.name.padding(toLength: 14, withPad: " ", startingAt: 0))\($0.summary)" }.joined(separator: "\n"))

      Every number is a function of the seeds and the data, but for the times of queries. The claims at the end are what was expected of
      the numbers; --strict makes one that does not hold end with exit code 1. docs/findings.md is made of these tables.

        hustings study cycles --seeds 5
        hustings study queries --format csv
      """)

  @Argument(help: "Studies; all when none is given.")
  var names: [String] = []

  @Option(name: .long, help: "How many repetitions, with seeds one apart.")
  var seeds = 5

  @Option(name: .long, help: "The first seed.")
  var seed: UInt64 = 1

  @Option(
    name: .long,
    help: """
      For population and transfer: models whose responses are left out, with commas between them. Default: the two entries of AlpacaEval 2 \
      that were made to please its judge, NullModel and gpt4_gamed, where they are there.
      """)
  var without: String?

  @Option(name: .long, help: "Threads. They change no number but measured times.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .long, help: "Exit with 1 when a claim does not hold.")
  var strict = false

  @Option(name: .long, help: "The file to write; standard output when none is given.", completion: .file())
  var out: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard (1...1000).contains(seeds) else {
      throw ValidationError("--seeds takes a number from 1 to 1000, not \(seeds).")
    }
    guard threads >= 1 else { throw ValidationError("--threads takes a number from 1 on, not \(threads).") }
  }

  func run() async throws {
    let chosen = try names.isEmpty ? Study.all : names.map(StudyCommand.study)
    let workplace = try Workplace(data: data, seed: seed)
    let start = ContinuousClock.now
    let settings = StudySettings(
      seeds: (0..<UInt64(seeds)).map { seed &+ $0 }, workers: threads, context: workplace.benchmarkContext,
      without: without?.split(separator: ",").map(String.init), progress: { Terminal.progress($0) },
      clock: {
        let elapsed = start.duration(to: .now).components
        return Double(elapsed.seconds) + 1e-18 * Double(elapsed.attoseconds)
      })
    var parts: [String] = []
    var failed = 0
    for study in chosen {
      let report = try await study.run(settings)
      Terminal.endProgress()
      var tables = report.tables
      if let verdicts = report.verdicts { tables.append(verdicts) }
      failed += report.claims.count { !$0.holds }
      parts += tables.map { $0.rendered(as: format.format) }
    }
    try Output.write(Output.join(parts, format.format), to: out)
    if strict, failed > 0 { throw ExitStatus.regressed }
  }

  private static func study(_ name: String) throws -> Study {
    guard let study = Study.all.first(where: { $0.name == name }) else {
      let known = Study.all.map(\.name)
      let hint = nearestName(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
      throw UsageError("There is no study '\(name)'.\(hint) Choose from \(known.joined(separator: ", ")).")
    }
    return study
  }
}
