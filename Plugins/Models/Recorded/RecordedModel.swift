public import Hustings
import HustingsData

/// A model whose answers were written to a file before: rewards, verdicts in either order, or picks.
///
/// Rows are matched by the item's identity and the response's, its candidate name or its text's digest, never by
/// position. A row for something the benchmark does not have is an error, and so is a row that is missing unless that
/// is allowed.
public struct RecordedModel: Recording {
  /// Who it is: the fingerprint covers the file's bytes, the model's name in it and the adapter's version.
  public let card: ModelCard
  private let source: RecordedFile
  private let rows: RecordedRows

  /// Raised whenever the same file gives other answers than before.
  static let adapterVersion = "recorded/1"

  init(_ rows: RecordedRows, of source: RecordedFile, digest: Digest) {
    self.rows = rows
    self.source = source
    var identity = SHA256()
    identity.updateFramed(Self.adapterVersion)
    identity.update(digest)
    identity.updateFramed(rows.name)
    let kind: ModelKind =
      switch rows.kind {
      case .rewards: .reward
      case .judgments(_, let areVerdicts): areVerdicts ? .judge : .pairwise
      case .picks: .judge
      }
    card = ModelCard(
      name: rows.name, kind: kind, revision: digest.short, fingerprint: identity.finalize(),
      readsTexts: false,
      settings: ["file": source.file, "adapter": Self.adapterVersion])
  }

  /// A recording knows items by name only, so it cannot judge before it is matched.
  public func judge(_ slates: [Slate]) async throws -> [Tournament] {
    guard let first = slates.first else { return [] }
    throw RecordingError.unmatched(model: card.name, item: first.id)
  }

  /// The recording as a model of the benchmark with these keys.
  public func matched(to keys: [AnswerKey], allowsMissing: Bool) throws -> any PreferenceModel {
    let items = ItemMatch(source.items, keys: keys)
    switch rows.kind {
    case .rewards(let rewards):
      return try MatchedRewards(
        rewards, of: self, source: source, items: items, keys: keys, allowsMissing: allowsMissing)
    case .judgments(let judgments, let areVerdicts):
      return try MatchedJudgments(
        judgments, areVerdicts: areVerdicts, of: self, source: source, items: items, keys: keys,
        allowsMissing: allowsMissing)
    case .picks(let picks):
      return try MatchedJudgments(
        picks: picks, of: self, source: source, items: items, keys: keys, allowsMissing: allowsMissing)
    }
  }
}

/// Which of a benchmark's keys each item of a file is.
///
/// An item may be named without what stands before its last `/`, as RewardBench's ids without their subset, when only
/// one of the benchmark's items ends so.
struct ItemMatch {
  /// The benchmark's items: the place of an item is the position of its key.
  let keyed: NameTable
  private let ofItem: [Int32]

  init(_ items: NameTable, keys: [AnswerKey]) {
    var keyed = NameTable()
    keyed.reserveCapacity(keys.count)
    for key in keys { _ = keyed.insert(key.item) }
    var short: [Substring: Int32]?
    ofItem = items.names.enumerated().map { place, name in
      // A file in the benchmark's order needs no looking up.
      if place < keys.count, sameBytes(keys[place].item, name) { return Int32(place) }
      if let position = keyed.place(of: name) { return Int32(position) }
      let byEnd = short ?? ItemMatch.shortNames(keys)
      short = byEnd
      return byEnd[name[...]] ?? -1
    }
    self.keyed = keyed
  }

  private static func shortNames(_ keys: [AnswerKey]) -> [Substring: Int32] {
    var names: [Substring: Int32] = [:]
    for (index, key) in keys.enumerated() {
      guard let slash = key.item.lastIndex(of: "/") else { continue }
      let name = key.item[key.item.index(after: slash)...]
      names[name] = names[name] == nil ? Int32(index) : -1
    }
    return names
  }

  /// The position of the key of an item; nil when the benchmark has no such item.
  func key(of item: Int32) -> Int? {
    let position = ofItem[Int(item)]
    return position < 0 ? nil : Int(position)
  }
}
