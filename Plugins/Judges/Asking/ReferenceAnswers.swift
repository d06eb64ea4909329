import Foundation
import Hustings
import HustingsData

/// Reference answers from a file, by prompt, for rubrics that show the judge one.
///
/// JSON lines or a JSON list. The prompt is `prompt`, `instruction`, `question` or the first of `turns`; the answer is
/// `reference`, `output`, `answer`, or the turns of the first of FastChat's `choices`. FastChat's rows have a `question_id` in the
/// place of a prompt, which is looked up in `question.jsonl` beside the file or one folder up.
struct ReferenceAnswers: Sendable {
  /// The digest of the file, part of the identity of whoever is shown it.
  let digest: Digest
  /// One text per turn.
  private let answers: [String: [String]]

  init(file path: String) throws {
    var hash = SHA256()
    let bytes = try FileBytes(text: path)
    bytes.bytes.withUnsafeBytes { hash.update($0) }
    digest = hash.finalize()
    var answers: [String: [String]] = [:]
    let questions = Questions(beside: path)
    if path.hasSuffix(".json") {
      for row in try JSONNode.read(path).elements() { try Self.take(row, questions, into: &answers) }
    } else {
      var rows = try JSONLines(path)
      while let row = try rows.next() { try Self.take(row, questions, into: &answers) }
    }
    self.answers = answers
  }

  private static func take(
    _ row: JSONNode, _ questions: Questions, into answers: inout [String: [String]]
  ) throws {
    var prompt: String?
    for key in ["prompt", "instruction", "question"] where prompt == nil {
      prompt = try row.optionalString(key)
    }
    if prompt == nil { prompt = try row.optionalArray("turns")?.first?.string() }
    if prompt == nil, let id = try row.optionalNode("question_id") { prompt = try questions.first(id) }
    var answer: [String]?
    for key in ["reference", "output", "answer"] where answer == nil {
      answer = try row.optionalString(key).map { [$0] }
    }
    if answer == nil { answer = try row.optionalArray("choices")?.first?.strings("turns") }
    guard let prompt else { throw row.fault("prompt", .missing(nearest: nil)) }
    guard let answer else { throw row.fault("reference", .missing(nearest: nil)) }
    answers[prompt] = answer
  }

  /// The reference answer to a prompt, turn by turn; empty when there is none.
  subscript(prompt: Prompt) -> [String] {
    answers[prompt.text] ?? prompt.messages.first { $0.role == .user }.flatMap { answers[$0.content] } ?? []
  }
}

/// The questions that a file of answers by number is about.
private final class Questions {
  private let places: [String]
  private var texts: [String: String]?

  init(beside path: String) {
    let folder = path.contains("/") ? path[..<(path.lastIndex(of: "/") ?? path.endIndex)] : "."
    places = ["\(folder)/question.jsonl", "\(folder)/../question.jsonl"]
  }

  /// The first turn of a question; nil when it is not among the questions or there is no file of them.
  func first(_ id: JSONNode) throws -> String? {
    try (texts ?? load())[Questions.name(id)]
  }

  private static func name(_ id: JSONNode) throws -> String {
    if case .integer(let number) = id.value { return "\(number)" }
    return try id.string()
  }

  private func load() throws -> [String: String] {
    var found: [String: String] = [:]
    if let place = places.first(where: { FileManager.default.fileExists(atPath: $0) }) {
      var rows = try JSONLines(place)
      while let row = try rows.next() {
        found[try Questions.name(row.node("question_id"))] =
          try row.optionalArray("turns")?.first?.string() ?? row.optionalString("text")
      }
    }
    texts = found
    return found
  }
}
