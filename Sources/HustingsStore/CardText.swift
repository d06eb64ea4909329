import Foundation
import Hustings

/// A benchmark's card as the JSON text that the store keeps. Fields of a later release are left alone.
struct CardText: Codable {
  let name: String
  let version: String
  let summary: String
  let source: String
  let licence: String
  let content: String
  let ties: String
  let failures: String
  let aggregation: String
  /// Contests alone have one.
  let judge: Judge?

  struct Judge: Codable {
    let name: String
    let kind: String
    let revision: String
    let fingerprint: String
  }

  static func encode(_ card: BenchmarkCard) throws -> String {
    try StoredJSON.encode(
      CardText(
        name: card.name, version: card.version, summary: card.summary, source: card.source,
        licence: card.licence, content: card.content.rawValue, ties: card.ties.rawValue,
        failures: card.failures.rawValue, aggregation: card.aggregation,
        judge: card.judge.map {
          Judge(
            name: $0.name, kind: $0.kind.rawValue, revision: $0.revision, fingerprint: $0.fingerprint.hex)
        }))
  }

  static func decode(_ text: String) throws -> BenchmarkCard {
    let card = try StoredJSON.decode(CardText.self, from: text, table: "benchmarks")
    guard let content = Content(rawValue: card.content), let ties = TieRule(rawValue: card.ties),
      let failures = FailureRule(rawValue: card.failures)
    else {
      throw Unreadable(
        table: "benchmarks",
        detail: "benchmark \(card.name) has rules this release does not know"
          + " (content \(card.content), ties \(card.ties), failures \(card.failures))")
    }
    return BenchmarkCard(
      name: card.name, version: card.version, summary: card.summary, source: card.source,
      licence: card.licence, content: content, ties: ties, failures: failures, aggregation: card.aggregation,
      judge: try card.judge?.card())
  }
}

extension CardText.Judge {
  func card() throws -> ModelCard {
    guard let kind = ModelKind(rawValue: kind) else {
      throw Unreadable(table: "benchmarks", detail: "the judge \(name) is of the unknown kind \(kind)")
    }
    return ModelCard(
      name: name, kind: kind, revision: revision,
      fingerprint: try Digest(stored: fingerprint, table: "benchmarks"))
  }
}

/// JSON in a text column: keys in alphabetical order, so that equal values are equal texts.
enum StoredJSON {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<T: Decodable>(_ type: T.Type, from text: String, table: String) throws -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw Unreadable(table: table, detail: "this is not the JSON it should be: \(text.prefix(80))")
    }
  }
}
