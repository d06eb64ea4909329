import Hustings
import HustingsData

/// Reference answers from a file, by prompt, for rubrics that show the judge one.
///
/// JSON lines or a JSON list. The prompt is `prompt`, `instruction`, `question` or the first of `turns`; the answer is
/// `reference`, `output`, `answer`, or the first turn of the first of FastChat's `choices`.
struct ReferenceAnswers: Sendable {
  /// The digest of the file, part of the identity of whoever is shown it.
  let digest: Digest
  private let answers: [String: String]

  init(file path: String) throws {
    var hash = SHA256()
    let bytes = try FileBytes(text: path)
    bytes.bytes.withUnsafeBytes { hash.update($0) }
    digest = hash.finalize()
    var answers: [String: String] = [:]
    if path.hasSuffix(".json") {
      for row in try JSONNode.read(path).elements() { try Self.take(row, into: &answers) }
    } else {
      var rows = try JSONLines(path)
      while let row = try rows.next() { try Self.take(row, into: &answers) }
    }
    self.answers = answers
  }

  private static func take(_ row: JSONNode, into answers: inout [String: String]) throws {
    var prompt: String?
    for key in ["prompt", "instruction", "question"] where prompt == nil {
      prompt = try row.optionalString(key)
    }
    if prompt == nil { prompt = try row.optionalArray("turns")?.first?.string() }
    var answer: String?
    for key in ["reference", "output", "answer"] where answer == nil { answer = try row.optionalString(key) }
    if answer == nil { answer = try row.optionalArray("choices")?.first?.strings("turns").first }
    guard let prompt else { throw row.fault("prompt", .missing(nearest: nil)) }
    guard let answer else { throw row.fault("reference", .missing(nearest: nil)) }
    answers[prompt] = answer
  }

  /// The reference answer to a prompt; nil when there is none.
  subscript(prompt: Prompt) -> String? {
    answers[prompt.text] ?? prompt.messages.first { $0.role == .user }.flatMap { answers[$0.content] }
  }
}
