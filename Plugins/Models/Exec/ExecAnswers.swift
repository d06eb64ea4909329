import Foundation
import Hustings
import HustingsData

/// What the protocol calls a prompt and its responses, and how answers are read.
enum ExecRows {
  /// One slate, for commands that read responses one by one.
  static func item(_ id: Int, _ slate: Slate) -> JSONValue {
    var members: [(String, JSONValue)] = head(id, slate.prompt)
    members.append(("responses", .array(slate.responses.map { .string($0.text) })))
    if slate.responses.contains(where: { !$0.turns.isEmpty }) {
      members.append(("turns", .array(slate.responses.map { messages($0.turns) })))
    }
    return .object(JSONObject(members))
  }

  /// Two responses in an order of presentation, for commands that compare.
  static func item(_ id: Int, _ query: PairQuery) -> JSONValue {
    var members = head(id, query.prompt)
    members.append(("first", .string(query.first.text)))
    members.append(("second", .string(query.second.text)))
    if !query.first.turns.isEmpty || !query.second.turns.isEmpty {
      members.append(("turns", [messages(query.first.turns), messages(query.second.turns)]))
    }
    return .object(JSONObject(members))
  }

  private static func head(_ id: Int, _ prompt: Prompt) -> [(String, JSONValue)] {
    [("id", .integer(id)), ("prompt", .string(prompt.text)), ("messages", messages(prompt.messages))]
  }

  private static func messages(_ messages: [Message]) -> JSONValue {
    .array(messages.map { ["role": .string($0.role.name), "content": .string($0.content)] })
  }
}

extension ExecSession.Answer {
  /// Why the whole item has no answer; nil when it has one.
  private var absence: Absence? {
    switch self {
    case .none(let why): return Absence(.error, why)
    case .row(let row):
      guard case .object(let object) = row.value else { return nil }
      func text(_ key: String) -> String? {
        guard case .string(let text)? = object[key] else { return nil }
        return text
      }
      if let why = text("error") { return Absence(.error, why) }
      if let reply = text("unreadable") { return Verdict.unreadable(reply).judgment.absence }
      switch object["abstain"] {
      case .string(let why)?: return Absence(.abstention, why)
      case .bool(true)?: return Absence(.abstention, "the model abstained")
      default: return nil
      }
    }
  }

  /// What the answer cost in US dollars, where the command says so.
  var cost: Double? {
    guard case .row(let row) = self, case .object = row.value else { return nil }
    return (try? row.optionalDouble("cost")).flatMap { $0 }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  private func read<Value>(_ body: (JSONNode) throws -> Value) -> Reading<Value> {
    if let absence { return .absent(absence) }
    guard case .row(let row) = self else { return .absent(Absence(.error, "there is no answer")) }
    do {
      return .value(try body(row))
    } catch {
      return .absent(Absence(.invalid, "\(error)"))
    }
  }

  /// The rewards of a slate of `count` responses.
  func rewards(count: Int) -> Tournament {
    let answer = read { row -> (rewards: [Double?], reasons: [JSONNode]) in
      let rewards = try row.array("rewards").map { try $0.real }
      return (rewards, try row.optionalArray("reasons") ?? [])
    }
    switch answer {
    case .value(let (rewards, reasons)) where rewards.count == count:
      var absences: [Int: Absence] = [:]
      for (index, reason) in reasons.enumerated() where index < count {
        if let text = try? reason.string() { absences[index] = Absence(.abstention, text) }
      }
      return Tournament(rewards: rewards, absences: absences)
    case .value(let (rewards, _)):
      return Tournament(
        count: count,
        absent: Absence(.invalid, "the model gave \(rewards.count) rewards for \(count) responses"))
    case .absent(let absence): return Tournament(count: count, absent: absence)
    }
  }

  /// The preference embeddings of a slate of `count` responses.
  func embedding(count: Int) -> Tournament {
    let answer = read { row -> (vectors: [[Double]?], scales: [Double]?) in
      let vectors = try row.array("embeddings").map { $0.isNull ? nil : try $0.doubles() }
      return (vectors, try row.optionalNode("scales")?.doubles())
    }
    switch answer {
    case .value(let (vectors, scales)):
      let width = vectors.lazy.compactMap { $0?.count }.first ?? 2
      guard vectors.count == count, width % 2 == 0, width > 0,
        vectors.allSatisfy({ ($0?.count ?? width) == width }), (scales?.count ?? width / 2) == width / 2
      else {
        return Tournament(
          count: count,
          absentPairs: Absence(
            .invalid,
            "the model gave \(vectors.count) vectors for \(count) responses, the first of length \(width), and "
              + "\(scales?.count ?? width / 2) scales; it must give one vector of one even length per response, "
              + "and half as many scales"))
      }
      let embedding = SlateEmbedding(
        vectors: vectors, scales: scales ?? [Double](repeating: 1, count: width / 2))
      return embedding.tournament
    case .absent(let absence): return Tournament(count: count, absentPairs: absence)
    }
  }

  /// The judgment of two responses: a probability, log-odds, or a verdict.
  var judgment: Judgment {
    let answer = read { row -> Judgment in
      if let verdict = try row.optionalString("verdict") {
        switch verdict {
        case "first": return Verdict.first.judgment
        case "second": return Verdict.second.judgment
        case "tie": return Verdict.tie.judgment
        default: return Verdict.unreadable(verdict).judgment
        }
      }
      if let probability = try row.optionalDouble("probability") {
        return Judgment(probability: probability)
      }
      return Judgment(logOdds: try row.node("log_odds").real ?? .nan)
    }
    switch answer {
    case .value(let judgment): return judgment
    case .absent(let absence): return .absent(absence)
    }
  }
}

extension Judgment {
  /// A judgment from the probability that the first response is preferred.
  ///
  /// A probability of exactly 0 or 1 is one that was rounded, so it counts as 2⁻⁵³ away from there: log-odds of about ±36.7.
  fileprivate init(probability: Double) {
    guard (0...1).contains(probability) else {
      self = .absent(Absence(.invalid, "the probability is \(probability), which is not between 0 and 1"))
      return
    }
    let inside = min(max(probability, 0x1p-53), 1 - 0x1p-53)
    self.init(logOdds: log(inside) - log1p(-inside))
  }
}

extension JSONNode {
  /// A number, whatever it is; nil for null. Python writes NaN for what is no number, which is told as invalid later.
  fileprivate var real: Double? {
    get throws {
      switch value {
      case .null: nil
      case .nonFinite: Double.nan
      default: try double()
      }
    }
  }
}

/// What was read of an answer.
private enum Reading<Value> {
  case value(Value)
  case absent(Absence)
}
