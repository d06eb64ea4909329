import Hustings
import HustingsData

/// Recorded rewards, laid out in the order of a benchmark's keys.
struct MatchedRewards: RewardModel, MatchedRecording {
  let card: ModelCard
  var needsTexts: Bool { !byDigest.isEmpty }
  private let keyed: NameTable
  /// Where each key's responses begin in `rewards`.
  private let starts: [Int32]
  private let rewards: [Double]
  private let states: [State]
  private let byDigest: [Int32: [DigestRow]]
  private let source: RecordedFile
  private let allowsMissing: Bool

  private enum State: UInt8 { case missing, empty, recorded }

  private struct DigestRow {
    let digest: Digest
    let line: Int32
    let reward: Double?
  }

  init(
    _ rows: [RewardRow], of model: RecordedModel, source: RecordedFile, items: ItemMatch, keys: [AnswerKey],
    allowsMissing: Bool
  ) throws {
    card = model.card
    keyed = items.keyed
    self.source = source
    self.allowsMissing = allowsMissing
    var slots: [Int32] = [0]
    var starts: [Int32] = [0]
    slots.reserveCapacity(keys.count + 1)
    starts.reserveCapacity(keys.count + 1)
    for key in keys {
      slots.append(slots[slots.count - 1] + Int32(key.names.count))
      starts.append(starts[starts.count - 1] + Int32(key.gold.count))
    }
    // One slot per candidate, because candidates with equal texts may have rows of their own.
    var values = [Double](repeating: 0, count: Int(slots[keys.count]))
    var states = [State](repeating: .missing, count: values.count)
    var byDigest: [Int32: [DigestRow]] = [:]
    for row in rows {
      guard let index = items.key(of: row.item) else {
        throw RecordingError.unknownItem(at: source.place(row.line), item: source.items[row.item])
      }
      let key = keys[index]
      let isNew: Bool
      switch try ResponseName(source.responses[row.response], in: key, at: source.place(row.line)) {
      case .candidate(let candidate):
        let slot = Int(slots[index]) + candidate
        isNew = states[slot] == .missing
        values[slot] = row.reward ?? 0
        states[slot] = row.reward == nil ? .empty : .recorded
      case .digest(let digest):
        isNew = byDigest[Int32(index)]?.contains { $0.digest == digest } != true
        byDigest[Int32(index), default: []].append(
          DigestRow(digest: digest, line: row.line, reward: row.reward))
      }
      guard isNew else {
        throw RecordingError.duplicateRow(
          at: source.place(row.line), item: key.item, response: source.responses[row.response],
          model: model.card.name)
      }
    }
    self.byDigest = byDigest
    self.starts = starts
    (rewards, self.states) = MatchedRewards.merged(values, states, slots: slots, starts: starts, keys: keys)
    if !allowsMissing { try refuseMissing(keys) }
  }

  /// One value per response: the mean over the candidates that share it.
  private static func merged(
    _ values: [Double], _ states: [State], slots: [Int32], starts: [Int32], keys: [AnswerKey]
  ) -> ([Double], [State]) {
    var rewards = [Double](repeating: 0, count: Int(starts[keys.count]))
    var merged = [State](repeating: .missing, count: rewards.count)
    for (index, key) in keys.enumerated() {
      let (slot, start) = (Int(slots[index]), Int(starts[index]))
      if key.candidates.count == key.gold.count {
        for (candidate, place) in key.candidates.enumerated() {
          rewards[start + place] = values[slot + candidate]
          merged[start + place] = states[slot + candidate]
        }
        continue
      }
      for place in 0..<key.gold.count {
        let sharing = key.candidates.indices.filter { key.candidates[$0] == place }.map { $0 + slot }
        let known = sharing.filter { states[$0] == .recorded }.map { values[$0] }
        merged[start + place] = sharing.map { states[$0] }.max { $0.rawValue < $1.rawValue } ?? .missing
        if !known.isEmpty { rewards[start + place] = known.reduce(0, +) / Double(known.count) }
      }
    }
    return (rewards, merged)
  }

  private func refuseMissing(_ keys: [AnswerKey]) throws {
    var first: (item: String, response: String)?
    var count = 0
    for (index, key) in keys.enumerated() {
      // Rows by digest can only be told apart when the texts are there.
      let hidden = byDigest[Int32(index)]?.count ?? 0
      let missing = (starts[index]..<starts[index + 1]).filter { states[Int($0)] == .missing }
      guard missing.count > hidden else { continue }
      count += missing.count - hidden
      let name = key.candidates.firstIndex { missing.contains(starts[index] + Int32($0)) }
      first = first ?? (key.item, name.map { key.names[$0] } ?? "")
    }
    if let first {
      throw RecordingError.missingRows(
        file: source.file, model: card.name, item: first.item, response: first.response, count: count)
    }
  }

  func rewards(for slates: [Slate]) async throws -> [[Double?]] {
    try slates.map { slate in try recorded(slate).map(\.reward) }
  }

  func judge(_ slates: [Slate]) async throws -> [Tournament] {
    try slates.map { slate in
      let answers = try recorded(slate)
      var absences: [Int: Absence] = [:]
      for (index, answer) in answers.enumerated() where answer.reward == nil {
        absences[index] =
          answer.state == .empty
          ? Absence(.abstention, "the recording gives no reward")
          : Absence(.abstention, "the recording has no row")
      }
      return Tournament(rewards: answers.map(\.reward), absences: absences)
    }
  }

  private func recorded(_ slate: Slate) throws -> [(reward: Double?, state: State)] {
    guard let position = keyed.place(of: slate.id) else {
      throw RecordingError.unmatched(model: card.name, item: slate.id)
    }
    let start = Int(starts[position])
    guard Int(starts[position + 1]) - start == slate.responses.count else {
      throw RecordingError.unmatched(model: card.name, item: slate.id)
    }
    let places = slate.canonicalPlaces
    var answers = slate.responses.indices.map { index -> (reward: Double?, state: State) in
      let slot = start + (places?[index] ?? index)
      return (states[slot] == .recorded ? rewards[slot] : nil, states[slot])
    }
    for row in byDigest[Int32(position)] ?? [] {
      guard let index = slate.index(recorded: row.digest) else {
        throw RecordingError.unknownResponse(
          at: source.place(row.line), item: slate.id, response: row.digest.hex,
          known: slate.responses.map { SHA256.digest($0.text).hex })
      }
      guard answers[index].state == .missing else {
        throw RecordingError.duplicateRow(
          at: source.place(row.line), item: slate.id, response: row.digest.hex, model: card.name)
      }
      answers[index] = (row.reward, row.reward == nil ? .empty : .recorded)
    }
    return answers
  }
}
