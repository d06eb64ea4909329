import Foundation
import Hustings

extension Baseline {
  /// Reads the file of a baseline.
  public static func read(_ path: String) throws -> Baseline {
    let root = try JSONNode.read(path)
    try root.allow(only: ["format", "model", "contract", "benchmarks", "looks"])
    let format = try root.string("format")
    guard format == Baseline.format else {
      throw root.fault("format", .notAllowed(found: "'\(format)'", expected: "'\(Baseline.format)'"))
    }
    let model = try root.node("model")
    let card = ModelCard(
      name: try model.string("name"), kind: try model.member(of: ModelKind.self, "kind"),
      revision: try model.string("revision"), fingerprint: try model.digest("fingerprint"))
    let contract = try root.optionalNode("contract").map {
      ContractMark(version: try $0.integer("version"), digest: try $0.digest("digest"))
    }
    return Baseline(
      model: card, contract: contract, parts: try root.array("benchmarks").map(Part.init),
      looks: try root.array("looks").map(Look.init))
  }
}

extension Baseline.Part {
  fileprivate init(_ node: JSONNode) throws {
    let answers = try node.node("answers")
    var tournaments: [String: Tournament] = [:]
    for (item, answer) in try answers.members() { tournaments[item] = try answer.tournament() }
    let count = try node.integer("items")
    guard tournaments.count <= count else {
      throw answers.fault(
        .notAllowed(found: "\(tournaments.count) answers", expected: "at most \(count), the number of items"))
    }
    let seed = try node.node("seed")
    guard let number = UInt64(exactly: try seed.integer()) else {
      throw seed.fault(.notAllowed(found: "a negative seed", expected: "a whole number from 0"))
    }
    self.init(
      name: try node.string("name"), version: try node.string("version"),
      identity: try node.digest("identity"), run: try node.digest("run"), seed: number, itemCount: count,
      answers: tournaments,
      standings: try node.optionalArray("standings")?.map {
        Baseline.Standing(
          model: try $0.string("model"), fingerprint: try $0.digest("fingerprint"),
          value: try $0.double("value"))
      } ?? [])
  }
}

extension Baseline.Look {
  fileprivate init(_ node: JSONNode) throws {
    let text = try node.string("at")
    guard let at = try? Date(text, strategy: .iso8601) else {
      throw node.fault(
        "at", .notAllowed(found: "'\(text)'", expected: "a moment such as 2027-06-30T12:00:00Z"))
    }
    self.init(
      clause: try node.string("clause"), baseline: try node.digest("baseline"),
      candidate: try node.digest("candidate"), run: try node.digest("run"),
      verdict: try node.string("verdict"), at: at)
  }
}

extension JSONNode {
  /// The value of the member `key`, a digest in hexadecimal.
  fileprivate func digest(_ key: String) throws -> Digest {
    let text = try string(key)
    guard let digest = Digest(hex: text) else {
      throw fault(key, .notAllowed(found: "'\(text)'", expected: "64 hexadecimal digits"))
    }
    return digest
  }

  /// The value of the member `key`, one of a type's words.
  fileprivate func member<Word: RawRepresentable<String> & CaseIterable>(
    of type: Word.Type, _ key: String
  ) throws -> Word {
    let text = try string(key)
    guard let word = Word(rawValue: text) else {
      throw fault(
        key,
        .notAllowed(
          found: "'\(text)'", expected: Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")))
    }
    return word
  }

  /// What a model said of one item.
  fileprivate func tournament() throws -> Tournament {
    if case .array = value {
      var absences: [Int: Absence] = [:]
      let rewards = try elements().enumerated().map { index, element -> Double? in
        switch try element.answer() {
        case .margin(let reward): return reward
        case .absent(let absence):
          absences[index] = absence
          return nil
        }
      }
      return Tournament(rewards: rewards, absences: absences)
    }
    let count = try integer("responses")
    for key in ["margins", "orders", "verdicts"] {
      guard let rows = try optionalNode(key) else { continue }
      var judgments: [Matchup: Judgment] = [:]
      for row in try rows.elements() {
        let parts = try row.elements()
        guard parts.count == 3 else {
          throw row.fault(.notAllowed(found: "\(parts.count) elements", expected: "three"))
        }
        let (first, second) = (try parts[0].integer(), try parts[1].integer())
        guard first != second, (0..<count).contains(first), (0..<count).contains(second) else {
          throw row.fault(
            .notAllowed(found: "the pair \(first), \(second)", expected: "two of \(count) responses, from 0"))
        }
        judgments[Matchup(first, second)] = try parts[2].answer()
      }
      return key == "margins"
        ? Tournament(count: count, symmetric: judgments)
        : Tournament(count: count, ordered: judgments, areVerdicts: key == "verdicts")
    }
    throw fault("margins", .missing(nearest: nil))
  }

  /// A number, or the kind of absence that stands in its place.
  private func answer() throws -> Judgment {
    guard case .string(let text) = value else { return .margin(try double()) }
    guard let kind = Absence.Kind(rawValue: text) else {
      let known = Absence.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
      throw fault(.notAllowed(found: "'\(text)'", expected: "a number, or \(known)"))
    }
    return .absent(Absence(kind, "as the baseline file says"))
  }
}
