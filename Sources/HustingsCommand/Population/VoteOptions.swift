import ArgumentParser
import EncoderPlugins
import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsTraining
import Populations

/// Which votes, and by what kind of policy they are to be explained.
struct VoteOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "A file of votes: JSON lines or JSON, plain or gzip. docs/populations.md has its fields.",
    completion: .file(extensions: ["jsonl", "json", "gz"]))
  var data: String

  @Option(
    name: .long, help: "The folder of data sets. Default: $HUSTINGS_DATA, else the user's cache folder.",
    completion: .directory)
  var dataRoot: String?

  @Option(
    name: .long,
    help: """
      table: a score per response, nothing shared between prompts; linear: a weight per feature; neural: one hidden layer. \
      Default: linear where there are features or an encoder is named, else table where prompts have ten votes a response, \
      else linear on hashed+pca:64+standardise.
      """)
  var policy: PolicyKind?

  @Option(name: .long, help: "The encoder of responses. Default: the features in the file.")
  var encoder: String?

  @Option(name: .long, help: "Hidden units of a neural policy.")
  var hidden = 16

  @Option(
    name: .long,
    help: "How often evenly matched responses tie, as Davidson's ν. Default: from the share of ties.")
  var tieStrength: Double?

  @Option(name: .long, help: "What every random choice is a function of.")
  var seed: UInt64 = 0

  func validate() throws {
    guard hidden >= 1 else { throw ValidationError("--hidden takes a number from 1 on, not \(hidden).") }
    if let tieStrength, !(tieStrength > 0 && tieStrength.isFinite) {
      throw ValidationError("--tie-strength is above 0, not \(tieStrength).")
    }
  }

  /// The votes alone.
  func file() throws -> VotesFile {
    try VotesFile(try Workplace(data: dataOptions, seed: seed).resolved(data))
  }

  /// The votes and the family of policies; reads the file and encodes its responses.
  func load() async throws -> LoadedVotes {
    let workplace = try Workplace(data: dataOptions, seed: seed)
    let file = try file()
    let panel = file.panel
    let ratio = Double(panel.votes.count) / Double(max(1, panel.rowCount))
    var encoderName = encoder
    let kind: PolicyKind
    if let policy {
      kind = policy
    } else if encoder != nil || file.features != nil {
      kind = .linear
    } else {
      kind = ratio >= 10 ? .table : .linear
    }
    var family: any ScoreFamily = TableScores(rows: panel.rowCount)
    if kind != .table {
      let features: FeatureMatrix
      if encoder == nil, let given = file.features {
        features = given
        encoderName = nil
      } else {
        let name = encoder ?? "hashed+pca:64+standardise"
        encoderName = name
        let context = EncoderContext(seed: seed, environment: workplace.environment) {
          workplace.resolved($0)
        }
        let passages = panel.passages
        let fitted = try await Encoders.fit(name, on: passages, context: context)
        features = try await fitted.encode(passages)
      }
      if kind == .neural, features.sparseWidth > 0 {
        throw UsageError("A neural policy reads dense features; add +pca:64 to the encoder.")
      }
      family = kind == .linear ? LinearScores(features) : NeuralScores(features, hidden: hidden)
    }
    return LoadedVotes(
      file: file, family: family, kind: kind, encoder: encoderName,
      likelihood: VoteLikelihood(tieStrength: tieStrength ?? panel.tieStrength))
  }

  private var dataOptions: DataOptions {
    var options = DataOptions()
    options.data = dataRoot
    return options
  }
}

/// A kind of policy.
enum PolicyKind: String, ExpressibleByArgument, CaseIterable {
  case table, linear, neural
}

/// Votes with what explains them.
struct LoadedVotes {
  let file: VotesFile
  let family: any ScoreFamily
  let kind: PolicyKind
  let encoder: String?
  let likelihood: VoteLikelihood

  var panel: VotePanel { file.panel }

  /// The precision of the prior on parameters where none is named. A hundred weights on an encoder's features, or a score per
  /// response, fit the votes of few annotators too well without one that holds: then more types foretell no vote.
  var ridge: Double {
    if kind != .table, encoder != nil { return 1 }
    return kind == .linear ? 0.01 : 0.3
  }

  /// What the votes are and how they are explained, in one line.
  var words: String {
    let policy =
      switch kind {
      case .table: "a score per response"
      case .linear: "\(Format.grouped(family.parameterCount)) weights on \(encoder ?? "the file's features")"
      case .neural: "\(Format.grouped(family.parameterCount)) weights of a small network"
      }
    let counted = PopulationText.counted
    return
      "\(counted(panel.votes.count, "vote")) by \(counted(panel.annotators.count, "annotator")) on "
      + "\(counted(panel.menus.count, "prompt")) · policies of \(policy)"
  }

  /// The known group of every annotator, numbered by name; nil where the file names none.
  var groups: (names: [String], of: [Int?])? {
    let names = Set(panel.groups.compactMap { $0 }).sorted()
    guard !names.isEmpty else { return nil }
    return (names, panel.groups.map { group in group.flatMap { names.firstIndex(of: $0) } })
  }
}

/// A list of whole numbers as typed: `3`, `1..4` or `1,2,5`.
struct CountList: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    var values: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.components(separatedBy: "..")
      guard ends.count <= 2, let low = Int(ends[0]), let high = Int(ends[ends.count - 1]), low >= 1,
        low <= high,
        high <= 64
      else { return nil }
      values += low...high
    }
    guard !values.isEmpty else { return nil }
    self.values = Set(values).sorted()
  }
}

/// Numbers as typed: `1,1` or `0.5,2`.
struct NumberList: ExpressibleByArgument {
  let values: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    let values = parts.compactMap { $0 }
    guard values.count == parts.count, values.allSatisfy(\.isFinite) else { return nil }
    self.values = values
  }
}
