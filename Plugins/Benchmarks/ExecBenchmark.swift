public import Hustings
import HustingsData
import HustingsMetrics
public import HustingsProcess

/// Examples printed by a command, as JSON lines: a benchmark in any language.
///
/// The command is run to its end each time the examples are read, and must print the same ones each time. A row is one of
/// `pairs:FILE` (`prompt`, `chosen`, `rejected`) or of `rankings:FILE` (`prompt`, `responses`, and `ranks`, `ranking` or
/// `ratings`). A last row `{"type": "end", "count": N}` says how many there were, so that a command that stops early is
/// noticed; it is optional. Any exit code but 0 is an error, and so is a line that is no row. docs/exec-models.md.
///
/// Rules. The headline is the share of pairs of different rank that a model orders alike; a tie is half, and an
/// abstention is left out and shown as missing coverage.
public enum ExecBenchmark {
  /// `exec:COMMAND`.
  public static let plugin = BenchmarkPlugin(
    name: "exec", usage: "exec:COMMAND", summary: "examples that a command prints as JSON lines"
  ) { argument, context in
    let command = argument ?? ""
    let card = BenchmarkCard(
      name: command.isEmpty ? "exec" : "exec:\(command)", version: "exec/1",
      summary: "examples printed by a command", source: command, licence: "the command's own", ties: .half,
      failures: .excluded,
      aggregation: "every pair of responses of different rank counts the same")
    let metrics: [any Metric] = [
      PreferencePairs("accuracy", ties: .half, failures: .excluded),
      RankAgreement("Kendall tau-b", .kendall), RankAgreement("Spearman rho", .spearman),
    ]
    return FileBenchmark(card, metrics: metrics) { sink in
      guard command.contains(where: { !$0.isWhitespace }) else {
        throw BenchmarkError.needsFile(usage: "exec:COMMAND")
      }
      var index = 0
      var end: Int?
      try CommandOutput.lines(of: command, environment: context.environment) { line, number in
        let name = "line \(number) of what '\(command)' prints"
        let row = try JSONNode.parse(line, name: name)
        guard end == nil else {
          throw row.fault("type", .notAllowed(found: "a row after the end", expected: "the last one"))
        }
        if try row.optionalString("type") == "end" {
          end = try row.integer("count")
          if end != index {
            throw ExecBenchmarkFault.wrongCount(command: command, said: end ?? 0, given: index)
          }
          return
        }
        let isRanking = try row.member("responses") != nil
        try sink.put(
          isRanking
            ? RankingsFile.example(row, index: index) : PairRow(row, index: index, subset: "all").example(),
          at: row.place)
        index += 1
      }
    }
  }
}

/// What can go wrong with a command that prints examples.
public enum ExecBenchmarkFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// It failed.
  case failed(command: String, ending: ChildEnding, lastWords: String)
  /// It printed another number of examples than it says.
  case wrongCount(command: String, said: Int, given: Int)

  /// One sentence or two.
  public var description: String {
    switch self {
    case .failed(let command, let ending, let words):
      "The command '\(command)' \(ending), so its examples may not be complete."
        + (words.isEmpty ? "" : " It last wrote: '\(words)'.") + " Run it by hand to see why."
    case .wrongCount(let command, let said, let given):
      "The command '\(command)' says that it printed \(said) examples, and \(given) came. Run it by hand to see why."
    }
  }
}
