import Hustings
import HustingsData

/// Recorded answers about ordered pairs, laid out in the order of a benchmark's keys.
struct MatchedJudgments: PreferenceModel {
  let card: ModelCard
  private let keyed: NameTable
  private let answers: [[Answer]]
  private let counts: [Int32]
  private let source: RecordedFile
  private let areVerdicts: Bool

  private struct Answer {
    let first: Side
    let second: Side
    /// The two as the file names them.
    let names: SIMD2<Int32>
    let line: Int32
    let judgment: Judgment

    init(first: Side, second: Side, row: JudgmentRow) {
      self.first = first
      self.second = second
      names = SIMD2(row.first, row.second)
      line = row.line
      judgment = row.judgment
    }

    /// What was not read from two names.
    init(_ first: Int, _ second: Int, line: Int32, _ judgment: Judgment) {
      self.first = .place(first)
      self.second = .place(second)
      names = SIMD2(-1, -1)
      self.line = line
      self.judgment = judgment
    }
  }

  /// A response by its canonical index, or by a digest that only the slate can resolve.
  private enum Side: Hashable {
    case place(Int)
    case digest(Digest)

    init(_ name: ResponseName, in key: AnswerKey) {
      switch name {
      case .candidate(let candidate): self = .place(key.candidates[candidate])
      case .digest(let digest): self = .digest(digest)
      }
    }
  }

  init(
    _ rows: [JudgmentRow], areVerdicts: Bool, of model: RecordedModel, source: RecordedFile, items: ItemMatch,
    keys: [AnswerKey], allowsMissing: Bool
  ) throws {
    var answers = [[Answer]](repeating: [], count: keys.count)
    var told = [Bool](repeating: false, count: keys.count)
    for row in rows {
      guard let index = items.key(of: row.item) else {
        throw RecordingError.unknownItem(at: source.place(row.line), item: source.items[row.item])
      }
      let key = keys[index]
      let names = (source.responses[row.first], source.responses[row.second])
      guard row.first != row.second else {
        throw RecordingError.sameResponse(at: source.place(row.line), item: key.item, response: names.0)
      }
      let answer = Answer(
        first: Side(try ResponseName(names.0, in: key, at: source.place(row.line)), in: key),
        second: Side(try ResponseName(names.1, in: key, at: source.place(row.line)), in: key), row: row)
      if answers[index].contains(where: { $0.names == answer.names }) {
        throw RecordingError.duplicateRow(
          at: source.place(row.line), item: key.item, response: "\(names.0) before \(names.1)",
          model: model.card.name)
      }
      told[index] = true
      answers[index].append(answer)
    }
    try self.init(
      answers, told: told, areVerdicts: areVerdicts, of: model, source: source, items: items, keys: keys,
      allowsMissing: allowsMissing)
  }

  /// Picks are verdicts for the picked response, presented first, against each of the others.
  init(
    picks rows: [PickRow], of model: RecordedModel, source: RecordedFile, items: ItemMatch, keys: [AnswerKey],
    allowsMissing: Bool
  ) throws {
    var answers = [[Answer]](repeating: [], count: keys.count)
    var told = [Bool](repeating: false, count: keys.count)
    for row in rows {
      guard let index = items.key(of: row.item) else {
        throw RecordingError.unknownItem(at: source.place(row.line), item: source.items[row.item])
      }
      let (key, name) = (keys[index], source.responses[row.response])
      guard let pick = key.index(named: name) else {
        throw RecordingError.unknownResponse(
          at: source.place(row.line), item: key.item, response: name, known: key.names)
      }
      if told[index] {
        throw RecordingError.duplicateRow(
          at: source.place(row.line), item: key.item, response: name, model: model.card.name)
      }
      told[index] = true
      answers[index] = (0..<key.gold.count).filter { $0 != pick }.map {
        Answer(pick, $0, line: row.line, .margin(1))
      }
    }
    try self.init(
      answers, told: told, areVerdicts: true, of: model, source: source, items: items, keys: keys,
      allowsMissing: allowsMissing)
  }

  private init(
    _ answers: [[Answer]], told: [Bool], areVerdicts: Bool, of model: RecordedModel, source: RecordedFile,
    items: ItemMatch, keys: [AnswerKey], allowsMissing: Bool
  ) throws {
    if !allowsMissing, let first = told.firstIndex(of: false) {
      throw RecordingError.missingRows(
        file: source.file, model: model.card.name, item: keys[first].item,
        response: keys[first].names.joined(separator: " against "), count: told.count { !$0 })
    }
    card = model.card
    keyed = items.keyed
    self.source = source
    counts = keys.map { Int32($0.gold.count) }
    let absence = Judgment.absent(Absence(.abstention, "the recording has no row"))
    self.answers = zip(answers, zip(told, keys)).map { given, item in
      item.0
        ? given
        : Matchup.all(among: item.1.gold.count).map { Answer($0.first, $0.second, line: 0, absence) }
    }
    self.areVerdicts = areVerdicts
  }

  func judge(_ slates: [Slate]) async throws -> [Tournament] { try slates.map(judge) }

  private func judge(_ slate: Slate) throws -> Tournament {
    guard let position = keyed.place(of: slate.id), counts[position] == slate.responses.count else {
      throw RecordingError.unmatched(model: card.name, item: slate.id)
    }
    let order = slate.canonicalPlaces
    func index(_ side: Side, line: Int32) throws -> Int {
      switch side {
      case .place(let place): return order?.firstIndex(of: place) ?? place
      case .digest(let digest):
        if let index = slate.index(recorded: digest) { return index }
        throw RecordingError.unknownResponse(
          at: source.place(line), item: slate.id, response: digest.hex,
          known: slate.responses.map { SHA256.digest($0.text).hex })
      }
    }
    var judgments: [Matchup: Judgment] = [:]
    for answer in answers[position] {
      let first = try index(answer.first, line: answer.line)
      let second = try index(answer.second, line: answer.line)
      guard first != second else { continue }
      judgments[Matchup(first, second)] = answer.judgment
    }
    return Tournament(count: slate.responses.count, ordered: judgments, areVerdicts: areVerdicts)
  }
}
