import ArgumentParser
import Catalog
import Foundation
import Hustings
import HustingsData
import HustingsReports

/// `hustings data make`
struct DataMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Write the pairs to train on that belong to a benchmark, as JSON lines.",
    discussion: """
      The benchmarks cycles and subjectivity make their data from a seed, population holds recorded preferences; each has pairs
      for training that share no text and no instruction with its test, but for the subsets of cycles called seen-n.

        hustings data make cycles --out cycles.jsonl
        hustings data make subjectivity:pairs=2000,labels=3,judges=10,noise=1 --out votes.jsonl
        hustings data make population:fold=0,kind=baseline --out soft.jsonl
      """)

  @Argument(help: "A benchmark, with settings behind a colon.")
  var benchmark: String

  @Option(name: .long, help: "The file to write; a name that ends in .gz is compressed.", completion: .file())
  var out: String

  @Option(name: .long, help: "What random choices are a function of, unless the benchmark's settings say.")
  var seed: UInt64 = 0

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let workplace = try Workplace(data: data, seed: seed)
    let pairs = try workplace.trainingPairs(benchmark)
    guard !pairs.isEmpty else {
      throw InvalidRequest("\(benchmark) has no pair to train on. Check its settings.")
    }
    try PairLines.write(pairs, to: out)
    Terminal.write(DataMake.table(of: pairs, title: "\(out) · \(benchmark)").rendered(as: format.format))
  }

  /// What was written, by subset.
  private static func table(of pairs: [PreferencePair], title: String) -> Table {
    var subsets: [String] = []
    var groups: [String: [PreferencePair]] = [:]
    for pair in pairs {
      if groups[pair.subset] == nil { subsets.append(pair.subset) }
      groups[pair.subset, default: []].append(pair)
    }
    return Table(
      title: title,
      columns: [
        .init("subset"), .init("pairs", isNumeric: true), .init("prompts", isNumeric: true),
        .init("with votes", isNumeric: true), .init("with probability", isNumeric: true),
      ],
      rows: subsets.map { subset in
        let group = groups[subset] ?? []
        return [
          .text(subset), .integer(group.count), .integer(Set(group.map(\.cluster)).count),
          .integer(group.count { $0.votes != nil }), .integer(group.count { $0.probability != nil }),
        ]
      }, notes: ["\(Format.grouped(pairs.count)) pairs."])
  }
}

extension Workplace {
  /// The pairs to train on of a benchmark that has some, by `name` or `name:settings`.
  func trainingPairs(_ text: String) throws -> [PreferencePair] {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let plugin = Catalog.training.first(where: { $0.name == String(parts[0]) }) else {
      let known = Catalog.training.map(\.name).joined(separator: ", ")
      throw UsageError("'\(parts[0])' has no pairs of its own to train on. Choose one of \(known).")
    }
    return try plugin.pairs(parts.count > 1 ? String(parts[1]) : nil, benchmarkContext)
  }
}
