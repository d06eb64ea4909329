import Foundation
import Hustings
import HustingsData

/// A model's answers to numbered questions, as FastChat, Vicuna-Bench and Arena-Hard write them.
///
/// JSON lines with `question_id` or `uid`, and the answer as `choices` (the turns of the first, as texts or as objects with
/// `content`), as `messages` (what the assistant says, as texts or as objects with `answer`), or as one text (`answer`, `output`
/// or `text`). Of several rows on one question the last counts, as for FastChat.
struct AnswerFile: Sendable {
  /// Who answers; nil where the file does not say.
  let author: String?
  /// What was answered in each turn, by question.
  let turns: [String: [String]]

  init(_ path: String) throws {
    var author: String?
    var turns: [String: [String]] = [:]
    try RowFile.rows(path) { row in
      if author == nil { author = try row.optionalString("model_id") ?? row.optionalString("model") }
      turns[try AnswerFile.question(row)] = try AnswerFile.turns(row)
    }
    self.author = author
    self.turns = turns
  }

  /// The question that a row is about, whether its name is a text or a number.
  static func question(_ row: JSONNode) throws -> String {
    if let uid = try row.optionalString("uid") { return uid }
    let node = try row.node("question_id")
    if case .integer(let number) = node.value { return "\(number)" }
    return try node.string()
  }

  private static func turns(_ row: JSONNode) throws -> [String] {
    if let choices = try row.optionalArray("choices") {
      guard let first = choices.first else {
        throw row.fault("choices", .notAllowed(found: "no choice", expected: "one"))
      }
      return try first.array("turns").map { try text($0, member: "content") }
    }
    if let messages = try row.optionalArray("messages") {
      return try messages.filter { try $0.string("role") == "assistant" }.map {
        try text($0.node("content"), member: "answer")
      }
    }
    for name in ["answer", "output", "text"] {
      if let answer = try row.optionalString(name) { return [answer] }
    }
    throw row.fault("choices", .missing(nearest: nil))
  }

  private static func text(_ node: JSONNode, member: String) throws -> String {
    if case .object = node.value { return try node.string(member) }
    return try node.string()
  }

  /// The response to a question up to a turn: the answer to that turn, after the turns before it; nil where one is missing.
  func response(_ question: String, asked: [String], turn: Int) -> Response? {
    guard let answers = turns[question], answers.count >= turn, asked.count >= turn else { return nil }
    var before: [Message] = []
    for earlier in 0..<turn - 1 {
      before += [Message(.assistant, answers[earlier]), Message(.user, asked[earlier + 1])]
    }
    return Response(answers[turn - 1], after: before)
  }
}

/// Where the answers of a contest's baseline lie.
struct BaselineAnswers: Sendable {
  private let benchmark: String
  private let place: String

  /// - Parameters:
  ///   - setting: the file or folder that the user named; nil for the usual one.
  ///   - folder: the benchmark's folder in the data root.
  init(_ setting: String?, folder: String, benchmark: String) {
    self.benchmark = benchmark
    place = setting ?? folder
  }

  /// The answers of a model: those of the file that was named, or of the file in the folder that is called like the model.
  func answers(of model: String) throws -> AnswerFile {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
      throw BenchmarkError.noBaseline(model, benchmark: benchmark, place: place)
    }
    guard isFolder.boolValue else { return try AnswerFile(place) }
    for folder in ["\(place)/model_answer", place] {
      let files = FolderListing.files(folder, suffix: ".jsonl")
      if let file = files.first(where: { $0.stem == model })
        ?? files.first(where: { $0.stem.hasSuffix("_\(model)") })
      {
        return try AnswerFile(file.path)
      }
    }
    throw BenchmarkError.noBaseline(model, benchmark: benchmark, place: place)
  }
}
