import Hustings
import HustingsData

/// A contest whose judgments were all recorded elsewhere: nobody can be asked.
struct RecordedContest: Contest {
  let card: BenchmarkCard
  let metrics: [any Metric]
  private let items: @Sendable () throws -> [Example]
  private let read: @Sendable (_ file: String) throws -> [ContestRecord]

  /// - Parameters:
  ///   - items: the examples, read anew each time.
  ///   - read: the records of a file.
  init(
    _ card: BenchmarkCard, metrics: [any Metric], items: @escaping @Sendable () throws -> [Example],
    read: @escaping @Sendable (_ file: String) throws -> [ContestRecord]
  ) {
    self.card = card
    self.metrics = metrics
    self.items = items
    self.read = read
  }

  func examples(_ body: (Example) throws -> Void) throws { for example in try items() { try body(example) } }

  func judged(by judge: ModelCard) -> any Contest {
    RecordedContest(card.judged(by: judge), metrics: metrics, items: items, read: read)
  }

  func showsSeatFirst(_ prompt: Prompt) -> Bool? { nil }

  func responses(_ file: String) throws -> ContestResponses {
    throw BenchmarkError.recordedOnly(benchmark: card.name)
  }

  func records(_ file: String) throws -> [ContestRecord] { try read(file) }
}

/// The judgments of a file by who is judged and who judges, in the order in which they first come.
struct RecordGroups<Row> {
  private struct Name: Hashable {
    let judge: String
    let author: String?
  }

  private var order: [Name] = []
  private var rows: [Name: [Row]] = [:]

  mutating func add(_ row: Row, judge: String, author: String?) {
    let name = Name(judge: judge, author: author)
    if rows[name] == nil { order.append(name) }
    rows[name, default: []].append(row)
  }

  /// One element per judge and author.
  var groups: [(judge: String, author: String?, rows: [Row])] {
    order.map { ($0.judge, $0.author, rows[$0] ?? []) }
  }
}

extension ModelCard {
  /// A judge of whom nothing but the name is known, among the judges of one project.
  static func recordedJudge(_ name: String, of project: String) -> ModelCard {
    ModelCard(
      name: name, kind: .judge, revision: "recorded", fingerprint: SHA256.digest("\(project) judge/1/\(name)")
    )
  }
}
