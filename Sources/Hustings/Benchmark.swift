/// What an equal margin counts as. Declared by each benchmark, never defaulted.
public enum TieRule: String, Sendable, Hashable {
  /// A tie is no win.
  case loss
  /// A tie is half a win.
  case half
  /// The responses that share the top split one point.
  case shared
  /// A tie is the verdict for the second candidate, as when code tests `a > b` and takes b otherwise.
  case secondWins
}

/// What an abstention counts as. Invalid replies and errors are always left out and shown as missing coverage.
public enum FailureRule: String, Sendable, Hashable {
  /// An abstention is no win.
  case loss
  /// An abstention is left out of the value and shown as missing coverage.
  case excluded
}

/// What a benchmark's responses are.
public enum Content: String, Sendable, Hashable {
  /// Texts, which any model can read.
  case texts
  /// Names alone, where the texts may not be had: only recordings and raters can be measured.
  case names
  /// Texts, and items of which only names may be had, told by a prompt without messages: nobody but recordings is asked about
  /// those.
  case mixed
}

/// Who a benchmark is.
public struct BenchmarkCard: Sendable, Hashable {
  /// The name on the command line.
  public let name: String
  /// The version of the definition: it changes when scoring or reading does, and results of two versions never mix.
  public let version: String
  /// One sentence: what it measures.
  public let summary: String
  /// Where it comes from: paper or repository.
  public let source: String
  /// The licence of its data.
  public let licence: String
  /// What its responses are.
  public let content: Content
  /// What an equal margin counts as.
  public let ties: TieRule
  /// What an abstention counts as.
  public let failures: FailureRule
  /// How items become the headline number, in words.
  public let aggregation: String
  /// Who judges what models write, in a contest; nil where models are measured against a key.
  public let judge: ModelCard?

  /// A benchmark's card.
  public init(
    name: String, version: String, summary: String, source: String, licence: String,
    content: Content = .texts, ties: TieRule, failures: FailureRule, aggregation: String,
    judge: ModelCard? = nil
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.source = source
    self.licence = licence
    self.content = content
    self.ties = ties
    self.failures = failures
    self.aggregation = aggregation
    self.judge = judge
  }

  /// The card of the same benchmark before the given judge.
  public func judged(by judge: ModelCard) -> BenchmarkCard {
    BenchmarkCard(
      name: name, version: version, summary: summary, source: source, licence: licence, content: content,
      ties: ties, failures: failures, aggregation: aggregation, judge: judge)
  }

  /// The card of the same benchmark with other contents.
  public func showing(_ content: Content) -> BenchmarkCard {
    BenchmarkCard(
      name: name, version: version, summary: summary, source: source, licence: licence, content: content,
      ties: ties, failures: failures, aggregation: aggregation, judge: judge)
  }
}

/// A set of examples and the numbers reported over them.
public protocol Benchmark: Sendable {
  /// Who it is, with its rules.
  var card: BenchmarkCard { get }
  /// What it reports. The first is the headline: boards are ordered by it and comparisons test it.
  var metrics: [any Metric] { get }
  /// Reads the examples and hands over each in turn. Reading twice gives the same examples in the same order.
  func examples(_ body: (Example) throws -> Void) throws
}

extension Benchmark {
  /// All examples at once; convenient for small sets.
  public func allExamples() throws -> [Example] {
    var all: [Example] = []
    try examples { all.append($0) }
    return all
  }
}
