import Hustings
import HustingsData

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
